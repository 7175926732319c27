"""Drafts of answers: sealed, numbered by revision, gone when the work is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, or_, update

from engine.domain.people import EmployeeId
from engine.errors import StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class DraftRow:
    """The draft of one work item; `payload` is sealed, `revision` counts from 1.

    `page` is the opened page that saved last, `edits` which of its savings it was.
    """

    work_item_id: str
    actor_id: EmployeeId
    payload: bytes
    revision: int
    saved_at: datetime
    page: str = ""
    edits: int = 0


@dataclass(frozen=True)
class Edition:
    """What a save stands on: the revision read before, and the opened page that counts its saves.

    An answer may be lost on the way. Whoever finds that only his own page saved in between goes
    on; a save that was overtaken by a later one of the same page is stale like any other.
    """

    revision: int
    page: str = ""
    edits: int = 0


_draft = tables.draft
_ONE = rows.selected(_draft, DraftRow).where(_draft.c.work_item_id == bindparam("item_id"))
_INSERT = rows.inserted(_draft)
_SAVE = (
    update(_draft)
    .where(
        rows.own(_draft),
        _draft.c.work_item_id == bindparam("item_id"),
        or_(
            _draft.c.revision == bindparam("expected"),
            and_(
                _draft.c.page == bindparam("same_page"),
                _draft.c.page != "",
                _draft.c.edits < bindparam("new_edits"),
                _draft.c.actor_id == bindparam("by"),
            ),
        ),
    )
    .values(
        actor_id=bindparam("by"),
        payload=bindparam("content"),
        saved_at=bindparam("now"),
        revision=_draft.c.revision + 1,
        page=bindparam("same_page"),
        edits=bindparam("new_edits"),
    )
)
_DELETE = delete(_draft).where(rows.own(_draft), _draft.c.work_item_id == bindparam("item_id"))


def find(tx: Transaction, item_id: str) -> DraftRow | None:
    """The draft of a work item."""
    return rows.fetch_one(tx, _ONE, DraftRow, {"item_id": item_id})


def save(
    tx: Transaction,
    item_id: str,
    *,
    actor_id: EmployeeId,
    payload: bytes,
    edition: Edition,
    now: datetime,
) -> int:
    """Save over an edition (revision 0 when there is none yet); the new revision.

    Raises StaleVersion when another page or person saved in between.
    """
    known = find(tx, item_id)
    if known is None:
        draft = DraftRow(item_id, actor_id, payload, 1, now, edition.page, edition.edits)
        return _first(tx, draft, edition.revision)
    values = {
        "item_id": item_id,
        "by": actor_id,
        "content": payload,
        "expected": edition.revision,
        "same_page": edition.page,
        "new_edits": edition.edits,
        "now": now,
    }
    if rows.run(tx, _SAVE, values) != 1:
        raise StaleVersion("draft", item_id, expected=edition.revision, actual=known.revision)
    return known.revision + 1


def _first(tx: Transaction, draft: DraftRow, expected: int) -> int:
    known = StaleVersion("draft", draft.work_item_id, expected=expected, actual=None)
    if expected:
        raise known
    rows.add_new(tx, _INSERT, [draft], known=known)
    return draft.revision


def delete_many(tx: Transaction, item_ids: Iterable[str]) -> None:
    """Drop the drafts of closed work items in one statement."""
    rows.run_many(tx, _DELETE, ({"item_id": item_id} for item_id in item_ids))
