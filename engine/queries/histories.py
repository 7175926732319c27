"""What many people bring into a new case: plans, posts of the cycle, earlier predicates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select

from engine.domain.people import EmployeeId
from engine.queries.past_years import past_years
from engine.store import tables as t
from engine.store.database import Transaction

MONTHS_OF_YEAR = 12
Level = str | None


@dataclass(frozen=True)
class Histories:
    """Plans as JSON, months of the cycle by functional level, low predicates in a row.

    `low` and `failed` are what is known of the years before on the day of the start.
    """

    plans: Mapping[EmployeeId, str]
    months: Mapping[tuple[EmployeeId, Level], int]
    low: Mapping[EmployeeId, int]
    failed: frozenset[EmployeeId] = frozenset()


def histories_of(
    tx: Transaction, employee_ids: Sequence[EmployeeId], cycle_id: str, starts: date, ends: date
) -> Histories:
    """The histories of at most 5,000 people for one cycle."""
    past = past_years(tx, employee_ids, before=starts)
    return Histories(
        _plans(tx, employee_ids, cycle_id),
        _months(tx, employee_ids, starts, ends),
        past.low,
        past.failed,
    )


def _plans(
    tx: Transaction, employee_ids: Sequence[EmployeeId], cycle_id: str
) -> dict[EmployeeId, str]:
    plan = t.performance_plan
    statement = select(plan.c.employee_id, plan.c.content).where(
        plan.c.agency_id == tx.agency_id,
        plan.c.cycle_id == cycle_id,
        plan.c.employee_id.in_(employee_ids),
    )
    return dict(tx.connection.execute(statement).all())


def _months(
    tx: Transaction, employee_ids: Sequence[EmployeeId], starts: date, ends: date
) -> dict[tuple[EmployeeId, Level], int]:
    """Months of the cycle in posts of each level, 0 to 12; a month begun counts whole."""
    post, place = t.assignment, t.position
    same = and_(place.c.agency_id == post.c.agency_id, place.c.id == post.c.position_id)
    statement = (
        select(post.c.employee_id, place.c.functional_level, post.c.starts, post.c.ends)
        .join(place, same)
        .where(
            post.c.agency_id == tx.agency_id,
            post.c.employee_id.in_(employee_ids),
            post.c.starts <= ends,
            or_(post.c.ends.is_(None), post.c.ends >= starts),
        )
    )
    found: dict[tuple[EmployeeId, Level], set[int]] = {}
    for person, level, first, last in tx.connection.execute(statement):
        until = min(last or ends, ends)
        held = range(_month(max(first, starts)), _month(until) + 1)
        found.setdefault((person, level), set()).update(held)
    return {key: min(len(months), MONTHS_OF_YEAR) for key, months in found.items()}


def _month(day: date) -> int:
    return day.year * MONTHS_OF_YEAR + day.month
