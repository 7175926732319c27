"""How cycles were closed, and what is to happen to their unfinished cases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


class Handling(StrEnum):
    """What happens to unfinished cases: they go on to their end, or those without result end."""

    GO_ON = "go_on"
    CANCEL = "cancel"


class ClosingStatus(StrEnum):
    """Whether cases are left to be cancelled."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class ClosingRow:
    """One closing of a cycle; the reason is sealed under `reason_key`."""

    id: str
    cycle_id: str
    handling: str
    reason_sealed: bytes
    reason_key: str
    status: str
    closed_by: EmployeeId
    closed_at: datetime
    reopened_by: EmployeeId | None = None
    reopened_at: datetime | None = None


_closing = tables.cycle_closing
_ALL = rows.selected(_closing, ClosingRow)
_ONE = _ALL.where(_closing.c.id == bindparam("closing_id"))
_OF_CYCLE = _ALL.where(_closing.c.cycle_id == bindparam("cycle_id")).order_by(
    _closing.c.closed_at.desc(), _closing.c.id.desc()
)
_RUNNING = (
    select(_closing.c.id)
    .where(rows.own(_closing), _closing.c.status == ClosingStatus.RUNNING.value)
    .order_by(_closing.c.closed_at, _closing.c.id)
)
_INSERT = rows.inserted(_closing)
_CHANGE = update(_closing).where(rows.own(_closing), _closing.c.id == bindparam("closing_id"))
_FINISH = _CHANGE.values(status=ClosingStatus.DONE.value)
_REOPEN = _CHANGE.values(
    status=ClosingStatus.DONE.value, reopened_by=bindparam("by"), reopened_at=bindparam("now")
)


def add(tx: Transaction, closing: ClosingRow) -> None:
    """Record that a cycle was closed."""
    rows.add(tx, _INSERT, [closing])


def get(tx: Transaction, closing_id: str) -> ClosingRow:
    """One closing. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, ClosingRow, {"closing_id": closing_id})
    if found is None:
        raise NotFound("closing", closing_id)
    return found


def of_cycle(tx: Transaction, cycle_id: str) -> tuple[ClosingRow, ...]:
    """The closings of a cycle, the latest first."""
    return rows.fetch(tx, _OF_CYCLE, ClosingRow, {"cycle_id": cycle_id})


def running(tx: Transaction) -> tuple[str, ...]:
    """The ids of closings that have cases left to cancel."""
    return rows.fetch_scalars(tx, _RUNNING)


def finish(tx: Transaction, closing_id: str) -> None:
    """Note that nothing is left to cancel."""
    rows.run(tx, _FINISH, {"closing_id": closing_id})


def reopen(tx: Transaction, closing_id: str, *, by: EmployeeId, now: datetime) -> None:
    """Note who opened the cycle again."""
    rows.run(tx, _REOPEN, {"closing_id": closing_id, "by": by, "now": now})
