"""What people are told inside the product: ids only, one row a person and notice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

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
_INSERT = rows.inserted_once(_notice)
_DELETE_OLD = rows.deleted_old(_notice)
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


_SETTLE = (
    update(_notice)
    .where(
        rows.own(_notice),
        _notice.c.item_id.in_(bindparam("items", expanding=True)),
        _notice.c.read_at.is_(None),
    )
    .values(read_at=bindparam("now"))
)
_COUNT = (
    select(func.count())
    .select_from(_notice)
    .where(*_UNREAD, _notice.c.created_at >= bindparam("since"))
)


def add(tx: Transaction, notices: Iterable[NoticeRow]) -> int:
    """Leave notices in one statement; how many. Whoever was told the same already is left out."""
    return rows.add_either(tx, _INSERT, notices)


def unread_since(tx: Transaction, employee_id: EmployeeId, since: datetime) -> int:
    """How many notices left for a person since then are unread."""
    found: int = rows.fetch_scalars(tx, _COUNT, {"whose": employee_id, "since": since})[0]
    return found


def find(tx: Transaction, employee_id: EmployeeId, notice_id: str) -> NoticeRow | None:
    """A notice of a person."""
    values = {"employee_id": employee_id, "notice_id": notice_id}
    return rows.fetch_one(tx, _ONE, NoticeRow, values)


def read_one(tx: Transaction, employee_id: EmployeeId, notice_id: str, *, now: datetime) -> None:
    """Note that a person has read a notice; a second time changes nothing."""
    rows.run(tx, _READ_ONE, {"whose": employee_id, "which": notice_id, "now": now})


def settle(tx: Transaction, item_ids: Sequence[str], *, now: datetime) -> int:
    """Take notices of work that is done as read; how many."""
    values = {"own_agency": tx.agency_id, "items": list(item_ids), "now": now}
    return tx.connection.execute(_SETTLE, values).rowcount if item_ids else 0


def read_all(tx: Transaction, employee_id: EmployeeId, *, now: datetime) -> int:
    """Note that a person has read everything left for him until now; how many."""
    return rows.run(tx, _READ_ALL, {"whose": employee_id, "now": now})


def delete_before(tx: Transaction, before: datetime, *, limit: int) -> int:
    """Let go of old notices, read or not; how many. Work that waits still stands in the inbox."""
    return rows.delete_old(tx, _DELETE_OLD, before=before, limit=limit)
