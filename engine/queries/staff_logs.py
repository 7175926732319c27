"""Whose daily logs one reads, and what waits in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.access import Verb, can
from engine.domain.daily_log import EntryState
from engine.domain.people import Actor, EmployeeId
from engine.queries.people import Person, agency_day, people
from engine.store import cycles, daily_logs, log_entries
from engine.store.daily_logs import LogRow
from engine.store.database import Transaction
from engine.store.log_entries import NoteRow


@dataclass(frozen=True)
class StaffLine:
    """Whose log one reads, with what waits in it for the rater."""

    log: LogRow
    period: str
    person: Person | None
    unverified: int
    requests: int
    oldest_due: datetime | None
    may_verify: bool


def staff_logs(tx: Transaction, actor: Actor, *, now: datetime) -> tuple[StaffLine, ...]:
    """The logs kept under the actor or whom he stands in for, those where something waits first."""
    logs = [
        log
        for log in daily_logs.logs_under(tx, sorted(actor.effective_persons()))
        if log.employee_id != actor.employee_id
    ]
    found = people(tx, [log.employee_id for log in logs], agency_day(tx, now))
    periods = {cycle.id: cycle.name for cycle in cycles.every(tx)} if logs else {}
    counts: dict[tuple[str, EmployeeId], int] = {}
    for cycle_id in {log.cycle_id for log in logs}:
        ids = [log.employee_id for log in logs if log.cycle_id == cycle_id]
        waiting = log_entries.waiting(tx, cycle_id, ids, state=EntryState.ENTERED.value)
        counts |= {(cycle_id, person): count for person, count in waiting.items()}
    asked = _requests(tx, logs)
    lines = [
        StaffLine(
            log,
            periods[log.cycle_id],
            found.get(log.employee_id),
            counts.get((log.cycle_id, log.employee_id), 0),
            len(notes),
            min((note.due_at for note in notes if note.due_at), default=None),
            may_verify=bool(can(actor, Verb.VERIFY_LOG, log.access(tx.agency_id))),
        )
        for log in logs
        for notes in (asked.get((log.cycle_id, log.employee_id), ()),)
    ]
    return tuple(
        sorted(lines, key=lambda one: (not one.may_verify, -one.requests, -one.unverified))
    )


def _requests(
    tx: Transaction, logs: Sequence[LogRow]
) -> Mapping[tuple[str, EmployeeId], Sequence[NoteRow]]:
    found: dict[tuple[str, EmployeeId], list[NoteRow]] = {}
    for note in log_entries.open_requests(tx, [log.employee_id for log in logs]):
        found.setdefault((note.cycle_id, note.employee_id), []).append(note)
    return found
