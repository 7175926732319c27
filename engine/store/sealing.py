"""Seals personal text under a key a person and period; destroying the key erases the text.

Nonces and salts are drawn here, not given as arguments: one used twice would break the seal.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, update

from engine.domain.audit import SALT_BYTES, commitment
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Erased, NotFound, TrailBroken
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.ids import new_id

KEY_BITS = 256
NONCE_BYTES = 12
_FORMAT = b"\x01"


@dataclass(frozen=True)
class SealingKey:
    """The key of a person and period; `key` is None once destroyed."""

    id: str
    employee_id: EmployeeId
    period: str
    key: bytes | None
    created_at: datetime
    destroyed_at: datetime | None = None


@dataclass(frozen=True)
class Sealed:
    """Sealed content with the commitment to it that an audit event may hold."""

    blob: bytes
    commitment: str


_key = tables.sealing_key
_ALL = rows.selected(_key, SealingKey)
_ONE = _ALL.where(_key.c.id == bindparam("id"))
_OF_PERSON = _ALL.where(
    _key.c.employee_id == bindparam("employee_id"), _key.c.period == bindparam("period")
)
_OF_MANY = _ALL.where(
    _key.c.period == bindparam("period"),
    _key.c.employee_id.in_(bindparam("ids", expanding=True)),
)
_INSERT = rows.inserted(_key)
_DESTROY = (
    update(_key)
    .where(rows.own(_key), _key.c.id == bindparam("key_id"), _key.c.destroyed_at.is_(None))
    .values(key=None, destroyed_at=bindparam("now"))
)


def key_for(tx: Transaction, employee_id: EmployeeId, *, period: str, now: datetime) -> SealingKey:
    """The key of a person for a period (a cycle's id), made when there is none."""
    found = find_key(tx, employee_id, period=period)
    if found:
        return found
    made = SealingKey(new_id(), employee_id, period, AESGCM.generate_key(KEY_BITS), now)
    known = Conflict("the key is being made by another transaction")
    rows.add_new(tx, _INSERT, [made], known=known)
    return made


def find_key(tx: Transaction, employee_id: EmployeeId, *, period: str) -> SealingKey | None:
    """The key of a person for a period, destroyed or not; None before it was made."""
    values = {"employee_id": employee_id, "period": period}
    return rows.fetch_one(tx, _OF_PERSON, SealingKey, values)


def keys_for(
    tx: Transaction, employee_ids: Sequence[EmployeeId], *, period: str, now: datetime
) -> dict[EmployeeId, SealingKey]:
    """The keys of at most 5,000 people for a period, made where there are none."""
    values = {"own_agency": tx.agency_id, "period": period, "ids": list(employee_ids)}
    found = {row.employee_id: SealingKey(*row) for row in tx.connection.execute(_OF_MANY, values)}
    made = [
        SealingKey(new_id(), person, period, AESGCM.generate_key(KEY_BITS), now)
        for person in employee_ids
        if person not in found
    ]
    known = Conflict("a key is being made by another transaction")
    rows.add_new(tx, _INSERT, made, known=known)
    return found | {key.employee_id: key for key in made}


def get_key(tx: Transaction, key_id: str) -> SealingKey:
    """One key, destroyed or not. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, SealingKey, {"id": key_id})
    if found is None:
        raise NotFound("sealing key", key_id)
    return found


def destroy_key(tx: Transaction, key_id: str, *, now: datetime) -> None:
    """Erase everything sealed under the key, for good. Raises NotFound when there is none."""
    if rows.run(tx, _DESTROY, {"key_id": key_id, "now": now}) != 1:
        raise NotFound("sealing key", key_id)


def seal(key: SealingKey, content: bytes) -> bytes:
    """`content` under AES-256-GCM; 29 bytes longer. Raises Erased when the key is destroyed."""
    nonce = token_bytes(NONCE_BYTES)
    return _FORMAT + nonce + _cipher(key).encrypt(nonce, content, _FORMAT + key.id.encode())


def open_sealed(key: SealingKey, blob: bytes) -> bytes:
    """What `seal` was given. Raises Erased, or TrailBroken when the blob was changed."""
    start = len(_FORMAT)
    nonce, sealed = blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :]
    cipher = _cipher(key)
    try:
        return cipher.decrypt(nonce, sealed, blob[:start] + key.id.encode())
    except (InvalidTag, ValueError) as error:
        raise TrailBroken(f"sealed content under key {key.id} was changed") from error


def keyed_hash(key: SealingKey, content: bytes) -> str:
    """HMAC-SHA256 in hex: without the key nobody finds the content by trying. Raises Erased."""
    if key.key is None:
        raise Erased(f"the texts under key {key.id} were erased")
    return hmac.new(key.key, content, sha256).hexdigest()


def seal_committed(key: SealingKey, content: bytes) -> Sealed:
    """Sealed content with its commitment; the salt lies inside, so it dies with the key."""
    salt = token_bytes(SALT_BYTES)
    return Sealed(seal(key, salt + content), commitment(salt, content))


def open_committed(key: SealingKey, sealed: Sealed) -> bytes:
    """What `seal_committed` was given. Raises Erased, or TrailBroken when either was changed."""
    opened = open_sealed(key, sealed.blob)
    salt, content = opened[:SALT_BYTES], opened[SALT_BYTES:]
    if commitment(salt, content) != sealed.commitment:
        raise TrailBroken(f"sealed content under key {key.id} is not what was committed to")
    return content


def _cipher(key: SealingKey) -> AESGCM:
    if key.key is None:
        raise Erased(f"the texts under key {key.id} were erased")
    return AESGCM(key.key)
