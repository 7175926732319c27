"""Answers in confidence: nobody is told who said what, and nothing is told of too few.

What leaves them depends only on what was said, never on who said it, in which order or when:
numbers come sorted by size, texts by their letters.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from engine.domain.people import EmployeeId

PROPERTY, SEALED = "alur:confidentiality", "sealed"
# How the holder of such work takes part in the case, as its work item says.
CONFIDENCE = "confidence"
# Stands where the author of an answer would; the real one lies in the sealed answer.
UNNAMED = EmployeeId("unnamed")
# A system may ask for more, never for less.
FLOOR = 3
RATINGS = {str(rating): Decimal(rating) for rating in range(1, 6)}

Answers = Mapping[str, object]


def is_sealed(properties: Mapping[str, str]) -> bool:
    """Whether a user task takes its answers in confidence."""
    return properties.get(PROPERTY) == SEALED


def week_of(day: date) -> date:
    """The Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def ratings(
    answers: Sequence[Answers], questions: Sequence[str], *, at_least: int, floor: int = FLOOR
) -> tuple[Decimal, ...]:
    """The mean rating of each who judged `at_least` of the questions, 1 to 5, the lowest first.

    Nothing when fewer than the floor judged so many.
    """
    judged = [_judged(given, questions) for given in answers]
    counted = [found for found in judged if found and len(found) >= at_least]
    means = sorted(sum(found, Decimal(0)) / len(found) for found in counted)
    return tuple(means) if len(means) >= max(floor, FLOOR) else ()


def ratings_of_groups(
    groups: Sequence[Sequence[Answers]],
    questions: Sequence[str],
    *,
    at_least: int,
    floor: int = FLOOR,
) -> tuple[tuple[Decimal, ...], ...]:
    """The ratings of each group of people; of all together where one group is below the floor."""
    found = [group for group in groups if group]
    own = [ratings(group, questions, at_least=at_least, floor=floor) for group in found]
    if all(own):
        return tuple(own)
    together = [answer for group in found for answer in group]
    merged = ratings(together, questions, at_least=at_least, floor=floor)
    return (merged,) if merged else ()


def is_high(given: Answers, questions: Sequence[str], border: Decimal) -> bool:
    """Whether somebody rated at the border or above it on the mean of what he judged."""
    found = _judged(given, questions)
    return bool(found) and sum(found, Decimal(0)) / len(found) >= border


def remarks(answers: Sequence[Answers], question: str, *, floor: int = FLOOR) -> tuple[str, ...]:
    """What was written to a question, by its letters; nothing when fewer than the floor wrote."""
    texts = (text.strip() for given in answers if isinstance(text := given.get(question), str))
    said = sorted(text for text in texts if text)
    return tuple(said) if len(said) >= max(floor, FLOOR) else ()


def _judged(given: Answers, questions: Sequence[str]) -> list[Decimal]:
    """What was rated from 1 to 5, not what somebody could not judge."""
    return [RATINGS[text] for name in questions if (text := str(given.get(name))) in RATINGS]
