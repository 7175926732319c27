"""Sessions of people who are logged in; only the hash of the token is stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from engine.domain.people import AgencyId, EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class SessionRow:
    """One session; `token_hash` is hex SHA-256 of the cookie's value."""

    token_hash: str
    agency_id: AgencyId
    employee_id: EmployeeId
    csrf: str
    created_at: datetime
    expires_at: datetime
    language: str = "id"


_session = tables.session
# The one read that names no agency: the cookie is all that a request brings.
_FIND = select(
    _session.c.token_hash,
    _session.c.agency_id,
    _session.c.employee_id,
    _session.c.csrf,
    _session.c.created_at,
    _session.c.expires_at,
    _session.c.language,
).where(_session.c.token_hash == bindparam("token_hash"), _session.c.expires_at > bindparam("now"))
_INSERT = rows.inserted(_session)
_OWN_TOKEN = (rows.own(_session), _session.c.token_hash == bindparam("token"))
_DELETE = delete(_session).where(*_OWN_TOKEN)
_DELETE_EXPIRED = delete(_session).where(
    rows.own(_session), _session.c.expires_at <= bindparam("now")
)
_LANGUAGE = update(_session).where(*_OWN_TOKEN).values(language=bindparam("new_language"))


def add(tx: Transaction, session: SessionRow) -> None:
    """Open a session in the transaction's agency."""
    rows.add(tx, _INSERT, [session])


def find(tx: Transaction, token_hash: str, *, now: datetime) -> SessionRow | None:
    """The session of a token unless it expired; asked before the agency is known."""
    row = tx.connection.execute(_FIND, {"token_hash": token_hash, "now": now}).one_or_none()
    return None if row is None else SessionRow(*row)


def set_language(tx: Transaction, token_hash: str, language: str) -> None:
    """Change the language of a session."""
    rows.run(tx, _LANGUAGE, {"token": token_hash, "new_language": language})


def end(tx: Transaction, token_hash: str) -> None:
    """End a session."""
    rows.run(tx, _DELETE, {"token": token_hash})


def delete_expired(tx: Transaction, *, now: datetime) -> int:
    """Drop the agency's expired sessions; how many."""
    return rows.run(tx, _DELETE_EXPIRED, {"now": now})
