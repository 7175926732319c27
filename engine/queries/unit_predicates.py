"""Predicates by unit, each reader's way.

Who rates these people knows each of them and counts them exactly; who serves a unit or the agency
sees what the page of patterns shows of the same units, and nothing beside it that would add to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true

from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.distribution import DistributionCheck
from engine.domain.fairness import Limits
from engine.domain.fairness_tables import unit_lines
from engine.domain.people import UnitId
from engine.domain.suppression import Shown
from engine.store import tables as t
from engine.store.database import Transaction

_run, _figures = t.instance, t.appraisal
Counts = Mapping[str, Mapping[Predicate, int]]


@dataclass(frozen=True)
class UnitPredicates:
    """How many have which predicate; `check` None where it may not or cannot be told."""

    unit_id: str
    name: str
    shown: Shown
    achievement: OrganisationAchievement | None = None
    check: DistributionCheck | None = None


def of_own_people(
    tx: Transaction, cycle_id: str, within: ColumnElement[bool]
) -> tuple[UnitPredicates, ...]:
    """Exact counts by unit name of the files that the reader decides on, and of no others."""
    names, counts = _counted(tx, cycle_id, within)
    return tuple(UnitPredicates(unit, names[unit], _exact(counts[unit])) for unit in counts)


def of_units(
    tx: Transaction, cycle_id: str, limits: Limits, units: frozenset[UnitId] | None
) -> tuple[tuple[UnitPredicates, ...], Shown | None]:
    """The lines of some units, or of all for None, and what is shown of them together.

    What is hidden is decided over the whole agency whoever reads, so that the readers of two
    units cannot tell each other more than who reads both.
    """
    names, counts = _counted(tx, cycle_id, true())
    lines, whole = unit_lines(counts, _achievements(tx, cycle_id), limits)
    found = tuple(
        UnitPredicates(line.unit_id, names[line.unit_id], line.shown, line.achievement, line.check)
        for line in lines
        if units is None or line.unit_id in units
    )
    return found, whole if units is None else together(found)


def together(lines: tuple[UnitPredicates, ...]) -> Shown | None:
    """The sums of what is shown; a sum of something hidden is hidden. None of no lines."""
    if not lines:
        return None
    cells = zip(*(line.shown.cells for line in lines), strict=True)
    total = _sum([line.shown.total for line in lines])
    return Shown(tuple(_sum(column) for column in cells), total)


def _sum(counts: Any) -> int | None:
    return None if None in counts else sum(counts)


def _exact(counts: Mapping[Predicate, int]) -> Shown:
    return Shown(tuple(counts.get(one, 0) for one in Predicate), sum(counts.values()))


def _counted(
    tx: Transaction, cycle_id: str, within: ColumnElement[bool]
) -> tuple[Mapping[str, str], Counts]:
    """The names and the counts of units that have any, by name."""
    unit = t.org_unit
    of_case = and_(_figures.c.agency_id == _run.c.agency_id, _figures.c.instance_id == _run.c.id)
    of_unit = and_(unit.c.agency_id == _run.c.agency_id, unit.c.id == _run.c.unit_id)
    keys = (unit.c.id, unit.c.name, _figures.c.predicate)
    statement = (
        select(*keys, func.count().label("people"))
        .select_from(_run.join(_figures, of_case).join(unit, of_unit))
        .where(
            _run.c.agency_id == tx.agency_id,
            t.IS_MAIN,
            _run.c.cycle_id == cycle_id,
            _run.c.status != "cancelled",
            _figures.c.predicate.is_not(None),
            within,
        )
        .group_by(*keys)
        .order_by(unit.c.name, unit.c.id)
    )
    names: dict[str, str] = {}
    counts: dict[str, dict[Predicate, int]] = {}
    for row in tx.connection.execute(statement):
        names[row.id] = row.name
        counts.setdefault(row.id, {})[Predicate(row.predicate)] = row.people
    return names, counts


def _achievements(tx: Transaction, cycle_id: str) -> Mapping[str, OrganisationAchievement]:
    level = t.organisation_achievement
    statement = select(level.c.unit_id, level.c.level).where(
        level.c.agency_id == tx.agency_id, level.c.cycle_id == cycle_id
    )
    rows = tx.connection.execute(statement)
    return {row.unit_id: OrganisationAchievement(row.level) for row in rows}
