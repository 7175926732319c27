"""Somebody's predicates over the years as a small picture; the table beside it says the same."""

from dataclasses import dataclass

from api.web.phrasing import Phrasing
from engine.domain.appraisal import Predicate
from engine.queries.result_facts import YearlyResult

# From the lowest to the best, as PermenPANRB 6/2022 orders them.
STEPS = (
    Predicate.VERY_POOR,
    Predicate.POOR,
    Predicate.NEEDS_IMPROVEMENT,
    Predicate.GOOD,
    Predicate.VERY_GOOD,
)
LEFT, TOP, STEP_HEIGHT, COLUMN = 180, 20, 34, 70
AT_MOST = 8


@dataclass(frozen=True)
class Mark:
    """One period: where its dot stands."""

    x: int
    y: int
    label: str
    words: str


@dataclass(frozen=True)
class ResultsChart:
    """Places for a template to draw; `levels` are the predicates with the height of their line."""

    width: int
    height: int
    levels: tuple[tuple[str, int], ...]
    marks: tuple[Mark, ...]
    points: str


def results_chart(say: Phrasing, results: tuple[YearlyResult, ...]) -> ResultsChart | None:
    """The last periods from left to right; a single one needs no picture."""
    shown = tuple(reversed(results[:AT_MOST]))
    if len(shown) < 2:
        return None
    levels = tuple((say.label("predicate", step), _height(step)) for step in reversed(STEPS))
    marks = tuple(
        Mark(
            LEFT + COLUMN // 2 + place * COLUMN,
            _height(Predicate(result.predicate)),
            str(result.starts.year),
            say.label("predicate", result.predicate),
        )
        for place, result in enumerate(shown)
    )
    points = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    height = TOP + len(STEPS) * STEP_HEIGHT + 24
    return ResultsChart(LEFT + len(shown) * COLUMN, height, levels, marks, points)


def _height(step: Predicate) -> int:
    return TOP + (len(STEPS) - 1 - STEPS.index(step)) * STEP_HEIGHT + STEP_HEIGHT // 2
