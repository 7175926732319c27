"""Hands over what a person holds, so that no work is ever left with somebody who cannot do it."""

from dataclasses import replace
from datetime import datetime

from engine.commands.case_handover import (
    CaseInHand,
    Handover,
    case_in_hand,
    give_away,
    leave_to_hr,
    let_go,
    welcome,
)
from engine.commands.desk import Desk
from engine.commands.follow_up_handover import left_behind, pass_on
from engine.domain.actions import Action
from engine.domain.people import SYSTEM, EmployeeId, PositionId, UnitFunction, UnitId
from engine.domain.transfers import Moved, MoveReason
from engine.rules.deadlines import local_date
from engine.store import (
    appraisals,
    audit,
    drafts,
    handovers,
    incidents,
    instances,
    staffing,
    work_items,
)
from engine.store.database import Transaction
from engine.store.handovers import Holding
from engine.store.states import InstanceStatus
from engine.store.work_items import WorkItemRow


def hand_over(
    tx: Transaction,
    desk: Desk,
    person: EmployeeId,
    *,
    now: datetime,
    by: EmployeeId = SYSTEM,
) -> tuple[Moved, ...]:
    """Let what a person may no longer do go to who holds the role today; what moved.

    To be called in the transaction that changed his posts, duties or service. Raises StaleVersion
    when a case of his changed meanwhile.
    """
    handover = Handover(desk, tx, by, now, local_date(now, desk.calendar(tx, now)))
    hand_over_all(handover, person)
    return tuple(handover.moved)


def hand_over_all(handover: Handover, person: EmployeeId) -> None:
    """The same as part of a larger change. Cases are locked in the order of their ids."""
    tx = handover.tx
    in_service = handovers.lock_person(tx, person)
    held = {item.instance_id for item in handovers.work_of(tx, person)}
    rated = {row.id for row in handovers.rated_by(tx, person)}
    left = left_behind(handover, person, in_service=in_service)
    for instance_id in sorted({*held, *rated, *left}):
        case = case_in_hand(handover, instance_id)
        if case:
            give_away(case, person, in_service=in_service)
        if instance_id in left:
            pass_on(handover, instance_id, left[instance_id], person)


def take_up(handover: Handover, person: EmployeeId, position_id: PositionId) -> None:
    """Let the cases below a post know who came into it."""
    tx = handover.tx
    above = staffing.superiors(tx, position_id, handover.on)
    inherited = next((found.employee_id for found in above if found.employee_id), None)
    cases = {row.id for row in handovers.without_rater(tx)}
    if inherited:
        cases |= {row.id for row in handovers.rated_by(tx, inherited)}
    for instance_id in sorted(cases):
        case = case_in_hand(handover, instance_id)
        if case:
            welcome(case, person)


def leave_own_cases(handover: Handover, person: EmployeeId, *, cancelled: bool) -> None:
    """What happens to the appraisals of somebody who leaves the service.

    They are cancelled when he died. Otherwise they go on, since the months he served are appraised
    (PP 30/2019), and HR records what was his to do.
    """
    for row in handovers.own_cases(handover.tx, person):
        case = case_in_hand(handover, row.id)
        if case is None:
            continue
        if cancelled:
            _cancel(case)
        else:
            leave_to_hr(case)
            case.close()


def _cancel(case: CaseInHand) -> None:
    """End a case at once: nothing of it waits for people, time or messages any more."""
    tx, handover = case.tx, case.handover
    items = work_items.open_of_instance(tx, case.row.id)
    work_items.withdraw(tx, [item.id for item in items], by=handover.by, now=handover.now)
    drafts.delete_many(tx, [item.id for item in items])
    handovers.silence(tx, case.row.id)
    for item in items:
        case.note(Action.WORK_WITHDRAWN, item)
    for incident in incidents.open_of_instance(tx, case.row.id):
        incidents.resolve(tx, incident.id, now=handover.now)
        case.note(Action.INCIDENT_RESOLVED, incident=incident.id)
    if case.appraisal and case.appraisal.appeal_open:
        appraisals.save(tx, replace(case.appraisal, appeal_open=False))
    case.note(Action.INSTANCE_CANCELLED, cause="death")
    chain = audit.append(tx, case.row.chain, case.events)
    status = InstanceStatus.CANCELLED
    instances.save_step(tx, case.row, chain=chain, status=status, blob=None, now=handover.now)
    handover.moved.append(Moved(MoveReason.CASE_CANCELLED, case.row.id))


def end_function(handover: Handover, person: EmployeeId, function: UnitFunction) -> None:
    """Hand over what a person held by a duty that ended today, his posts being as they were."""
    held = handovers.work_of(handover.tx, person)
    for instance_id in sorted({item.instance_id for item in held if item.claimed_by == person}):
        case = case_in_hand(handover, instance_id)
        if case:
            let_go(case, person)
    close_function(handover, function)


def close_function(handover: Handover, function: UnitFunction) -> None:
    """Give the work of a unit function that nobody holds any more to HR."""
    if function is UnitFunction.HR:
        return
    left = [item for item in handovers.work_of_function(handover.tx, function)
            if not _is_held(handover, function, item)]  # fmt: skip
    for item in sorted(left, key=lambda found: (found.instance_id, found.id)):
        case = case_in_hand(handover, item.instance_id)
        if case is None:
            continue
        handovers.hold(handover.tx, item.id, Holding(None, UnitFunction.HR.value))
        case.note(Action.WORK_REASSIGNED, item, to=None, function=UnitFunction.HR.value)
        case.close()
        moved = Moved(
            MoveReason.TO_FUNCTION, case.row.id, item.id, item.name, None, UnitFunction.HR.value
        )
        handover.moved.append(moved)


def _is_held(handover: Handover, function: UnitFunction, item: WorkItemRow) -> bool:
    unit_id = UnitId(item.unit_id or "")
    return bool(staffing.duty_holders(handover.tx, function, handover.on, unit_id=unit_id))
