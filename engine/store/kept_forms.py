"""Answers that came too late for their sign-in: sealed, kept a few days for whoever typed them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import WorkItemState


@dataclass(frozen=True)
class KeptRow:
    """What one person typed for one work item, over which `revision` of the draft."""

    work_item_id: str
    employee_id: EmployeeId
    payload: bytes
    revision: int
    kept_at: datetime


_kept, _item = tables.kept_form, tables.work_item
_OWN = (
    _kept.c.work_item_id == bindparam("item_id"),
    _kept.c.employee_id == bindparam("employee_id"),
)
_ONE = rows.selected(_kept, KeptRow).where(*_OWN)
_NEWEST = (
    select(_kept.c.work_item_id)
    .join(
        _item,
        and_(_item.c.agency_id == _kept.c.agency_id, _item.c.id == _kept.c.work_item_id),
    )
    .where(
        rows.own(_kept),
        _kept.c.employee_id == bindparam("employee_id"),
        _item.c.state == WorkItemState.OPEN.value,
    )
    .order_by(_kept.c.kept_at.desc())
    .limit(1)
)
_INSERT = rows.inserted(_kept)
_DELETE = delete(_kept).where(rows.own(_kept), *_OWN)
_DELETE_OLD = delete(_kept).where(rows.own(_kept), _kept.c.kept_at < bindparam("before"))


def keep(tx: Transaction, kept: KeptRow) -> None:
    """Keep what was typed, in place of what was kept before."""
    drop(tx, kept.work_item_id, kept.employee_id)
    rows.add(tx, _INSERT, [kept])


def find(tx: Transaction, item_id: str, employee_id: EmployeeId) -> KeptRow | None:
    """What a person typed for a work item."""
    return rows.fetch_one(tx, _ONE, KeptRow, {"item_id": item_id, "employee_id": employee_id})


def newest(tx: Transaction, employee_id: EmployeeId) -> str | None:
    """The open work item for which a person's answers were kept last."""
    found = rows.fetch_scalars(tx, _NEWEST, {"employee_id": employee_id})
    return next(iter(found), None)


def drop(tx: Transaction, item_id: str, employee_id: EmployeeId) -> int:
    """Let go of what was typed; 1 when there was any."""
    return rows.run(tx, _DELETE, {"item_id": item_id, "employee_id": employee_id})


def delete_before(tx: Transaction, before: datetime) -> int:
    """Let go of what nobody came back for; how many."""
    return rows.run(tx, _DELETE_OLD, {"before": before})
