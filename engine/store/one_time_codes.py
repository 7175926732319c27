"""One-time codes for setting a password: only their hashes, each usable once and not for long."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


class Purpose(StrEnum):
    """What a code is for; RESET_ALL also takes away PIN and authenticator app."""

    ACTIVATION = "activation"
    RESET = "reset"
    RESET_ALL = "reset_all"


@dataclass(frozen=True)
class CodeRow:
    """One issued code; `code_hash` is hex SHA-256 of a random code of 60 bits."""

    id: str
    employee_id: EmployeeId
    code_hash: str
    purpose: str
    issued_by: EmployeeId
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


_code = tables.one_time_code
_UNUSED = (_code.c.used_at.is_(None), _code.c.expires_at > bindparam("now"))
_FIND = rows.selected(_code, CodeRow).where(
    _code.c.employee_id == bindparam("employee_id"),
    _code.c.code_hash == bindparam("code_hash"),
    *_UNUSED,
)
_INSERT = rows.inserted(_code)
_USE = (
    update(_code)
    .where(rows.own(_code), _code.c.id == bindparam("code_id"), *_UNUSED)
    .values(used_at=bindparam("now"))
)
_REVOKE = (
    update(_code)
    .where(rows.own(_code), _code.c.employee_id == bindparam("whose"), *_UNUSED)
    .values(expires_at=bindparam("now"))
)


def issue(tx: Transaction, code: CodeRow) -> None:
    """Store a new code; earlier ones of the person end with it."""
    rows.run(tx, _REVOKE, {"whose": code.employee_id, "now": code.issued_at})
    rows.add(tx, _INSERT, [code])


def find(
    tx: Transaction, employee_id: EmployeeId, code_hash: str, *, now: datetime
) -> CodeRow | None:
    """The person's code, if it is still good."""
    values = {"employee_id": employee_id, "code_hash": code_hash, "now": now}
    return rows.fetch_one(tx, _FIND, CodeRow, values)


def use(tx: Transaction, code_id: str, *, now: datetime) -> bool:
    """Use up a code; false when it was used or has ended meanwhile."""
    return rows.run(tx, _USE, {"code_id": code_id, "now": now}) == 1
