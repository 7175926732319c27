"""Signing in with NIP and password, then with the code of an app; guessing is slow everywhere."""

from datetime import datetime, timedelta
from hashlib import sha256

from engine.commands.account_trail import note
from engine.commands.attempts import clear_tries, count_try, seconds
from engine.commands.desk import Desk
from engine.commands.proofs import matching_app_step
from engine.commands.sessions import Door, Stay, enter, session_row
from engine.domain.actions import Action
from engine.domain.attempts import ACCOUNT, ADDRESS, PAIR, SIGNING
from engine.domain.audit import AuditEvent
from engine.domain.passwords import digits
from engine.domain.people import SYSTEM, AgencyId, EmployeeId
from engine.errors import Finding, InvalidForm, NotFound
from engine.store import agencies, audit, credentials, people, sessions
from engine.store.credentials import CredentialRow
from engine.store.database import ANY_AGENCY
from engine.store.sessions import SessionRow, Stage, Way

Person = tuple[AgencyId, EmployeeId]
# How long the page that asks for the code stays good.
CODE_STAY = Stay(timedelta(minutes=5), timedelta(minutes=5))
# Tries at places without any agency are noted under this chain of the oldest one.
DOOR = "door"


def sign_in(desk: Desk, *, nip: str, password: str, door: Door, now: datetime) -> Stage:
    """Open a session for who knows the password; FULL, or CODE when the app is asked next.

    Unknown and wrong cost and answer the same. Raises InvalidForm or TooManyAttempts.
    """
    nip = digits(nip)
    wait = count_at_door(desk, nip, door, now=now)
    found = find_person(desk, nip)
    known = _credential(desk, found) if found else None
    stored = known.password_hash if known else None
    if not desk.passwords.matches(stored, password) or found is None or known is None:
        refuse(desk, found, "password", wait=wait, now=now)
        raise InvalidForm([Finding("sign_in.wrong", element_id="nip")])
    welcome(desk, nip, door, now=now)
    stage = Stage.CODE if known.has_totp else Stage.FULL
    with desk.store.transaction(found[0]) as tx:
        if stage is Stage.CODE:
            half = Door(door.token_hash, door.address, door.device, door.language, CODE_STAY)
            sessions.add(tx, session_row(tx, found[1], half, stage=stage, now=now))
        else:
            enter(desk, tx, found[1], door, now=now)
    return stage


def confirm_code(desk: Desk, *, half_hash: str, code: str, door: Door, now: datetime) -> None:
    """Turn the half session `half_hash` into a whole one at the door, with the app's code.

    Raises NotFound when there is none, InvalidForm, or TooManyAttempts.
    """
    half = half_session(desk, half_hash, now=now)
    key = f"app:{half.employee_id}"
    with desk.store.transaction(half.agency_id) as tx:
        wait = count_try(tx, {key: SIGNING}, now=now)
    with desk.store.transaction(half.agency_id) as tx:
        known = credentials.lock(tx, half.employee_id)
        step = matching_app_step(tx, known, code, now=now)
        right = step is not None and credentials.use_step(tx, half.employee_id, step)
        if right:
            clear_tries(tx, (key,), now=now)
            sessions.end(tx, half_hash)
            enter(desk, tx, half.employee_id, door, way=Way(half.way), now=now)
    if not right:
        refuse(desk, (half.agency_id, half.employee_id), "code", wait=wait, now=now)
        raise InvalidForm([Finding("factor.wrong", element_id="code")])


def half_session(desk: Desk, half_hash: str, *, now: datetime) -> SessionRow:
    """The session that waits for its code. Raises NotFound."""
    with desk.store.reading(ANY_AGENCY) as tx:
        half = sessions.find(tx, half_hash, now=now)
    if half is None or half.stage != Stage.CODE:
        raise NotFound("session", half_hash[:16])
    return half


def count_at_door(desk: Desk, nip: str, door: Door, *, now: datetime) -> timedelta:
    """Count a try of somebody who is not in yet; how long the next one waits.

    From an address where he came in lately a person is not held back by what strangers try.
    """
    pair, account, address = _keys(nip, door)
    limits = {pair: PAIR, account: ACCOUNT, address: ADDRESS}
    with desk.store.transaction(ANY_AGENCY) as tx:
        return count_try(tx, limits, waived={account: pair}, now=now)


def welcome(desk: Desk, nip: str, door: Door, *, now: datetime) -> None:
    """Forget the wrong tries of somebody who has come in."""
    pair, account, address = _keys(nip, door)
    with desk.store.transaction(ANY_AGENCY) as tx:
        clear_tries(tx, (pair, account), shared=address, now=now)


def _keys(nip: str, door: Door) -> tuple[str, str, str]:
    parts = (("pair", nip, door.address), ("account", nip), ("address", door.address))
    hashes = (sha256("\0".join(part).encode("utf-8", "replace")).hexdigest() for part in parts)
    pair, account, address = hashes
    return pair, account, address


def find_person(desk: Desk, nip: str) -> Person | None:
    """Who is in service with this NIP: in two agencies, where he has set a password."""
    with desk.store.reading(ANY_AGENCY) as tx:
        found = people.everywhere_by_nip(tx, nip)
    set_up = (person for person in found if len(found) > 1 and _has_password(desk, person))
    return next(set_up, found[0] if found else None)


def _has_password(desk: Desk, person: Person) -> bool:
    known = _credential(desk, person)
    return known is not None and known.password_hash is not None


def _credential(desk: Desk, person: Person) -> CredentialRow | None:
    with desk.store.reading(person[0]) as tx:
        return credentials.find(tx, person[1])


def refuse(
    desk: Desk, person: Person | None, reason: str, *, wait: timedelta, now: datetime
) -> None:
    """Note a wrong try and the delay it brings; that of a stranger at the door itself."""
    if person:
        with desk.store.transaction(person[0]) as tx:
            wait_s = seconds(wait)
            note(desk, tx, person[1], Action.SESSION_REFUSED, now=now, reason=reason, wait_s=wait_s)
        return
    with desk.store.reading(ANY_AGENCY) as tx:
        known = agencies.every_id(tx)
    for agency_id in known[:1]:
        values = {"reason": reason, "wait_s": seconds(wait)}
        event = AuditEvent(Action.SESSION_REFUSED, now, SYSTEM, values=values)
        with desk.store.transaction(agency_id) as tx:
            audit.append_to_chain(tx, audit.object_chain(DOOR, now.date().isoformat()), [event])
