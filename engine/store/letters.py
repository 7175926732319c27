"""What is on its way to people outside the product: one row a person, channel and moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, update

from engine.domain.notices import DeliveryStatus
from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import WorkItemState


@dataclass(frozen=True)
class LetterRow:
    """One letter; `slot` makes it the only one of its sort, so that planning twice plans once.

    `content` are the figures it says, as JSON: fixed at the first try, so that a letter that
    goes out again says the same. It covers what happened before `covers_until`.
    """

    id: str
    recipient_id: EmployeeId
    channel: str
    slot: str
    due_at: datetime
    at: datetime
    status: str = DeliveryStatus.QUEUED.value
    attempts: int = 0
    last_error: str | None = None
    content: str | None = None
    covers_until: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """How many tasks a person has, and how many of them are late."""

    open: int
    overdue: int


_letter, _item = tables.notice_delivery, tables.work_item
_OF_PERSON = rows.selected(_letter, LetterRow).where(
    _letter.c.recipient_id == bindparam("employee_id"), _letter.c.channel == bindparam("channel")
)
_ONE = _OF_PERSON.where(_letter.c.slot == bindparam("slot"))
_NEWEST = _OF_PERSON.order_by(_letter.c.at.desc(), _letter.c.id.desc()).limit(bindparam("at_most"))
_COVERED = select(func.max(_letter.c.covers_until)).where(
    rows.own(_letter),
    _letter.c.recipient_id == bindparam("employee_id"),
    _letter.c.channel == bindparam("channel"),
    _letter.c.status == DeliveryStatus.SENT.value,
)
_INSERT = rows.inserted_once(_letter)
_DELETE_OLD = rows.deleted_old(_letter, _letter.c.status != DeliveryStatus.QUEUED.value)
_CHANGEABLE = ("at", "status", "attempts", "last_error", "content", "covers_until")
_SAVE = (
    update(_letter)
    .where(rows.own(_letter), _letter.c.id == bindparam("letter_id"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGEABLE})
)
_WAITING = select(
    func.count(), func.coalesce(func.sum(case((_item.c.due_at <= bindparam("now"), 1), else_=0)), 0)
).where(
    rows.own(_item),
    _item.c.assignee_id == bindparam("employee_id"),
    _item.c.state == WorkItemState.OPEN.value,
)


def plan(tx: Transaction, letters: Iterable[LetterRow]) -> int:
    """Plan letters; how many were not planned before."""
    return rows.add_either(tx, _INSERT, letters)


def find(tx: Transaction, employee_id: EmployeeId, channel: str, slot: str) -> LetterRow | None:
    """The letter of a person on a channel for a moment."""
    values = {"employee_id": employee_id, "channel": channel, "slot": slot}
    return rows.fetch_one(tx, _ONE, LetterRow, values)


def newest(
    tx: Transaction, employee_id: EmployeeId, channel: str, *, limit: int
) -> tuple[LetterRow, ...]:
    """The last letters of a person on a channel."""
    values = {"employee_id": employee_id, "channel": channel, "at_most": limit}
    return rows.fetch(tx, _NEWEST, LetterRow, values)


def covered_until(tx: Transaction, employee_id: EmployeeId, channel: str) -> datetime | None:
    """Until when letters that went out have told a person everything; None before the first."""
    values = {"employee_id": employee_id, "channel": channel}
    found: datetime | None = rows.fetch_scalars(tx, _COVERED, values)[0]
    return found


def waiting(tx: Transaction, employee_id: EmployeeId, *, now: datetime) -> Waiting | None:
    """The tasks that a letter counts; None when no task waits."""
    found = rows.fetch_one(tx, _WAITING, Waiting, {"employee_id": employee_id, "now": now})
    return found if found and found.open else None


def save(tx: Transaction, letter: LetterRow) -> None:
    """Store how far a letter has come."""
    values = {f"new_{name}": getattr(letter, name) for name in _CHANGEABLE}
    rows.run(tx, _SAVE, {"letter_id": letter.id, **values})


def delete_before(tx: Transaction, before: datetime, *, limit: int) -> int:
    """Let go of old letters that are no more on their way; how many."""
    return rows.delete_old(tx, _DELETE_OLD, before=before, limit=limit)
