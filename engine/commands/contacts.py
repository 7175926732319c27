"""How people want to be told outside the product: their addresses, proved by a code, and the pace.

An address is sealed under a key of its own a person: destroying that key erases it.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import randbelow

import orjson

from engine.commands.account_trail import note
from engine.commands.attempts import count_try
from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.attempts import SIGNING
from engine.domain.notices import Channel, Pace, Topic
from engine.domain.passwords import digits
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.errors import Erased, Finding, InvalidForm, NotFound
from engine.store import contacts, letters, outbox, sealing
from engine.store.contacts import ContactRow, PreferenceRow
from engine.store.database import ANY_AGENCY, Transaction
from engine.store.ids import new_id
from engine.store.letters import LetterRow
from engine.store.outbox import OutboxRow

PERIOD = "contact"
LETTER, CODE, DIGEST = "letter", "code", "digest"
CODE_VALID, CODE_DIGITS, CODE_TRIES = timedelta(minutes=30), 6, 5
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_MAX_EMAIL = 254


def set_address(
    desk: Desk, actor: Actor, *, channel: Channel, address: str, language: str, now: datetime
) -> None:
    """Keep a new address and send its code; until the code comes back nothing else goes there.

    Raises InvalidForm, or TooManyAttempts for whoever sends codes to one address after another.
    """
    plain = _checked(channel, address)
    with desk.store.transaction(actor.agency_id) as tx:
        count_try(tx, {f"address:{actor.employee_id}": SIGNING}, now=now)
        key = sealing.key_for(tx, actor.employee_id, period=PERIOD, now=now)
        code = f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        row = ContactRow(
            actor.employee_id, channel.value, sealing.seal(key, plain.encode()), key.id, language,
            now, sealing.seal(key, code.encode()), now + CODE_VALID,
        )  # fmt: skip
        contacts.put(tx, row)
        send_letters(tx, [(actor.employee_id, channel.value, CODE, now)], now=now)
        note(desk, tx, actor.employee_id, Action.CONTACT_SET, now=now, channel=channel.value)


def verify_address(desk: Desk, actor: Actor, *, channel: Channel, code: str, now: datetime) -> None:
    """Prove with the code that the address is the actor's own. Raises InvalidForm."""
    with desk.store.transaction(actor.agency_id) as tx:
        row = contacts.lock(tx, actor.employee_id, channel.value)
        is_right = row is not None and _is_code(tx, row, digits(code), now)
        if row and is_right:
            proved = replace(row, code_sealed=None, code_until=None, verified_at=now)
            contacts.put(tx, proved)
            note(
                desk, tx, actor.employee_id, Action.CONTACT_VERIFIED, now=now, channel=channel.value
            )
        elif row:
            contacts.put(tx, replace(row, code_tries=row.code_tries + 1))
    if not is_right:
        raise InvalidForm([Finding("contact.code", element_id=f"{channel}_code")])


def remove_address(desk: Desk, actor: Actor, *, channel: Channel, now: datetime) -> None:
    """Forget an address; nothing goes out on the channel any more."""
    with desk.store.transaction(actor.agency_id) as tx:
        if contacts.remove(tx, actor.employee_id, channel.value):
            note(
                desk, tx, actor.employee_id, Action.CONTACT_REMOVED, now=now, channel=channel.value
            )


def set_paces(desk: Desk, actor: Actor, *, channel: Channel, paces: Mapping[Topic, Pace]) -> None:
    """Store how often the actor wants to hear of each topic."""
    with desk.store.transaction(actor.agency_id) as tx:
        contacts.prefer(tx, _preferences(actor.employee_id, channel.value, paces))


def opt_out_token(tx: Transaction, row: ContactRow) -> str:
    """What the link to opt out carries; it works without signing in and for this channel only."""
    subject = f"{tx.agency_id}.{row.employee_id}.{row.channel}"
    return f"{subject}.{_signature(sealing.get_key(tx, row.key_id), subject)}"


def opt_out(desk: Desk, *, token: str, now: datetime) -> None:
    """Stop everything that goes out on the token's channel. Raises NotFound for a wrong token."""
    agency_id, row = _opting(desk, token)
    everything = dict.fromkeys(Topic, Pace.OFF)
    with desk.store.transaction(agency_id) as tx:
        contacts.prefer(tx, _preferences(row.employee_id, row.channel, everything))
        note(desk, tx, row.employee_id, Action.CONTACT_OPTED_OUT, now=now, channel=row.channel)


def check_opt_out(desk: Desk, *, token: str) -> None:
    """Raise NotFound unless the token is one of ours."""
    _opting(desk, token)


def send_letters(
    tx: Transaction, slots: list[tuple[EmployeeId, str, str, datetime]], *, now: datetime
) -> int:
    """Plan letters by recipient, channel, purpose and moment; how many were not planned before."""
    planned = [
        LetterRow(new_id(), person, channel, f"{purpose}:{due_at.isoformat()}", due_at, now)
        for person, channel, purpose, due_at in slots
    ]
    count = letters.plan(tx, planned)
    outbox.put(tx, [_parcel(letter) for letter in planned])
    return count


def _parcel(letter: LetterRow) -> OutboxRow:
    values = {"recipient": letter.recipient_id, "channel": letter.channel, "slot": letter.slot}
    key = f"{LETTER}:{letter.recipient_id}:{letter.channel}:{letter.slot}"
    return OutboxRow(new_id(), LETTER, orjson.dumps(values).decode(), key, letter.due_at)


def _checked(channel: Channel, address: str) -> str:
    """The address as gateways take it. Raises InvalidForm."""
    if channel is Channel.EMAIL:
        if _EMAIL.fullmatch(address) and len(address) <= _MAX_EMAIL:
            return address
        raise InvalidForm([Finding("contact.email", element_id=channel.value)])
    plain = re.sub(r"[ ().-]", "", address)
    plain = f"+62{plain[1:]}" if plain.startswith("0") else plain
    if not _PHONE.fullmatch(plain):
        raise InvalidForm([Finding("contact.phone", element_id=channel.value)])
    return plain


def _is_code(tx: Transaction, row: ContactRow, code: str, now: datetime) -> bool:
    if row.code_sealed is None or row.code_until is None or now >= row.code_until:
        return False
    if row.code_tries >= CODE_TRIES:
        return False
    known = sealing.open_sealed(sealing.get_key(tx, row.key_id), row.code_sealed)
    return hmac.compare_digest(known, code.encode())


def _preferences(
    employee_id: EmployeeId, channel: str, paces: Mapping[Topic, Pace]
) -> list[PreferenceRow]:
    return [
        PreferenceRow(employee_id, channel, topic.value, pace.value)
        for topic, pace in paces.items()
    ]


def _opting(desk: Desk, token: str) -> tuple[AgencyId, ContactRow]:
    subject, _, signature = token.rpartition(".")
    agency_id, person, channel = (*subject.split("."), "", "", "")[:3]
    own = AgencyId(agency_id) if agency_id else ANY_AGENCY
    with desk.store.reading(own) as tx:
        row = contacts.find(tx, EmployeeId(person), channel)
        if row and _signs(tx, row, subject, signature):
            return own, row
    raise NotFound("contact", channel)


def _signs(tx: Transaction, row: ContactRow, subject: str, signature: str) -> bool:
    try:
        right = _signature(sealing.get_key(tx, row.key_id), subject)
    except Erased:
        return False
    return hmac.compare_digest(right.encode(), signature.encode())


def _signature(key: sealing.SealingKey, subject: str) -> str:
    return sealing.keyed_hash(key, b"opt-out:" + subject.encode())
