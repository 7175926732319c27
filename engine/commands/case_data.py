"""What a case knows of its subject when it starts: post, plan and relations on that day."""

from datetime import date
from decimal import Decimal

import orjson

from engine.commands.definitions import LoadedDefinition
from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.rules.numbers import from_jsonable
from engine.store import appraisals, people, plans, staffing
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.people import PositionRow

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
    post = staffing.assignment_on(tx, employee_id, on)
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
        "months": months_in_cycle(post.starts, cycle),
        "consecutive_low": Decimal(consecutive_low(tx, employee_id)),
        "failed_improvement_plan": False,
        "plan": from_jsonable(orjson.loads(plan.content)) if plan else [],
    }


def coefficient(definition: LoadedDefinition, position: PositionRow) -> Decimal | None:
    """Annual credit coefficient of a functional level, from `[credit]` of the settings."""
    table = definition.settings.other.get("credit")
    value = table.get(position.functional_level or "") if isinstance(table, dict) else None
    return None if value is None else Decimal(str(value))


def months_in_cycle(starts: date, cycle: CycleRow) -> Decimal:
    """Months of the cycle spent in the post, 0 to 12; a month begun counts as a whole one."""
    first = max(starts, cycle.starts)
    months = (cycle.ends.year - first.year) * MONTHS_OF_YEAR + cycle.ends.month - first.month + 1
    return Decimal(min(max(months, 0), MONTHS_OF_YEAR))


def consecutive_low(tx: Transaction, employee_id: EmployeeId) -> int:
    """How many of the latest finished appraisals in a row were Butuh Perbaikan or worse."""
    count = 0
    for appraisal in appraisals.of_employee(tx, employee_id):
        if appraisal.final_at is None:
            continue
        if appraisal.predicate not in LOW:
            break
        count += 1
    return count


def raters_of(
    tx: Transaction, employee_id: EmployeeId, on: date
) -> tuple[EmployeeId | None, EmployeeId | None]:
    """Rater and rater's superior on the day: the next two people above who are not himself.

    Source: PP 30/2019, the direct superior rates; whoever acts in the superior's post rates.
    """
    first, second, *_ = [*_people_above(tx, employee_id, on), None, None]
    return first, second


def superior_above(
    tx: Transaction, employee_id: EmployeeId, person: EmployeeId, on: date
) -> EmployeeId | None:
    """Who stands next above `person` among the superiors of the employee."""
    above = _people_above(tx, employee_id, on)
    return next(iter(above[above.index(person) + 1 :]), None) if person in above else None


def _people_above(tx: Transaction, employee_id: EmployeeId, on: date) -> list[EmployeeId]:
    post = staffing.assignment_on(tx, employee_id, on)
    above = staffing.superiors(tx, post.position_id, on) if post else ()
    holders = dict.fromkeys(superior.employee_id for superior in above)
    return [person for person in holders if person and person != employee_id]
