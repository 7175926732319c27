"""Transfers of people: planned together, confirmed, carried out one by one on their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, func, select, update

from engine.domain.people import EmployeeId, UnitId
from engine.domain.transfers import TransferState
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class BatchRow:
    """Transfers that were planned together; nothing happens before they are confirmed."""

    id: str
    planned_by: EmployeeId
    planned_at: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class PendingRow:
    """A batch that nobody has confirmed: for how many people, and the first day that counts."""

    id: str
    planned_by: EmployeeId
    planned_at: datetime
    people: int
    first_day: date


@dataclass(frozen=True)
class TransferRow:
    """One person's transfer; `moved` counts what went to others, `n` is its place in the batch."""

    id: str
    batch_id: str
    n: int
    employee_id: EmployeeId
    kind: str
    effective_on: date
    unit_id: UnitId | None = None
    title: str | None = None
    state: str = TransferState.PLANNED.value
    refusal: str | None = None
    moved: int = 0
    done_at: datetime | None = None


_batch, _transfer = tables.transfer_batch, tables.transfer
_BATCH = rows.selected(_batch, BatchRow).where(_batch.c.id == bindparam("batch_id"))
_BATCHES = (
    rows.selected(_batch, BatchRow)
    .where(_batch.c.confirmed_at.is_not(None))
    .order_by(_batch.c.planned_at.desc())
    .limit(bindparam("at_most"))
)
_PENDING = (
    select(
        _batch.c.id,
        _batch.c.planned_by,
        _batch.c.planned_at,
        func.count().label("people"),
        func.min(_transfer.c.effective_on).label("first_day"),
    )
    .join(
        _transfer,
        and_(_transfer.c.agency_id == _batch.c.agency_id, _transfer.c.batch_id == _batch.c.id),
    )
    .where(rows.own(_batch), _batch.c.confirmed_at.is_(None))
    .group_by(_batch.c.id, _batch.c.planned_by, _batch.c.planned_at)
    .order_by(_batch.c.planned_at.desc(), _batch.c.id.desc())
)
_ALL = rows.selected(_transfer, TransferRow)
_ONE = _ALL.where(_transfer.c.id == bindparam("transfer_id"))
_LOCKED = _ONE.with_for_update()
_OF_BATCH = _ALL.where(_transfer.c.batch_id == bindparam("batch_id")).order_by(_transfer.c.n)
_DUE = (
    select(_transfer.c.id)
    .where(
        rows.own(_transfer),
        _transfer.c.state == TransferState.WAITING.value,
        _transfer.c.effective_on <= bindparam("day"),
    )
    .order_by(_transfer.c.effective_on, _transfer.c.id)
    .limit(bindparam("at_most"))
)
_INSERT_BATCH, _INSERT = rows.inserted(_batch), rows.inserted(_transfer)
_CONFIRM = (
    update(_batch)
    .where(rows.own(_batch), _batch.c.id == bindparam("of_batch"), _batch.c.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("now"))
)
_WAIT = (
    update(_transfer)
    .where(
        rows.own(_transfer),
        _transfer.c.batch_id == bindparam("of_batch"),
        _transfer.c.state == TransferState.PLANNED.value,
    )
    .values(state=TransferState.WAITING.value)
)
_END = (
    update(_transfer)
    .where(rows.own(_transfer), _transfer.c.id == bindparam("of_transfer"))
    .values(
        state=bindparam("new_state"),
        refusal=bindparam("why"),
        moved=bindparam("count"),
        done_at=bindparam("now"),
    )
)
_UNCONFIRMED = select(_batch.c.id).where(
    rows.own(_batch), _batch.c.confirmed_at.is_(None), _batch.c.id == bindparam("of_batch")
)
_DROP_TRANSFERS = delete(_transfer).where(
    rows.own(_transfer), _transfer.c.batch_id.in_(_UNCONFIRMED)
)
_DROP = delete(_batch).where(
    rows.own(_batch), _batch.c.confirmed_at.is_(None), _batch.c.id == bindparam("of_batch")
)
_OLD = select(_batch.c.id).where(
    rows.own(_batch), _batch.c.confirmed_at.is_(None), _batch.c.planned_at < bindparam("before")
)
_FORGET_TRANSFERS = delete(_transfer).where(rows.own(_transfer), _transfer.c.batch_id.in_(_OLD))
_FORGET = delete(_batch).where(rows.own(_batch), _batch.c.id.in_(_OLD))


def plan(tx: Transaction, batch: BatchRow, planned: Sequence[TransferRow]) -> None:
    """Record a batch with its transfers."""
    rows.add(tx, _INSERT_BATCH, [batch])
    rows.add(tx, _INSERT, planned)


def batch(tx: Transaction, batch_id: str) -> BatchRow:
    """One batch. Raises NotFound."""
    found = rows.fetch_one(tx, _BATCH, BatchRow, {"batch_id": batch_id})
    if found is None:
        raise NotFound("transfer batch", batch_id)
    return found


def confirmed(tx: Transaction, *, limit: int = 20) -> tuple[BatchRow, ...]:
    """The batches that were confirmed, the newest first."""
    return rows.fetch(tx, _BATCHES, BatchRow, {"at_most": limit})


def pending(tx: Transaction) -> tuple[PendingRow, ...]:
    """The batches that nobody has confirmed yet, the newest first."""
    return rows.fetch(tx, _PENDING, PendingRow)


def drop(tx: Transaction, batch_id: str) -> bool:
    """Forget a batch that is not confirmed; false when it is, or is not there."""
    rows.run(tx, _DROP_TRANSFERS, {"of_batch": batch_id})
    return rows.run(tx, _DROP, {"of_batch": batch_id}) == 1


def of_batch(tx: Transaction, batch_id: str) -> tuple[TransferRow, ...]:
    """The transfers of a batch in order."""
    return rows.fetch(tx, _OF_BATCH, TransferRow, {"batch_id": batch_id})


def locked(tx: Transaction, transfer_id: str) -> TransferRow:
    """One transfer, locked until the transaction ends. Raises NotFound."""
    found = rows.fetch_one(tx, _LOCKED, TransferRow, {"transfer_id": transfer_id})
    if found is None:
        raise NotFound("transfer", transfer_id)
    return found


def due(tx: Transaction, on: date, *, limit: int) -> tuple[str, ...]:
    """The confirmed transfers whose day has come, the earliest first."""
    return rows.fetch_scalars(tx, _DUE, {"day": on, "at_most": limit})


def confirm(tx: Transaction, batch_id: str, *, now: datetime) -> bool:
    """Let a batch happen; false when it was confirmed already."""
    if rows.run(tx, _CONFIRM, {"of_batch": batch_id, "now": now}) != 1:
        return False
    rows.run(tx, _WAIT, {"of_batch": batch_id})
    return True


def finish(tx: Transaction, transfer_id: str, *, moved: int, now: datetime) -> None:
    """Note that a transfer was carried out and how much went to others."""
    state = TransferState.DONE.value
    values = {"of_transfer": transfer_id, "new_state": state, "why": None, "count": moved}
    rows.run(tx, _END, {**values, "now": now})


def refuse(tx: Transaction, transfer_id: str, *, reason: str, now: datetime) -> None:
    """Note why a transfer was not carried out."""
    state = TransferState.REFUSED.value
    values = {"of_transfer": transfer_id, "new_state": state, "why": reason, "count": 0}
    rows.run(tx, _END, {**values, "now": now})


def forget_unconfirmed(tx: Transaction, *, before: datetime) -> int:
    """Drop what was planned before the instant and never confirmed; how many batches."""
    rows.run(tx, _FORGET_TRANSFERS, {"before": before})
    return rows.run(tx, _FORGET, {"before": before})
