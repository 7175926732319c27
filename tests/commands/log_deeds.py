"""What happens in a daily log, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from engine.commands.daily_log import (
    NewEntry,
    add_log_file,
    correct_activity,
    enter_activity,
    read_log_evidence,
)
from engine.commands.log_notes import return_entry, verify_entries, write_log_note
from engine.commands.log_rounds import lock_months
from engine.commands.log_views import record_log_view
from engine.domain.daily_log import NoteKind
from engine.domain.people import EmployeeId
from engine.store import daily_logs
from tests.logs import LOCKED, NOW, PLAIN, entered, office_with_logs
from tests.office import Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]
PDF = ("bukti.pdf", b"%PDF-1.7 foto")


def _enter(offices: Offices) -> Deed:
    office = office_with_logs(offices, "analyst")
    new, actor = NewEntry(PLAIN, file=PDF), office.actor("analyst", NOW)
    return office, partial(
        enter_activity, office.desk, actor, cycle_id=office.cycle_id, new=new, now=NOW
    )


def _about(command: Callable[..., object], person: str, **values: object):
    def prepared(offices: Offices) -> Deed:
        office = office_with_logs(offices, "analyst")
        made, actor = entered(office), office.actor(person, NOW)
        return office, partial(command, office.desk, actor, entry_id=made, now=NOW, **values)

    return prepared


def _verify(offices: Offices) -> Deed:
    office = office_with_logs(offices, "analyst")
    looked_at, actor = {entered(office): 1}, office.actor("division_head", NOW)
    return office, partial(
        verify_entries, office.desk, actor, cycle_id=office.cycle_id,
        employee_id=EmployeeId("analyst"), entries=looked_at, now=NOW,
    )  # fmt: skip


def _read(offices: Offices) -> Deed:
    office, enter = _enter(offices)
    made, actor = enter(), office.actor("division_head", NOW)
    return office, partial(read_log_evidence, office.desk, actor, entry_id=made, place=0, now=NOW)


def _look(offices: Offices) -> Deed:
    office = office_with_logs(offices, "analyst")
    with office.desk.store.reading(office.agency_id) as tx:
        (log,) = daily_logs.logs_of(tx, EmployeeId("analyst"))
    hr = office.actor("hr_officer", NOW)
    return office, partial(record_log_view, office.desk, hr, log=log, now=NOW)


def _lock(offices: Offices) -> Deed:
    office = office_with_logs(offices, "analyst")
    entered(office)
    return office, partial(
        lock_months, office.desk, office.agency_id, office.cycle_id, now=LOCKED, limit=10
    )


WHOLE = {
    "enter an activity": _enter,
    "correct an activity": _about(correct_activity, "analyst", revision=1, new=NewEntry(PLAIN)),
    "verify activities": _verify,
    "give an activity back": _about(return_entry, "division_head", revision=1, text="Lengkapi"),
    "give a direction": _about(
        write_log_note, "division_head", kind=NoteKind.DIRECTION, text="Utamakan izin lama"
    ),
    "ask for a comment": _about(
        write_log_note, "analyst", kind=NoteKind.REQUEST, text="Sudah cukup?"
    ),
    "add a file to an activity": _about(add_log_file, "analyst", file=PDF),
    "read evidence of a log": _read,
    "look into a log": _look,
    "lock a month": _lock,
}
