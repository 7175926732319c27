"""Extensions of deadlines: what was asked for, and what came of it for each work item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select, update

from engine.domain.people import EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


class ExtensionStatus(StrEnum):
    """Whether work is left."""

    RUNNING = "running"
    DONE = "done"


class Outcome(StrEnum):
    """What came of the extension of one work item."""

    EXTENDED = "extended"
    ALREADY_LATER = "already_later"
    CLOSED = "closed"
    OWN_CASE = "own_case"
    HELD = "held"


@dataclass(frozen=True)
class ExtensionRow:
    """One extension: a step of a cycle, of one unit or of one case, to a later instant."""

    id: str
    cycle_id: str
    element_id: str
    unit_id: UnitId | None
    instance_id: InstanceId | None
    due_at: datetime
    reason_sealed: bytes
    reason_key: str
    status: str
    total: int
    requested_by: EmployeeId
    requested_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class ExtensionResultRow:
    """The outcome for one work item."""

    extension_id: str
    item_id: str
    outcome: str
    old_due: datetime | None = None
    new_due: datetime | None = None


_extension, _result = tables.extension, tables.extension_result
_ALL = rows.selected(_extension, ExtensionRow)
_ONE = _ALL.where(_extension.c.id == bindparam("extension_id"))
_OF_CYCLE = _ALL.where(_extension.c.cycle_id == bindparam("cycle_id")).order_by(
    _extension.c.requested_at.desc(), _extension.c.id
)
_RUNNING = (
    select(_extension.c.id)
    .where(rows.own(_extension), _extension.c.status == ExtensionStatus.RUNNING.value)
    .order_by(_extension.c.requested_at, _extension.c.id)
)
_INSERT, _INSERT_RESULT = rows.inserted(_extension), rows.inserted(_result)
_FINISH = (
    update(_extension)
    .where(rows.own(_extension), _extension.c.id == bindparam("extension_id"))
    .values(status=ExtensionStatus.DONE.value, ended_at=bindparam("now"))
)
_RESULT = rows.selected(_result, ExtensionResultRow).where(
    _result.c.extension_id == bindparam("extension_id"), _result.c.item_id == bindparam("item_id")
)
_RESULTS = (
    rows.selected(_result, ExtensionResultRow)
    .where(_result.c.extension_id == bindparam("extension_id"))
    .order_by(_result.c.outcome.desc(), _result.c.item_id)
    .limit(bindparam("at_most"))
)
_COUNTS = (
    select(_result.c.outcome, func.count())
    .where(rows.own(_result), _result.c.extension_id == bindparam("extension_id"))
    .group_by(_result.c.outcome)
)


def add(tx: Transaction, extension: ExtensionRow) -> None:
    """Record an extension that was asked for."""
    rows.add(tx, _INSERT, [extension])


def get(tx: Transaction, extension_id: str) -> ExtensionRow:
    """One extension. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, ExtensionRow, {"extension_id": extension_id})
    if found is None:
        raise NotFound("extension", extension_id)
    return found


def of_cycle(tx: Transaction, cycle_id: str) -> tuple[ExtensionRow, ...]:
    """The extensions of a cycle, the latest first."""
    return rows.fetch(tx, _OF_CYCLE, ExtensionRow, {"cycle_id": cycle_id})


def running(tx: Transaction) -> tuple[str, ...]:
    """The ids of the extensions that have work left."""
    return rows.fetch_scalars(tx, _RUNNING)


def finish(tx: Transaction, extension_id: str, *, now: datetime) -> None:
    """Note that every item was looked at."""
    rows.run(tx, _FINISH, {"extension_id": extension_id, "now": now})


def has_result(tx: Transaction, extension_id: str, item_id: str) -> bool:
    """Whether the item was looked at already."""
    values = {"extension_id": extension_id, "item_id": item_id}
    return rows.fetch_one(tx, _RESULT, ExtensionResultRow, values) is not None


def add_results(tx: Transaction, results: Sequence[ExtensionResultRow]) -> None:
    """Note outcomes."""
    rows.add(tx, _INSERT_RESULT, results)


def results(tx: Transaction, extension_id: str, *, limit: int) -> tuple[ExtensionResultRow, ...]:
    """The first outcomes of an extension."""
    values = {"extension_id": extension_id, "at_most": limit}
    return rows.fetch(tx, _RESULTS, ExtensionResultRow, values)


def outcomes(tx: Transaction, extension_id: str) -> dict[Outcome, int]:
    """How many items came to which outcome."""
    values = {"own_agency": tx.agency_id, "extension_id": extension_id}
    return {Outcome(name): count for name, count in tx.connection.execute(_COUNTS, values)}
