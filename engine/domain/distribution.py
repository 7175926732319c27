"""The distribution guide by organisation achievement; it informs and never blocks.

Source: SE MenPANRB 3/2023; basis PP 30/2019 art. 41(7).
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import combinations_with_replacement

from engine.domain.appraisal import OrganisationAchievement, Predicate

Counts = Mapping[Predicate, int]


class DistributionCheck(StrEnum):
    """How the predicates of a unit stand to the guide."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    INFEASIBLE_FOR_SIZE = "infeasible_for_size"


def check_distribution(achievement: OrganisationAchievement, counts: Counts) -> DistributionCheck:
    """Compare the predicates of a unit with the guide of its achievement."""
    if fits(achievement, counts):
        return DistributionCheck.INSIDE
    if not feasible(achievement, sum(counts.values())):
        return DistributionCheck.INFEASIBLE_FOR_SIZE
    return DistributionCheck.OUTSIDE


def fits(achievement: OrganisationAchievement, counts: Counts) -> bool:
    """Whether the counts keep every share that the guide asks for; false for nobody."""
    size = sum(counts.values())
    return size > 0 and all(_rules(achievement, counts, size))


def feasible(achievement: OrganisationAchievement, size: int) -> bool:
    """Whether a unit of `size` people can meet the guide at all.

    Shares scale with size, so beyond 20 people some distribution always fits.
    """
    if size > 20:
        return True
    return any(
        fits(achievement, _count(people))
        for people in combinations_with_replacement(Predicate, size)
    )


def _count(people: tuple[Predicate, ...]) -> Counts:
    return {predicate: people.count(predicate) for predicate in Predicate}


def _rules(achievement: OrganisationAchievement, counts: Counts, size: int) -> Iterator[bool]:
    def share(*predicates: Predicate) -> int:
        """Percent times the size, so that no division rounds."""
        return 100 * sum(counts.get(p, 0) for p in predicates)

    def most(predicate: Predicate) -> bool:
        return counts.get(predicate, 0) > 0 and counts.get(predicate, 0) == max(counts.values())

    very_good, needs, poor = Predicate.VERY_GOOD, Predicate.NEEDS_IMPROVEMENT, Predicate.POOR
    match achievement:
        case OrganisationAchievement.EXCEPTIONAL:
            yield most(very_good) and share(very_good) <= 70 * size
        case OrganisationAchievement.GOOD:
            yield most(Predicate.GOOD) and share(Predicate.GOOD) <= 70 * size
            yield share(needs, poor) > 0
        case OrganisationAchievement.NEEDS_IMPROVEMENT:
            yield share(needs) >= 60 * size and share(very_good) <= 10 * size
        case OrganisationAchievement.POOR:
            yield share(poor) >= 60 * size and share(needs) >= 10 * size
            yield share(very_good) <= 10 * size
        case OrganisationAchievement.VERY_POOR:
            yield share(Predicate.VERY_POOR) >= 60 * size and share(needs, poor) >= 10 * size
            yield share(very_good) == 0
