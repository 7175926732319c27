"""Who holds work: claimed, released, prepared by somebody else, seen, taken back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, literal, update

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import WorkItemState

_item = tables.work_item
_ONE = update(_item).where(rows.own(_item), _item.c.id == bindparam("item_id"))
_OPEN = _ONE.where(_item.c.state == WorkItemState.OPEN.value)
_NEXT = {"version": _item.c.version + 1}
_CLAIM = _OPEN.where(_item.c.claimed_by.is_(None), _item.c.assignee_id.is_(None)).values(
    claimed_by=bindparam("by"), claimed_at=bindparam("now"), **_NEXT
)
_RELEASE = _OPEN.where(_item.c.claimed_by == bindparam("by")).values(
    claimed_by=None, claimed_at=None, delegated_to=None, **_NEXT
)
_DELEGATE = _OPEN.where(_item.c.delegated_to.is_(None)).values(
    delegated_to=bindparam("to"), **_NEXT
)
_TAKE_BACK = _OPEN.where(_item.c.delegated_to.is_not(None)).values(delegated_to=None, **_NEXT)
# Whether somebody looked at it is no fact of the case: the version stays.
_SEE = _OPEN.where(_item.c.seen_at.is_(None)).values(seen_at=bindparam("now"))
# The task opens again, so its id must be free for the row that it opens with.
_UNDO = _ONE.where(_item.c.state != WorkItemState.WITHDRAWN.value).values(
    state=WorkItemState.WITHDRAWN.value,
    closed_at=bindparam("now"),
    closed_by=bindparam("by"),
    task_id=_item.c.task_id + literal("/") + _item.c.id,
    **_NEXT,
)
_draft = tables.draft
_PASS_DRAFT = (
    update(_draft)
    .where(rows.own(_draft), _draft.c.work_item_id == bindparam("item_id"))
    .values(actor_id=bindparam("to"))
)


def claim(tx: Transaction, item_id: str, *, by: EmployeeId, now: datetime) -> bool:
    """Take open work of a function; False when somebody has it or it is closed."""
    return rows.run(tx, _CLAIM, {"item_id": item_id, "by": by, "now": now}) == 1


def release(tx: Transaction, item_id: str, *, by: EmployeeId) -> bool:
    """Give claimed work back to its function; False unless `by` had claimed it."""
    return rows.run(tx, _RELEASE, {"item_id": item_id, "by": by}) == 1


def delegate(tx: Transaction, item_id: str, to: EmployeeId) -> bool:
    """Let somebody prepare the answers; False when somebody does already."""
    return rows.run(tx, _DELEGATE, {"item_id": item_id, "to": to}) == 1


def take_back(tx: Transaction, item_id: str) -> bool:
    """End the preparing; False when nobody prepares."""
    return rows.run(tx, _TAKE_BACK, {"item_id": item_id}) == 1


def pass_draft(tx: Transaction, item_id: str, to: EmployeeId) -> None:
    """What was typed so far goes along with the work."""
    rows.run(tx, _PASS_DRAFT, {"item_id": item_id, "to": to})


def note_seen(tx: Transaction, item_id: str, *, now: datetime) -> None:
    """Note when the form was opened first."""
    rows.run(tx, _SEE, {"item_id": item_id, "now": now})


def undo(tx: Transaction, item_ids: Iterable[str], *, by: EmployeeId, now: datetime) -> None:
    """Withdraw the work of a step that is taken back, done or not."""
    rows.run_many(tx, _UNDO, ({"item_id": key, "by": by, "now": now} for key in item_ids))
