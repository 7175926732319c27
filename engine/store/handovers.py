"""What a person holds that somebody else has to take: work, cases he rates, his powers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, union, update

from engine.domain.people import EmployeeId, UnitFunction
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.people import DutyRow, SubstitutionRow
from engine.store.states import FollowUpState, WorkItemState
from engine.store.work_items import WorkItemRow

_item, _instance, _appraisal = tables.work_item, tables.instance, tables.appraisal
_employee, _duty, _substitution = tables.employee, tables.duty, tables.substitution
_follow_up = tables.follow_up
_timer, _awaited = tables.timer, tables.awaited_message
_OPEN = _item.c.state == WorkItemState.OPEN.value
_PERSON: Any = bindparam("employee_id")
_HELD = (
    rows.selected(_item, WorkItemRow)
    .where(
        _OPEN,
        or_(
            _item.c.assignee_id == _PERSON,
            _item.c.offered_to == _PERSON,
            _item.c.claimed_by == _PERSON,
            _item.c.delegated_to == _PERSON,
        ),
    )
    .order_by(_item.c.instance_id, _item.c.id)
)
_BY_FUNCTION = (
    rows.selected(_item, WorkItemRow)
    .where(_OPEN, _item.c.function == bindparam("function"), _item.c.assignee_id.is_(None))
    .order_by(_item.c.instance_id, _item.c.id)
)
_RUNNING = _instance.c.ended_at.is_(None)
_OF_CASE = and_(
    _appraisal.c.agency_id == _instance.c.agency_id, _appraisal.c.instance_id == _instance.c.id
)
_RATED = (
    rows.selected(_instance, InstanceRow)
    .join(_appraisal, _OF_CASE)
    .where(
        _RUNNING,
        or_(
            _appraisal.c.rater_id == _PERSON,
            _appraisal.c.rater_superior_id == _PERSON,
        ),
    )
    .order_by(_instance.c.id)
)
_WITHOUT_RATER = (
    rows.selected(_instance, InstanceRow)
    .join(_appraisal, _OF_CASE)
    .where(_RUNNING, or_(_appraisal.c.rater_id.is_(None), _appraisal.c.rater_superior_id.is_(None)))
    .order_by(_instance.c.id)
)
_OWN = (
    rows.selected(_instance, InstanceRow)
    .where(_RUNNING, _instance.c.subject_id == _PERSON)
    .order_by(_instance.c.id)
)
_LOCK = (
    rows.selected(_instance, InstanceRow)
    .where(_instance.c.id == bindparam("instance_id"))
    .with_for_update()
)
_LOCK_PERSON = (
    select(_employee.c.active)
    .where(rows.own(_employee), _employee.c.id == _PERSON)
    .with_for_update()
)
_CHANGE = update(_item).where(rows.own(_item), _item.c.id == bindparam("item_id"), _OPEN)
_PLACE = _CHANGE.values(
    assignee_id=bindparam("to"),
    function=bindparam("new_function"),
    offered_to=None,
    claimed_by=None,
    claimed_at=None,
    delegated_to=None,
    version=_item.c.version + 1,
)
_LOOSEN = _CHANGE.values(
    offered_to=bindparam("new_offer"),
    claimed_by=bindparam("new_claimer"),
    claimed_at=None,
    delegated_to=bindparam("new_delegate"),
    version=_item.c.version + 1,
)
_LEAVE = (
    update(_employee)
    .where(rows.own(_employee), _employee.c.id == bindparam("whose"))
    .values(active=False)
)
_DUTIES = (
    rows.selected(_duty, DutyRow)
    .where(
        _duty.c.employee_id == _PERSON,
        or_(_duty.c.ends.is_(None), _duty.c.ends >= bindparam("day")),
    )
    .order_by(_duty.c.id)
)
_SUBSTITUTIONS = (
    rows.selected(_substitution, SubstitutionRow)
    .where(
        or_(_substitution.c.absent_id == _PERSON, _substitution.c.substitute_id == _PERSON),
        _substitution.c.ends >= bindparam("day"),
    )
    .order_by(_substitution.c.id)
)
_NO_TIMERS = delete(_timer).where(rows.own(_timer), _timer.c.instance_id == bindparam("of_case"))
_NO_MESSAGES = delete(_awaited).where(
    rows.own(_awaited), _awaited.c.instance_id == bindparam("of_case")
)
_GONE = select(_employee.c.id).where(rows.own(_employee), _employee.c.active.is_(False))
_WITH_WORK = (
    select(_item.c.assignee_id).where(rows.own(_item), _OPEN).where(_item.c.assignee_id.in_(_GONE))
)
_WITH_FOLLOW_UPS = select(_follow_up.c.owner_id).where(
    rows.own(_follow_up),
    _follow_up.c.state == FollowUpState.OPEN.value,
    _follow_up.c.owner_id.in_(_GONE),
)
_ORPHANS = union(_WITH_WORK, _WITH_FOLLOW_UPS).limit(bindparam("at_most"))


@dataclass(frozen=True)
class Holding:
    """To whom an open work item goes: a person, or whoever has a unit function."""

    to: EmployeeId | None
    function: str | None


def work_of(tx: Transaction, employee_id: EmployeeId) -> tuple[WorkItemRow, ...]:
    """Open work that a person holds, was offered, has claimed or prepares, by case."""
    return rows.fetch(tx, _HELD, WorkItemRow, {"employee_id": employee_id})


def work_of_function(tx: Transaction, function: UnitFunction) -> tuple[WorkItemRow, ...]:
    """Open work of a unit function, of all units, by case."""
    return rows.fetch(tx, _BY_FUNCTION, WorkItemRow, {"function": function.value})


def rated_by(tx: Transaction, employee_id: EmployeeId) -> tuple[InstanceRow, ...]:
    """Unfinished cases in which a person is the rater or the rater's superior."""
    return rows.fetch(tx, _RATED, InstanceRow, {"employee_id": employee_id})


def without_rater(tx: Transaction) -> tuple[InstanceRow, ...]:
    """Unfinished cases in which nobody is the rater, or nobody stands above him."""
    return rows.fetch(tx, _WITHOUT_RATER, InstanceRow)


def own_cases(tx: Transaction, employee_id: EmployeeId) -> tuple[InstanceRow, ...]:
    """Unfinished cases about a person."""
    return rows.fetch(tx, _OWN, InstanceRow, {"employee_id": employee_id})


def lock_case(tx: Transaction, instance_id: str) -> InstanceRow | None:
    """The case as it is now, locked until the transaction ends."""
    return rows.fetch_one(tx, _LOCK, InstanceRow, {"instance_id": instance_id})


def lock_person(tx: Transaction, employee_id: EmployeeId) -> bool:
    """Whether a person is in service; two changes of one person wait for each other."""
    found = rows.fetch_scalars(tx, _LOCK_PERSON, {"employee_id": employee_id})
    return bool(found and found[0])


def hold(tx: Transaction, item_id: str, holding: Holding) -> bool:
    """Give open work to a new holder, with nobody else in between; False when it is closed."""
    values = {"item_id": item_id, "to": holding.to, "new_function": holding.function}
    return rows.run(tx, _PLACE, values) == 1


def loosen(tx: Transaction, item: WorkItemRow, employee_id: EmployeeId) -> None:
    """Take a person out of work that somebody else holds: as taker, claimer or preparer."""

    def other(person: EmployeeId | None) -> EmployeeId | None:
        return None if person == employee_id else person

    values = {
        "item_id": item.id,
        "new_offer": other(item.offered_to),
        "new_claimer": other(item.claimed_by),
        "new_delegate": other(item.delegated_to),
    }
    rows.run(tx, _LOOSEN, values)


def leave(tx: Transaction, employee_id: EmployeeId) -> None:
    """Note that a person is no longer in service."""
    rows.run(tx, _LEAVE, {"whose": employee_id})


def duties_of(tx: Transaction, employee_id: EmployeeId, on: date) -> tuple[DutyRow, ...]:
    """The duties of a person that run on the day or later."""
    return rows.fetch(tx, _DUTIES, DutyRow, {"employee_id": employee_id, "day": on})


def substitutions_of(
    tx: Transaction, employee_id: EmployeeId, on: date
) -> tuple[SubstitutionRow, ...]:
    """Where a person stands in, or is stood in for, on the day or later."""
    return rows.fetch(tx, _SUBSTITUTIONS, SubstitutionRow, {"employee_id": employee_id, "day": on})


def silence(tx: Transaction, instance_id: str) -> None:
    """Let a case wait for nothing more: neither time nor messages."""
    rows.run(tx, _NO_TIMERS, {"of_case": instance_id})
    rows.run(tx, _NO_MESSAGES, {"of_case": instance_id})


def left_with_work(tx: Transaction, *, limit: int) -> tuple[EmployeeId, ...]:
    """People out of service who still hold open work or see to follow-ups."""
    return rows.fetch_scalars(tx, _ORPHANS, {"at_most": limit})
