"""Letters go out when their person wants them, say counts only, and none is lost or doubled."""

from datetime import timedelta

import pytest

from engine.commands.contacts import (
    check_opt_out,
    opt_out,
    remove_address,
    set_address,
    set_paces,
    verify_address,
)
from engine.commands.notices import read_all_notices
from engine.domain.notices import Channel, NoticeKind, Pace, Topic
from engine.errors import InvalidForm, NotFound, TooManyAttempts
from engine.jobs.letters import GIVE_UP, Delayed, Undeliverable, plan_letters
from engine.jobs.outbox import pause_after
from tests.cases import NOW, Case, trail
from tests.jobs.letter_box import ADDRESS, MORNING, Sender, deliver, letters, notify, prove
from tests.office import Office
from tests.ready import Offices

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


def test_what_is_urgent_goes_out_within_minutes_and_the_rest_in_the_morning(office: Office):
    sender = Sender()
    prove(office)

    notify(office, NoticeKind.NEW_WORK)
    deliver(office, sender, SOON)
    assert sender.sent == []
    deliver(office, sender, MORNING)
    notify(office, NoticeKind.OVERDUE, now=MORNING)
    deliver(office, sender, MORNING + timedelta(minutes=5))

    assert len(sender.sent) == 2
    assert letters(office) == [("sent", None), ("sent", None)]


def test_a_letter_counts_tasks_and_names_nobody(office: Office):
    sender, case = Sender(), Case.start(office)
    prove(office)

    late = case.open["answer"].due_at
    notify(office, NoticeKind.OVERDUE, now=late)
    deliver(office, sender, late + timedelta(minutes=5))

    (letter,) = sender.sent
    assert letter.figures == {"unread": 1, "open": 1, "overdue": 1}
    assert letter.address == ADDRESS
    assert "Nama" not in repr(letter)


def test_planning_twice_sends_once(office: Office):
    sender = Sender()
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    planned = plan_letters(office.desk, office.agency_id, now=NOW)
    deliver(office, sender, SOON)
    deliver(office, sender, SOON + timedelta(hours=1))

    assert planned == 0
    assert len(sender.sent) == 1


def test_who_has_read_everything_gets_no_letter(office: Office):
    sender = Sender()
    prove(office)
    notify(office, NoticeKind.NEW_WORK)

    read_all_notices(office.desk, office.actor("analyst", NOW), now=SOON)
    deliver(office, sender, MORNING)

    assert sender.sent == []
    assert letters(office) == [("suppressed", "nothing_new")]


@pytest.mark.parametrize(
    ("pace", "days"), [(Pace.IMMEDIATE, 0), (Pace.DAILY, 1), (Pace.WEEKLY, 7), (Pace.OFF, None)]
)
def test_everybody_chooses_how_often(office: Office, pace: Pace, days: int | None):
    sender, actor = Sender(), office.actor("analyst", NOW)
    prove(office)
    set_paces(office.desk, actor, channel=Channel.EMAIL, paces={Topic.TASKS: pace})
    notify(office, NoticeKind.NEW_WORK)

    arrived = []
    for day in range(10):
        deliver(office, sender, SOON + timedelta(days=day))
        if sender.sent:
            arrived.append(day)

    assert arrived[:1] == ([] if days is None else [days])
    assert len(sender.sent) == (0 if days is None else 1)


def test_a_letter_that_could_not_be_handed_over_comes_again_with_the_same_number(office: Office):
    sender = Sender(trouble=[Delayed("smtp_451"), Delayed("unreachable")])
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    deliver(office, sender, SOON)
    assert letters(office) == [("queued", "smtp_451")]
    seen = [len(sender.sent)]
    for minutes in (1, 4, 10):
        deliver(office, sender, SOON + timedelta(minutes=minutes))
        seen.append(len(sender.sent))

    assert seen == [0, 0, 1, 1]
    assert letters(office) == [("sent", None)]


def test_a_letter_that_goes_out_again_says_the_same(office: Office):
    class Twice(Sender):
        def send(self, letter):
            self.sent.append(letter)
            if len(self.sent) == 1:
                raise Delayed("cut")

    sender = Twice()
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    deliver(office, sender, SOON)
    notify(office, NoticeKind.RETURNED, now=SOON)
    deliver(office, sender, SOON + pause_after(0))

    assert sender.sent[0] == sender.sent[1]


def test_a_wrong_address_is_shown_and_written_to_no_more(office: Office):
    sender = Sender(trouble=[Undeliverable("smtp_550", wrong_address=True)])
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    deliver(office, sender, SOON)
    notify(office, NoticeKind.RETURNED, now=SOON)
    deliver(office, sender, MORNING)

    assert letters(office) == [("failed", "smtp_550")]
    assert sender.sent == []


def test_a_new_address_works_again(office: Office):
    sender = Sender(trouble=[Undeliverable("smtp_550", wrong_address=True)])
    prove(office)
    notify(office, NoticeKind.OVERDUE)
    deliver(office, sender, SOON)

    prove(office, now=SOON)
    notify(office, NoticeKind.RETURNED, now=SOON)
    deliver(office, sender, MORNING)

    assert len(sender.sent) == 1


def test_nobody_tries_for_ever(office: Office):
    sender = Sender(trouble=[Delayed("smtp_451")] * 2)
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    deliver(office, sender, SOON)
    deliver(office, sender, SOON + GIVE_UP)

    assert letters(office) == [("failed", "gave_up")]


def test_before_the_code_came_back_nothing_but_the_code_goes_there(office: Office):
    sender, actor = Sender(), office.actor("analyst", NOW)
    set_address(office.desk, actor, channel=Channel.EMAIL, address=ADDRESS, language="en", now=NOW)
    notify(office, NoticeKind.OVERDUE)

    deliver(office, sender, SOON)

    assert [letter.code is not None for letter in sender.sent] == [True]
    assert sender.sent[0].language == "en"


@pytest.mark.parametrize("guess", ["000000", "", "12345"])
def test_only_the_code_proves_an_address(office: Office, guess: str):
    actor = office.actor("analyst", NOW)
    set_address(office.desk, actor, channel=Channel.EMAIL, address=ADDRESS, language="id", now=NOW)

    with pytest.raises(InvalidForm):
        verify_address(office.desk, actor, channel=Channel.EMAIL, code=guess, now=NOW)


def test_after_five_wrong_codes_the_right_one_does_not_help(office: Office):
    sender, actor = Sender(), office.actor("analyst", NOW)
    set_address(office.desk, actor, channel=Channel.EMAIL, address=ADDRESS, language="id", now=NOW)
    deliver(office, sender, NOW)
    right = sender.sent[0].code

    for code in [*["999999" if right != "999999" else "111111"] * 5, right]:
        with pytest.raises(InvalidForm):
            verify_address(office.desk, actor, channel=Channel.EMAIL, code=code, now=NOW)


def test_a_code_ends_after_half_an_hour(office: Office):
    sender, actor = Sender(), office.actor("analyst", NOW)
    set_address(office.desk, actor, channel=Channel.EMAIL, address=ADDRESS, language="id", now=NOW)
    deliver(office, sender, NOW)

    late = NOW + timedelta(minutes=30)
    with pytest.raises(InvalidForm):
        verify_address(
            office.desk, actor, channel=Channel.EMAIL, code=sender.sent[0].code, now=late
        )


def test_nobody_sends_codes_to_one_address_after_another(office: Office):
    actor = office.actor("analyst", NOW)

    def give(number: int) -> None:
        address = f"orang{number}@contoh.go.id"
        set_address(
            office.desk, actor, channel=Channel.EMAIL, address=address, language="id", now=NOW
        )

    for number in range(4):
        give(number)
    with pytest.raises(TooManyAttempts):
        [give(number) for number in range(4, 9)]


@pytest.mark.parametrize(
    "address",
    ["", "nama", "a@b", "a b@c.id", "a@c.id\r\nBcc: b@c.id", "a@c.id\n", "<a@c.id>", "ä@c.id",
     f"{'a' * 65}@c.id", f"a@{'b' * 250}.id", "a@c.id,b@c.id"],
)  # fmt: skip
def test_what_is_no_address_is_refused(office: Office, address: str):
    actor = office.actor("analyst", NOW)

    with pytest.raises(InvalidForm):
        set_address(
            office.desk, actor, channel=Channel.EMAIL, address=address, language="id", now=NOW
        )


def test_a_mobile_number_may_be_written_as_people_write_it(office: Office):
    actor = office.actor("analyst", NOW)

    set_address(
        office.desk, actor, channel=Channel.MESSAGE, address="0812-3456 7890", language="id",
        now=NOW,
    )  # fmt: skip
    with pytest.raises(InvalidForm):
        set_address(
            office.desk, actor, channel=Channel.MESSAGE, address="12", language="id", now=NOW
        )


def test_the_link_in_a_letter_stops_them_without_a_sign_in(office: Office):
    sender = Sender()
    prove(office)
    notify(office, NoticeKind.OVERDUE)
    deliver(office, sender, SOON)
    token = sender.sent[0].opt_out

    opt_out(office.desk, token=token, now=SOON)
    notify(office, NoticeKind.RETURNED, now=SOON)
    deliver(office, sender, MORNING)

    assert len(sender.sent) == 1


def test_a_link_that_is_not_ours_stops_nothing(office: Office):
    sender = Sender()
    prove(office)
    notify(office, NoticeKind.OVERDUE)
    deliver(office, sender, SOON)
    token = sender.sent[0].opt_out

    forged = ["", "x", "a.b.c.d", token[:-1], token.replace("analyst", "clerk"), f"{token}0"]
    for wrong in forged:
        with pytest.raises(NotFound):
            check_opt_out(office.desk, token=wrong)


def test_a_removed_address_gets_nothing_more(office: Office):
    sender = Sender()
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    remove_address(office.desk, office.actor("analyst", NOW), channel=Channel.EMAIL, now=NOW)
    deliver(office, sender, SOON)

    assert sender.sent == []
    assert letters(office) == [("suppressed", "no_address")]


def test_what_happens_to_an_address_stands_in_the_trail_without_it(office: Office):
    prove(office)
    remove_address(office.desk, office.actor("analyst", NOW), channel=Channel.EMAIL, now=NOW)

    events = trail(office, f"actor/analyst/{NOW.date()}")
    assert [event["action"] for event in events] == [
        "contact.set", "contact.verified", "contact.removed"
    ]  # fmt: skip
    assert ADDRESS not in repr(events)
