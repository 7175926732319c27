"""Steps that no form starts, for due timers and messages; a failing case is held."""

from collections.abc import Callable
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.incidents import open_incident
from engine.commands.saving import hold_step, save_step
from engine.commands.steps import Step, open_step
from engine.commands.trail import Scribe
from engine.domain.people import AgencyId, EmployeeId
from engine.errors import ExecutionFailed
from engine.store import instances
from engine.store.states import InstanceStatus


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
