"""Patterns over many ratings: something to talk about, never a judgement and never a score.

Ratings lie on the scale from 1 to 5, where 3 is as expected. Whatever is asked of too few people
has no figure. A spread is the standard deviation of exactly these figures, not of a sample.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import mode

from engine.domain.appraisal import Predicate, Rating
from engine.domain.scoring import HUNDRED, rounded

# Whoever is as expected stands in the middle; 4 is where "above" begins, 2 where "below" ends.
POINTS = {
    Rating.BELOW.value: Decimal(2),
    Rating.AS_EXPECTED.value: Decimal(3),
    Rating.ABOVE.value: Decimal(4),
}
LOWEST, HIGHEST = Decimal(1), Decimal(5)
SIX_PLACES = Decimal("0.000001")

# What one person was rated, item by item in an order that is the same for all of a system.
Ratings = tuple[Decimal, ...]


class Pattern(StrEnum):
    """What stands out in the ratings of one rater."""

    LENIENT = "lenient"
    SEVERE = "severe"
    CENTRAL = "central"
    UNIFORM = "uniform"
    IDENTICAL = "identical"


class Gap(StrEnum):
    """Whose view the rater's is compared with."""

    SELF = "self"
    PEERS = "peers"
    PUBLIC = "public"


@dataclass(frozen=True)
class Limits:
    """From where on a pattern is one; all are choices of a system, `[fairness]` of its settings.

    `floor` people are the fewest that a figure is made of, `group_floor` those of a group;
    `deviation` is that of a mean in standard errors; `spread` the share of the others' spread
    below which ratings crowd in the middle; `halo` the spread within one person, in points, below
    which his ratings are uniform; `share` the percent of people from which on uniform or identical
    ratings are a pattern; `gap` points of the score between two views; `recent_days` the last days
    of a period of which evidence is recent, told of `fewest_dates`; `ratio` that of a group's
    share to the best one. Sources: the "four-fifths rule" of the US Uniform Guidelines on Employee
    Selection Procedures (29 CFR 1607.4 D) for `ratio`; the others are conventions.
    """

    floor: int = 5
    group_floor: int = 10
    deviation: Decimal = Decimal(2)
    spread: Decimal = Decimal("0.5")
    halo: Decimal = Decimal("0.25")
    share: Decimal = Decimal(80)
    gap: Decimal = Decimal(20)
    recent_days: int = 61
    fewest_dates: int = 3
    ratio: Decimal = Decimal("0.8")
    favourable: frozenset[Predicate] = frozenset({Predicate.VERY_GOOD})


@dataclass(frozen=True)
class RaterFigures:
    """One rater beside the others, at two places.

    `deviation` in standard errors and `spread_ratio` are None where there are too few others or
    where all of them were rated alike; `uniform` and `identical` are percent of the people.
    """

    people: int
    mean: Decimal
    deviation: Decimal | None
    spread_ratio: Decimal | None
    uniform: Decimal
    identical: Decimal
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class GroupFigures:
    """One group: how many of it have a favourable predicate, in percent, beside the best group."""

    people: int
    share: Decimal
    ratio: Decimal
    stands_back: bool

    @property
    def percent(self) -> int:
        """The share in whole percent, half up as every figure."""
        return int(self.share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def points(value: object) -> Decimal | None:
    """A rating in words or from 1 to 5 as points; None for anything else."""
    if isinstance(value, str):
        return POINTS.get(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value) if LOWEST <= value <= HIGHEST else None


def mean(values: Sequence[Decimal]) -> Decimal:
    """The exact mean of at least one value."""
    return sum(values, Decimal(0)) / len(values)


def spread(values: Sequence[Decimal]) -> Decimal:
    """The standard deviation of at least one value."""
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values]).sqrt()


@dataclass(frozen=True)
class Crowd:
    """The mean ratings of many people as sums, so that one rater's can be taken out of them."""

    people: int = 0
    total: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    def __add__(self, other: "Crowd") -> "Crowd":
        return Crowd(
            self.people + other.people, self.total + other.total, self.squares + other.squares
        )

    def __sub__(self, other: "Crowd") -> "Crowd":
        return Crowd(
            self.people - other.people, self.total - other.total, self.squares - other.squares
        )

    @property
    def mean(self) -> Decimal:
        """The mean of at least one person."""
        return self.total / self.people

    @property
    def spread(self) -> Decimal:
        """The standard deviation of at least one person's mean, exact to six places."""
        variance = self.squares / self.people - self.mean**2
        return max(variance, Decimal(0)).sqrt().quantize(SIX_PLACES, rounding=ROUND_HALF_UP)


def crowd_of(people: Iterable[Ratings]) -> Crowd:
    """The crowd of these people; those without any rating do not count."""
    means = [mean(ratings) for ratings in people if ratings]
    return Crowd(len(means), sum(means, Decimal(0)), sum((m * m for m in means), Decimal(0)))


def rater_figures(own: Sequence[Ratings], others: Crowd, limits: Limits) -> RaterFigures | None:
    """The figures of a rater of at least `floor` people, beside those whom others rated.

    None for fewer. People without any rating do not count.
    """
    rated = [ratings for ratings in own if ratings]
    if len(rated) < limits.floor:
        return None
    crowd = crowd_of(rated)
    is_comparable = others.people >= limits.floor and others.spread > 0
    figures = RaterFigures(
        people=len(rated),
        mean=rounded(crowd.mean),
        deviation=_deviation(crowd, others) if is_comparable else None,
        spread_ratio=rounded(crowd.spread / others.spread) if is_comparable else None,
        uniform=_percent(sum(_is_uniform(ratings, limits) for ratings in rated), len(rated)),
        identical=_percent(rated.count(mode(rated)), len(rated)),
    )
    return replace(figures, patterns=_patterns(figures, limits))


def _deviation(crowd: Crowd, others: Crowd) -> Decimal:
    """How far the mean lies from that of the others, in standard errors of so many people."""
    error = others.spread / Decimal(crowd.people).sqrt()
    return rounded((crowd.mean - others.mean) / error)


def _is_uniform(ratings: Ratings, limits: Limits) -> bool:
    """One item alone has no spread."""
    return len(ratings) > 1 and spread(ratings) < limits.halo


def _percent(part: int, whole: int) -> Decimal:
    return rounded(HUNDRED * part / whole)


def _patterns(figures: RaterFigures, limits: Limits) -> tuple[Pattern, ...]:
    deviation, ratio = figures.deviation, figures.spread_ratio
    found = {
        Pattern.LENIENT: deviation is not None and deviation > limits.deviation,
        Pattern.SEVERE: deviation is not None and deviation < -limits.deviation,
        Pattern.CENTRAL: ratio is not None and ratio < limits.spread,
        Pattern.UNIFORM: figures.uniform >= limits.share,
        Pattern.IDENTICAL: figures.identical >= limits.share,
    }
    return tuple(pattern for pattern, is_there in found.items() if is_there)


def recent_share(days: Sequence[date], last: date, limits: Limits) -> Decimal | None:
    """How many of these days, in percent, lie in the last part of a period that ends on `last`.

    Days after it are no longer of the period and count as recent. None for too few days.
    """
    if len(days) < limits.fewest_dates:
        return None
    since = last - timedelta(days=limits.recent_days)
    return _percent(sum(day > since for day in days), len(days))


def group_figures(
    groups: Mapping[str, tuple[int, int]], limits: Limits
) -> Mapping[str, GroupFigures]:
    """The groups of one attribute that may be shown, each beside the one with the best share.

    `groups` are (favourable, all) by group. Those below the floor are left out, and with a single
    one of them the smallest of the others: it would follow from the whole. Nothing when fewer than
    two groups are left: there is nothing to compare.
    """
    people = {name: counts for name, counts in groups.items() if counts[1]}
    sizes = sorted(people, key=lambda name: (people[name][1], name))
    few = [name for name in sizes if people[name][1] < limits.group_floor]
    while few and (len(few) == 1 or sum(people[name][1] for name in few) < limits.group_floor):
        if len(few) == len(sizes):
            return {}
        few.append(sizes[len(few)])
    shares = {name: HUNDRED * people[name][0] / people[name][1] for name in sizes[len(few) :]}
    return _beside_best(people, shares, limits) if len(shares) > 1 else {}


def _beside_best(
    people: Mapping[str, tuple[int, int]], shares: Mapping[str, Decimal], limits: Limits
) -> Mapping[str, GroupFigures]:
    best = max(shares.values())
    ratios = {name: rounded(share / best) if best else Decimal(1) for name, share in shares.items()}
    return {
        name: GroupFigures(
            people[name][1], rounded(share), ratios[name], stands_back=ratios[name] < limits.ratio
        )
        for name, share in shares.items()
    }
