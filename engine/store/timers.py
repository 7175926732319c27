"""Timers of waiting instances, kept in step with the engine and leased to background work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, update

from engine.domain.process import InstanceId, WaitingTimer
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class TimerRow:
    """One waiting timer."""

    instance_id: InstanceId
    task_id: str
    element_id: str
    due_at: datetime
    lease_until: datetime | None = None


_timer = tables.timer
_ALL = rows.selected(_timer, TimerRow)
_OF_INSTANCE = _ALL.where(_timer.c.instance_id == bindparam("instance_id")).order_by(
    _timer.c.due_at, _timer.c.task_id
)
_INSERT = rows.inserted(_timer)
_DELETE = delete(_timer).where(
    rows.own(_timer),
    _timer.c.instance_id == bindparam("of_instance"),
    _timer.c.task_id == bindparam("of_task"),
)
_FREE = or_(_timer.c.lease_until.is_(None), _timer.c.lease_until <= bindparam("now"))
_DUE = (
    _ALL.where(_timer.c.due_at <= bindparam("now"), _FREE)
    .order_by(_timer.c.due_at, _timer.c.instance_id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(_timer)
    .where(
        rows.own(_timer),
        _timer.c.instance_id == bindparam("of_instance"),
        _timer.c.task_id == bindparam("of_task"),
    )
    .values(lease_until=bindparam("until"))
)


def of_instance(tx: Transaction, instance_id: str) -> tuple[TimerRow, ...]:
    """The timers of an instance, the earliest first."""
    return rows.fetch(tx, _OF_INSTANCE, TimerRow, {"instance_id": instance_id})


def add_many(tx: Transaction, new: Sequence[TimerRow]) -> None:
    """Record the timers of new instances."""
    rows.add(tx, _INSERT, new)


def replace(
    tx: Transaction,
    instance_id: InstanceId,
    timers: Sequence[WaitingTimer],
    *,
    known: Sequence[WaitingTimer] | None = None,
) -> None:
    """Make the rows equal to `timers`, touching only what differs.

    `known` are the timers before the step, where the caller has them; otherwise they are read.
    """
    before = _by_task(of_instance(tx, instance_id) if known is None else known)
    after = _by_task(timers)
    gone = [task for task, due in before.items() if after.get(task) != due]
    keys = {"own_agency": tx.agency_id, "of_instance": instance_id}
    if gone:
        tx.connection.execute(_DELETE, [{**keys, "of_task": task} for task in gone])
    new = [timer for timer in timers if before.get(timer.task_id) != timer.due_at]
    rows.add(
        tx,
        _INSERT,
        [TimerRow(instance_id, timer.task_id, timer.element_id, timer.due_at) for timer in new],
    )


def _by_task(timers: Sequence[WaitingTimer | TimerRow]) -> Mapping[str, datetime]:
    return {timer.task_id: timer.due_at for timer in timers}


def lease_due(
    tx: Transaction, *, until: datetime, limit: int, now: datetime
) -> tuple[TimerRow, ...]:
    """Due timers that nobody else works on, leased until `until`; the earliest first."""
    due = rows.fetch(tx, _DUE, TimerRow, {"now": now, "at_most": limit})
    keys = {"own_agency": tx.agency_id, "until": until}
    leases = [{**keys, "of_instance": row.instance_id, "of_task": row.task_id} for row in due]
    if leases:
        tx.connection.execute(_LEASE, leases)
    return due
