"""The distribution guide of SE MenPANRB 3/2023 informs, with its feasibility by unit size."""

import pytest

from engine.domain.appraisal import OrganisationAchievement as Achievement
from engine.domain.appraisal import Predicate
from engine.domain.distribution import DistributionCheck, check_distribution, feasible

VG, GOOD, NI = Predicate.VERY_GOOD, Predicate.GOOD, Predicate.NEEDS_IMPROVEMENT
POOR, VP = Predicate.POOR, Predicate.VERY_POOR


@pytest.mark.parametrize(
    ("achievement", "infeasible_sizes"),
    [
        (Achievement.EXCEPTIONAL, {1}),
        (Achievement.GOOD, {1}),
        (Achievement.NEEDS_IMPROVEMENT, set()),
        (Achievement.POOR, {1, 2}),
        (Achievement.VERY_POOR, {1, 2}),
    ],
)
def test_the_guide_cannot_be_met_by_the_smallest_units(
    achievement: Achievement, infeasible_sizes: set[int]
) -> None:
    assert {size for size in range(1, 13) if not feasible(achievement, size)} == infeasible_sizes


@pytest.mark.parametrize(
    ("achievement", "counts", "expected"),
    [
        (Achievement.EXCEPTIONAL, {VG: 7, GOOD: 3}, DistributionCheck.INSIDE),
        (Achievement.EXCEPTIONAL, {VG: 8, GOOD: 2}, DistributionCheck.OUTSIDE),
        (Achievement.GOOD, {GOOD: 7, VG: 2, NI: 1}, DistributionCheck.INSIDE),
        (Achievement.GOOD, {GOOD: 7, VG: 3}, DistributionCheck.OUTSIDE),
        (Achievement.NEEDS_IMPROVEMENT, {NI: 6, GOOD: 3, VG: 1}, DistributionCheck.INSIDE),
        (Achievement.NEEDS_IMPROVEMENT, {NI: 6, GOOD: 2, VG: 2}, DistributionCheck.OUTSIDE),
        (Achievement.POOR, {POOR: 6, NI: 1, GOOD: 3}, DistributionCheck.INSIDE),
        (Achievement.VERY_POOR, {VP: 9, POOR: 1}, DistributionCheck.INSIDE),
        (Achievement.VERY_POOR, {VP: 8, POOR: 1, VG: 1}, DistributionCheck.OUTSIDE),
        (Achievement.GOOD, {GOOD: 1}, DistributionCheck.INFEASIBLE_FOR_SIZE),
    ],
)
def test_predicates_are_compared_with_the_guide(
    achievement: Achievement, counts: dict[Predicate, int], expected: DistributionCheck
) -> None:
    assert check_distribution(achievement, counts) is expected
