"""Sessions of people who are logged in; only the hash of the token is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, case, delete, or_, select, update

from engine.domain.people import AgencyId, EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


class Way(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105 (the name of a way)
    OIDC = "oidc"
    SEAT = "seat"
    PROGRAM = "program"


# So long a form that is sent too late still finds out whose it was.
KEPT = timedelta(days=3)


class Stage(StrEnum):
    """How far a sign-in has come; until it is full no page opens."""

    CODE = "code"
    FULL = "full"


@dataclass(frozen=True)
class SessionRow:
    """One session; `token_hash` is hex SHA-256 of the cookie's value.

    It ends at `expires_at`, and before that once nothing was asked until `idle_until`. That of a
    program is its key: it comes with no cookie, opens no page, and `device` is its name.
    """

    token_hash: str
    agency_id: AgencyId
    employee_id: EmployeeId
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    expires_at: datetime
    language: str = "id"
    stage: str = Stage.FULL.value
    device: str = ""
    way: str = Way.PASSWORD.value


_session = tables.session
_FIELDS = tuple(_session.c[name] for name in SessionRow.__dataclass_fields__)
_ALIVE = (_session.c.expires_at > bindparam("now"), _session.c.idle_until > bindparam("now"))
# The one read that names no agency: the cookie is all that a request brings.
_FIND = select(*_FIELDS).where(_session.c.token_hash == bindparam("token_hash"), *_ALIVE)
_FIND_ENDED = select(*_FIELDS).where(
    _session.c.token_hash == bindparam("token_hash"),
    _session.c.stage == Stage.FULL.value,
    or_(_session.c.expires_at <= bindparam("now"), _session.c.idle_until <= bindparam("now")),
)
_OF_EMPLOYEE = (
    select(*_FIELDS)
    .where(
        rows.own(_session),
        _session.c.employee_id == bindparam("employee_id"),
        _session.c.stage == Stage.FULL.value,
        *_ALIVE,
    )
    .order_by(_session.c.seen_at.desc(), _session.c.token_hash)
)
_INSERT = rows.inserted(_session)
_OWN_TOKEN = (rows.own(_session), _session.c.token_hash == bindparam("token"))
_DELETE = delete(_session).where(*_OWN_TOKEN)
_DELETE_ALL = delete(_session).where(
    rows.own(_session),
    _session.c.employee_id == bindparam("whose"),
    _session.c.token_hash != bindparam("kept"),
)
_DELETE_EXPIRED = delete(_session).where(
    rows.own(_session), _session.c.expires_at <= bindparam("before")
)
_LANGUAGE = update(_session).where(*_OWN_TOKEN).values(language=bindparam("new_language"))
_SEEN = (
    update(_session)
    .where(*_OWN_TOKEN)
    .values(
        seen_at=bindparam("seen"),
        idle_until=case(
            (_session.c.way == Way.PROGRAM.value, _session.c.idle_until),
            else_=bindparam("idle", type_=_session.c.idle_until.type),
        ),
    )
)


def add(tx: Transaction, session: SessionRow) -> None:
    """Open a session in the transaction's agency."""
    rows.add(tx, _INSERT, [session])


def find(tx: Transaction, token_hash: str, *, now: datetime) -> SessionRow | None:
    """The session of a token unless it ended; asked before the agency is known."""
    row = tx.connection.execute(_FIND, {"token_hash": token_hash, "now": now}).one_or_none()
    return None if row is None else SessionRow(*row)


def of_employee(
    tx: Transaction, employee_id: EmployeeId, *, now: datetime
) -> tuple[SessionRow, ...]:
    """Where a person is signed in, the device used last first."""
    return rows.fetch(tx, _OF_EMPLOYEE, SessionRow, {"employee_id": employee_id, "now": now})


def set_language(tx: Transaction, token_hash: str, language: str) -> None:
    """Change the language of a session."""
    rows.run(tx, _LANGUAGE, {"token": token_hash, "new_language": language})


def see(tx: Transaction, token_hash: str, *, now: datetime, until: datetime) -> None:
    """Note that a session was used; a person's stays open until `until` without being used."""
    rows.run(tx, _SEEN, {"token": token_hash, "seen": now, "idle": until})


def end(tx: Transaction, token_hash: str) -> None:
    """End a session."""
    rows.run(tx, _DELETE, {"token": token_hash})


def end_all(tx: Transaction, employee_id: EmployeeId, *, but: str = "") -> int:
    """End every session of a person except the one with the token hash `but`; how many."""
    return rows.run(tx, _DELETE_ALL, {"whose": employee_id, "kept": but})


def find_ended(tx: Transaction, token_hash: str, *, now: datetime) -> SessionRow | None:
    """The session of a token that ended by itself not long ago; it opens no door any more."""
    row = tx.connection.execute(_FIND_ENDED, {"token_hash": token_hash, "now": now}).one_or_none()
    return None if row is None else SessionRow(*row)


def delete_expired(tx: Transaction, *, now: datetime) -> int:
    """Drop the agency's sessions that ended long enough ago; how many."""
    return rows.run(tx, _DELETE_EXPIRED, {"before": now - KEPT})
