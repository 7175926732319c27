"""What people change about their own account: password, signing PIN, authenticator app."""

from dataclasses import replace
from datetime import datetime
from secrets import token_bytes

from engine.commands.account_trail import note
from engine.commands.activation import NewSecrets
from engine.commands.attempts import clear_tries, count_try
from engine.commands.desk import Desk
from engine.commands.proofs import prove_password
from engine.commands.sessions import Door, enter
from engine.domain.actions import Action
from engine.domain.attempts import SIGNING
from engine.domain.passwords import digits, password_findings, pin_findings
from engine.domain.people import Actor
from engine.domain.totp import SECRET_BYTES, matching_step
from engine.errors import Finding, InvalidForm
from engine.store import credentials, people, sessions


def change_password(
    desk: Desk, actor: Actor, *, current: str, secrets: NewSecrets, door: Door, now: datetime
) -> None:
    """Change the own password and sign out everywhere; the door gets a session of its own.

    Raises InvalidForm or TooManyAttempts.
    """
    with desk.store.reading(actor.agency_id) as tx:
        person = people.employee(tx, actor.employee_id)
    findings = list(password_findings(secrets.password, person))
    if secrets.password != secrets.again:
        findings.append(Finding("password.differs", element_id="again"))
    if findings:
        raise InvalidForm(findings)
    prove_password(desk, actor, password=current, now=now)
    hashed = desk.passwords.hash(secrets.password)
    with desk.store.transaction(actor.agency_id) as tx:
        known = credentials.lock(tx, actor.employee_id)
        credentials.save(tx, replace(known, password_hash=hashed, changed_at=now))
        sessions.end_all(tx, actor.employee_id)
        note(desk, tx, actor.employee_id, Action.PASSWORD_CHANGED, now=now)
        enter(desk, tx, actor.employee_id, door, now=now)


def set_pin(desk: Desk, actor: Actor, *, pin: str, password: str, now: datetime) -> None:
    """Set or change the PIN that signs. Raises InvalidForm or TooManyAttempts."""
    with desk.store.reading(actor.agency_id) as tx:
        person = people.employee(tx, actor.employee_id)
    findings = pin_findings(pin, person)
    if findings:
        raise InvalidForm(findings)
    prove_password(desk, actor, password=password, now=now)
    hashed = desk.passwords.hash(pin)
    with desk.store.transaction(actor.agency_id) as tx:
        known = credentials.lock(tx, actor.employee_id)
        credentials.save(tx, replace(known, pin_hash=hashed))
        note(desk, tx, actor.employee_id, Action.PIN_SET, now=now)


def start_app(desk: Desk, actor: Actor, *, password: str, now: datetime) -> bytes:
    """A new secret for the authenticator app; it counts once a code of it was given.

    Raises InvalidForm or TooManyAttempts.
    """
    prove_password(desk, actor, password=password, now=now)
    secret = token_bytes(SECRET_BYTES)
    with desk.store.transaction(actor.agency_id) as tx:
        known = credentials.lock(tx, actor.employee_id)
        if known.has_totp:
            raise InvalidForm([Finding("factor.there", element_id="current")])
        credentials.save(tx, credentials.with_totp(tx, known, secret, now=now))
        # Until it is confirmed nothing asks for it, but a row has changed.
        note(desk, tx, actor.employee_id, Action.APP_SET, now=now, confirmed=False)
    return secret


def pending_secret(desk: Desk, actor: Actor) -> bytes | None:
    """The secret that waits for its first code."""
    with desk.store.reading(actor.agency_id) as tx:
        known = credentials.find(tx, actor.employee_id)
        return credentials.totp_secret(tx, known) if known and not known.has_totp else None


def confirm_app(desk: Desk, actor: Actor, *, code: str, now: datetime) -> None:
    """Prove that the app shows the right codes; from now on signing in asks for them.

    Raises InvalidForm or TooManyAttempts.
    """
    key = f"app:{actor.employee_id}"
    with desk.store.transaction(actor.agency_id) as tx:
        count_try(tx, {key: SIGNING}, now=now)
    with desk.store.transaction(actor.agency_id) as tx:
        known = credentials.lock(tx, actor.employee_id)
        secret = None if known.has_totp else credentials.totp_secret(tx, known)
        step = matching_step(secret, digits(code), now, after=0) if secret else None
        if step is None:
            raise InvalidForm([Finding("factor.wrong", element_id="code")])
        clear_tries(tx, (key,), now=now)
        credentials.save(tx, replace(known, totp_confirmed_at=now, totp_step=step))
        note(desk, tx, actor.employee_id, Action.APP_SET, now=now, confirmed=True)


def remove_app(desk: Desk, actor: Actor, *, password: str, now: datetime) -> None:
    """Do without the app again. Raises InvalidForm or TooManyAttempts."""
    prove_password(desk, actor, password=password, now=now)
    with desk.store.transaction(actor.agency_id) as tx:
        known = credentials.lock(tx, actor.employee_id)
        bare = replace(known, totp_sealed=None, totp_key_id=None, totp_confirmed_at=None)
        credentials.save(tx, bare)
        note(desk, tx, actor.employee_id, Action.APP_REMOVED, now=now)
