"""The index of the citizen survey: exact weights, borders of the grades, the sample."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.citizen_survey import (
    ELEMENTS,
    OF_PERSON,
    Element,
    Grade,
    Tally,
    grade_of,
    index_with_hundredths,
    is_visit_in_time,
    sample_size,
    satisfaction_index,
    tally_of,
)

TODAY = date(2026, 11, 20)
answer = st.fixed_dictionaries({element: st.integers(1, 4) for element in ELEMENTS})
answers = st.lists(answer, min_size=1, max_size=30)


def same(perception: int, people: int = 5) -> Tally:
    """Everybody gives everything the same."""
    return Tally(people, dict.fromkeys(ELEMENTS, perception * people))


@pytest.mark.parametrize(("perception", "index"), [(1, "25"), (2, "50"), (3, "75"), (4, "100")])
def test_the_ends_of_the_scale_are_reached_exactly(perception: int, index: str):
    assert satisfaction_index(same(perception)) == Decimal(index)


def test_with_the_printed_weights_the_best_service_would_have_only_99():
    assert index_with_hundredths(same(4)) == Decimal("99.00")


def test_the_index_of_the_example_of_walesi_is_84_20():
    """1,000 people gave 3.368 in the mean: 84.2 by exact weights, 83.36 by the printed ones."""
    tally = Tally(1000, dict.fromkeys(ELEMENTS, 3368))

    assert satisfaction_index(tally) == Decimal("84.20")
    assert index_with_hundredths(tally) == Decimal("83.36")


def test_the_printed_weights_would_change_a_grade():
    tally = Tally(100, dict.fromkeys(ELEMENTS, 354))

    exact, printed = satisfaction_index(tally), index_with_hundredths(tally)

    assert (exact, grade_of(exact)) == (Decimal("88.50"), Grade.A)
    assert (printed, grade_of(printed)) == (Decimal("87.62"), Grade.B)


@pytest.mark.parametrize(
    ("index", "grade"),
    [("25", "D"), ("64.99", "D"), ("65", "C"), ("76.60", "C"), ("76.61", "B"), ("88.30", "B"),
     ("88.31", "A"), ("100", "A")],
)  # fmt: skip
def test_grades_begin_at_the_borders_of_the_regulation(index: str, grade: str):
    assert grade_of(Decimal(index)) == grade


def test_an_index_is_rounded_before_it_is_graded():
    """Between both borders of the regulation, 64.99 and 65, lies nothing that is not rounded."""
    tally = Tally(1000, {**dict.fromkeys(ELEMENTS, 2600), Element.COST: 2598})

    index = satisfaction_index(tally)

    assert (index, grade_of(index)) == (Decimal("64.99"), Grade.D)
    nearly = Tally(1000, {**dict.fromkeys(ELEMENTS, 2600), Element.COST: 2599})
    assert (satisfaction_index(nearly), grade_of(satisfaction_index(nearly))) == (65, Grade.C)


@given(answers)
def test_an_index_lies_between_25_and_100(given_answers: list[dict[Element, int]]):
    assert 25 <= satisfaction_index(tally_of(given_answers)) <= 100


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(given_answers: list[dict[Element, int]], rng):
    mixed = given_answers.copy()
    rng.shuffle(mixed)

    assert satisfaction_index(tally_of(mixed)) == satisfaction_index(tally_of(given_answers))


@given(answers)
def test_the_printed_weights_are_always_seen_to_give_less(given_answers: list[dict[Element, int]]):
    tally = tally_of(given_answers)

    assert index_with_hundredths(tally) < satisfaction_index(tally)
    assert satisfaction_index(tally) - index_with_hundredths(tally) <= 1


def test_only_the_chosen_elements_count():
    tally = Tally(5, {**dict.fromkeys(ELEMENTS, 5), Element.COMPETENCE: 20, Element.BEHAVIOUR: 15})

    assert satisfaction_index(tally, OF_PERSON) == Decimal("87.50")


def test_the_weakest_element_is_named_with_its_mean():
    tally = Tally(5, {**dict.fromkeys(ELEMENTS, 16), Element.TIME: 13})

    assert (tally.weakest(), tally.mean(Element.TIME)) == ((Element.TIME,), Decimal("2.60"))


def test_equally_weak_elements_are_all_named_and_none_where_all_are_alike():
    lowest = {Element.TIME: 13, Element.COMPLAINTS: 13}

    assert Tally(5, {**dict.fromkeys(ELEMENTS, 16), **lowest}).weakest() == tuple(
        element for element in ELEMENTS if element in lowest
    )
    assert Tally(5, dict.fromkeys(ELEMENTS, 16)).weakest() == ()


@pytest.mark.parametrize(
    ("population", "sample"), [(10, 10), (100, 80), (300, 169), (1000, 278), (2000, 322)]
)
def test_the_sample_is_that_of_the_table(population: int, sample: int):
    assert sample_size(population) == sample


@given(st.integers(1, 1_000_000))
def test_a_sample_is_never_larger_than_who_there_is(population: int):
    assert 1 <= sample_size(population) <= min(population, 384)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (90, True), (91, False), (-1, False)])
def test_a_visit_of_the_last_ninety_days_counts(days: int, counts: bool):
    assert is_visit_in_time(TODAY - timedelta(days=days), TODAY) is counts


@pytest.mark.parametrize(("people", "told"), [(4, False), (5, True)])
def test_nothing_is_told_of_fewer_than_five(people: int, told: bool):
    assert same(3, people).is_told is told
