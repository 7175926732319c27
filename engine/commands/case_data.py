"""What a case knows of its subject when it starts: post, plan and relations on that day."""

from datetime import date
from decimal import Decimal

import orjson

from engine.commands.definitions import LoadedDefinition
from engine.domain.people import Assignment, EmployeeId
from engine.errors import NotFound
from engine.rules.numbers import from_jsonable
from engine.store import appraisals, cycles, people, plans, staffing
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.people import PositionRow
from engine.store.staffing import Superior

MONTHS_OF_YEAR = 12
LOW = frozenset({"needs_improvement", "poor", "very_poor"})


def case_data(
    tx: Transaction,
    definition: LoadedDefinition,
    *,
    cycle: CycleRow,
    employee_id: EmployeeId,
    on: date,
) -> dict[str, object]:
    """The start data of a case, under the key `case`.

    Raises NotFound for who holds no post, or has no plan where the system needs one.
    """
    post = appraised_post(tx, employee_id, cycle, on)
    if post is None:
        raise NotFound("assignment", employee_id)
    position = people.position(tx, post.position_id)
    plan = plans.find(tx, cycle.id, employee_id)
    if plan is None and definition.settings.needs_plan:
        raise NotFound("plan", employee_id)
    return {
        "subject_id": employee_id,
        "cycle_id": cycle.id,
        "unit_id": post.unit_id,
        "correlation": f"{post.unit_id}/{cycle.id}",
        "is_unit_head": position.heads_unit,
        "has_subordinates": staffing.has_subordinates(tx, post.position_id, on),
        "is_functional": position.functional_level is not None,
        "coefficient": coefficient(definition, position),
        "months": months_in_cycle(tx, employee_id, position.functional_level, cycle),
        "consecutive_low": Decimal(consecutive_low(tx, employee_id)),
        "failed_improvement_plan": False,
        "plan": from_jsonable(orjson.loads(plan.content)) if plan else [],
    }


def coefficient(definition: LoadedDefinition, position: PositionRow) -> Decimal | None:
    """Annual credit coefficient of a functional level, from `[credit]` of the settings."""
    table = definition.settings.other.get("credit")
    value = table.get(position.functional_level or "") if isinstance(table, dict) else None
    return None if value is None else Decimal(str(value))


def appraised_post(
    tx: Transaction, employee_id: EmployeeId, cycle: CycleRow, began: date
) -> Assignment | None:
    """The post that is appraised: the one held when the case began, or at the end of the cycle.

    Who changes posts after the year is still appraised for the year in the post of the year.
    """
    return staffing.assignment_on(tx, employee_id, min(began, cycle.ends))


def months_in_cycle(
    tx: Transaction, employee_id: EmployeeId, level: str | None, cycle: CycleRow
) -> Decimal:
    """Months of the cycle in posts of a functional level, 0 to 12; a month begun counts whole."""
    months: set[int] = set()
    held = staffing.assignments_within(tx, employee_id, cycle.starts, cycle.ends)
    for post in held:
        if people.position(tx, post.position_id).functional_level == level:
            first, last = max(post.starts, cycle.starts), min(post.ends or cycle.ends, cycle.ends)
            months.update(range(_month(first), _month(last) + 1))
    return Decimal(min(len(months), MONTHS_OF_YEAR))


def _month(day: date) -> int:
    return day.year * MONTHS_OF_YEAR + day.month


def consecutive_low(tx: Transaction, employee_id: EmployeeId) -> int:
    """How many of the latest finished appraisals in a row were Butuh Perbaikan or worse.

    The appraisal that begins is not among them; the table of follow-ups adds its year.
    """
    count = 0
    for appraisal in appraisals.of_employee(tx, employee_id):
        if appraisal.final_at is None:
            continue
        if appraisal.predicate not in LOW:
            break
        count += 1
    return count


def raters_of(
    tx: Transaction, employee_id: EmployeeId, cycle: CycleRow, on: date
) -> tuple[EmployeeId | None, EmployeeId | None]:
    """Rater and rater's superior on the day: the next two people above who are not himself.

    Source: PP 30/2019, the direct superior rates; whoever acts in the superior's post rates.
    """
    above = _superiors(tx, employee_id, cycle, on, began=on)
    first, second, *_ = [*_people(above, employee_id), None, None]
    return first, second


def superior_above(
    tx: Transaction, row: InstanceRow, person: EmployeeId, on: date, *, began: date
) -> EmployeeId | None:
    """Who stands next above `person` among the superiors of a case."""
    above = _people(superiors_of_case(tx, row, on, began=began), row.subject_id)
    return next(iter(above[above.index(person) + 1 :]), None) if person in above else None


def superiors_of_case(
    tx: Transaction, row: InstanceRow, on: date, *, began: date
) -> tuple[Superior, ...]:
    """The posts above the appraised post with their holders on the day.

    A transfer while the case runs changes neither the post nor who is above it.
    """
    return _superiors(tx, row.subject_id, cycles.get(tx, row.cycle_id), on, began=began)


def _superiors(
    tx: Transaction, employee_id: EmployeeId, cycle: CycleRow, on: date, *, began: date
) -> tuple[Superior, ...]:
    post = appraised_post(tx, employee_id, cycle, began)
    return staffing.superiors(tx, post.position_id, on) if post else ()


def _people(above: tuple[Superior, ...], subject: EmployeeId) -> list[EmployeeId]:
    holders = dict.fromkeys(superior.employee_id for superior in above)
    return [person for person in holders if person and person != subject]
