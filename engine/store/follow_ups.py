"""What follows a result: one row an action, and what was written down about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, select, update

from engine.domain.people import EmployeeId
from engine.errors import Conflict, NotFound
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.handovers import Holding
from engine.store.sealing import Sealed
from engine.store.states import FollowUpState


@dataclass(frozen=True)
class FollowUpRow:
    """One action with who sees to it until when: a person, or a function while nobody took it on.

    `element_id` is the automatic step that asked for it; `failed` says of a plan that has ended
    whether it was not met, and is None of everything else.
    """

    id: str
    instance_id: str
    kind: str
    created_at: datetime
    owner_id: EmployeeId | None = None
    due_on: date | None = None
    state: str = FollowUpState.OPEN.value
    element_id: str | None = None
    function: str | None = None
    closed_at: datetime | None = None
    closed_by: EmployeeId | None = None
    failed: bool | None = None


@dataclass(frozen=True)
class EntryRow:
    """What somebody wrote down at one step; `file_sha256` is the proof that was attached."""

    id: str
    follow_up_id: str
    step: str
    written_by: EmployeeId
    at: datetime
    payload: bytes
    commitment: str
    file_sha256: str | None = None

    @property
    def sealed(self) -> Sealed:
        """The text as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)


@dataclass(frozen=True)
class DueRow:
    """An open action that is due soon or late, with the unit and the person that it is about."""

    id: str
    instance_id: str
    due_on: date
    owner_id: EmployeeId | None
    function: str | None
    unit_id: str


_follow_up, _entry, _instance = tables.follow_up, tables.follow_up_entry, tables.instance
_ALL = rows.selected(_follow_up, FollowUpRow)
_OF_INSTANCE = _ALL.where(_follow_up.c.instance_id == bindparam("instance_id")).order_by(
    _follow_up.c.created_at, _follow_up.c.id
)
_ONE = _ALL.where(_follow_up.c.id == bindparam("follow_up_id"))
_LOCKED = _ONE.with_for_update()
_DUE = (
    select(
        _follow_up.c.id,
        _follow_up.c.instance_id,
        _follow_up.c.due_on,
        _follow_up.c.owner_id,
        _follow_up.c.function,
        _instance.c.unit_id,
    )
    .join(
        _instance,
        and_(
            _instance.c.agency_id == _follow_up.c.agency_id,
            _instance.c.id == _follow_up.c.instance_id,
        ),
    )
    .where(
        rows.own(_follow_up),
        _follow_up.c.state == FollowUpState.OPEN.value,
        _follow_up.c.due_on >= bindparam("first"),
        _follow_up.c.due_on <= bindparam("last_day"),
    )
    .order_by(_follow_up.c.due_on, _follow_up.c.id)
)
_HELD = _ALL.where(
    _follow_up.c.owner_id == bindparam("employee_id"),
    _follow_up.c.state == FollowUpState.OPEN.value,
).order_by(_follow_up.c.instance_id, _follow_up.c.id)
_INSERT, _INSERT_ENTRY = rows.inserted(_follow_up), rows.inserted(_entry)
_OPEN = update(_follow_up).where(
    rows.own(_follow_up),
    _follow_up.c.id == bindparam("which"),
    _follow_up.c.state == FollowUpState.OPEN.value,
)
_ASSIGN = _OPEN.values(owner_id=bindparam("to"))
_PLACE = _OPEN.values(owner_id=bindparam("to"), function=bindparam("new_function"))
_CLOSE = _OPEN.values(
    state=bindparam("new_state"),
    closed_at=bindparam("now"),
    closed_by=bindparam("by"),
    failed=bindparam("has_failed"),
)
_ENTRIES = (
    rows.selected(_entry, EntryRow)
    .where(_entry.c.follow_up_id == bindparam("follow_up_id"))
    .order_by(_entry.c.at, _entry.c.id)
)


def add_many(tx: Transaction, follow_ups: Sequence[FollowUpRow]) -> None:
    """Record actions in one statement."""
    rows.add(tx, _INSERT, follow_ups)


def of_instance(tx: Transaction, instance_id: str) -> tuple[FollowUpRow, ...]:
    """The actions after an appraisal, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, FollowUpRow, {"instance_id": instance_id})


def held_by(tx: Transaction, employee_id: EmployeeId) -> tuple[FollowUpRow, ...]:
    """Open actions that a person sees to, by case."""
    return rows.fetch(tx, _HELD, FollowUpRow, {"employee_id": employee_id})


def get(tx: Transaction, follow_up_id: str) -> FollowUpRow:
    """One action. Raises NotFound."""
    values = {"follow_up_id": follow_up_id}
    return _found(rows.fetch_one(tx, _ONE, FollowUpRow, values), follow_up_id)


def lock(tx: Transaction, follow_up_id: str) -> FollowUpRow:
    """One action for this transaction alone to change. Raises NotFound."""
    values = {"follow_up_id": follow_up_id}
    return _found(rows.fetch_one(tx, _LOCKED, FollowUpRow, values), follow_up_id)


def _found(row: FollowUpRow | None, follow_up_id: str) -> FollowUpRow:
    if row is None:
        raise NotFound("follow-up", follow_up_id)
    return row


def assign(tx: Transaction, follow_up_id: str, to: EmployeeId) -> None:
    """Give an open action to a person. Raises Conflict when it is open no more."""
    _changed(rows.run(tx, _ASSIGN, {"which": follow_up_id, "to": to}), follow_up_id)


def place(tx: Transaction, follow_up_id: str, holding: Holding) -> None:
    """Give an open action to a person or a function. Raises Conflict when it is open no more."""
    values = {"which": follow_up_id, "to": holding.to, "new_function": holding.function}
    _changed(rows.run(tx, _PLACE, values), follow_up_id)


def close(tx: Transaction, row: FollowUpRow) -> None:
    """End an open action as the row says. Raises Conflict when it is open no more."""
    values = {
        "which": row.id, "new_state": row.state, "now": row.closed_at, "by": row.closed_by,
        "has_failed": row.failed,
    }  # fmt: skip
    _changed(rows.run(tx, _CLOSE, values), row.id)


def _changed(touched: int, follow_up_id: str) -> None:
    if touched != 1:
        raise Conflict(f"follow-up {follow_up_id} is open no more")


def write(tx: Transaction, entry: EntryRow) -> None:
    """Keep what somebody wrote down."""
    rows.add(tx, _INSERT_ENTRY, [entry])


def entries(tx: Transaction, follow_up_id: str) -> tuple[EntryRow, ...]:
    """What was written down about an action, the oldest first."""
    return rows.fetch(tx, _ENTRIES, EntryRow, {"follow_up_id": follow_up_id})


def due_between(tx: Transaction, first: date, last_day: date) -> tuple[DueRow, ...]:
    """Open actions that are due on these days, both included, the earliest first."""
    return rows.fetch(tx, _DUE, DueRow, {"first": first, "last_day": last_day})
