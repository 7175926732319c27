"""How far a period is: by unit, by week and by predicate, for those who answer for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    true,
)

from engine.domain.access import DUTIES, Reason, Verb
from engine.domain.people import Actor, UnitId
from engine.domain.suppression import Shown
from engine.errors import Forbidden, NotFound
from engine.queries.steps import SettingsOf
from engine.queries.unit_predicates import UnitPredicates, of_own_people, of_units, together
from engine.store import tables as t
from engine.store.database import Transaction

_WEEK = timedelta(days=7)
_run, _figures, _item = t.instance, t.appraisal, t.work_item


@dataclass(frozen=True)
class Scope:
    """Which files somebody may count: all, those of some units, or those he rates."""

    whole_agency: bool = False
    units: frozenset[UnitId] = frozenset()

    @property
    def whole_units(self) -> bool:
        """Whether the files of a unit are all counted, so that it can be held to the guide."""
        return self.whole_agency or bool(self.units)


@dataclass(frozen=True)
class UnitProgress:
    """The files of one unit; `on_time` are open without late work, and the four add up."""

    unit_id: str
    name: str
    finished: int
    on_time: int
    late: int
    held: int

    @property
    def files(self) -> int:
        """All files of the unit."""
        return self.finished + self.on_time + self.late + self.held

    @property
    def percent(self) -> int:
        """Finished files in percent, rounded down."""
        return 100 * self.finished // self.files if self.files else 0


@dataclass(frozen=True)
class WeekCount:
    """How many files were finished up to the end of the week that begins on `monday`."""

    monday: date
    finished: int


@dataclass(frozen=True)
class Overview:
    """One period as its reader may see it."""

    cycle_id: str
    period: str
    starts: date
    ends: date
    units: tuple[UnitProgress, ...] = ()
    predicates: tuple[UnitPredicates, ...] = ()
    all_predicates: Shown | None = None
    weeks: tuple[WeekCount, ...] = ()
    periods: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> int:
        """All files of the period that are counted."""
        return sum(unit.files for unit in self.units)

    @property
    def is_hiding(self) -> bool:
        """Whether a count of predicates is of too few people to be shown."""
        return any(None in unit.shown.cells for unit in self.predicates)


def scope_of(actor: Actor) -> Scope:
    """What the duties of the actor let him count; without any, only what he rates."""
    readers = DUTIES[Verb.READ_OVERVIEW]
    held = {duty.unit_id for duty in actor.duties if duty.function in readers}
    return Scope(None in held, frozenset(unit for unit in held if unit))


def overview(
    tx: Transaction,
    actor: Actor,
    now: datetime,
    zone: str,
    *,
    settings_of: SettingsOf,
    cycle_id: str | None = None,
) -> Overview | None:
    """The newest period, or the one asked for; None while there is none.

    How far files are is counted exactly; which predicates they have only for who decides on them.

    Raises Forbidden for who neither rates anybody nor has a duty to look, NotFound.
    """
    scope = scope_of(actor)
    within = _within(tx, actor, scope)
    periods = _periods(tx, within)
    if not periods and not scope.whole_units:
        raise Forbidden(Verb.READ_OVERVIEW, Reason.MISSING_DUTY)
    if not periods:
        return None
    period = next((row for row in periods if cycle_id in (None, row.id)), None)
    if period is None:
        raise NotFound("cycle", cycle_id or "")
    return Overview(
        period.id,
        period.name,
        period.starts,
        period.ends,
        _units(tx, period.id, within, now),
        *_predicates(tx, period, within, scope, settings_of),
        _weeks(tx, period.id, within, zone),
        {row.id: row.name for row in periods},
    )


def _within(tx: Transaction, actor: Actor, scope: Scope) -> ColumnElement[bool]:
    if scope.whole_agency:
        return true()
    if scope.units:
        return _run.c.unit_id.in_(scope.units)
    rated = select(_figures.c.instance_id).where(
        _figures.c.agency_id == tx.agency_id,
        or_(
            _figures.c.rater_id == actor.employee_id,
            _figures.c.rater_superior_id == actor.employee_id,
        ),
        _figures.c.employee_id != actor.employee_id,
    )
    return _run.c.id.in_(rated)


def _periods(tx: Transaction, within: ColumnElement[bool]) -> list[Any]:
    """Periods with files that count, newest first."""
    period = t.cycle
    counted = select(_run.c.cycle_id).where(_run.c.agency_id == tx.agency_id, t.IS_MAIN, within)
    statement = (
        select(period.c.id, period.c.name, period.c.starts, period.c.ends, period.c.definition_id)
        .where(period.c.agency_id == tx.agency_id, period.c.id.in_(counted))
        .order_by(period.c.starts.desc(), period.c.id.desc())
    )
    return list(tx.connection.execute(statement))


def _counted(
    tx: Transaction, cycle_id: str, within: ColumnElement[bool], *shown: Any
) -> Select[Any]:
    own = (_run.c.agency_id == tx.agency_id, t.IS_MAIN, _run.c.cycle_id == cycle_id, within)
    return select(*shown).where(*own, _run.c.status != "cancelled")


def _units(
    tx: Transaction, cycle_id: str, within: ColumnElement[bool], now: datetime
) -> tuple[UnitProgress, ...]:
    """The least finished first."""
    overdue = (
        select(_item.c.instance_id)
        .where(_item.c.agency_id == tx.agency_id, _item.c.state == "open", _item.c.due_at <= now)
        .distinct()
        .subquery()
    )
    unit = t.org_unit
    is_late = cast(overdue.c.instance_id.is_not(None), Boolean)
    running = _run.c.status == "running"
    sums = {
        "finished": _run.c.status == "completed",
        "on_time": and_(running, ~is_late),
        "late": and_(running, is_late),
        "held": _run.c.status == "held",
    }
    counts = [func.sum(case((when, 1), else_=0)).label(name) for name, when in sums.items()]
    statement = (
        _counted(tx, cycle_id, within, unit.c.id, unit.c.name, *counts)
        .select_from(
            _run.join(
                unit, and_(unit.c.agency_id == _run.c.agency_id, unit.c.id == _run.c.unit_id)
            ).outerjoin(overdue, overdue.c.instance_id == _run.c.id)
        )
        .group_by(unit.c.id, unit.c.name)
    )
    units = (UnitProgress(*row) for row in tx.connection.execute(statement))
    return tuple(sorted(units, key=lambda unit: (unit.percent, unit.name, unit.unit_id)))


def _predicates(
    tx: Transaction, period: Any, within: ColumnElement[bool], scope: Scope, settings_of: SettingsOf
) -> tuple[tuple[UnitPredicates, ...], Shown | None]:
    if not scope.whole_units:
        lines = of_own_people(tx, period.id, within)
        return lines, together(lines)
    limits = settings_of(tx, period.definition_id).fairness.limits
    return of_units(tx, period.id, limits, None if scope.whole_agency else scope.units)


def _weeks(
    tx: Transaction, cycle_id: str, within: ColumnElement[bool], zone: str
) -> tuple[WeekCount, ...]:
    """Every week from the first finished file to the last, added up; weeks are the agency's.

    The database counts by hour of UTC, the finest step that any zone of Indonesia needs.
    """
    hour = func.substr(cast(_run.c.ended_at, Text), 1, 13).label("hour")
    statement = (
        _counted(tx, cycle_id, within, hour, func.count().label("files"))
        .where(_run.c.ended_at.is_not(None))
        .group_by(hour)
    )
    by_week: dict[date, int] = {}
    for row in tx.connection.execute(statement):
        day = datetime.fromisoformat(f"{row.hour}:00:00+00:00").astimezone(ZoneInfo(zone)).date()
        monday = day - timedelta(days=day.weekday())
        by_week[monday] = by_week.get(monday, 0) + row.files
    return tuple(_added_up(by_week))


def _added_up(by_week: Mapping[date, int]) -> list[WeekCount]:
    weeks: list[WeekCount] = []
    monday, total = min(by_week, default=date.max), 0
    while monday <= max(by_week, default=date.min):
        total += by_week.get(monday, 0)
        weeks.append(WeekCount(monday, total))
        monday += _WEEK
    return weeks
