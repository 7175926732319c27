"""What operators prepared for raters: sealed, by revision, apart from the rater's own draft."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, update

from engine.domain.people import EmployeeId
from engine.errors import StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.drafts import Edition


@dataclass(frozen=True)
class PreparedRow:
    """The prepared answers of one work item; the rater sees them once they were handed over."""

    work_item_id: str
    instance_id: str
    operator_id: EmployeeId
    payload: bytes
    revision: int
    page: str
    edits: int
    saved_at: datetime
    handed_at: datetime | None = None
    taken_at: datetime | None = None


_prepared = tables.prepared_draft
_ALL = rows.selected(_prepared, PreparedRow)
_ONE = _ALL.where(_prepared.c.work_item_id == bindparam("item_id"))
_OF_INSTANCE = _ALL.where(_prepared.c.instance_id == bindparam("instance_id"))
_INSERT = rows.inserted(_prepared)
_OWN = and_(rows.own(_prepared), _prepared.c.work_item_id == bindparam("item_id"))
_SAVE = (
    update(_prepared)
    .where(
        _OWN,
        or_(
            _prepared.c.revision == bindparam("expected"),
            and_(
                _prepared.c.page == bindparam("same_page"),
                _prepared.c.page != "",
                _prepared.c.edits < bindparam("new_edits"),
                _prepared.c.operator_id == bindparam("by"),
            ),
        ),
    )
    .values(
        operator_id=bindparam("by"),
        payload=bindparam("content"),
        revision=_prepared.c.revision + 1,
        page=bindparam("same_page"),
        edits=bindparam("new_edits"),
        saved_at=bindparam("now"),
        handed_at=None,
        taken_at=None,
    )
)
_HAND = (
    update(_prepared)
    .where(_OWN, _prepared.c.handed_at.is_(None))
    .values(handed_at=bindparam("now"))
)
_TAKE = update(_prepared).where(_OWN).values(taken_at=bindparam("now"))


def find(tx: Transaction, item_id: str) -> PreparedRow | None:
    """What was prepared for a work item."""
    return rows.fetch_one(tx, _ONE, PreparedRow, {"item_id": item_id})


def of_instance(tx: Transaction, instance_id: str) -> tuple[PreparedRow, ...]:
    """Everything that was prepared in a case."""
    return rows.fetch(tx, _OF_INSTANCE, PreparedRow, {"instance_id": instance_id})


def save(tx: Transaction, prepared: PreparedRow, *, edition: Edition) -> int:
    """Save over an edition (revision 0 when there is none yet); the new revision.

    Raises StaleVersion when another page or person saved in between.
    """
    item_id = prepared.work_item_id
    known = find(tx, item_id)
    stale = StaleVersion(
        "draft", item_id, expected=edition.revision, actual=known.revision if known else None
    )
    if known is None:
        if edition.revision:
            raise stale
        rows.add_new(tx, _INSERT, [prepared], known=stale)
        return prepared.revision
    values = {
        "item_id": item_id,
        "by": prepared.operator_id,
        "content": prepared.payload,
        "expected": edition.revision,
        "same_page": edition.page,
        "new_edits": edition.edits,
        "now": prepared.saved_at,
    }
    if rows.run(tx, _SAVE, values) != 1:
        raise stale
    return known.revision + 1


def hand_over(tx: Transaction, item_id: str, *, now: datetime) -> bool:
    """Show it to the rater; False when it was shown already."""
    return rows.run(tx, _HAND, {"item_id": item_id, "now": now}) == 1


def take(tx: Transaction, item_id: str, *, now: datetime) -> None:
    """Note that the rater took it into his own draft."""
    rows.run(tx, _TAKE, {"item_id": item_id, "now": now})
