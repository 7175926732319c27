"""Work given to people: opened, completed, withdrawn, offered, reminded of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, or_, update

from engine.domain.people import EmployeeId
from engine.errors import NotFound, WorkItemClosed
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import WorkItemState


@dataclass(frozen=True)
class WorkItemRow:
    """One piece of work; assigned to a person or open to a unit function.

    `kept_apart` is the person named in the case who may not do it.
    """

    id: str
    instance_id: str
    task_id: str
    process_id: str
    element_id: str
    name: str
    role: str
    opened_at: datetime
    assignee_id: EmployeeId | None = None
    function: str | None = None
    unit_id: str | None = None
    due_at: datetime | None = None
    mi_index: int | None = None
    participation: str | None = None
    state: str = WorkItemState.OPEN.value
    closed_at: datetime | None = None
    closed_by: EmployeeId | None = None
    offered_to: EmployeeId | None = None
    reminded: int = 0
    version: int = 1
    claimed_by: EmployeeId | None = None
    claimed_at: datetime | None = None
    delegated_to: EmployeeId | None = None
    seen_at: datetime | None = None
    kept_apart: EmployeeId | None = None


_item = tables.work_item
_ALL = rows.selected(_item, WorkItemRow)
_ONE = _ALL.where(_item.c.id == bindparam("id"))
_OF_INSTANCE = _ALL.where(_item.c.instance_id == bindparam("instance_id")).order_by(
    _item.c.opened_at, _item.c.id
)
_OPEN = _item.c.state == WorkItemState.OPEN.value
_OPEN_OF_INSTANCE = _OF_INSTANCE.where(_OPEN)
_DUE_PAGE = (
    _ALL.where(
        _OPEN,
        _item.c.due_at <= bindparam("before"),
        or_(
            _item.c.due_at > bindparam("after_due"),
            and_(_item.c.due_at == bindparam("after_due"), _item.c.id > bindparam("after_id")),
        ),
    )
    .order_by(_item.c.due_at, _item.c.id)
    .limit(bindparam("at_most"))
)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_INSERT = rows.inserted(_item)
_CLOSE = (
    update(_item)
    .where(rows.own(_item), _item.c.id == bindparam("item_id"), _OPEN)
    .values(
        state=bindparam("new_state"),
        closed_at=bindparam("now"),
        closed_by=bindparam("by"),
        version=_item.c.version + 1,
    )
)
_CHANGE = update(_item).where(rows.own(_item), _item.c.id == bindparam("item_id"), _OPEN)
_OFFER = _CHANGE.values(offered_to=bindparam("to"), version=_item.c.version + 1)
_ASSIGN = _CHANGE.values(
    assignee_id=bindparam("to"),
    function=None,
    offered_to=None,
    claimed_by=None,
    claimed_at=None,
    delegated_to=None,
    seen_at=None,
    version=_item.c.version + 1,
)
_EXTEND = _CHANGE.values(due_at=bindparam("due"), reminded=0, version=_item.c.version + 1)
_REMINDED = _CHANGE.values(reminded=bindparam("times"))


def open_many(tx: Transaction, items: Sequence[WorkItemRow]) -> None:
    """Open new work in one statement."""
    rows.add(tx, _INSERT, items)


def find(tx: Transaction, item_id: str) -> WorkItemRow | None:
    """One work item, open or closed."""
    return rows.fetch_one(tx, _ONE, WorkItemRow, {"id": item_id})


def get(tx: Transaction, item_id: str) -> WorkItemRow:
    """One work item, open or closed. Raises NotFound."""
    found = find(tx, item_id)
    if found is None:
        raise NotFound("work item", item_id)
    return found


def of_instance(tx: Transaction, instance_id: str) -> tuple[WorkItemRow, ...]:
    """All work of an instance in the order of opening."""
    return rows.fetch(tx, _OF_INSTANCE, WorkItemRow, {"instance_id": instance_id})


def open_of_instance(tx: Transaction, instance_id: str) -> tuple[WorkItemRow, ...]:
    """The open work of an instance in the order of opening."""
    return rows.fetch(tx, _OPEN_OF_INSTANCE, WorkItemRow, {"instance_id": instance_id})


def due_page(
    tx: Transaction, before: datetime, *, after: WorkItemRow | None, limit: int
) -> tuple[WorkItemRow, ...]:
    """Open work due at `before` or earlier that comes after the row `after`; for notices."""
    values = {
        "before": before,
        "after_due": after.due_at if after else _BEGINNING,
        "after_id": after.id if after else "",
        "at_most": limit,
    }
    return rows.fetch(tx, _DUE_PAGE, WorkItemRow, values)


def complete(tx: Transaction, item_id: str, *, by: EmployeeId, now: datetime) -> None:
    """Close an open item as completed. Raises WorkItemClosed when it is not open."""
    values = {
        "item_id": item_id,
        "new_state": WorkItemState.COMPLETED.value,
        "by": by,
        "now": now,
    }
    if rows.run(tx, _CLOSE, values) != 1:
        found = get(tx, item_id)
        raise WorkItemClosed(item_id, found.state, found.closed_at)


def withdraw(tx: Transaction, item_ids: Iterable[str], *, by: EmployeeId, now: datetime) -> None:
    """Withdraw open items in one statement; those closed already stay as they are."""
    state = WorkItemState.WITHDRAWN.value
    common = {"new_state": state, "by": by, "now": now}
    rows.run_many(tx, _CLOSE, ({"item_id": item_id, **common} for item_id in item_ids))


def offer(tx: Transaction, item_id: str, to: EmployeeId) -> bool:
    """Offer an open item for takeover; False when it is not open."""
    return rows.run(tx, _OFFER, {"item_id": item_id, "to": to}) == 1


def assign(tx: Transaction, item_id: str, to: EmployeeId) -> bool:
    """Give an open item to somebody else; False when it is not open."""
    return rows.run(tx, _ASSIGN, {"item_id": item_id, "to": to}) == 1


def extend(tx: Transaction, item_id: str, due_at: datetime) -> bool:
    """Move the due date of an open item and remind anew; False when it is not open."""
    return rows.run(tx, _EXTEND, {"item_id": item_id, "due": due_at}) == 1


def count_reminders(tx: Transaction, item_id: str, times: int) -> None:
    """Note how many reminders of an open item went out."""
    rows.run(tx, _REMINDED, {"item_id": item_id, "times": times})
