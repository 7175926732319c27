"""What one result leaves for questions over many of them, and how it is written down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.domain.fairness import Gap, Ratings


@dataclass(frozen=True)
class RatingFigures:
    """What the rater gave, the gaps to other views in points of the score at two places.

    `scores` are those of indicators that are compared by unit, 0 to 120 at two places, by id;
    `is_mutual` when the person and a colleague rate each other very high.
    """

    ratings: Ratings = ()
    gaps: Mapping[Gap, Decimal] = field(default_factory=dict)
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    is_mutual: bool = False

    def as_text(self) -> str | None:
        """The figures as JSON with decimals as text; None when there are none."""
        told = {
            "ratings": [str(rating) for rating in self.ratings],
            "gaps": {view.value: str(gap) for view, gap in self.gaps.items()},
            "scores": {key: str(score) for key, score in self.scores.items()},
            "reciprocal": self.is_mutual,
        }
        kept = {name: value for name, value in told.items() if value}
        return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else None


def figures_from(text: str | None) -> RatingFigures:
    """The figures as a result keeps them; without any nothing."""
    given = json.loads(text) if text else {}
    return RatingFigures(
        ratings=tuple(map(Decimal, given.get("ratings", ()))),
        gaps={Gap(view): Decimal(gap) for view, gap in given.get("gaps", {}).items()},
        scores={key: Decimal(score) for key, score in given.get("scores", {}).items()},
        is_mutual=given.get("reciprocal") is True,
    )
