"""What many people bring into a new case: plans, posts of the cycle, earlier predicates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from engine.domain.people import EmployeeId
from engine.store import tables as t
from engine.store.database import Transaction

LOW = frozenset({"needs_improvement", "poor", "very_poor"})
MONTHS_OF_YEAR = 12
A_YEAR = timedelta(days=366)
HALF_A_YEAR = timedelta(days=183)
Level = str | None


@dataclass(frozen=True)
class Histories:
    """Plans as JSON, months of the cycle by functional level, low predicates in a row.

    `failed` are those who did not meet the improvement plan of the year before.
    """

    plans: Mapping[EmployeeId, str]
    months: Mapping[tuple[EmployeeId, Level], int]
    low: Mapping[EmployeeId, int]
    failed: frozenset[EmployeeId] = frozenset()


def histories_of(
    tx: Transaction, employee_ids: Sequence[EmployeeId], cycle_id: str, starts: date, ends: date
) -> Histories:
    """The histories of at most 5,000 people for one cycle."""
    return Histories(
        _plans(tx, employee_ids, cycle_id),
        _months(tx, employee_ids, starts, ends),
        _low(tx, employee_ids),
        _failed(tx, employee_ids, starts),
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


def _low(tx: Transaction, employee_ids: Sequence[EmployeeId]) -> dict[EmployeeId, int]:
    """How many of the latest finished years in a row were Butuh Perbaikan or worse.

    The quarters of who is appraised by quarter are no years.
    """
    past: Any = t.appraisal
    year = t.cycle
    of_year = and_(year.c.agency_id == past.c.agency_id, year.c.id == past.c.cycle_id)
    statement = (
        select(past.c.employee_id, past.c.predicate, year.c.starts, year.c.ends)
        .join(year, of_year)
        .where(
            past.c.agency_id == tx.agency_id,
            past.c.employee_id.in_(employee_ids),
            past.c.final_at.is_not(None),
        )
        .order_by(past.c.employee_id, year.c.ends.desc(), year.c.id.desc())
    )
    counts: dict[EmployeeId, int] = {}
    broken: set[EmployeeId] = set()
    for person, predicate, starts, ends in tx.connection.execute(statement):
        if ends - starts < HALF_A_YEAR:
            continue
        if predicate not in LOW:
            broken.add(person)
        elif person not in broken:
            counts[person] = counts.get(person, 0) + 1
    return counts


def _failed(
    tx: Transaction, employee_ids: Sequence[EmployeeId], starts: date
) -> frozenset[EmployeeId]:
    """Whose plan after an appraisal of the year before `starts` was not met."""
    plan, case, year = t.follow_up, t.instance, t.cycle
    of_case = and_(case.c.agency_id == plan.c.agency_id, case.c.id == plan.c.instance_id)
    of_year = and_(year.c.agency_id == case.c.agency_id, year.c.id == case.c.cycle_id)
    statement = (
        select(case.c.subject_id)
        .select_from(plan.join(case, of_case).join(year, of_year))
        .where(
            plan.c.agency_id == tx.agency_id,
            case.c.subject_id.in_(employee_ids),
            plan.c.failed.is_(True),
            year.c.ends < starts,
            year.c.ends >= starts - A_YEAR,
        )
    )
    return frozenset(tx.connection.execute(statement).scalars())
