"""What confidential answers tell: the same whoever said it and whenever; nothing of too few."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.confidence import FLOOR, ratings, remarks, week_of

QUESTIONS = ("helps", "listens", "shares")
CODES = st.sampled_from(["1", "2", "3", "4", "5", "cannot_judge", None])
ANSWERS = st.fixed_dictionaries(dict.fromkeys(QUESTIONS, CODES) | {"strength": st.text()})


@given(st.lists(ANSWERS, max_size=9), st.integers(1, 3), st.integers(1, 6), st.randoms())
def test_what_is_told_does_not_depend_on_who_said_it_or_when(said, at_least, floor, rng):
    shuffled = rng.sample(said, len(said))

    assert ratings(said, QUESTIONS, at_least=at_least, floor=floor) == ratings(
        shuffled, QUESTIONS, at_least=at_least, floor=floor
    )
    assert remarks(said, "strength") == remarks(shuffled, "strength")


@given(st.lists(ANSWERS, max_size=9), st.integers(1, 3), st.integers(-1, 6))
def test_of_too_few_nothing_is_told_and_no_system_may_ask_for_less(said, at_least, floor):
    counted = ratings(said, QUESTIONS, at_least=at_least, floor=floor)
    written = remarks(said, "strength", floor=floor)

    for told in (counted, written):
        assert len(told) == 0 or len(told) >= max(FLOOR, floor)


def test_who_could_judge_too_little_does_not_count():
    whole = {"helps": "4", "listens": "5", "shares": "3"}
    thin = {"helps": "1", "listens": "cannot_judge", "shares": None}

    assert ratings([whole] * 3 + [thin], QUESTIONS, at_least=2) == (Decimal(4),) * 3
    assert ratings([whole] * 2 + [thin], QUESTIONS, at_least=2) == ()


def test_ratings_come_by_size_and_texts_by_their_letters():
    said = [{"helps": code, "strength": text} for code, text in zip("352", "cab", strict=True)]

    assert ratings(said, ["helps"], at_least=1) == (Decimal(2), Decimal(3), Decimal(5))
    assert remarks(said, "strength") == ("a", "b", "c")


def test_the_week_of_a_sunday_begins_six_days_before():
    assert week_of(date(2026, 2, 1)) == date(2026, 1, 26)
    assert week_of(date(2026, 1, 26)) == date(2026, 1, 26)
