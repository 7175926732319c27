"""What a result leaves for questions over many of them: the rater's ratings and gaps of views."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from engine.commands.roles import lookup
from engine.domain.fairness import Gap, Ratings, mean, points
from engine.domain.fairness_settings import Side
from engine.domain.local_score import Scales, anchored
from engine.domain.rating_figures import RatingFigures
from engine.domain.scoring import rounded
from engine.domain.settings import SystemSettings

Data = Mapping[str, object]


def rating_figures(data: Data, settings: SystemSettings) -> RatingFigures:
    """The figures of a result that is made from these process data."""
    return RatingFigures(
        ratings=given_ratings(data, settings),
        gaps=dict(_gaps(data, settings)),
        scores=dict(_scores(data, settings)),
        is_mutual=lookup(data, settings.fairness.reciprocal) is True,
    )


def given_ratings(data: Data, settings: SystemSettings) -> Ratings:
    """What the rater gave, item by item, from 1 to 5."""
    values = (value for path in settings.fairness.ratings for value in _at(data, path.split(".")))
    return tuple(rating for value in values if (rating := points(value)) is not None)


def _gaps(data: Data, settings: SystemSettings) -> Iterator[tuple[Gap, Decimal]]:
    """The rater's score less that of the others, where both are known."""
    scales = settings.scoring.scales if settings.scoring else None
    for view, sides in settings.fairness.gaps.items():
        rater, other = (_score(data, side, scales) for side in sides)
        if rater is not None and other is not None:
            yield view, rounded(rater - other)


def _scores(data: Data, settings: SystemSettings) -> Iterator[tuple[str, Decimal]]:
    """Those of the indicators that are compared by unit, where they were measured."""
    for key in settings.fairness.by_unit:
        score = lookup(data, f"{key}.score")
        if isinstance(score, Decimal):
            yield key, rounded(score)


def _score(data: Data, side: Side, scales: Scales | None) -> Decimal | None:
    values = list(_at(data, side.path.split(".")))
    if side.is_rated and scales:
        scores = [anchored(r, scales) for value in values if (r := points(value)) is not None]
    else:
        scores = [value for value in values if isinstance(value, Decimal)]
    return mean(scores) if scores else None


def _at(data: object, path: list[str]) -> Iterator[object]:
    """Every value at a path; of a list those of each row."""
    if isinstance(data, list):
        for row in data:
            yield from _at(row, path)
    elif path and isinstance(data, Mapping):
        yield from _at(data.get(path[0]), path[1:])
    elif not path:
        yield data
