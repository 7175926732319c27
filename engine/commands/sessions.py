"""Opening and closing sessions; each leaves its event in the person's chain of the day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.account_trail import note
from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.errors import NotFound
from engine.store import people, sessions
from engine.store.database import Transaction
from engine.store.sessions import SessionRow, Stage, Way

# A session is marked as used at most this often: reading a page should not write.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Stay:
    """How long a session lasts: `longest` in all, `idle` without being used."""

    longest: timedelta
    idle: timedelta


@dataclass(frozen=True)
class Door:
    """Where somebody comes in: the hash of his new token, his address and device, how long."""

    token_hash: str
    address: str
    device: str
    language: str
    stay: Stay


def open_session(
    desk: Desk,
    agency_id: AgencyId,
    *,
    employee_id: EmployeeId,
    token_hash: str,
    language: str,
    hours: int,
    now: datetime,
) -> None:
    """Let a person in for `hours`; only the hash of the token is kept. Raises NotFound."""
    stay = Stay(timedelta(hours=hours), timedelta(hours=hours))
    with desk.store.transaction(agency_id) as tx:
        people.employee(tx, employee_id)
        door = Door(token_hash, "", "", language, stay)
        enter(desk, tx, employee_id, door, way=Way.SEAT, now=now)


def enter(
    desk: Desk,
    tx: Transaction,
    employee_id: EmployeeId,
    door: Door,
    *,
    way: Way = Way.PASSWORD,
    now: datetime,
) -> None:
    """Open a whole session in this transaction."""
    sessions.delete_expired(tx, now=now)
    sessions.add(tx, session_row(tx, employee_id, door, stage=Stage.FULL, way=way, now=now))
    note(desk, tx, employee_id, Action.SESSION_OPENED, now=now, kind=way.value)


def session_row(
    tx: Transaction,
    employee_id: EmployeeId,
    door: Door,
    *,
    stage: Stage,
    way: Way = Way.PASSWORD,
    now: datetime,
) -> SessionRow:
    """The session that somebody gets at a door."""
    return SessionRow(
        door.token_hash,
        tx.agency_id,
        employee_id,
        created_at=now,
        seen_at=now,
        idle_until=now + door.stay.idle,
        expires_at=now + door.stay.longest,
        language=door.language,
        stage=stage.value,
        device=door.device,
        way=way.value,
    )


def see_session(
    desk: Desk, actor: Actor, *, token_hash: str, idle: timedelta, now: datetime
) -> None:
    """Note that a session is in use; not a fact about any case, so no event."""
    with desk.store.transaction(actor.agency_id) as tx:
        sessions.see(tx, token_hash, now=now, until=now + idle)


def close_session(desk: Desk, actor: Actor, *, token_hash: str, now: datetime) -> None:
    """End a session."""
    with desk.store.transaction(actor.agency_id) as tx:
        sessions.end(tx, token_hash)
        note(desk, tx, actor.employee_id, Action.SESSION_CLOSED, now=now)


def close_own_session(desk: Desk, actor: Actor, *, session_id: str, now: datetime) -> None:
    """End one of the actor's sessions by the beginning of its hash. Raises NotFound."""
    with desk.store.transaction(actor.agency_id) as tx:
        own = sessions.of_employee(tx, actor.employee_id, now=now)
        found = next((row for row in own if row.token_hash.startswith(session_id)), None)
        if found is None or not session_id:
            raise NotFound("session", session_id)
        sessions.end(tx, found.token_hash)
        note(desk, tx, actor.employee_id, Action.SESSION_CLOSED, now=now)


def close_other_sessions(desk: Desk, actor: Actor, *, token_hash: str, now: datetime) -> int:
    """End every session of the actor except this one; how many."""
    with desk.store.transaction(actor.agency_id) as tx:
        ended = sessions.end_all(tx, actor.employee_id, but=token_hash)
        if ended:
            note(desk, tx, actor.employee_id, Action.SESSION_CLOSED, now=now, sessions=ended)
        return ended


def change_language(desk: Desk, actor: Actor, *, token_hash: str, language: str) -> None:
    """Remember the language of a session; not a fact about any case, so no event."""
    with desk.store.transaction(actor.agency_id) as tx:
        sessions.set_language(tx, token_hash, language)
