"""What is due in daily logs: who keeps one under whom, months to lock, answers that are late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.foresight import stored_filters
from engine.commands.notices import NewNotice, tell
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.daily_log import EntryState, month_end, months_between
from engine.domain.notices import NoticeKind
from engine.domain.people import SYSTEM, AgencyId, EmployeeId
from engine.domain.population import ConflictKind
from engine.queries.population import Needs, planned, population
from engine.rules.deadlines import local_date
from engine.store import audit, cycles, daily_logs, log_entries, populations
from engine.store.cycles import CycleRow
from engine.store.daily_logs import LogRow
from engine.store.database import Transaction
from engine.store.states import CycleStatus

# Of these nobody can say yet whose log it would be, or who reads it.
NOT_YET = frozenset({ConflictKind.NO_UNIT, ConflictKind.NO_PLAN, ConflictKind.NO_RATER})
# Answers that have been late for longer were told of long ago.
TOLD_WITHIN = timedelta(days=30)


def cycles_with_log(desk: Desk, tx: Transaction) -> tuple[str, ...]:
    """The ids of open cycles whose system asks for a log, the latest first.

    One whose definition is damaged waits, and stops no other.
    """
    open_cycles = (cycle for cycle in cycles.every(tx) if cycle.status == CycleStatus.OPEN)
    found = ((cycle.id, desk.definitions.find(tx, cycle.definition_id)) for cycle in open_cycles)
    return tuple(key for key, definition in found if definition and definition.settings.daily_log)


def assign_logs(desk: Desk, agency_id: AgencyId, cycle_id: str, *, now: datetime) -> int:
    """Note who keeps a log in a cycle and who rates him today; how many logs changed.

    Those are whoever is appraised in it, or would be if it were launched now. Done again it
    changes nothing; who no longer keeps his log still has it.
    """
    with desk.store.transaction(agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
        definition = desk.definitions.get(tx, cycle.definition_id)
        today = local_date(now, desk.calendar(tx, now))
        known = {log.employee_id: log for log in daily_logs.logs_of_cycle(tx, cycle.id)}
        running = cycle.starts <= today and definition.settings.daily_log is not None
        wanted = _wanted(desk, tx, cycle, definition, now) if running else {}
        gone = {key: replace(log, active=False) for key, log in known.items() if key not in wanted}
        kept = {
            key: replace(log, locked_through=known[key].locked_through if key in known else None)
            for key, log in wanted.items()
        }
        changed = [log for key, log in (gone | kept).items() if known.get(key) != log]
        daily_logs.put(tx, changed)
        return len(changed)


def _wanted(
    desk: Desk, tx: Transaction, cycle: CycleRow, definition: LoadedDefinition, now: datetime
) -> Mapping[EmployeeId, LogRow]:
    settings = definition.settings
    needs = Needs(
        settings.needs_rater, settings.needs_plan, planned(tx, cycle.id),
        populations.conflicting_pairs(tx),
    )  # fmt: skip
    on = local_date(now, desk.calendar(tx, now))
    to_come = population(tx, cycle, stored_filters(tx, cycle.id), on=on, needs=needs)
    found = {
        member.employee_id: LogRow(cycle.id, member.employee_id, member.unit_id, *member.raters)
        for member in to_come.members
        if member.unit_id and not NOT_YET.intersection(member.conflicts)
    }
    return found | {log.employee_id: log for log in daily_logs.appraised(tx, cycle.id)}


def lock_months(
    desk: Desk, agency_id: AgencyId, cycle_id: str, *, now: datetime, limit: int
) -> int:
    """Lock what may no longer be changed in the next logs of a cycle; how many logs.

    The trail says of each month how much was entered and verified by then.
    """
    with desk.store.transaction(agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
        rules = desk.definitions.get(tx, cycle.definition_id).settings.daily_log
        if rules is None:
            return 0
        through = rules.locked_through(local_date(now, desk.calendar(tx, now)))
        if through < cycle.starts:
            return 0
        due = daily_logs.unlocked(tx, cycle.id, through, limit=limit)
        for log in due:
            last = min(through, month_end(cycle.ends))
            for month in months_between(log.locked_through, cycle.starts, last):
                _lock(tx, log, month, now)
            daily_logs.lock_months(tx, log, through)
        return len(due)


def _lock(tx: Transaction, log: LogRow, last: date, now: datetime) -> None:
    """A month in which nothing was entered leaves no event."""
    first, verified = last.replace(day=1), EntryState.VERIFIED.value
    tally = log_entries.tally(tx, log.cycle_id, log.employee_id, first, last, verified=verified)
    if tally.entries:
        values = {"cycle": log.cycle_id, "person": log.employee_id, "month": f"{last:%Y-%m}"}
        event = AuditEvent(Action.LOG_MONTH_LOCKED, now, SYSTEM, values={**values, **vars(tally)})
        audit.append_to_chain(tx, log.chain, [event])


def tell_late_answers(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Remind raters of requests whose answer is late, once for each; how many notices."""
    kind = NoticeKind.LOG_ANSWER_LATE
    with desk.store.transaction(agency_id) as tx:
        late = log_entries.late_answers(tx, since=now - TOLD_WITHIN, now=now)
        return tell(
            tx, [NewNotice(one.rater_id, kind, f"{kind}:{one.note_id}") for one in late], now=now
        )
