"""Who is appraised in a cycle, and what stands in the way of a person's appraisal."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from engine.domain.people import EmployeeKind, UnitId


class PostKind(StrEnum):
    """What kind of post somebody holds."""

    HEAD = "head"
    FUNCTIONAL = "functional"
    OTHER = "other"


class ConflictKind(StrEnum):
    """Why a person's appraisal cannot start, or should be looked at first."""

    NO_UNIT = "no_unit"
    NO_RATER = "no_rater"
    NO_PLAN = "no_plan"
    RELATED = "related"
    OWN_RATER = "own_rater"
    TWO_POSTS = "two_posts"
    TWO_RATERS = "two_raters"
    INACTIVE = "inactive"
    FAILED = "failed"


# With these an appraisal does not start; the others are told and nothing more.
STOPPING = frozenset(
    {
        ConflictKind.NO_UNIT,
        ConflictKind.NO_RATER,
        ConflictKind.NO_PLAN,
        ConflictKind.RELATED,
        ConflictKind.INACTIVE,
        ConflictKind.FAILED,
    }
)


class RelationKind(StrEnum):
    """What binds two people of whom neither may rate the other."""

    MARRIED = "married"
    FAMILY = "family"
    OTHER = "other"


@dataclass(frozen=True)
class Filters:
    """Who is taken in; an empty filter takes everybody, units count with all below them."""

    units: frozenset[UnitId] = frozenset()
    kinds: frozenset[EmployeeKind] = frozenset()
    posts: frozenset[PostKind] = frozenset()

    def as_text(self) -> str:
        """The filters as they are stored, always the same for the same filters."""
        return json.dumps({field.name: sorted(getattr(self, field.name)) for field in fields(self)})


def filters_of(text: str) -> Filters:
    """Stored filters."""
    found = json.loads(text)
    return Filters(
        frozenset(UnitId(unit) for unit in found["units"]),
        frozenset(EmployeeKind(kind) for kind in found["kinds"]),
        frozenset(PostKind(post) for post in found["posts"]),
    )


def with_units_below(
    chosen: frozenset[UnitId], tree: Iterable[tuple[UnitId, UnitId | None]]
) -> frozenset[UnitId]:
    """The chosen units with everything below them; `tree` gives each unit with the one above."""
    below: dict[UnitId | None, list[UnitId]] = {}
    for unit, above in tree:
        below.setdefault(above, []).append(unit)
    found, new = set(chosen), list(chosen)
    while new:
        inner = [unit for unit in below.get(new.pop(), ()) if unit not in found]
        found.update(inner)
        new.extend(inner)
    return frozenset(found)


def post_kind(*, heads_unit: bool, functional_level: str | None) -> PostKind:
    """The kind of a post; who heads a unit counts as its head also in a functional post."""
    if heads_unit:
        return PostKind.HEAD
    return PostKind.FUNCTIONAL if functional_level else PostKind.OTHER
