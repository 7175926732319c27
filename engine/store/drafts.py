"""Drafts of answers: sealed, numbered by revision, gone when the work is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, update

from engine.domain.people import EmployeeId
from engine.errors import StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class DraftRow:
    """The draft of one work item; `payload` is sealed, `revision` counts from 1."""

    work_item_id: str
    actor_id: EmployeeId
    payload: bytes
    revision: int
    saved_at: datetime


_draft = tables.draft
_ONE = rows.selected(_draft, DraftRow).where(_draft.c.work_item_id == bindparam("item_id"))
_INSERT = rows.inserted(_draft)
_SAVE = (
    update(_draft)
    .where(
        rows.own(_draft),
        _draft.c.work_item_id == bindparam("item_id"),
        _draft.c.revision == bindparam("expected"),
    )
    .values(
        actor_id=bindparam("by"),
        payload=bindparam("content"),
        saved_at=bindparam("now"),
        revision=bindparam("expected") + 1,
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
    revision: int,
    now: datetime,
) -> int:
    """Save over `revision` (0 when there is none yet); the new revision.

    Raises StaleVersion when another tab or person saved in between.
    """
    if revision == 0:
        return _first(tx, DraftRow(item_id, actor_id, payload, 1, now))
    values = {
        "item_id": item_id,
        "by": actor_id,
        "content": payload,
        "expected": revision,
        "now": now,
    }
    if rows.run(tx, _SAVE, values) != 1:
        raise _stale(tx, item_id, revision)
    return revision + 1


def _first(tx: Transaction, draft: DraftRow) -> int:
    if find(tx, draft.work_item_id) is not None:
        raise _stale(tx, draft.work_item_id, 0)
    known = StaleVersion("draft", draft.work_item_id, expected=0, actual=None)
    rows.add_new(tx, _INSERT, [draft], known=known)
    return draft.revision


def _stale(tx: Transaction, item_id: str, expected: int) -> StaleVersion:
    found = find(tx, item_id)
    return StaleVersion(
        "draft", item_id, expected=expected, actual=found.revision if found else None
    )


def delete_many(tx: Transaction, item_ids: Iterable[str]) -> None:
    """Drop the drafts of closed work items in one statement."""
    rows.run_many(tx, _DELETE, ({"item_id": item_id} for item_id in item_ids))
