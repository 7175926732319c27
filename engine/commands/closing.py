"""HR closes a cycle, with unfinished cases going on or ending, and may open it again."""

from collections.abc import Mapping
from datetime import datetime

from engine.commands.automatic import run_automatic
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.sealed_reasons import sealed_reason
from engine.commands.steps import Step
from engine.domain.access import AgencyAccess, Reason, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.errors import Conflict, Forbidden
from engine.queries.unfinished import count_unfinished, without_result
from engine.store import appraisals, audit, closings, cycles, launches, sealing
from engine.store.closings import ClosingRow, ClosingStatus, Handling
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.launches import LaunchStatus
from engine.store.sealing import open_sealed, seal
from engine.store.states import CycleStatus


def close_cycle(
    desk: Desk, actor: Actor, *, cycle_id: str, handling: Handling, reason: str, now: datetime
) -> str:
    """Close a cycle: nothing new starts in it; the closing's id.

    Under CANCEL only cases without a delivered result end: whoever has his result may still
    appeal. Raises Forbidden, NotFound, or Conflict when it is closed or a launch of it runs.
    """
    with (
        refusals_audited(desk, actor, Verb.CLOSE_CYCLE, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.CLOSE_CYCLE, AgencyAccess(tx.agency_id))
        cycle = cycles.get(tx, cycle_id)
        _refuse_closing(tx, cycle)
        cancels = handling is Handling.CANCEL
        status = ClosingStatus.RUNNING if cancels else ClosingStatus.DONE
        key = sealing.key_for(tx, actor.employee_id, period=cycle.id, now=now)
        row = ClosingRow(
            new_id(), cycle.id, handling.value, seal(key, reason.encode()), key.id, status.value,
            actor.employee_id, now,
        )  # fmt: skip
        closings.add(tx, row)
        cycles.set_status(tx, cycle.id, CycleStatus.CLOSED)
        values = {
            "handling": handling.value,
            "unfinished": count_unfinished(tx, cycle.id),
            **sealed_reason(key, reason),
        }
        _note(tx, Action.CYCLE_CLOSED, cycle, actor.employee_id, values, now)
        return row.id


def reopen_cycle(desk: Desk, actor: Actor, *, cycle_id: str, reason: str, now: datetime) -> None:
    """Open a closed cycle again; somebody else than who closed it. What was cancelled stays so.

    Raises Forbidden, NotFound, or Conflict when it is open.
    """
    with (
        refusals_audited(desk, actor, Verb.CLOSE_CYCLE, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.CLOSE_CYCLE, AgencyAccess(tx.agency_id))
        cycle = cycles.get(tx, cycle_id)
        closed = next(iter(closings.of_cycle(tx, cycle_id)), None)
        if cycle.status == CycleStatus.OPEN or closed is None:
            raise Conflict(f"cycle {cycle_id} is open")
        if actor.employee_id == closed.closed_by:
            raise Forbidden(Verb.CLOSE_CYCLE.value, Reason.TWO_PEOPLE.value)
        closings.reopen(tx, closed.id, by=actor.employee_id, now=now)
        cycles.set_status(tx, cycle.id, CycleStatus.OPEN)
        key = sealing.key_for(tx, actor.employee_id, period=cycle.id, now=now)
        _note(tx, Action.CYCLE_REOPENED, cycle, actor.employee_id, sealed_reason(key, reason), now)


def cancel_next(
    desk: Desk, agency_id: AgencyId, closing_id: str, *, now: datetime, limit: int
) -> int:
    """Cancel the next cases of a closed cycle, one transaction each; how many were cancelled.

    A cycle that is opened again meanwhile loses no further case.
    """
    with desk.store.transaction(agency_id) as tx:
        row = closings.get(tx, closing_id)
        if row.status != ClosingStatus.RUNNING:
            return 0
        cases = without_result(tx, row.cycle_id, limit=limit)
        if not cases:
            closings.finish(tx, closing_id)
        reason = open_sealed(sealing.get_key(tx, row.reason_key), row.reason_sealed).decode()

    def cancel(step: Step) -> bool:
        goes_on = closings.get(step.tx, row.id).status == ClosingStatus.RUNNING
        if not goes_on or appraisals.get(step.tx, step.row.id).result_version:
            return False
        step.execution.cancel()
        step.cancelled = True
        values = {"closing": row.id, **sealed_reason(step.key, reason)}
        step.events.append(step.scribe.event(Action.INSTANCE_CANCELLED, element=None, **values))
        return True

    by = row.closed_by
    return sum(
        run_automatic(desk, agency_id, instance_id, cancel, by=by, now=now) for instance_id in cases
    )


def _refuse_closing(tx: Transaction, cycle: CycleRow) -> None:
    if cycle.status != CycleStatus.OPEN:
        raise Conflict(f"cycle {cycle.id} is closed")
    if any(row.status == LaunchStatus.RUNNING for row in launches.of_cycle(tx, cycle.id)):
        raise Conflict(f"a launch of cycle {cycle.id} runs; stop it first")


def _note(
    tx: Transaction,
    action: Action,
    cycle: CycleRow,
    by: EmployeeId,
    values: Mapping[str, object],
    now: datetime,
) -> None:
    event = AuditEvent(
        action, now, by, role="hr", definition=cycle.definition_id,
        values={"cycle": cycle.id, **values},
    )  # fmt: skip
    audit.append_to_chain(tx, audit.object_chain("cycle", cycle.id), [event])
