"""Steps that no form starts: due timers and messages; a failing case is held, others go on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.incidents import open_incident
from engine.commands.saving import hold_step, save_step
from engine.commands.steps import Step, open_step
from engine.commands.trail import Scribe
from engine.domain.people import SYSTEM, AgencyId, EmployeeId
from engine.errors import Conflict, ExecutionFailed
from engine.store import instances, timers
from engine.store.states import InstanceStatus

LEASE = timedelta(minutes=2)


def fire_due_timers(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = 200) -> int:
    """Let the cases with due timers go on; how many did.

    Leases keep two runners apart; a case that another step holds is left for the next round.
    """
    with desk.store.transaction(agency_id) as tx:
        due = timers.lease_due(tx, until=now + LEASE, limit=limit, now=now)
    cases = dict.fromkeys(row.instance_id for row in due)
    return sum(_fired(desk, agency_id, instance_id, now) for instance_id in cases)


def _fired(desk: Desk, agency_id: AgencyId, instance_id: str, now: datetime) -> bool:
    try:
        return run_automatic(desk, agency_id, instance_id, lambda _step: True, by=SYSTEM, now=now)
    except Conflict:
        return False


def run_automatic(
    desk: Desk,
    agency_id: AgencyId,
    instance_id: str,
    act: Callable[[Step], bool],
    *,
    by: EmployeeId,
    now: datetime,
) -> bool:
    """Settle a case, let `act` do something to it, settle and save; whether `act` did.

    A held case is left alone; one whose automatic step fails becomes held.
    """
    with desk.store.transaction(agency_id) as tx:
        loaded = instances.load(tx, instance_id)
        if loaded.row.status != InstanceStatus.RUNNING:
            return False
        step = open_step(desk, tx, loaded, Scribe(instance_id, loaded.row.definition_id, now, by))
        try:
            step.settle()
            acted = act(step)
            step.settle()
        except ExecutionFailed as error:
            open_incident(step, error, submission_id=None)
            hold_step(step)
            return False
        save_step(step)
        return acted
