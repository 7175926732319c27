"""Somebody enters what he did, corrects it until the month is locked, and nobody else does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.commands.daily_log import NewEntry, correct_activity, enter_activity, read_log_evidence
from engine.commands.log_notes import return_entry, verify_entries
from engine.domain.daily_log import EntryState
from engine.domain.log_content import Piece, PieceKind, content_of
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden, InvalidFile, InvalidForm, NotFound, StaleVersion
from engine.jobs.daily_logs import assign_daily_logs, lock_log_months
from engine.store import daily_logs, log_entries, sealing
from engine.store.ids import new_id
from engine.store.sealing import open_committed
from tests.cases import SECRET, trail
from tests.logs import (
    LOCKED,
    NOW,
    PLAIN,
    TODAY,
    chain,
    entered,
    entry,
    office_with_logs,
    with_year,
)
from tests.office import Office
from tests.ready import Offices

PDF = ("bukti.pdf", b"%PDF-1.7 foto")
LINK = Piece(PieceKind.LINK, "https://contoh.go.id/berkas")


@pytest.fixture
def office(offices: Offices) -> Office:
    return office_with_logs(offices)


def enter(office: Office, new: NewEntry, *, person: str = "analyst", now=NOW, key: str = "") -> str:
    actor = office.actor(person, now)
    return enter_activity(office.desk, actor, cycle_id=office.cycle_id, new=new, now=now, key=key)


def correct(office: Office, entry_id: str, new: NewEntry, *, person="analyst", now=NOW, revision=1):
    actor = office.actor(person, now)
    correct_activity(office.desk, actor, entry_id=entry_id, revision=revision, new=new, now=now)


def content(office: Office, entry_id: str):
    found = entry(office, entry_id)
    with office.desk.store.transaction(office.agency_id) as tx:
        key = sealing.key_for(tx, found.employee_id, period=found.cycle_id, now=NOW)
    return content_of(open_committed(key, found.sealed))


def rules(error: pytest.ExceptionInfo[InvalidForm]) -> list[str]:
    return [finding.rule for finding in error.value.findings]


def test_an_entry_is_kept_with_its_words_sealed(office: Office):
    made = entered(office, text=f"{SECRET} diperiksa")

    found = entry(office, made)
    assert (found.day, found.minutes, found.quantity) == (TODAY, 90, "3")
    assert (found.planned, found.state, found.revision) == (True, EntryState.ENTERED, 1)
    assert content(office, made).text == f"{SECRET} diperiksa"


def test_the_trail_holds_figures_and_a_commitment_and_no_word(office: Office):
    made = entered(office, text=f"{SECRET} diperiksa")

    (event,) = trail(office, chain(office))
    assert event["action"] == "log.entered"
    assert event["values"] == {
        "cycle": office.cycle_id, "person": "analyst", "entry": made, "day": "2026-03-04",
        "minutes": 90, "quantity": "3", "planned": True, "state": "entered", "revision": 1,
        "commitment": entry(office, made).commitment,
    }  # fmt: skip


def test_everything_that_is_wrong_is_said_at_once(office: Office):
    late = replace(PLAIN, day=TODAY - timedelta(days=4), text="pendek", minutes=3)

    with pytest.raises(InvalidForm) as error:
        enter(office, NewEntry(replace(late, quantity=Decimal(-1))))

    assert rules(error) == [
        "daily_log.activity", "daily_log.minutes", "daily_log.quantity", "daily_log.late",
        ]  # fmt: skip
    assert trail(office, chain(office)) == []


def test_the_minutes_of_a_day_are_added_up(office: Office):
    entered(office, minutes=720)
    entered(office, minutes=240)

    with pytest.raises(InvalidForm) as error:
        entered(office, minutes=5)

    assert rules(error) == ["daily_log.day_full"]


def test_a_corrected_entry_does_not_count_twice_in_its_day(office: Office):
    first = entered(office, minutes=720)
    entered(office, minutes=240)

    correct(office, first, NewEntry(replace(PLAIN, minutes=700)))

    assert entry(office, first).minutes == 700


def test_a_result_that_the_plan_does_not_name_is_refused(office: Office):
    with pytest.raises(InvalidForm) as error:
        entered(office, task="Hasil orang lain")

    assert rules(error) == ["daily_log.task"]


def test_evidence_is_a_file_a_link_or_the_number_of_a_paper(office: Office):
    paper = Piece(PieceKind.PAPER, "800/12/2026")

    made = enter(office, NewEntry(PLAIN, (LINK, paper), PDF))

    found = content(office, made).pieces
    assert found[:2] == (LINK, paper)
    assert (found[2].kind, found[2].text) == (PieceKind.FILE, "bukti.pdf")


def test_a_file_of_a_forbidden_kind_is_refused_and_nothing_is_stored(office: Office):
    with pytest.raises(InvalidFile):
        enter(office, NewEntry(PLAIN, (), ("foto.pdf", b"MZ program")))

    assert trail(office, chain(office)) == []


def test_a_sixth_piece_of_evidence_is_refused(office: Office):
    made = enter(office, NewEntry(PLAIN, (LINK,) * 5))

    with pytest.raises(InvalidForm) as error:
        correct(office, made, NewEntry(PLAIN, (LINK,)))

    assert rules(error) == ["daily_log.evidence"]


def test_a_piece_that_is_dropped_makes_place_for_another(office: Office):
    made = enter(office, NewEntry(PLAIN, (LINK,) * 5))
    other = Piece(PieceKind.PAPER, "800/13/2026")

    correct(office, made, NewEntry(PLAIN, (other,), dropped=frozenset({0})))

    assert content(office, made).pieces == (LINK, LINK, LINK, LINK, other)


def test_the_same_form_sent_twice_enters_once(office: Office):
    key = new_id()

    first, second = (enter(office, NewEntry(PLAIN), key=key) for _ in range(2))

    assert first == second == key
    assert [event["action"] for event in trail(office, chain(office))] == ["log.entered"]


def test_a_key_of_somebody_elses_entry_gives_it_to_nobody(office: Office):
    made = entered(office)

    with pytest.raises(Conflict):
        enter(office, NewEntry(PLAIN), person="clerk", key=made)


def test_a_correction_is_another_revision_that_the_trail_vouches_for(office: Office):
    made = entered(office)

    correct(office, made, NewEntry(replace(PLAIN, text="Memeriksa dan menerbitkan izin")))

    *_, event = trail(office, chain(office))
    assert (event["action"], event["values"]["revision"]) == ("log.corrected", 2)
    assert event["values"]["commitment"] == entry(office, made).commitment


def test_a_correction_of_an_older_revision_is_refused(office: Office):
    made = entered(office)
    correct(office, made, NewEntry(PLAIN))

    with pytest.raises(StaleVersion):
        correct(office, made, NewEntry(PLAIN))


def test_what_is_verified_is_not_corrected_any_more(office: Office):
    made = entered(office)
    verify_entries(
        office.desk, office.actor("division_head", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("analyst"), entries={made: 1}, now=NOW,
    )  # fmt: skip

    with pytest.raises(InvalidForm) as error:
        correct(office, made, NewEntry(PLAIN), revision=2)

    assert rules(error) == ["daily_log.verified"]


def test_a_month_is_corrected_through_the_fifth_and_then_by_nobody(office: Office):
    made, last = entered(office), datetime(2026, 4, 5, 16, tzinfo=UTC)
    late = replace(PLAIN, late_reason="Bertugas di kampung tanpa sinyal")

    correct(office, made, NewEntry(late), now=last)
    with pytest.raises(InvalidForm) as error:
        correct(office, made, NewEntry(late), now=last + timedelta(hours=2), revision=2)

    assert rules(error) == ["daily_log.month_locked"]


def test_what_was_given_back_is_corrected_later_without_a_reason(office: Office):
    made, later = entered(office), NOW + timedelta(days=9)
    return_entry(
        office.desk, office.actor("division_head", NOW), entry_id=made, revision=1, text=SECRET,
        now=NOW,
    )  # fmt: skip

    correct(office, made, NewEntry(PLAIN), now=later, revision=2)

    assert entry(office, made).revision == 3


def test_what_nobody_gave_back_is_corrected_late_with_a_reason_only(office: Office):
    made = entered(office)

    with pytest.raises(InvalidForm) as error:
        correct(office, made, NewEntry(PLAIN), now=NOW + timedelta(days=9))

    assert rules(error) == ["daily_log.late"]


def test_a_locked_month_says_how_much_was_in_it_once(office: Office):
    made = entered(office)
    entered(office, planned=False)
    verify_entries(
        office.desk, office.actor("division_head", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("analyst"), entries={made: 1}, now=NOW,
    )  # fmt: skip

    done = [lock_log_months(office.desk, office.agency_id, now=LOCKED) for _ in range(2)]

    *_, event = trail(office, chain(office))
    assert (event["action"], event["actor"]) == ("log.month_locked", "system")
    assert event["values"] == {
        "cycle": office.cycle_id, "person": "analyst", "month": "2026-03", "entries": 2,
        "planned": 1, "verified": 1, "minutes": 180,
    }  # fmt: skip
    assert done == [2, 0]
    assert trail(office, chain(office, "clerk")) == []


def test_the_last_month_of_a_period_that_ends_within_it_is_locked_too(offices: Offices):
    office = with_year(offices.open("walesi"), 2026, NOW, ends=date(2026, 3, 15))
    entered(office)

    lock_log_months(office.desk, office.agency_id, now=LOCKED)

    *_, event = trail(office, chain(office))
    assert (event["action"], event["values"]["month"]) == ("log.month_locked", "2026-03")


def test_a_look_at_who_keeps_a_log_never_opens_a_month_that_was_locked_meanwhile(office: Office):
    march, who = date(2026, 3, 31), EmployeeId("analyst")
    with office.desk.store.transaction(office.agency_id) as tx:
        seen = daily_logs.get(tx, office.cycle_id, who)
        daily_logs.lock_months(tx, seen, march)

        daily_logs.put(tx, [replace(seen, active=False)])

        kept = daily_logs.get(tx, office.cycle_id, who)
    assert (kept.active, kept.locked_through) == (False, march)


def test_nobody_enters_for_another(office: Office):
    made = entered(office)

    with pytest.raises(Forbidden):
        correct(office, made, NewEntry(PLAIN), person="division_head")
    with pytest.raises(NotFound):
        correct(office, made, NewEntry(PLAIN), person="clerk")


def test_who_has_no_plan_keeps_no_log_yet(office: Office):
    with pytest.raises(NotFound):
        entered(office, "division_head")


def test_a_system_without_a_log_has_none(offices: Offices):
    office = offices.open("national")

    assert assign_daily_logs(office.desk, office.agency_id, now=NOW) == 0
    with pytest.raises(NotFound):
        entered(office)


def test_who_is_no_longer_taken_enters_nothing_more_but_keeps_what_is_there(office: Office):
    made = entered(office)
    with office.desk.store.transaction(office.agency_id) as tx:
        log = daily_logs.get(tx, office.cycle_id, EmployeeId("analyst"))
        daily_logs.put(tx, [replace(log, active=False)])

    with pytest.raises(NotFound):
        entered(office)

    assert entry(office, made).minutes == 90


def test_an_appraisal_that_runs_says_who_rates(office: Office):
    office.start("analyst", NOW)

    changed = assign_daily_logs(office.desk, office.agency_id, now=NOW)

    with office.desk.store.reading(office.agency_id) as tx:
        log = daily_logs.get(tx, office.cycle_id, EmployeeId("analyst"))
    assert changed == 0
    assert (log.rater_id, log.rater_superior_id) == ("division_head", "department_head")


def test_a_file_is_read_by_who_reads_the_log_and_the_look_is_noted(office: Office):
    made = enter(office, NewEntry(PLAIN, (LINK,), PDF))
    rater = office.actor("division_head", NOW)

    found = read_log_evidence(office.desk, rater, entry_id=made, place=1, now=NOW)

    assert (found.name, found.content) == PDF
    assert trail(office, chain(office))[-1]["action"] == "file.viewed"


@pytest.mark.parametrize(("person", "place"), [("clerk", 1), ("division_head", 0), ("analyst", 2)])
def test_a_file_is_not_there_for_others_nor_where_there_is_none(
    office: Office, person: str, place: int
):
    made = enter(office, NewEntry(PLAIN, (LINK,), PDF))

    with pytest.raises(NotFound):
        read_log_evidence(
            office.desk, office.actor(person, NOW), entry_id=made, place=place, now=NOW
        )


def test_the_figures_of_days_count_only_those_days(office: Office):
    entered(office)
    entered(office, day=date(2026, 3, 3), minutes=30, planned=False)

    with office.desk.store.reading(office.agency_id) as tx:
        found = log_entries.tally(
            tx, office.cycle_id, EmployeeId("analyst"), TODAY, TODAY, verified="verified"
        )

    assert vars(found) == {"entries": 1, "planned": 1, "verified": 0, "minutes": 90}
