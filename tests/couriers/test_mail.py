"""E-mail to a real server: what it says, and what becomes of it when the server misbehaves."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from engine.commands.contacts import set_address, verify_address
from engine.domain.notices import Channel, NoticeKind
from engine.jobs.letters import Delayed, Letter, Undeliverable
from tests.cases import NOW
from tests.couriers.post_office import (
    PUBLIC,
    PostOffice,
    dripping,
    free_port,
    open_office,
    sender_at,
)
from tests.evidence import Evidence
from tests.jobs.letter_box import ADDRESS, Sender, deliver, letters, notify, prove
from tests.ready import Offices
from tests.session import count

LETTER = Letter(
    "0199f1c2", ADDRESS, "id", datetime(2026, 1, 6, tzinfo=UTC),
    {"open": 3, "overdue": 1, "unread": 4}, f"{'a' * 36}.{'b' * 36}.email.{'f' * 64}",
)  # fmt: skip
SOON = NOW + timedelta(minutes=5)


def arrived(letter: Letter = LETTER):
    """The letter as it comes out of a mail server."""
    box = PostOffice()
    with open_office(box) as port:
        sender_at(port).send(letter)
    (found,) = box.arrived
    return found


def test_a_letter_says_how_many_tasks_wait_in_the_language_of_its_reader():
    found = arrived()
    english = arrived(Letter(**{**vars(LETTER), "language": "en"}))

    assert found["subject"] == "Alur Kinerja: 3 tugas, 1 terlambat"
    assert "Anda punya 3 tugas, 1 terlambat." in found.get_body(("plain",)).get_content()
    assert f'href="{PUBLIC}/inbox"' in found.get_body(("html",)).get_content()
    assert english["subject"] == "Alur Kinerja: 3 tasks, 1 late"
    assert english["content-language"] == "en"


def test_mail_programs_can_stop_letters_with_one_click():
    found = arrived()

    stop = f"{PUBLIC}/notices/stop?token={LETTER.opt_out}"
    assert found["list-unsubscribe"] == f"<{stop}>"
    assert found["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert stop in found.get_body(("plain",)).get_content()
    assert found["auto-submitted"] == "auto-generated"


def test_the_same_letter_has_the_same_number_and_hour():
    first, second = arrived(), arrived()

    assert first["message-id"] == second["message-id"] == "<0199f1c2@kinerja.contoh.go.id>"
    assert first["date"] == second["date"]


def test_a_code_comes_without_a_link_to_stop():
    found = arrived(Letter(**{**vars(LETTER), "code": "123456"}))

    assert "123456" in found["subject"]
    assert found["list-unsubscribe"] is None


@pytest.mark.parametrize("field", ["address", "id"])
def test_no_line_of_a_header_can_be_smuggled_in(field: str):
    forged = Letter(**{**vars(LETTER), field: "a@c.id\r\nBcc: victim@c.id"})
    box = PostOffice()

    with open_office(box) as port, pytest.raises(ValueError, match=r"linefeed|newline|CR|LF"):
        sender_at(port).send(forged)

    assert box.recipients == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [("550 5.1.1 no such user", "smtp_550"), ("552 5.2.2 mailbox full", "smtp_552")],
)
def test_what_is_refused_for_good_is_not_sent_again(answer: str, code: str):
    box = PostOffice(to_recipients=[answer])

    with open_office(box) as port, pytest.raises(Undeliverable) as refusal:
        sender_at(port).send(LETTER)

    assert refusal.value.code == code
    assert refusal.value.wrong_address == (code == "smtp_550")


@pytest.mark.parametrize(
    "box",
    [PostOffice(to_recipients=["451 4.7.1 greylisted"]),
     PostOffice(to_recipients=["550 5.7.1 relaying denied"]),
     PostOffice(to_messages=["554 5.6.0 no thanks"]),
     PostOffice(to_messages=["cut"])],
    ids=["greylisted", "policy", "text", "cut"],
)  # fmt: skip
def test_what_may_pass_comes_again(box: PostOffice):
    with open_office(box) as port, pytest.raises(Delayed):
        sender_at(port).send(LETTER)


def test_a_server_that_is_not_there_is_asked_once_a_round():
    sender = sender_at(free_port())

    codes = []
    for _ in range(2):
        with pytest.raises(Delayed) as delay:
            sender.send(LETTER)
        codes.append((delay.value.code, delay.value.__cause__ is None))

    assert codes == [("unreachable", False), ("unreachable", True)]


def test_a_server_that_never_comes_to_an_end_is_left():
    with dripping() as port, pytest.raises(Delayed):
        sender_at(port, whole_s=0.2).send(LETTER)


def test_a_letter_cut_off_in_the_middle_arrives_again_under_the_same_number(offices: Offices):
    office, box = offices.open("window"), PostOffice(to_messages=["cut"])
    prove(office)
    notify(office, NoticeKind.OVERDUE)

    with open_office(box) as port:
        deliver(office, sender_at(port), SOON)
        assert letters(office) == [("queued", "unreachable")]
        deliver(office, sender_at(port), SOON + timedelta(minutes=1))

    assert [found["message-id"] for found in box.arrived] == [box.arrived[0]["message-id"]] * 2
    assert letters(office) == [("sent", None)]


def test_work_goes_on_while_the_mail_server_is_away_and_every_letter_arrives(
    offices: Offices, rng: random.Random, evidence: Evidence
):
    office, box = offices.open("window"), PostOffice()
    rounds = count(6, 50)
    prove(office)
    trouble = ["ok", "451 4.7.1 greylisted", "421 4.3.2 shutting down"]
    now = NOW

    for number in range(rounds):
        notify(office, NoticeKind.OVERDUE, now=now)
        now += timedelta(minutes=5)
        box.to_recipients = rng.choices(trouble, k=2)
        box.to_messages = rng.choices(["ok", "cut", "451 4.3.0 disk full"], k=2)
        if number % 3:
            with open_office(box) as port:
                deliver(office, sender_at(port), now)
        else:
            deliver(office, sender_at(free_port()), now)
    box.to_recipients, box.to_messages = [], []
    with open_office(box) as port:
        deliver(office, sender_at(port), now + timedelta(hours=7))

    numbers = [found["message-id"] for found in box.arrived]
    planned = letters(office)
    unsent = [status for status, _ in planned if status in {"queued", "failed"}]
    assert len(planned) == rounds
    assert unsent == []
    assert len(set(numbers)) == [status for status, _ in planned].count("sent")
    evidence.record(f"mail.{offices.kind}.rounds", rounds)
    evidence.record(f"mail.{offices.kind}.letters_lost", len(unsent))
    evidence.record(
        f"mail.{offices.kind}.sent_again_under_the_same_number", len(numbers) - len(set(numbers))
    )


def test_the_code_that_arrives_proves_the_address(offices: Offices):
    office, box = offices.open("window"), PostOffice()
    actor = office.actor("analyst", NOW)
    set_address(office.desk, actor, channel=Channel.EMAIL, address=ADDRESS, language="id", now=NOW)
    with open_office(box) as port:
        deliver(office, sender_at(port), NOW)

    code = box.arrived[0]["subject"].split()[-1]
    verify_address(office.desk, actor, channel=Channel.EMAIL, code=code, now=NOW)
    sender = Sender()
    notify(office, NoticeKind.OVERDUE)
    deliver(office, sender, SOON)

    assert box.recipients == [ADDRESS]
    assert [letter.address for letter in sender.sent] == [ADDRESS]
