"""What people are told inside the product: ids only, one row a person and notice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class NoticeRow:
    """One notice to one person; `dedup_key` makes it the only one of its sort for him."""

    id: str
    recipient_id: EmployeeId
    kind: str
    created_at: datetime
    dedup_key: str
    item_id: str | None = None
    instance_id: str | None = None
    cycle_id: str | None = None
    read_at: datetime | None = None


_notice = tables.notice
_ALL = rows.selected(_notice, NoticeRow)
_ONE = _ALL.where(
    _notice.c.recipient_id == bindparam("employee_id"), _notice.c.id == bindparam("notice_id")
)
_INSERT: dict[str, Any] = {
    "sqlite": sqlite.insert(_notice).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_notice).on_conflict_do_nothing(),
}
_UNREAD = (
    rows.own(_notice),
    _notice.c.recipient_id == bindparam("whose"),
    _notice.c.read_at.is_(None),
)
_READ_ALL = (
    update(_notice)
    .where(*_UNREAD, _notice.c.created_at <= bindparam("now"))
    .values(read_at=bindparam("now"))
)
_READ = update(_notice).where(*_UNREAD, _notice.c.id == bindparam("which"))
_READ_ONE = _READ.values(read_at=bindparam("now"))


def add(tx: Transaction, notices: Iterable[NoticeRow]) -> None:
    """Leave notices in one statement; one whose person was told the same already is dropped."""
    rows.add(tx, _INSERT[tx.connection.dialect.name], notices)


def find(tx: Transaction, employee_id: EmployeeId, notice_id: str) -> NoticeRow | None:
    """A notice of a person."""
    values = {"employee_id": employee_id, "notice_id": notice_id}
    return rows.fetch_one(tx, _ONE, NoticeRow, values)


def read_one(tx: Transaction, employee_id: EmployeeId, notice_id: str, *, now: datetime) -> None:
    """Note that a person has read a notice; a second time changes nothing."""
    rows.run(tx, _READ_ONE, {"whose": employee_id, "which": notice_id, "now": now})


def read_all(tx: Transaction, employee_id: EmployeeId, *, now: datetime) -> int:
    """Note that a person has read everything left for him until now; how many."""
    return rows.run(tx, _READ_ALL, {"whose": employee_id, "now": now})
