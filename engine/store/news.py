"""Rows that jobs read forwards, and how far each job has come.

An id begins with the instant at which it was made, so work and notices are read in the order of
their ids. What was made just before the mark is read again: its transaction may have ended later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, select

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.ids import id_before
from engine.store.states import WorkItemState

# No transaction of the product lasts longer.
OVERLAP = timedelta(minutes=5)


@dataclass(frozen=True)
class Watermark:
    """How far a job has read."""

    name: str
    mark: str


@dataclass(frozen=True)
class OpenedWork:
    """Open work with the persons, or the unit function, it was given or offered to."""

    id: str
    instance_id: str
    assignee_id: EmployeeId | None
    offered_to: EmployeeId | None
    function: str | None = None


@dataclass(frozen=True)
class WantedNotice:
    """A notice to a person who is reached on a channel."""

    id: str
    recipient_id: EmployeeId
    kind: str
    created_at: datetime
    channel: str


@dataclass(frozen=True)
class EventRow:
    """An audit event by its place in the trail."""

    chain_id: str
    n: int
    at: datetime
    actor_id: EmployeeId
    action: str
    body: str


_mark, _item, _notice = tables.watermark, tables.work_item, tables.notice
_contact, _event = tables.notice_contact, tables.audit_event
_MARK = select(_mark.c.mark).where(rows.own(_mark), _mark.c.name == bindparam("job"))
_PUT = rows.put(_mark)
_LAST_WORK = select(func.max(_item.c.id)).where(rows.own(_item))
_LAST_NOTICE = select(func.max(_notice.c.id)).where(rows.own(_notice))
_OPENED = (
    rows.selected(_item, OpenedWork)
    .where(
        _item.c.id > bindparam("mark"),
        _item.c.id <= bindparam("last_id"),
        _item.c.state == WorkItemState.OPEN.value,
    )
    .order_by(_item.c.id)
    .limit(bindparam("at_most"))
)
_WANTED = (
    select(
        _notice.c.id,
        _notice.c.recipient_id,
        _notice.c.kind,
        _notice.c.created_at,
        _contact.c.channel,
    )
    .join(
        _contact,
        and_(
            _contact.c.agency_id == _notice.c.agency_id,
            _contact.c.employee_id == _notice.c.recipient_id,
        ),
    )
    .where(
        rows.own(_notice),
        _notice.c.id > bindparam("mark"),
        _notice.c.id <= bindparam("last_id"),
        _notice.c.read_at.is_(None),
        _contact.c.verified_at.is_not(None),
        _contact.c.failure.is_(None),
    )
    .order_by(_notice.c.id, _contact.c.channel)
    .limit(bindparam("at_most"))
)
_instance = tables.instance
_IN_CONFIDENCE = select(_instance.c.id).where(rows.own(_instance), tables.IS_CONFIDENTIAL)
_EVENTS = (
    rows.selected(_event, EventRow)
    .where(
        _event.c.chain_id.not_in(_IN_CONFIDENCE),
        _event.c.at >= bindparam("since"),
        _event.c.at <= bindparam("until"),
        _event.c.action.in_(bindparam("actions", expanding=True)),
    )
    .order_by(_event.c.at, _event.c.chain_id, _event.c.n)
)


def mark(tx: Transaction, name: str) -> str:
    """How far the job has read; empty before its first run."""
    found = rows.fetch_scalars(tx, _MARK, {"job": name})
    return str(found[0]) if found else ""


def advance(tx: Transaction, name: str, mark: str) -> None:
    """Note how far the job has read."""
    rows.add_either(tx, _PUT, [Watermark(name, mark)])


def start_of(mark: str) -> str:
    """Where to read on from: a little before the mark."""
    return id_before(mark, OVERLAP) if mark else ""


def last_work(tx: Transaction) -> str:
    """The id of the newest work item; empty when there is none."""
    return rows.fetch_scalars(tx, _LAST_WORK)[0] or ""


def last_notice(tx: Transaction) -> str:
    """The id of the newest notice; empty when there is none."""
    return rows.fetch_scalars(tx, _LAST_NOTICE)[0] or ""


def opened_work(tx: Transaction, mark: str, last_id: str, *, limit: int) -> tuple[OpenedWork, ...]:
    """Open work with an id above `mark`, up to `last_id`."""
    values = {"mark": mark, "last_id": last_id, "at_most": limit}
    return rows.fetch(tx, _OPENED, OpenedWork, values)


def wanted_notices(
    tx: Transaction, mark: str, last_id: str, *, limit: int
) -> tuple[WantedNotice, ...]:
    """Unread notices of people who are reached outside, above `mark` and up to `last_id`."""
    values = {"mark": mark, "last_id": last_id, "at_most": limit}
    return rows.fetch(tx, _WANTED, WantedNotice, values)


def events_between(
    tx: Transaction, since: datetime, until: datetime, actions: tuple[str, ...]
) -> tuple[EventRow, ...]:
    """The audit events of these actions from `since` to `until`, in order of their instants.

    Of what is confidential nobody is told.
    """
    values = {
        "own_agency": tx.agency_id, "since": since, "until": until, "actions": list(actions)
    }  # fmt: skip
    return tuple(EventRow(*row) for row in tx.connection.execute(_EVENTS, values))
