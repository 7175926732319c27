"""Means by unit: each of enough people, and none of them tells of a unit that is not shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.domain.fairness import mean
from engine.domain.scoring import rounded


@dataclass(frozen=True)
class MeanLine:
    """The mean of so many people at two places; `unit_id` None for all shown units together."""

    unit_id: str | None
    people: int
    mean: Decimal


@dataclass(frozen=True)
class UnitMeans:
    """All shown units together, where they are several, then each.

    `small` units have figures of too few people: they are not shown and enter no mean.
    """

    lines: tuple[MeanLine, ...] = ()
    small: int = 0


def unit_means(figures: Iterable[tuple[str, Decimal]], floor: int) -> UnitMeans:
    """The means of (unit, figure of one person), in the order in which the units come."""
    known: dict[str, list[Decimal]] = {}
    for unit, figure in figures:
        known.setdefault(unit, []).append(figure)
    large = {unit: found for unit, found in known.items() if len(found) >= floor}
    return UnitMeans(tuple(_lines(large)), small=len(known) - len(large))


def _lines(units: Mapping[str, list[Decimal]]) -> Iterator[MeanLine]:
    if len(units) > 1:
        yield _line(None, [figure for found in units.values() for figure in found])
    yield from (_line(unit, found) for unit, found in units.items())


def _line(unit: str | None, figures: list[Decimal]) -> MeanLine:
    return MeanLine(unit, len(figures), rounded(mean(figures)))
