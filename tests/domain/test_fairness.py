"""Patterns over many ratings, to the second decimal on sets that were computed by hand."""

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.fairness import (
    Limits,
    Pattern,
    crowd_of,
    group_figures,
    points,
    rater_figures,
    recent_share,
    spread,
)
from engine.domain.fairness_settings import fairness_of

LIMITS = Limits()
# Means 2, 4, 2, 4, 2, 4: their mean is 3, their spread exactly 1.
OTHERS = [(Decimal(2), Decimal(2)), (Decimal(4), Decimal(4))] * 3

NOBODY = crowd_of([])


def people(*means: str) -> list[tuple[Decimal, ...]]:
    """Each with two items half a point above and below a mean."""
    half = Decimal("0.5")
    return [(Decimal(value) - half, Decimal(value) + half) for value in means]


def test_a_rating_in_words_stands_on_the_scale_from_one_to_five():
    assert [points(value) for value in ("below", "as_expected", "above", 5, Decimal(1))] == [
        2, 3, 4, 5, 1,
    ]  # fmt: skip
    assert [points(value) for value in ("good", 0, 6, True, None, [3])] == [None] * 6


def test_the_spread_is_the_standard_deviation_of_exactly_these():
    figures = [Decimal(value) for value in (2, 4, 4, 4, 5, 5, 7, 9)]

    assert spread(figures) == 2


def test_the_mean_of_a_rater_is_held_against_the_others_in_standard_errors():
    found = rater_figures(people("4", "4", "4", "3", "4"), crowd_of(OTHERS), LIMITS)

    # (3.8 - 3) / (1 / sqrt 5) = 1.7889; own spread 0.4.
    assert (found.people, found.mean) == (5, Decimal("3.80"))
    assert (found.deviation, found.spread_ratio) == (Decimal("1.79"), Decimal("0.40"))
    assert found.patterns == (Pattern.CENTRAL, Pattern.IDENTICAL)


@pytest.mark.parametrize(
    ("means", "pattern"),
    [
        (("5", "3.5", "4.5", "3", "4"), Pattern.LENIENT),
        (("1", "2.5", "1.5", "3", "2"), Pattern.SEVERE),
    ],
)
def test_more_than_two_standard_errors_are_a_pattern(means: tuple[str, ...], pattern: Pattern):
    found = rater_figures(people(*means), crowd_of(OTHERS), LIMITS)

    # (4 - 3) / (1 / sqrt 5) = 2.2361, or the same below.
    assert abs(found.deviation) == Decimal("2.24")
    assert found.patterns == (pattern,)


def test_exactly_two_standard_errors_are_none():
    limits = Limits(deviation=Decimal("2.24"))

    assert (
        rater_figures(people("5", "3.5", "4.5", "3", "4"), crowd_of(OTHERS), limits).patterns == ()
    )


def test_uniform_ratings_are_those_of_people_whose_items_hardly_differ():
    flat = [(Decimal(level), Decimal(level)) for level in (2, 3, 4, 5)]
    varied = [(Decimal(1), Decimal(5))]

    assert rater_figures([*flat, *varied], NOBODY, LIMITS).uniform == Decimal("80.00")
    assert rater_figures([*flat, *varied], NOBODY, LIMITS).patterns == (Pattern.UNIFORM,)
    assert rater_figures([*flat, *varied, *varied], NOBODY, LIMITS).patterns == ()


def test_one_item_alone_is_not_uniform():
    assert (
        rater_figures([(Decimal(level),) for level in (1, 2, 3, 4, 5)], NOBODY, LIMITS).uniform == 0
    )


def test_four_of_five_people_with_the_same_ratings_are_a_pattern():
    same = people("3", "3", "3", "3")

    assert rater_figures([*same, *people("4")], NOBODY, LIMITS).identical == Decimal("80.00")
    assert Pattern.IDENTICAL in rater_figures([*same, *people("4")], NOBODY, LIMITS).patterns
    assert rater_figures([*same, *people("4", "2")], NOBODY, LIMITS).identical == Decimal("66.67")


def test_fewer_than_five_people_have_no_figures():
    assert rater_figures(people("1", "1", "1", "1"), crowd_of(OTHERS), LIMITS) is None
    assert rater_figures([*people("1", "1", "1", "1"), ()], crowd_of(OTHERS), LIMITS) is None


@pytest.mark.parametrize("others", [OTHERS[:4], [(Decimal(3),)] * 9])
def test_without_enough_others_or_where_they_are_all_alike_nothing_is_compared(others):
    found = rater_figures(people("5", "3.5", "4.5", "3", "4"), crowd_of(others), LIMITS)

    assert (found.deviation, found.spread_ratio, found.patterns) == (None, None, ())


def test_recent_are_the_days_of_the_last_two_months():
    last = date(2025, 12, 31)
    days = [date(2025, 10, 31), date(2025, 11, 1), date(2025, 12, 5), date(2025, 3, 1)]

    assert recent_share(days, last, LIMITS) == Decimal("50.00")
    assert recent_share(days[:3], last, LIMITS) == Decimal("66.67")
    assert recent_share(days[:2], last, LIMITS) is None


def test_the_share_of_a_group_is_held_against_the_best_one():
    found = group_figures({"women": (6, 20), "men": (10, 25)}, LIMITS)

    # 30 % of 20, 40 % of 25: three quarters, less than four fifths.
    assert (found["women"].share, found["women"].ratio) == (Decimal("30.00"), Decimal("0.75"))
    assert (found["women"].stands_back, found["men"].stands_back) == (True, False)


def test_four_fifths_exactly_do_not_stand_back():
    assert not group_figures({"a": (8, 40), "b": (10, 40)}, LIMITS)["a"].stands_back


def test_nobody_stands_back_where_no_group_has_any():
    found = group_figures({"a": (0, 40), "b": (0, 40)}, LIMITS)

    assert {figures.ratio for figures in found.values()} == {Decimal(1)}


def test_a_single_small_group_takes_the_next_larger_one_with_it():
    groups = {"a": (1, 4), "b": (3, 12), "c": (4, 20), "d": (9, 30)}

    assert set(group_figures(groups, LIMITS)) == {"c", "d"}
    assert group_figures({"a": (1, 4), "b": (3, 12), "c": (4, 20)}, LIMITS) == {}


def test_small_groups_are_only_hidden_together_when_they_are_ten():
    groups = {"a": (1, 2), "b": (1, 3), "c": (3, 12), "d": (4, 20), "e": (9, 30)}

    assert set(group_figures(groups, LIMITS)) == {"d", "e"}


def test_a_floor_may_be_raised_and_never_lowered():
    assert fairness_of({"fairness": {"floor": 8}}).limits.floor == 8
    with pytest.raises(ValueError, match="floor"):
        fairness_of({"fairness": {"floor": 4}})
    with pytest.raises(ValueError, match="group_floor"):
        fairness_of({"fairness": {"group_floor": 9}})


def test_only_indicators_that_a_system_has_are_compared_by_unit():
    indicators = [{"id": "attitude"}]

    found = fairness_of({"indicators": indicators, "fairness": {"by_unit": ["attitude"]}})

    assert found.by_unit == ("attitude",)
    with pytest.raises(ValueError, match=r"fairness\.by_unit: no indicator 'speed'"):
        fairness_of({"indicators": indicators, "fairness": {"by_unit": ["attitude", "speed"]}})
