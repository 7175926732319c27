"""Launches of cycles: how far each has come, and who could not be started with the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, delete, func, select, update

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


class LaunchStatus(StrEnum):
    """Where a launch stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class PersonState(StrEnum):
    """Why a person was passed over: for a start of his own, or because he cannot start."""

    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True)
class LaunchRow:
    """One launch; `cursor` is the last person that was looked at."""

    id: str
    cycle_id: str
    filters: str
    status: str
    cursor: str
    total: int
    looked: int
    started: int
    requested_by: EmployeeId
    requested_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class LaunchPersonRow:
    """Somebody whom a launch passed over."""

    launch_id: str
    employee_id: EmployeeId
    state: str
    code: str | None = None


_launch, _person = tables.launch, tables.launch_person
_ALL = rows.selected(_launch, LaunchRow)
_ONE = _ALL.where(_launch.c.id == bindparam("launch_id"))
_LOCKED = _ONE.where(_launch.c.status == LaunchStatus.RUNNING.value).with_for_update(
    skip_locked=True
)
_OF_CYCLE = _ALL.where(_launch.c.cycle_id == bindparam("cycle_id")).order_by(
    _launch.c.requested_at.desc(), _launch.c.id.desc()
)
_RUNNING = (
    select(_launch.c.id)
    .where(rows.own(_launch), _launch.c.status == LaunchStatus.RUNNING.value)
    .order_by(_launch.c.requested_at, _launch.c.id)
)
_INSERT, _INSERT_PERSON = rows.inserted(_launch), rows.inserted(_person)
_ADVANCE = (
    update(_launch)
    .where(rows.own(_launch), _launch.c.id == bindparam("launch_id"))
    .values(
        cursor=bindparam("new_cursor"),
        looked=_launch.c.looked + bindparam("more_looked"),
        started=_launch.c.started + bindparam("more_started"),
    )
)
_STATUS = (
    update(_launch)
    .where(rows.own(_launch), _launch.c.id == bindparam("launch_id"))
    .values(status=bindparam("new_status"), ended_at=bindparam("ended"))
)
_WAITING = (
    select(_person.c.employee_id)
    .where(
        rows.own(_person),
        _person.c.launch_id == bindparam("launch_id"),
        _person.c.state == PersonState.WAITING.value,
    )
    .order_by(_person.c.employee_id)
    .limit(bindparam("at_most"))
)
_DELETE_PERSON = delete(_person).where(
    rows.own(_person),
    _person.c.launch_id == bindparam("launch_id"),
    _person.c.employee_id == bindparam("employee_id"),
)
_REFUSED = (
    rows.selected(_person, LaunchPersonRow)
    .where(
        _person.c.launch_id == bindparam("launch_id"),
        _person.c.state == PersonState.REFUSED.value,
    )
    .order_by(_person.c.code, _person.c.employee_id)
    .limit(bindparam("at_most"))
)
_COUNTS = (
    select(_person.c.state, func.count())
    .where(rows.own(_person), _person.c.launch_id == bindparam("launch_id"))
    .group_by(_person.c.state)
)


def add(tx: Transaction, launch: LaunchRow) -> None:
    """Record a launch that was asked for."""
    rows.add(tx, _INSERT, [launch])


def get(tx: Transaction, launch_id: str) -> LaunchRow:
    """One launch. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, LaunchRow, {"launch_id": launch_id})
    if found is None:
        raise NotFound("launch", launch_id)
    return found


def take(tx: Transaction, launch_id: str) -> LaunchRow | None:
    """A running launch, locked; None when somebody else works on it or it runs no more."""
    return rows.fetch_one(tx, _LOCKED, LaunchRow, {"launch_id": launch_id})


def of_cycle(tx: Transaction, cycle_id: str) -> tuple[LaunchRow, ...]:
    """The launches of a cycle, the latest first."""
    return rows.fetch(tx, _OF_CYCLE, LaunchRow, {"cycle_id": cycle_id})


def running(tx: Transaction) -> tuple[str, ...]:
    """The ids of the launches that have work left."""
    return rows.fetch_scalars(tx, _RUNNING)


def advance(
    tx: Transaction, launch_id: str, *, cursor: str, looked: int = 0, started: int = 0
) -> None:
    """Note whom the launch has passed and how many more were started."""
    values = {
        "launch_id": launch_id,
        "new_cursor": cursor,
        "more_looked": looked,
        "more_started": started,
    }
    rows.run(tx, _ADVANCE, values)


def set_status(
    tx: Transaction, launch_id: str, status: LaunchStatus, *, ended_at: datetime | None
) -> None:
    """Stop, continue or finish a launch. Raises NotFound."""
    values = {"launch_id": launch_id, "new_status": status.value, "ended": ended_at}
    if rows.run(tx, _STATUS, values) != 1:
        raise NotFound("launch", launch_id)


def pass_over(tx: Transaction, people: Sequence[LaunchPersonRow]) -> None:
    """Note people who were not started with the others; what was noted before is replaced."""
    keys = ({"launch_id": p.launch_id, "employee_id": p.employee_id} for p in people)
    rows.run_many(tx, _DELETE_PERSON, keys)
    rows.add(tx, _INSERT_PERSON, people)


def leave_waiting(tx: Transaction, launch_id: str, employee_id: EmployeeId) -> bool:
    """Strike a person from those passed over; False when he was none of them."""
    return rows.run(tx, _DELETE_PERSON, {"launch_id": launch_id, "employee_id": employee_id}) == 1


def waiting(tx: Transaction, launch_id: str, *, limit: int) -> tuple[EmployeeId, ...]:
    """Who waits for a start of his own."""
    return rows.fetch_scalars(tx, _WAITING, {"launch_id": launch_id, "at_most": limit})


def refused(tx: Transaction, launch_id: str, *, limit: int) -> tuple[LaunchPersonRow, ...]:
    """Who could not be started, by reason."""
    values = {"launch_id": launch_id, "at_most": limit}
    return rows.fetch(tx, _REFUSED, LaunchPersonRow, values)


def passed_over(tx: Transaction, launch_id: str) -> dict[PersonState, int]:
    """How many people were passed over, by why."""
    values = {"own_agency": tx.agency_id, "launch_id": launch_id}
    return {PersonState(state): n for state, n in tx.connection.execute(_COUNTS, values)}
