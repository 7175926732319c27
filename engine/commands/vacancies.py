"""Posts of a unit by what they are called: which are free, and what a new one looks like."""

from datetime import date

from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitId
from engine.store import organisation
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import PositionRow

ACTING = frozenset({AssignmentKind.ACTING_PERMANENT.value, AssignmentKind.ACTING_DAILY.value})


def posts_called(tx: Transaction, unit_id: UnitId, title: str) -> tuple[PositionRow, ...]:
    """The posts of a unit with a title, however it is written."""
    wanted = _plain(title)
    every = organisation.positions_of(tx, unit_id)
    return tuple(found for found in every if _plain(found.title) == wanted)


def holders_from(tx: Transaction, position: PositionRow, day: date) -> set[EmployeeId]:
    """Who holds a post for good on the day or will hold it later."""
    return {
        post.employee_id
        for post in organisation.holders_of(tx, position.id)
        if post.kind not in ACTING and (post.ends is None or post.ends >= day)
    }


def is_one_of_a_kind(posts: tuple[PositionRow, ...]) -> bool:
    """Whether no second post of the title can be: all head the unit or are offices."""
    return bool(posts) and all(found.heads_unit or found.office_code for found in posts)


def new_post(tx: Transaction, unit_id: UnitId, title: str) -> PositionRow:
    """A post beside those of the same title, or below whoever heads the unit."""
    alike = posts_called(tx, unit_id, title)
    head = next((p for p in organisation.positions_of(tx, unit_id) if p.heads_unit), None)
    return PositionRow(
        PositionId(new_id()),
        unit_id,
        " ".join(title.split()),
        alike[0].superior_position_id if alike else (head.id if head else None),
        functional_level=alike[0].functional_level if alike else None,
    )


def _plain(title: str) -> str:
    return " ".join(title.lower().split())
