"""The figures of a period side by side: by unit, by rater, by view, by group.

What is hidden enters nothing that is shown: raters and units of too few people are left out of
every mean, and counts hide one another (`suppression`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.distribution import DistributionCheck, check_distribution
from engine.domain.fairness import (
    Crowd,
    Gap,
    GroupFigures,
    Limits,
    RaterFigures,
    Ratings,
    crowd_of,
    group_figures,
    rater_figures,
)
from engine.domain.people import EmployeeId
from engine.domain.suppression import Shown, shown_table
from engine.domain.unit_means import UnitMeans, unit_means

Key = TypeVar("Key")
Achievements = Mapping[str, OrganisationAchievement]


class Attribute(StrEnum):
    """By what people are told apart; sex stands in the civil servant's number."""

    SEX = "sex"
    KIND = "employee_kind"
    POST = "post"


@dataclass(frozen=True)
class RatedCase:
    """One appraisal in figures."""

    unit_id: str
    predicate: Predicate
    rater_id: EmployeeId | None = None
    ratings: Ratings = ()
    gaps: Mapping[Gap, Decimal] = field(default_factory=dict)
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    groups: Mapping[Attribute, str] = field(default_factory=dict)
    is_mutual: bool = False


@dataclass(frozen=True)
class UnitLine:
    """How many of a unit have which predicate; None where a count is hidden.

    `check` compares them with the guide, where the line is large enough or shown whole.
    """

    unit_id: str
    shown: Shown
    achievement: OrganisationAchievement | None = None
    check: DistributionCheck | None = None


@dataclass(frozen=True)
class GapLine:
    """The mean difference of two views in points of the score; `unit_id` None for all together."""

    view: Gap
    unit_id: str | None
    people: int
    mean: Decimal
    stands_out: bool


@dataclass(frozen=True)
class Tables:
    """Everything that may be shown of a period; `whole` is the line of all units together.

    `small_raters` are those of too few people; `scores` are the mean scores of indicators, 0 to
    120, by id; `is_mutual` when colleagues rate each other very
    high somewhere, None where that was never asked or of too few cases.
    """

    units: tuple[UnitLine, ...] = ()
    whole: Shown | None = None
    raters: Mapping[EmployeeId, RaterFigures] = field(default_factory=dict)
    small_raters: int = 0
    gaps: tuple[GapLine, ...] = ()
    scores: Mapping[str, UnitMeans] = field(default_factory=dict)
    groups: Mapping[Attribute, Mapping[str, GroupFigures]] = field(default_factory=dict)
    is_mutual: bool | None = None


def tables_of(
    cases: Sequence[RatedCase],
    achievements: Achievements,
    limits: Limits,
    by_unit: Sequence[str] = (),
) -> Tables:
    """The tables of a period; `by_unit` are the indicators whose scores are compared by unit."""
    units, whole = _units(cases, achievements, limits)
    raters = _by(cases, lambda case: case.rater_id)
    return Tables(
        units=units,
        whole=whole,
        raters=_raters(raters, limits),
        small_raters=sum(not _is_large(found, limits) for found in raters.values()),
        gaps=tuple(_gaps(cases, limits)),
        scores={key: _scores(cases, key, limits) for key in by_unit},
        groups=_groups(cases, whole, limits),
        is_mutual=_is_mutual(cases, limits),
    )


def _units(
    cases: Sequence[RatedCase], achievements: Achievements, limits: Limits
) -> tuple[tuple[UnitLine, ...], Shown | None]:
    by_unit = _by(cases, lambda case: case.unit_id)
    counts = {unit: Counter(case.predicate for case in found) for unit, found in by_unit.items()}
    return unit_lines(counts, achievements, limits)


def unit_lines(
    counts: Mapping[str, Mapping[Predicate, int]], achievements: Achievements, limits: Limits
) -> tuple[tuple[UnitLine, ...], Shown | None]:
    """What everybody may see of all units of an agency, in their order, and of them together.

    The only way to show predicates by unit to who does not decide on these people: another page
    that hid other counts would tell those that this one hides. Nothing of no units.
    """
    if not counts:
        return (), None
    # What hides what must not depend on the order in which a page lists the units.
    units = sorted(counts)
    cells = {unit: [counts[unit].get(predicate, 0) for predicate in Predicate] for unit in units}
    *lines, whole = shown_table(list(cells.values()), limits.floor)
    shown = dict(zip(units, lines, strict=True))
    found = (
        _unit_line(unit, shown[unit], cells[unit], achievements.get(unit), limits)
        for unit in counts
    )
    return tuple(found), whole


def _unit_line(
    unit: str,
    shown: Shown,
    counts: Sequence[int],
    achievement: OrganisationAchievement | None,
    limits: Limits,
) -> UnitLine:
    is_open = None not in shown.cells or (shown.total or 0) >= limits.group_floor
    check = None
    if achievement and is_open:
        check = check_distribution(achievement, dict(zip(Predicate, counts, strict=True)))
    return UnitLine(unit, shown, achievement, check)


def _raters(
    by_rater: Mapping[EmployeeId, Sequence[RatedCase]], limits: Limits
) -> Mapping[EmployeeId, RaterFigures]:
    """Each rater of enough people beside the other such raters.

    They are those of the same units, or of the agency where these are too few.
    """
    large = {rater: found for rater, found in by_rater.items() if _is_large(found, limits)}
    by_unit = {
        unit: _crowd(found)
        for unit, found in _by(
            [case for found in large.values() for case in found], lambda case: case.unit_id
        ).items()
    }
    everybody = sum(by_unit.values(), Crowd())
    figures = {}
    for rater, found in large.items():
        own = _crowd(found)
        near = _near(found, by_unit) - own
        others = near if near.people >= limits.floor else everybody - own
        figures[rater] = rater_figures([case.ratings for case in found], others, limits)
    return {rater: shown for rater, shown in figures.items() if shown}


def _near(found: Sequence[RatedCase], by_unit: Mapping[str, Crowd]) -> Crowd:
    return sum((by_unit[unit] for unit in {case.unit_id for case in found}), Crowd())


def _crowd(cases: Sequence[RatedCase]) -> Crowd:
    return crowd_of(case.ratings for case in cases)


def _is_large(cases: Sequence[RatedCase], limits: Limits) -> bool:
    return sum(bool(case.ratings) for case in cases) >= limits.floor


def _gaps(cases: Sequence[RatedCase], limits: Limits) -> Iterator[GapLine]:
    """All units together, then each; only of units in which enough people have both views."""
    for view in Gap:
        known = ((case.unit_id, case.gaps[view]) for case in cases if view in case.gaps)
        for line in unit_means(known, limits.floor).lines:
            stands_out = abs(line.mean) > limits.gap
            yield GapLine(view, line.unit_id, line.people, line.mean, stands_out)


def _scores(cases: Sequence[RatedCase], key: str, limits: Limits) -> UnitMeans:
    known = ((case.unit_id, case.scores[key]) for case in cases if key in case.scores)
    return unit_means(known, limits.floor)


def _groups(
    cases: Sequence[RatedCase], whole: Shown | None, limits: Limits
) -> Mapping[Attribute, Mapping[str, GroupFigures]]:
    """Nothing while the favourable predicates are hidden of all: the groups would tell them."""
    places = [place for place, p in enumerate(Predicate) if p in limits.favourable]
    if whole is None or any(whole.cells[place] is None for place in places):
        return {}
    found = {
        attribute: group_figures(_favoured(cases, attribute, limits), limits)
        for attribute in Attribute
    }
    return {attribute: groups for attribute, groups in found.items() if groups}


def _favoured(
    cases: Sequence[RatedCase], attribute: Attribute, limits: Limits
) -> Mapping[str, tuple[int, int]]:
    by_group = _by(cases, lambda case: case.groups.get(attribute))
    return {
        group: (sum(case.predicate in limits.favourable for case in found), len(found))
        for group, found in by_group.items()
    }


def _is_mutual(cases: Sequence[RatedCase], limits: Limits) -> bool | None:
    """Whether, never where: of the whole agency, and only where enough people were asked about."""
    asked = [case for case in cases if Gap.PEERS in case.gaps]
    return any(case.is_mutual for case in asked) if len(asked) >= limits.floor else None


def _by(
    cases: Iterable[RatedCase], key: Callable[[RatedCase], Key | None]
) -> dict[Key, list[RatedCase]]:
    """The cases by what is known of them, in the order in which they come."""
    found: dict[Key, list[RatedCase]] = {}
    for case in cases:
        name = key(case)
        if name is not None:
            found.setdefault(name, []).append(case)
    return found
