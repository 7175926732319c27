"""Messages that instances wait for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete

from engine.domain.process import AwaitedMessage, InstanceId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class AwaitedRow:
    """One awaited message."""

    instance_id: InstanceId
    task_id: str
    element_id: str
    name: str
    correlation: str | None


_awaited = tables.awaited_message
_ALL = rows.selected(_awaited, AwaitedRow)
_OF_INSTANCE = _ALL.where(_awaited.c.instance_id == bindparam("instance_id"))
_NAMED = _ALL.where(_awaited.c.name == bindparam("name")).order_by(_awaited.c.instance_id)
_CORRELATED = _NAMED.where(_awaited.c.correlation == bindparam("correlation"))
_INSERT = rows.inserted(_awaited)
_DELETE = delete(_awaited).where(
    rows.own(_awaited),
    _awaited.c.instance_id == bindparam("of_instance"),
    _awaited.c.task_id == bindparam("of_task"),
)


def of_instance(tx: Transaction, instance_id: str) -> tuple[AwaitedRow, ...]:
    """What an instance waits for."""
    return rows.fetch(tx, _OF_INSTANCE, AwaitedRow, {"instance_id": instance_id})


def waiting_for(
    tx: Transaction, name: str, *, correlation: str | None = None
) -> tuple[AwaitedRow, ...]:
    """Who waits for the message; with `correlation`, only those with the same."""
    if correlation is None:
        return rows.fetch(tx, _NAMED, AwaitedRow, {"name": name})
    return rows.fetch(tx, _CORRELATED, AwaitedRow, {"name": name, "correlation": correlation})


def add_many(tx: Transaction, new: Sequence[AwaitedRow]) -> None:
    """Record what new instances wait for."""
    rows.add(tx, _INSERT, new)


def replace(
    tx: Transaction,
    instance_id: InstanceId,
    awaited: Sequence[AwaitedMessage],
    *,
    known: Sequence[AwaitedMessage] | None = None,
) -> None:
    """Make the rows equal to `awaited`, touching only what differs.

    `known` is what was awaited before the step, where the caller has it; otherwise it is read.
    """
    found = of_instance(tx, instance_id) if known is None else known
    before = {message.task_id: message.correlation for message in found}
    after = {message.task_id: message.correlation for message in awaited}
    keys = {"own_agency": tx.agency_id, "of_instance": instance_id}
    gone = [task for task in before if task not in after or after[task] != before[task]]
    if gone:
        tx.connection.execute(_DELETE, [{**keys, "of_task": task} for task in gone])
    new = [
        AwaitedRow(
            instance_id, message.task_id, message.element_id, message.name, message.correlation
        )
        for message in awaited
        if message.task_id in gone or message.task_id not in before
    ]
    rows.add(tx, _INSERT, new)
