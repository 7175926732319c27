"""What is hidden enters nothing that is shown, over random periods."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.appraisal import Predicate
from engine.domain.fairness import Gap, Limits
from engine.domain.fairness_tables import Attribute, RatedCase, tables_of
from engine.domain.people import EmployeeId

LIMITS = Limits(favourable=frozenset({Predicate.VERY_GOOD}))
BY_UNIT = ("information", "attitude")
RATINGS = st.tuples(*[st.sampled_from([Decimal(n) for n in range(1, 6)])] * 3)
CASES = st.lists(
    st.builds(
        RatedCase,
        unit_id=st.sampled_from(["u1", "u2", "u3"]),
        predicate=st.sampled_from(list(Predicate)),
        rater_id=st.sampled_from([EmployeeId(f"r{n}") for n in range(5)]),
        ratings=RATINGS,
        gaps=st.dictionaries(st.sampled_from(Gap), st.decimals(-50, 50, places=2), max_size=2),
        scores=st.dictionaries(st.sampled_from(BY_UNIT), st.decimals(0, 120, places=2)),
        groups=st.fixed_dictionaries({Attribute.SEX: st.sampled_from(["male", "female"])}),
    ),
    max_size=60,
)


@given(CASES, RATINGS)
def test_ratings_of_raters_of_few_people_change_nothing_shown(cases, ratings):
    people = Counter(case.rater_id for case in cases)
    others = [
        replace(case, ratings=ratings) if people[case.rater_id] < LIMITS.floor else case
        for case in cases
    ]

    assert tables_of(others, {}, LIMITS).raters == tables_of(cases, {}, LIMITS).raters


@given(CASES)
def test_gaps_known_of_few_people_of_a_unit_change_nothing_shown(cases):
    known = Counter((case.unit_id, view) for case in cases for view in case.gaps)

    def without_few(case: RatedCase) -> RatedCase:
        kept = {v: g for v, g in case.gaps.items() if known[case.unit_id, v] >= LIMITS.floor}
        return replace(case, gaps=kept)

    shown = tables_of([without_few(case) for case in cases], {}, LIMITS).gaps

    assert shown == tables_of(cases, {}, LIMITS).gaps
    assert all(line.people >= LIMITS.floor for line in shown)


@given(CASES)
def test_scores_known_of_few_people_of_a_unit_change_nothing_shown(cases):
    known = Counter((case.unit_id, key) for case in cases for key in case.scores)

    def without_few(case: RatedCase) -> RatedCase:
        kept = {k: s for k, s in case.scores.items() if known[case.unit_id, k] >= LIMITS.floor}
        return replace(case, scores=kept)

    shown = tables_of(cases, {}, LIMITS, BY_UNIT).scores
    without = tables_of([without_few(case) for case in cases], {}, LIMITS, BY_UNIT).scores

    assert [means.lines for means in without.values()] == [means.lines for means in shown.values()]
    assert all(one.people >= LIMITS.floor for means in shown.values() for one in means.lines)


@given(CASES)
def test_no_group_of_few_is_shown_and_none_follows_from_the_whole(cases):
    shown = tables_of(cases, {}, LIMITS).groups.get(Attribute.SEX, {})
    sizes = Counter(case.groups[Attribute.SEX] for case in cases)
    hidden = [size for group, size in sizes.items() if group not in shown]

    assert all(sizes[group] >= LIMITS.group_floor for group in shown)
    assert not shown or not hidden or (len(hidden) > 1 and sum(hidden) >= LIMITS.group_floor)


def test_nobody_has_no_tables():
    found = tables_of([], {}, LIMITS)

    assert (found.units, found.whole, found.gaps, found.is_mutual) == ((), None, (), None)
