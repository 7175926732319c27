"""Rater and employee speak about an entry; each hears of it, and what waits too long is said."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.commands.closing import close_cycle
from engine.commands.daily_log import NewEntry, correct_activity
from engine.commands.log_notes import return_entry, verify_entries, write_log_note
from engine.commands.organisation_substitutes import record_substitute
from engine.domain.daily_log import EntryState, NoteKind
from engine.domain.people import EmployeeId
from engine.errors import Forbidden, InvalidForm, NotFound, StaleVersion
from engine.jobs.daily_logs import remind_of_log_answers
from engine.store import tables
from engine.store.closings import Handling
from tests.cases import SECRET, refusals, trail
from tests.logs import NOW, PLAIN, TODAY, chain, entered, entry, notes, office_with_logs
from tests.office import Office
from tests.ready import Offices

WHOSE = EmployeeId("analyst")


@pytest.fixture
def office(offices: Offices) -> Office:
    return office_with_logs(offices)


def say(office: Office, person: str, entry_id: str, kind: NoteKind, text: str = SECRET, now=NOW):
    actor = office.actor(person, now)
    return write_log_note(office.desk, actor, entry_id=entry_id, kind=kind, text=text, now=now)


def verify(office: Office, *entry_ids: str, person: str = "division_head", revision=1, now=NOW):
    return verify_entries(
        office.desk, office.actor(person, now), cycle_id=office.cycle_id, employee_id=WHOSE,
        entries=dict.fromkeys(entry_ids, revision), now=now,
    )  # fmt: skip


def give_back(office: Office, entry_id: str, *, person="division_head", text=SECRET, revision=1):
    actor = office.actor(person, NOW)
    return_entry(office.desk, actor, entry_id=entry_id, revision=revision, text=text, now=NOW)


def told(office: Office) -> list[tuple[str, str]]:
    notice = tables.notice.c
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(
            select(notice.recipient_id, notice.kind)
            .where(notice.agency_id == office.agency_id, notice.kind.like("log_%"))
            .order_by(notice.id)
        )
        return [tuple(row) for row in found]


def test_the_rater_verifies_a_whole_day_at_once(office: Office):
    first, second = entered(office), entered(office)

    assert verify(office, first, second) == 2

    assert {entry(office, one).state for one in (first, second)} == {EntryState.VERIFIED}
    done = [event["action"] for event in trail(office, chain(office))]
    assert done[2:] == ["log.verified", "log.verified"]


def test_what_was_verified_before_stays_as_it_is(office: Office):
    first, second = entered(office), entered(office)
    verify(office, first)

    assert verify(office, first, second) == 1


def test_one_entry_that_was_corrected_meanwhile_stops_all_of_them(office: Office):
    first, second = entered(office), entered(office)
    actor = office.actor("analyst", NOW)
    correct_activity(office.desk, actor, entry_id=second, revision=1, new=NewEntry(PLAIN), now=NOW)

    with pytest.raises(StaleVersion):
        verify(office, first, second)

    assert entry(office, first).state == EntryState.ENTERED


@pytest.mark.parametrize("person", ["analyst", "clerk", "department_head", "hr_officer"])
def test_only_the_rater_verifies(office: Office, person: str):
    made = entered(office)

    with pytest.raises(Forbidden):
        verify(office, made, person=person)

    assert refusals(office, person, now=NOW) == ["not_yours"]


def test_a_substitute_verifies_for_the_rater_and_the_trail_names_both(office: Office):
    made, hr = entered(office), office.actor("hr_officer", NOW)
    record_substitute(
        office.desk, hr, absent_id=EmployeeId("division_head"),
        substitute_id=EmployeeId("department_head"), starts=TODAY, ends=TODAY, now=NOW,
    )  # fmt: skip

    verify(office, made, person="department_head")

    event = trail(office, chain(office))[-1]
    assert (event["actor"], event["on_behalf_of"]) == ("department_head", "division_head")


def test_an_entry_of_another_log_is_not_there(office: Office):
    others = entered(office, "clerk")

    with pytest.raises(NotFound):
        verify(office, others)


def test_the_rater_may_verify_after_the_month_is_locked(office: Office):
    made, locked = entered(office), datetime(2026, 4, 20, 1, tzinfo=UTC)

    assert verify(office, made, now=locked) == 1


def test_a_direction_is_sealed_and_told_to_the_employee(office: Office):
    made = entered(office)

    note = say(office, "division_head", made, NoteKind.DIRECTION)

    (kept,) = notes(office, made)
    assert (kept.id, kept.kind, kept.answered_at) == (note, NoteKind.DIRECTION, None)
    assert SECRET.encode() not in kept.payload
    assert trail(office, chain(office))[-1]["values"]["commitment"] == kept.commitment
    assert told(office) == [("analyst", "log_note")]


def test_each_comment_is_told_to_the_other_one(office: Office):
    made = entered(office)

    say(office, "division_head", made, NoteKind.COMMENT)
    say(office, "analyst", made, NoteKind.COMMENT)

    assert told(office) == [("analyst", "log_note"), ("division_head", "log_question")]


def test_a_direction_is_answered_by_a_comment_of_the_employee(office: Office):
    made = entered(office)
    say(office, "division_head", made, NoteKind.DIRECTION)

    say(office, "analyst", made, NoteKind.COMMENT)

    assert notes(office, made)[0].answered_at == NOW


def test_a_request_is_answered_within_three_working_days(office: Office):
    made = entered(office)

    say(office, "analyst", made, NoteKind.REQUEST)

    (kept,) = notes(office, made)
    # From Wednesday: Thursday, Friday and Monday, until midnight in WIB.
    assert kept.due_at == datetime(2026, 3, 9, 17, tzinfo=UTC)


def test_the_rater_is_reminded_once_of_a_request_that_he_let_pass(office: Office):
    made = entered(office)
    say(office, "analyst", made, NoteKind.REQUEST)
    early, late = datetime(2026, 3, 9, 16, tzinfo=UTC), datetime(2026, 3, 10, 1, tzinfo=UTC)

    sent = [
        remind_of_log_answers(office.desk, office.agency_id, now=at) for at in (early, late, late)
    ]

    assert sent == [0, 1, 0]
    assert told(office)[-1] == ("division_head", "log_answer_late")


def test_of_a_request_in_a_closed_period_nobody_is_reminded(office: Office):
    say(office, "analyst", entered(office), NoteKind.REQUEST)
    close_cycle(
        office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        handling=Handling.GO_ON, reason="Selesai", now=NOW,
    )  # fmt: skip

    late = datetime(2026, 3, 10, 1, tzinfo=UTC)
    assert remind_of_log_answers(office.desk, office.agency_id, now=late) == 0


def test_each_request_is_reminded_of_even_where_others_wait_longer(office: Office):
    for _ in range(2):
        say(office, "analyst", entered(office), NoteKind.REQUEST)

    late = datetime(2026, 3, 10, 1, tzinfo=UTC)
    assert remind_of_log_answers(office.desk, office.agency_id, now=late) == 2


def test_of_a_request_that_was_answered_nobody_is_reminded(office: Office):
    made = entered(office)
    say(office, "analyst", made, NoteKind.REQUEST)
    say(office, "division_head", made, NoteKind.COMMENT)

    late = datetime(2026, 3, 10, 1, tzinfo=UTC)
    assert remind_of_log_answers(office.desk, office.agency_id, now=late) == 0


def test_an_entry_is_given_back_with_a_reason_and_its_correction_answers_it(office: Office):
    made = entered(office)

    give_back(office, made)

    assert entry(office, made).state == EntryState.RETURNED
    assert told(office) == [("analyst", "log_returned")]
    correct_activity(
        office.desk, office.actor("analyst", NOW), entry_id=made, revision=2,
        new=NewEntry(PLAIN), now=NOW,
    )  # fmt: skip
    assert entry(office, made).state == EntryState.ENTERED
    assert [note.answered_at for note in notes(office, made)] == [NOW]


def test_what_was_given_back_waits_on_while_it_is_only_spoken_of(office: Office):
    made = entered(office)
    give_back(office, made)

    say(office, "analyst", made, NoteKind.COMMENT)

    assert entry(office, made).state == EntryState.RETURNED
    returned, comment = notes(office, made)
    assert (returned.kind, returned.answered_at) == (NoteKind.RETURN, None)
    assert comment.kind == NoteKind.COMMENT


def test_nothing_is_given_back_without_a_reason(office: Office):
    made = entered(office)

    with pytest.raises(InvalidForm):
        give_back(office, made, text="  ")

    assert entry(office, made).state == EntryState.ENTERED


def test_nothing_is_given_back_that_could_not_be_corrected_any_more(office: Office):
    made, locked = entered(office), datetime(2026, 4, 20, 1, tzinfo=UTC)

    with pytest.raises(InvalidForm) as error:
        return_entry(
            office.desk, office.actor("division_head", locked), entry_id=made, revision=1,
            text=SECRET, now=locked,
        )  # fmt: skip

    assert [finding.rule for finding in error.value.findings] == ["daily_log.month_locked"]


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        ("analyst", NoteKind.DIRECTION),
        ("analyst", NoteKind.RETURN),
        ("division_head", NoteKind.REQUEST),
        ("department_head", NoteKind.COMMENT),
        ("hr_officer", NoteKind.DIRECTION),
    ],
)
def test_who_only_reads_says_nothing_and_each_says_what_is_his(
    office: Office, person: str, kind: NoteKind
):
    made = entered(office)

    with pytest.raises(Forbidden):
        say(office, person, made, kind)

    assert notes(office, made) == ()


def test_who_does_not_read_the_log_does_not_find_the_entry(office: Office):
    with pytest.raises(NotFound):
        say(office, "clerk", entered(office), NoteKind.COMMENT)


@pytest.mark.parametrize("text", ["", "  ", "a" * 2001])
def test_a_note_says_something_in_two_thousand_letters(office: Office, text: str):
    made = entered(office)

    with pytest.raises(InvalidForm):
        say(office, "division_head", made, NoteKind.DIRECTION, text)


def test_what_was_given_back_may_be_verified_after_all_and_waits_no_longer(office: Office):
    made = entered(office)
    give_back(office, made)

    assert verify(office, made, revision=2) == 1

    assert [note.answered_at for note in notes(office, made)] == [NOW]
