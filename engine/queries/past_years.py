"""What the appraisals of earlier years leave for a later one: low predicates, a plan not met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select

from engine.domain.people import EmployeeId
from engine.store import tables as t
from engine.store.database import Transaction

LOW = frozenset({"needs_improvement", "poor", "very_poor"})
HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True)
class PastYears:
    """Finished years in a row, up to the latest, at Butuh Perbaikan or worse.

    `failed` are those whose plan of improvement was not met and that no result has followed yet.
    """

    low: Mapping[EmployeeId, int]
    failed: frozenset[EmployeeId]


@dataclass(frozen=True)
class _Year:
    starts: date
    ends: date
    predicate: str | None
    final_at: datetime


def past_years(tx: Transaction, employee_ids: Sequence[EmployeeId], before: date) -> PastYears:
    """What is known now of years that ended before a day, of at most 5,000 people.

    The quarters of who is appraised by quarter are no years.
    """
    years = _years(tx, employee_ids, before)
    low = {person: _low_in_a_row(found) for person, found in years.items()}
    return PastYears(low, _failed(tx, employee_ids, before, years))


def _years(
    tx: Transaction, employee_ids: Sequence[EmployeeId], before: date
) -> dict[EmployeeId, list[_Year]]:
    """Finished years by person, the latest first."""
    past, year = t.appraisal, t.cycle
    of_year = and_(year.c.agency_id == past.c.agency_id, year.c.id == past.c.cycle_id)
    statement = (
        select(past.c.employee_id, year.c.starts, year.c.ends, past.c.predicate, past.c.final_at)
        .join(year, of_year)
        .where(
            past.c.agency_id == tx.agency_id,
            past.c.employee_id.in_(employee_ids),
            past.c.final_at.is_not(None),
            year.c.ends < before,
        )
        .order_by(past.c.employee_id, year.c.ends.desc(), year.c.id.desc())
    )
    found: dict[EmployeeId, list[_Year]] = {}
    for person, *figures in tx.connection.execute(statement):
        one = _Year(*figures)
        if one.ends - one.starts >= HALF_A_YEAR:
            found.setdefault(person, []).append(one)
    return found


def _low_in_a_row(years: Sequence[_Year]) -> int:
    broken = (place for place, year in enumerate(years) if year.predicate not in LOW)
    return next(broken, len(years))


def _failed(
    tx: Transaction,
    employee_ids: Sequence[EmployeeId],
    before: date,
    years: Mapping[EmployeeId, Sequence[_Year]],
) -> frozenset[EmployeeId]:
    """Whose plan was not met, unless a later year was finished after the verdict and counted it."""
    plan, case, year = t.follow_up, t.instance, t.cycle
    of_case = and_(case.c.agency_id == plan.c.agency_id, case.c.id == plan.c.instance_id)
    of_year = and_(year.c.agency_id == case.c.agency_id, year.c.id == case.c.cycle_id)
    statement = (
        select(case.c.subject_id, year.c.ends, plan.c.closed_at)
        .select_from(plan.join(case, of_case).join(year, of_year))
        .where(
            plan.c.agency_id == tx.agency_id,
            case.c.subject_id.in_(employee_ids),
            plan.c.failed.is_(True),
            year.c.ends < before,
        )
    )
    return frozenset(
        person
        for person, ended, decided_at in tx.connection.execute(statement)
        if not any(
            later.starts > ended and later.final_at >= decided_at for later in years.get(person, ())
        )
    )
