"""How people are reached outside the product, and how often they want to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class ContactRow:
    """The address of a person on one channel, sealed under the key `key_id`.

    Until `verified_at` only its code goes there; `failure` is why nothing arrives any more.
    """

    employee_id: EmployeeId
    channel: str
    address_sealed: bytes
    key_id: str
    language: str
    changed_at: datetime
    code_sealed: bytes | None = None
    code_until: datetime | None = None
    code_tries: int = 0
    verified_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True)
class PreferenceRow:
    """How often a person wants to hear of a topic on one channel."""

    employee_id: EmployeeId
    channel: str
    topic: str
    pace: str


_contact, _preference = tables.notice_contact, tables.notice_preference
_OF_PERSON = (
    rows.selected(_contact, ContactRow)
    .where(_contact.c.employee_id == bindparam("employee_id"))
    .order_by(_contact.c.channel)
)
_ONE = _OF_PERSON.where(_contact.c.channel == bindparam("channel"))
_LOCKED = _ONE.with_for_update()
_PUT, _PUT_PREFERENCE = rows.put(_contact), rows.put(_preference)
_REMOVE = delete(_contact).where(
    rows.own(_contact),
    _contact.c.employee_id == bindparam("whose"),
    _contact.c.channel == bindparam("which"),
)
_PREFERENCES = rows.selected(_preference, PreferenceRow).where(
    _preference.c.employee_id.in_(bindparam("ids", expanding=True))
)


def put(tx: Transaction, contact: ContactRow) -> None:
    """Store the address of a person on a channel in place of the one before."""
    rows.add_either(tx, _PUT, [contact])


def find(tx: Transaction, employee_id: EmployeeId, channel: str) -> ContactRow | None:
    """The address of a person on a channel."""
    values = {"employee_id": employee_id, "channel": channel}
    return rows.fetch_one(tx, _ONE, ContactRow, values)


def lock(tx: Transaction, employee_id: EmployeeId, channel: str) -> ContactRow | None:
    """The same, kept from others until the transaction ends."""
    values = {"employee_id": employee_id, "channel": channel}
    return rows.fetch_one(tx, _LOCKED, ContactRow, values)


def of_person(tx: Transaction, employee_id: EmployeeId) -> tuple[ContactRow, ...]:
    """All addresses of a person."""
    return rows.fetch(tx, _OF_PERSON, ContactRow, {"employee_id": employee_id})


def remove(tx: Transaction, employee_id: EmployeeId, channel: str) -> bool:
    """Forget an address; false when there was none."""
    return rows.run(tx, _REMOVE, {"whose": employee_id, "which": channel}) == 1


def prefer(tx: Transaction, preferences: Iterable[PreferenceRow]) -> None:
    """Store what people want, in place of what they wanted before."""
    rows.add_either(tx, _PUT_PREFERENCE, preferences)


def preferences(tx: Transaction, employee_ids: Iterable[EmployeeId]) -> tuple[PreferenceRow, ...]:
    """What these people want; a topic without a row goes out as usual."""
    values = {"own_agency": tx.agency_id, "ids": list(employee_ids)}
    return tuple(PreferenceRow(*row) for row in tx.connection.execute(_PREFERENCES, values))
