"""Opening a cycle, starting appraisals in it, and setting what organisations achieved."""

from datetime import date, datetime

from engine.commands.case_data import appraised_post, beginnings
from engine.commands.desk import Desk
from engine.commands.first_steps import NewCase, start_new
from engine.commands.permissions import demand, refusals_audited
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.errors import Conflict, Finding, InvalidForm, NotFound, OtherSystem
from engine.queries.unit_systems import systems_of_units
from engine.rules.deadlines import local_date
from engine.store import audit, cycles, definitions, people
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.states import CycleStatus


def open_cycle(
    desk: Desk,
    actor: Actor,
    *,
    system: str,
    name: str,
    starts: date,
    ends: date,
    now: datetime,
) -> str:
    """Open a cycle on the system's active definition; the cycle's id.

    Raises Forbidden, NotFound when nothing of the system is deployed, or InvalidForm for a period
    that ends before it starts.
    """
    with (
        refusals_audited(desk, actor, Verb.OPEN_CYCLE, target=system, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.OPEN_CYCLE, AgencyAccess(tx.agency_id))
        active = definitions.active(tx, system)
        if active is None:
            raise NotFound("system", system)
        if ends < starts:
            raise InvalidForm([Finding("organisation.period", element_id="ends")])
        cycle_id = new_id()
        status = CycleStatus.OPEN.value
        cycles.add(tx, CycleRow(cycle_id, system, name, starts, ends, status, active.id, now))
        values = {"cycle": cycle_id, "starts": starts, "ends": ends}
        event = AuditEvent(
            Action.CYCLE_OPENED, now, actor.employee_id, definition=active.id, values=values
        )
        audit.append_to_chain(tx, audit.object_chain("cycle", cycle_id), [event])
        return cycle_id


def start_appraisal(
    desk: Desk, actor: Actor, *, cycle_id: str, employee_id: EmployeeId, now: datetime
) -> InstanceId:
    """Start the appraisal of an employee in a cycle; the instance's id.

    Raises Forbidden, NotFound (also for who has nobody to rate him), or Conflict when the
    appraisal runs already or the unit has another system.
    """
    with (
        refusals_audited(desk, actor, Verb.START_APPRAISAL, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.START_APPRAISAL, AgencyAccess(tx.agency_id))
        cycle = open_for_starts(tx, cycle_id)
        on = local_date(now, desk.calendar(tx, now))
        post = appraised_post(tx, employee_id, cycle, on)
        demand_system(tx, cycle, post.unit_id if post else None)
        by = actor.employee_id
        return start_case(desk, tx, by, cycle=cycle, employee_id=employee_id, now=now)


def open_for_starts(tx: Transaction, cycle_id: str) -> CycleRow:
    """The cycle, if appraisals may start in it. Raises NotFound, or Conflict when it is closed."""
    cycle = cycles.get(tx, cycle_id)
    if cycle.status != CycleStatus.OPEN:
        raise Conflict(f"cycle {cycle_id} is closed")
    return cycle


def demand_system(tx: Transaction, cycle: CycleRow, unit_id: UnitId | None) -> None:
    """Raise OtherSystem for a unit that is appraised by another system than the cycle's."""
    systems = systems_of_units(tx)
    if unit_id and not systems.takes(cycle.system, unit_id):
        raise OtherSystem(expected=cycle.system, found=systems.of(unit_id))


def start_case(
    desk: Desk,
    tx: Transaction,
    by: EmployeeId,
    *,
    cycle: CycleRow,
    employee_id: EmployeeId,
    now: datetime,
) -> InstanceId:
    """Start one case in the caller's transaction. Raises as `start_appraisal` does."""
    people.employee(tx, employee_id)
    definition = desk.definitions.get(tx, cycle.definition_id)
    on = local_date(now, desk.calendar(tx, now))
    known = beginnings(tx, definition, cycle=cycle, employee_ids=[employee_id], on=on)
    new = NewCase(
        process_id=definition.settings.main_process,
        cycle=cycle,
        subject_id=employee_id,
        data=known.data(employee_id),
        raters=known.raters(employee_id),
        by=by,
    )
    return start_new(desk, tx, new, now=now)
