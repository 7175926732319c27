"""What people prove themselves with: hashes of password and PIN, the sealed secret of the app."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.people import EmployeeId
from engine.store import rows, sealing, tables
from engine.store.database import Transaction

# Secrets of the app are sealed apart from the texts of any cycle.
PERIOD = "credential"


@dataclass(frozen=True)
class CredentialRow:
    """One person's credentials; `totp_step` is the last step whose code was used."""

    employee_id: EmployeeId
    password_hash: str | None = None
    changed_at: datetime | None = None
    pin_hash: str | None = None
    totp_sealed: bytes | None = None
    totp_key_id: str | None = None
    totp_confirmed_at: datetime | None = None
    totp_step: int = 0

    @property
    def has_totp(self) -> bool:
        """Whether the app was set up and tried."""
        return self.totp_confirmed_at is not None

    @property
    def signs_with_proof(self) -> bool:
        """Whether signing asks for a PIN or a code."""
        return self.has_totp or self.pin_hash is not None


_credential = tables.credential
_FIND = rows.selected(_credential, CredentialRow).where(
    _credential.c.employee_id == bindparam("employee_id")
)
_LOCKED = _FIND.with_for_update()
_START = {
    "sqlite": sqlite.insert(_credential).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_credential).on_conflict_do_nothing(),
}
_OWN = update(_credential).where(
    rows.own(_credential), _credential.c.employee_id == bindparam("whose")
)
_CHANGED = ("password_hash", "changed_at", "pin_hash", "totp_sealed", "totp_key_id",
            "totp_confirmed_at", "totp_step")  # fmt: skip
_SAVE = _OWN.values({name: bindparam(f"new_{name}") for name in _CHANGED})
_USE_STEP = _OWN.where(_credential.c.totp_step < bindparam("step")).values(
    totp_step=bindparam("step")
)


def find(tx: Transaction, employee_id: EmployeeId) -> CredentialRow | None:
    """A person's credentials; None for somebody who never set any."""
    return rows.fetch_one(tx, _FIND, CredentialRow, {"employee_id": employee_id})


def lock(tx: Transaction, employee_id: EmployeeId) -> CredentialRow:
    """The credentials, made if need be, for this transaction alone to change."""
    empty = {**vars(CredentialRow(employee_id)), "agency_id": tx.agency_id}
    tx.connection.execute(_START[tx.connection.dialect.name], empty)
    found = rows.fetch_one(tx, _LOCKED, CredentialRow, {"employee_id": employee_id})
    return found or CredentialRow(employee_id)


def save(tx: Transaction, credential: CredentialRow) -> None:
    """Store changed credentials that were locked before."""
    values = {f"new_{name}": getattr(credential, name) for name in _CHANGED}
    rows.run(tx, _SAVE, {"whose": credential.employee_id, **values})


def use_step(tx: Transaction, employee_id: EmployeeId, step: int) -> bool:
    """Use up the code of a step; false when it or a later one was used before."""
    return rows.run(tx, _USE_STEP, {"whose": employee_id, "step": step}) == 1


def with_totp(
    tx: Transaction, credential: CredentialRow, secret: bytes, *, now: datetime
) -> CredentialRow:
    """The credentials with a new secret, sealed, that was not tried yet."""
    key = sealing.key_for(tx, credential.employee_id, period=PERIOD, now=now)
    sealed = sealing.seal(key, secret)
    return replace(
        credential, totp_sealed=sealed, totp_key_id=key.id, totp_confirmed_at=None, totp_step=0
    )


def totp_secret(tx: Transaction, credential: CredentialRow) -> bytes | None:
    """The secret of the app, confirmed or not."""
    if credential.totp_sealed is None or credential.totp_key_id is None:
        return None
    return sealing.open_sealed(sealing.get_key(tx, credential.totp_key_id), credential.totp_sealed)
