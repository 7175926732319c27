"""Running instances: loaded under a lock, saved under a version check."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select, update

from engine.domain.audit import ChainHead
from engine.domain.beside import MAIN
from engine.domain.people import EmployeeId, UnitId
from engine.domain.process import DefinitionId, InstanceId
from engine.errors import Conflict, NotFound, StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.sealing import SealingKey
from engine.store.states import InstanceStatus
from engine.store.work_items import WorkItemRow


@dataclass(frozen=True)
class InstanceRow:
    """One instance of a process for one employee in one cycle.

    `turn` is which run beside the appraisal it is, and empty for the appraisal itself; `readers`
    are unit functions, parted by commas, that may read it once it is over.
    """

    id: InstanceId
    definition_id: DefinitionId
    process_id: str
    cycle_id: str
    subject_id: EmployeeId
    unit_id: UnitId
    sealing_key_id: str
    started_at: datetime
    audit_head: str
    audit_count: int
    status: str = InstanceStatus.RUNNING.value
    version: int = 1
    ended_at: datetime | None = None
    turn: str = MAIN
    confidential: bool = False
    readers: str = ""

    @property
    def is_main(self) -> bool:
        """Whether it is the appraisal itself."""
        return self.turn == MAIN

    @property
    def chain(self) -> ChainHead:
        """The end of the instance's audit chain."""
        return ChainHead(self.id, self.audit_head, self.audit_count)


@dataclass(frozen=True)
class _State:
    instance_id: InstanceId
    version: int
    blob: bytes


@dataclass(frozen=True)
class LoadedInstance:
    """An instance locked for a step; `blob` is its state, sealed under `key`."""

    row: InstanceRow
    key: SealingKey
    blob: bytes


@dataclass(frozen=True)
class LoadedStep:
    """A work item with its locked instance."""

    item: WorkItemRow
    instance: LoadedInstance


_instance, _state, _item = tables.instance, tables.instance_state, tables.work_item
_INSTANCE, _KEY = len(fields(InstanceRow)), len(fields(SealingKey))
_ALL = rows.selected(_instance, InstanceRow)
_ONE = _ALL.where(_instance.c.id == bindparam("id"))
_CASE = _ALL.where(
    _instance.c.cycle_id == bindparam("cycle_id"),
    _instance.c.subject_id == bindparam("subject_id"),
    _instance.c.process_id == bindparam("process_id"),
    tables.IS_MAIN,
)
_INSERT, _INSERT_STATE = rows.inserted(_instance), rows.inserted(_state)


def _columns(table: Any, record: type[Any]) -> list[Any]:
    return [table.c[field.name].label(f"{table.name}_{field.name}") for field in fields(record)]


def _loading(*more: Any) -> Select[Any]:
    """Instance, key and state together."""
    key = tables.sealing_key
    columns = [*_columns(_instance, InstanceRow), *_columns(key, SealingKey), _state.c.blob]
    return (
        select(*columns, *more)
        .join(
            _state,
            and_(
                _state.c.agency_id == _instance.c.agency_id, _state.c.instance_id == _instance.c.id
            ),
        )
        .join(
            key,
            and_(key.c.agency_id == _instance.c.agency_id, key.c.id == _instance.c.sealing_key_id),
        )
        .where(rows.own(_instance))
    )


# All three rows are locked, the instance first: PostgreSQL re-reads after waiting only what it
# locks, so an unlocked state would be older than its instance.
_LOAD = _loading().where(_instance.c.id == bindparam("id"))
_LOAD_LOCKED = _LOAD.with_for_update(of=[_instance, _state])
_LOAD_STEP = (
    _loading(*_columns(_item, WorkItemRow))
    .join(
        _item,
        and_(_item.c.agency_id == _instance.c.agency_id, _item.c.instance_id == _instance.c.id),
    )
    .where(_item.c.id == bindparam("id"))
)
_LOAD_STEP_LOCKED = _LOAD_STEP.with_for_update(of=[_instance, _state, _item])
_SAVE = (
    update(_instance)
    .where(
        rows.own(_instance),
        _instance.c.id == bindparam("instance_id"),
        _instance.c.version == bindparam("expected"),
    )
    .values(
        version=bindparam("expected") + 1,
        audit_head=bindparam("head"),
        audit_count=bindparam("count"),
    )
)
# Apart, because writing a column renews its indexes, and few steps change the status.
_SAVE_WITH_STATUS = _SAVE.values(status=bindparam("new_status"), ended_at=bindparam("ended"))
_SAVE_STATE = (
    update(_state)
    .where(rows.own(_state), _state.c.instance_id == bindparam("of_instance"))
    .values(
        version=bindparam("new_version"),
        blob=bindparam("new_blob"),
        # The database copies it from the row itself: a step can be taken back while it is the last.
        previous_blob=_state.c.blob,
    )
)
_PREVIOUS = select(_state.c.previous_blob).where(
    rows.own(_state), _state.c.instance_id == bindparam("instance_id")
)
_HEAD = (
    update(_instance)
    .where(
        rows.own(_instance),
        _instance.c.id == bindparam("instance_id"),
        _instance.c.audit_count == bindparam("known_count"),
    )
    .values(audit_head=bindparam("head"), audit_count=bindparam("count"))
)


def add(tx: Transaction, instance: InstanceRow, *, blob: bytes) -> None:
    """Record a new instance with its sealed state. Raises Conflict when the case exists."""
    known = Conflict(f"a case of {instance.subject_id} exists in this cycle")
    rows.add_new(tx, _INSERT, [instance], known=known)
    rows.add(tx, _INSERT_STATE, [_State(instance.id, instance.version, blob)])


def add_started(tx: Transaction, started: Sequence[tuple[InstanceRow, bytes]]) -> None:
    """Record cases after their start, each with its sealed state.

    Raises Conflict when one of the cases exists.
    """
    known = Conflict("one of these cases exists in this cycle")
    rows.add_new(tx, _INSERT, [row for row, _ in started], known=known)
    rows.add(tx, _INSERT_STATE, [_State(row.id, row.version, blob) for row, blob in started])


def get(tx: Transaction, instance_id: str) -> InstanceRow:
    """One instance without its state. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, InstanceRow, {"id": instance_id})
    if found is None:
        raise NotFound("instance", instance_id)
    return found


def find_case(
    tx: Transaction, *, cycle_id: str, subject_id: EmployeeId, process_id: str
) -> InstanceRow | None:
    """The instance of a process for an employee in a cycle."""
    values = {"cycle_id": cycle_id, "subject_id": subject_id, "process_id": process_id}
    return rows.fetch_one(tx, _CASE, InstanceRow, values)


def load(tx: Transaction, instance_id: str) -> LoadedInstance:
    """The instance, locked for a step in a writing transaction. Raises NotFound."""
    return _loaded(_row(tx, _LOAD_LOCKED, "instance", instance_id))


def load_for_step(tx: Transaction, item_id: str) -> LoadedStep:
    """A work item with its instance in one statement, locked for a step. Raises NotFound."""
    row = _row(tx, _LOAD_STEP_LOCKED, "work item", item_id)
    return LoadedStep(WorkItemRow(*row[_INSTANCE + _KEY + 1 :]), _loaded(row))


def read(tx: Transaction, instance_id: str) -> LoadedInstance:
    """The instance with its state, for pages: takes no lock. Raises NotFound."""
    return _loaded(_row(tx, _LOAD, "instance", instance_id))


def read_with_item(tx: Transaction, item_id: str) -> LoadedStep:
    """A work item with its instance, for pages: takes no lock. Raises NotFound."""
    row = _row(tx, _LOAD_STEP, "work item", item_id)
    return LoadedStep(WorkItemRow(*row[_INSTANCE + _KEY + 1 :]), _loaded(row))


def _row(tx: Transaction, statement: Any, noun: str, identifier: str) -> Sequence[Any]:
    row = rows.fetch_row(tx, statement, {"id": identifier})
    if row is None:
        raise NotFound(noun, identifier)
    return row


def _loaded(row: Sequence[Any]) -> LoadedInstance:
    end = _INSTANCE + _KEY
    return LoadedInstance(InstanceRow(*row[:_INSTANCE]), SealingKey(*row[_INSTANCE:end]), row[end])


def save_step(
    tx: Transaction,
    instance: InstanceRow,
    *,
    chain: ChainHead,
    status: InstanceStatus,
    blob: bytes | None,
    now: datetime,
) -> None:
    """Write what a step changed; `blob` None keeps the last good state.

    Raises StaleVersion when another step was saved since `instance` was loaded.
    """
    values: dict[str, object] = {
        "instance_id": instance.id,
        "expected": instance.version,
        "head": chain.head,
        "count": chain.count,
    }
    statement = _SAVE
    if status != instance.status:
        statement = _SAVE_WITH_STATUS
        values |= {"new_status": status.value, "ended": now if status.ended else None}
    if rows.run(tx, statement, values) != 1:
        actual = get(tx, instance.id).version
        raise StaleVersion("instance", instance.id, expected=instance.version, actual=actual)
    if blob is not None:
        state = {"of_instance": instance.id, "new_version": instance.version + 1, "new_blob": blob}
        rows.run(tx, _SAVE_STATE, state)


def previous_blob(tx: Transaction, instance_id: str) -> bytes | None:
    """The sealed state before the last step, None when no step was made yet."""
    found = rows.fetch_scalars(tx, _PREVIOUS, {"instance_id": instance_id})
    return found[0] if found else None


def save_head(tx: Transaction, known: ChainHead, chain: ChainHead) -> None:
    """Write the new end of an instance's chain when nothing else of it changed.

    Raises StaleVersion when the chain grew since `known` was read.
    """
    values = {
        "instance_id": known.chain_id,
        "known_count": known.count,
        "head": chain.head,
        "count": chain.count,
    }
    if rows.run(tx, _HEAD, values) != 1:
        actual = get(tx, InstanceId(known.chain_id)).audit_count
        raise StaleVersion("chain", known.chain_id, expected=known.count, actual=actual)
