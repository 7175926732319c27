"""Launches a cycle: everybody chosen gets his case, in chunks that any worker can go on with."""

from datetime import datetime

from engine.commands.case_data import Beginnings, beginnings
from engine.commands.cycles import open_for_starts, start_case
from engine.commands.desk import Desk
from engine.commands.foresight import stored_filters
from engine.commands.notices import NewNotice, tell
from engine.commands.permissions import demand, refusals_audited
from engine.commands.starts import Batch
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.domain.population import ConflictKind, filters_of
from engine.errors import Conflict, ExecutionFailed, NotFound
from engine.queries.population import Choice, candidates, choice_of, has_case
from engine.rules.deadlines import local_date
from engine.store import audit, cycles, launches, populations
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.launches import LaunchPersonRow, LaunchRow, LaunchStatus, PersonState
from engine.store.states import CycleStatus

CHUNK = 500
CODES = {
    "assignment": ConflictKind.NO_UNIT,
    "plan": ConflictKind.NO_PLAN,
    "rater": ConflictKind.NO_RATER,
}


def request_launch(desk: Desk, actor: Actor, *, cycle_id: str, expected: int, now: datetime) -> str:
    """Ask for the launch of a cycle with its present filters; the launch's id.

    `expected` is the number of people that the preview showed. People who joined since an earlier
    launch are taken by the next. Raises Forbidden, NotFound, or Conflict when the cycle is closed
    or a launch of it runs.
    """
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.LAUNCH_CYCLE, AgencyAccess(tx.agency_id))
        cycle = open_for_starts(tx, cycle_id)
        if any(row.status != LaunchStatus.DONE for row in launches.of_cycle(tx, cycle.id)):
            raise Conflict(f"a launch of cycle {cycle_id} is not finished")
        row = LaunchRow(
            new_id(), cycle.id, stored_filters(tx, cycle.id).as_text(), LaunchStatus.RUNNING.value,
            "", expected, 0, 0, actor.employee_id, now,
        )  # fmt: skip
        launches.add(tx, row)
        _note(tx, Action.LAUNCH_REQUESTED, row, actor.employee_id, now)
        return row.id


def stop_launch(desk: Desk, actor: Actor, *, launch_id: str, now: datetime) -> None:
    """Stop a running launch after its present chunk. Raises Forbidden, NotFound, Conflict."""
    _change(desk, actor, launch_id, LaunchStatus.STOPPED, now)


def continue_launch(desk: Desk, actor: Actor, *, launch_id: str, now: datetime) -> None:
    """Go on with a stopped launch where it was. Raises Forbidden, NotFound, Conflict."""
    _change(desk, actor, launch_id, LaunchStatus.RUNNING, now)


def _change(desk: Desk, actor: Actor, launch_id: str, status: LaunchStatus, now: datetime) -> None:
    action, was = {
        LaunchStatus.STOPPED: (Action.LAUNCH_STOPPED, LaunchStatus.RUNNING),
        LaunchStatus.RUNNING: (Action.LAUNCH_CONTINUED, LaunchStatus.STOPPED),
    }[status]
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=launch_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.LAUNCH_CYCLE, AgencyAccess(tx.agency_id))
        row = launches.get(tx, launch_id)
        open_for_starts(tx, row.cycle_id)
        if row.status != was:
            raise Conflict(f"the launch is {row.status}")
        launches.set_status(tx, launch_id, status, ended_at=None)
        _note(tx, action, row, actor.employee_id, now)


def launch_chunk(
    desk: Desk, agency_id: AgencyId, launch_id: str, *, now: datetime, size: int = CHUNK
) -> int:
    """Start the next people of a launch in one transaction; how many were looked at.

    0 when nobody is left, or when the launch does not run or is somebody else's just now. People
    and place in the list are written together: killed anywhere, the launch goes on with the next.
    """
    with desk.store.transaction(agency_id) as tx:
        row = launches.take(tx, launch_id)
        if row is None or _is_closed(tx, row, now):
            return 0
        filters = filters_of(row.filters)
        found = candidates(tx, row.cycle_id, filters, after=row.cursor, limit=size)
        if not found:
            return 0
        batch = _batch(desk, tx, row, [who.employee_id for who in found], now)
        choice = choice_of(tx, batch.known.cycle.system, filters)
        passed = _taken(tx, batch, row, choice, [who.employee_id for who in found])
        batch.write()
        launches.pass_over(tx, passed)
        launches.advance(
            tx,
            launch_id,
            cursor=found[-1].employee_id,
            looked=len(found),
            started=len(batch.cases),
        )
        return len(found)


def start_waiting(
    desk: Desk, agency_id: AgencyId, launch_id: str, *, now: datetime, limit: int = CHUNK
) -> int:
    """Start those whose start is like nobody else's, one transaction each; how many were tried."""
    with desk.store.reading(agency_id) as tx:
        people = launches.waiting(tx, launch_id, limit=limit)
    for employee_id in people:
        try:
            _start_one(desk, agency_id, launch_id, employee_id, now)
        except (NotFound, ExecutionFailed) as error:
            _refuse_one(desk, agency_id, launch_id, employee_id, error)
    return len(people)


def finish_launch(desk: Desk, agency_id: AgencyId, launch_id: str, *, now: datetime) -> bool:
    """Finish a launch that has nobody left and tell whoever asked for it; whether it did."""
    with desk.store.transaction(agency_id) as tx:
        row = launches.take(tx, launch_id)
        if row is None or launches.waiting(tx, launch_id, limit=1):
            return False
        if candidates(tx, row.cycle_id, filters_of(row.filters), after=row.cursor, limit=1):
            return False
        launches.set_status(tx, launch_id, LaunchStatus.DONE, ended_at=now)
        _note(tx, Action.LAUNCH_FINISHED, row, row.requested_by, now)
        kind = NoticeKind.CYCLE_LAUNCHED
        told = NewNotice(row.requested_by, kind, f"{kind}:{row.id}", cycle_id=row.cycle_id)
        tell(tx, [told], now=now)
        return True


def _batch(
    desk: Desk, tx: Transaction, row: LaunchRow, people: list[EmployeeId], now: datetime
) -> Batch:
    cycle = cycles.get(tx, row.cycle_id)
    calendar = desk.calendar(tx, now)
    definition = desk.definitions.get(tx, cycle.definition_id)
    on = local_date(now, calendar)
    known = beginnings(tx, definition, cycle=cycle, employee_ids=people, on=on)
    return Batch(tx, row.requested_by, known, calendar, now)


def _taken(
    tx: Transaction, batch: Batch, row: LaunchRow, choice: Choice, people: list[EmployeeId]
) -> list[LaunchPersonRow]:
    """Take everybody chosen into the batch; those who cannot be taken, with the reason."""
    roster, pairs = batch.known.roster, populations.conflicting_pairs(tx)
    passed = []
    for employee_id in people:
        if not (choice.names(roster, employee_id) and choice.takes(roster, employee_id)):
            continue
        try:
            if pairs:
                _refuse_related(batch.known, employee_id, pairs)
            if not batch.take(employee_id):
                waiting = PersonState.WAITING.value
                passed.append(LaunchPersonRow(row.id, employee_id, waiting))
        except NotFound as error:
            passed.append(_refused(row.id, employee_id, error))
    return passed


def _refuse_related(
    known: Beginnings, employee_id: EmployeeId, pairs: frozenset[frozenset[EmployeeId]]
) -> None:
    """Raise NotFound where the only rater is one who must not rate."""
    rater = known.roster.raters_of(employee_id)[0]
    if rater and frozenset({employee_id, rater}) in pairs:
        raise NotFound(ConflictKind.RELATED.value, employee_id)


def _refused(launch_id: str, employee_id: EmployeeId, error: Exception) -> LaunchPersonRow:
    code = ConflictKind.FAILED
    if isinstance(error, NotFound):
        related = error.noun == ConflictKind.RELATED
        code = ConflictKind.RELATED if related else CODES.get(error.noun, code)
    return LaunchPersonRow(launch_id, employee_id, PersonState.REFUSED.value, code.value)


def _start_one(
    desk: Desk, agency_id: AgencyId, launch_id: str, employee_id: EmployeeId, now: datetime
) -> None:
    """The case of one person and the end of his waiting in one transaction."""
    with desk.store.transaction(agency_id) as tx:
        row = launches.take(tx, launch_id)
        if row is None or _is_closed(tx, row, now):
            return
        if not launches.leave_waiting(tx, launch_id, employee_id):
            return
        cycle = cycles.get(tx, row.cycle_id)
        if not has_case(tx, cycle.id, employee_id):
            by = row.requested_by
            start_case(desk, tx, by, cycle=cycle, employee_id=employee_id, now=now)
            launches.advance(tx, launch_id, cursor=row.cursor, started=1)


def _refuse_one(
    desk: Desk, agency_id: AgencyId, launch_id: str, employee_id: EmployeeId, error: Exception
) -> None:
    with desk.store.transaction(agency_id) as tx:
        launches.pass_over(tx, [_refused(launch_id, employee_id, error)])


def _is_closed(tx: Transaction, row: LaunchRow, now: datetime) -> bool:
    """Stop the launch of a cycle that was closed meanwhile."""
    closed = cycles.get(tx, row.cycle_id).status != CycleStatus.OPEN
    if closed:
        launches.set_status(tx, row.id, LaunchStatus.STOPPED, ended_at=now)
    return closed


def _note(tx: Transaction, action: Action, row: LaunchRow, by: EmployeeId, now: datetime) -> None:
    values = {"cycle": row.cycle_id, "launch": row.id, "total": row.total, "started": row.started}
    event = AuditEvent(action, now, by, role="hr", values=values)
    audit.append_to_chain(tx, audit.object_chain("cycle", row.cycle_id), [event])
