"""Daily logs of the office, for tests: a year of Walesi in which the analyst and the clerk log."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from engine.commands.cycles import open_cycle
from engine.commands.daily_log import NewEntry, enter_activity
from engine.commands.log_notes import verify_entries
from engine.commands.plans import import_plan
from engine.domain.daily_log import Activity
from engine.domain.people import EmployeeId
from engine.jobs.daily_logs import assign_daily_logs
from engine.store import log_entries
from engine.store.log_entries import EntryRow, NoteRow
from tests.office import PLAN, Office
from tests.ready import Offices

# A Wednesday, 09.00 WIB.
TODAY, NOW = date(2026, 3, 4), datetime(2026, 3, 4, 2, tzinfo=UTC)
# The day after the last on which March may be changed.
LOCKED = datetime(2026, 4, 6, 1, tzinfo=UTC)
RESULT = PLAN[0].result_plan
PLAIN = Activity(TODAY, "Memeriksa berkas izin usaha", 90, Decimal(3), RESULT, planned=True)


def office_with_logs(offices: Offices, *people: str) -> Office:
    """Walesi in its year 2026; these people (the analyst and the clerk) have plans and logs."""
    return with_year(offices.open("walesi"), 2026, NOW, *people)


def with_year(
    office: Office, year: int, now: datetime, *people: str, ends: date | None = None
) -> Office:
    """The office in another year of Walesi, in which these people have plans and logs."""
    hr, days = office.actor("hr_officer", now), (date(year, 1, 1), ends or date(year, 12, 31))
    cycle = open_cycle(
        office.desk, hr, system="walesi", name=f"Tahun {year}", starts=days[0], ends=days[1],
        now=now,
    )  # fmt: skip
    for person in people or ("analyst", "clerk"):
        import_plan(
            office.desk, hr, cycle_id=cycle, employee_id=EmployeeId(person), lines=PLAN, now=now
        )
    assign_daily_logs(office.desk, office.agency_id, now=now)
    return replace(office, cycle_id=cycle)


def entered(
    office: Office, person: str = "analyst", *, now: datetime = NOW, **changes: object
) -> str:
    """The id of an entry of somebody's day."""
    return enter_activity(
        office.desk,
        office.actor(person, now),
        cycle_id=office.cycle_id,
        new=NewEntry(replace(PLAIN, **changes)),
        now=now,
    )


def entry(office: Office, entry_id: str) -> EntryRow:
    """An entry as it is stored."""
    with office.desk.store.reading(office.agency_id) as tx:
        return log_entries.get(tx, entry_id)


def notes(office: Office, entry_id: str) -> tuple[NoteRow, ...]:
    """What was said of an entry."""
    with office.desk.store.reading(office.agency_id) as tx:
        return log_entries.notes_of_entry(tx, entry_id)


def chain(office: Office, person: str = "analyst") -> str:
    """The chain of somebody's log."""
    return f"log/{office.cycle_id}/{person}"


def keep_log(office: Office, person: str, day: date, now: datetime, *, planned: int, verified: int):
    """Somebody enters short activities of a day, so many of them planned; so many are verified."""
    assign_daily_logs(office.desk, office.agency_id, now=now)
    known = {"day": day, "task": "", "minutes": 5, "late_reason": "Bertugas tanpa sinyal"}
    made = [
        entered(office, person, now=now, planned=number < planned, **known)
        for number in range(max(planned, verified))
    ]
    verify_entries(
        office.desk, office.actor("division_head", now), cycle_id=office.cycle_id,
        employee_id=EmployeeId(person), entries=dict.fromkeys(made[:verified], 1), now=now,
    )  # fmt: skip
