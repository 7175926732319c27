"""What the appraisals of earlier years leave for a later one: low predicates, a plan not met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, select

from engine.domain.people import EmployeeId
from engine.store import rows
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
    employee_id: EmployeeId
    starts: date
    ends: date
    predicate: str | None
    final_at: datetime


@dataclass(frozen=True)
class _NotMet:
    """A plan that was not met: at the end of which year it was made, when it was decided on."""

    employee_id: EmployeeId
    ended: date
    decided_at: datetime


_past, _plan, _case, _year = t.appraisal, t.follow_up, t.instance, t.cycle
_ENDED = _year.c.ends < bindparam("before")
_OF_PAST = and_(_year.c.agency_id == _past.c.agency_id, _year.c.id == _past.c.cycle_id)
_OF_PLAN = and_(_case.c.agency_id == _plan.c.agency_id, _case.c.id == _plan.c.instance_id)
_OF_CASE = and_(_year.c.agency_id == _case.c.agency_id, _year.c.id == _case.c.cycle_id)
_YEARS = (
    select(_past.c.employee_id, _year.c.starts, _year.c.ends, _past.c.predicate, _past.c.final_at)
    .join(_year, _OF_PAST)
    .where(rows.own(_past), _past.c.final_at.is_not(None), _ENDED)
    .order_by(_past.c.employee_id, _year.c.ends.desc(), _year.c.id.desc())
)
_NOT_MET = (
    select(_case.c.subject_id, _year.c.ends, _plan.c.closed_at)
    .select_from(_plan.join(_case, _OF_PLAN).join(_year, _OF_CASE))
    .where(rows.own(_plan), _plan.c.failed.is_(True), _ENDED)
)
# Every case asks for its own person when it ends: these are compiled once.
_YEARS_OF_ONE = _YEARS.where(_past.c.employee_id == bindparam("person"))
_NOT_MET_OF_ONE = _NOT_MET.where(_case.c.subject_id == bindparam("person"))


def past_years(tx: Transaction, employee_ids: Sequence[EmployeeId], before: date) -> PastYears:
    """What is known now of years that ended before a day, of at most 5,000 people.

    The quarters of who is appraised by quarter are no years.
    """
    given = {"own_agency": tx.agency_id, "before": before}
    years = _YEARS.where(_past.c.employee_id.in_(employee_ids))
    not_met = _NOT_MET.where(_case.c.subject_id.in_(employee_ids))
    return _known(
        (_Year(*row) for row in tx.connection.execute(years, given)),
        [_NotMet(*row) for row in tx.connection.execute(not_met, given)],
    )


def past_years_of(tx: Transaction, person: EmployeeId, before: date) -> PastYears:
    """The same of one person."""
    given = {"person": person, "before": before}
    return _known(
        rows.fetch(tx, _YEARS_OF_ONE, _Year, given),
        rows.fetch(tx, _NOT_MET_OF_ONE, _NotMet, given),
    )


def _known(finished: Iterable[_Year], not_met: Sequence[_NotMet]) -> PastYears:
    """Of finished years by person, the latest first, and of plans that were not met."""
    years: dict[EmployeeId, list[_Year]] = {}
    for year in finished:
        if year.ends - year.starts >= HALF_A_YEAR:
            years.setdefault(year.employee_id, []).append(year)
    low = {person: _low_in_a_row(found) for person, found in years.items()}
    failed = (
        plan.employee_id for plan in not_met if not _counted(plan, years.get(plan.employee_id, ()))
    )
    return PastYears(low, frozenset(failed))


def _low_in_a_row(years: Sequence[_Year]) -> int:
    broken = (place for place, year in enumerate(years) if year.predicate not in LOW)
    return next(broken, len(years))


def _counted(plan: _NotMet, years: Sequence[_Year]) -> bool:
    """Was a later year finished after the verdict, which counted it?"""
    return any(year.starts > plan.ended and year.final_at >= plan.decided_at for year in years)
