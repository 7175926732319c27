"""Opening a cycle, starting appraisals in it, and setting what organisations achieved."""

from datetime import date, datetime

from engine.bpmn.run import Execution
from engine.commands.case_data import beginnings
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.saving import save_step
from engine.commands.steps import NOWHERE, Step, step_context
from engine.commands.trail import Scribe
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import GENESIS, AuditEvent
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.errors import Conflict, Finding, InvalidForm, NotFound
from engine.rules.deadlines import local_date
from engine.store import appraisals, audit, cycles, definitions, instances, people, sealing
from engine.store.appraisals import AppraisalRow
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.instances import InstanceRow
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
    appraisal runs already.
    """
    with (
        refusals_audited(desk, actor, Verb.START_APPRAISAL, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.START_APPRAISAL, AgencyAccess(tx.agency_id))
        cycle = open_for_starts(tx, cycle_id)
        by = actor.employee_id
        return start_case(desk, tx, by, cycle=cycle, employee_id=employee_id, now=now)


def open_for_starts(tx: Transaction, cycle_id: str) -> CycleRow:
    """The cycle, if appraisals may start in it. Raises NotFound, or Conflict when it is closed."""
    cycle = cycles.get(tx, cycle_id)
    if cycle.status != CycleStatus.OPEN:
        raise Conflict(f"cycle {cycle_id} is closed")
    return cycle


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
    step = _first_step(desk, tx, by, cycle=cycle, employee_id=employee_id, now=now)
    step.settle()
    save_step(step)
    return InstanceId(step.row.id)


def _first_step(
    desk: Desk,
    tx: Transaction,
    by: EmployeeId,
    *,
    cycle: CycleRow,
    employee_id: EmployeeId,
    now: datetime,
) -> Step:
    """The step that begins a case; its rows exist, its state is still empty."""
    definition = desk.definitions.get(tx, cycle.definition_id)
    calendar = desk.calendar(tx, now)
    on = local_date(now, calendar)
    known = beginnings(tx, definition, cycle=cycle, employee_ids=[employee_id], on=on)
    data = known.data(employee_id)
    key = sealing.key_for(tx, employee_id, period=cycle.id, now=now)
    row = InstanceRow(
        id=InstanceId(new_id()),
        definition_id=definition.id,
        process_id=definition.settings.main_process,
        cycle_id=cycle.id,
        subject_id=employee_id,
        unit_id=UnitId(str(data["unit_id"])),
        sealing_key_id=key.id,
        started_at=now,
        audit_head=GENESIS,
        audit_count=0,
    )
    instances.add(tx, row, blob=b"")
    raters = known.raters(employee_id)
    appraisals.add(tx, AppraisalRow(row.id, cycle.id, employee_id, row.unit_id, *raters))
    context = step_context(tx, definition, row, calendar=calendar, now=now)
    execution = Execution.start(definition.specs, row.process_id, {"case": data}, context)
    scribe = Scribe(row.id, row.definition_id, now, by, "hr")
    step = Step(desk, tx, row, key, definition, scribe, calendar, execution, NOWHERE)
    step.events.append(started_event(scribe, cycle, raters))
    return step


def started_event(
    scribe: Scribe, cycle: CycleRow, raters: tuple[EmployeeId | None, EmployeeId | None]
) -> AuditEvent:
    """What the trail says of a case that began."""
    return scribe.event(
        Action.INSTANCE_STARTED, cycle=cycle.id, rater=raters[0], rater_superior=raters[1]
    )
