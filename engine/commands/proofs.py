"""Proofs that the person at the screen is the one who is signed in: password, PIN, app."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands.account_trail import note
from engine.commands.attempts import clear_tries, count_try, seconds
from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.appraisal import SignatureKind
from engine.domain.attempts import SIGNING
from engine.domain.passwords import PIN_DIGITS, digits
from engine.domain.people import Actor, EmployeeId
from engine.domain.totp import matching_step
from engine.errors import Finding, InvalidForm
from engine.store import credentials
from engine.store.credentials import CredentialRow
from engine.store.database import Transaction


@dataclass(frozen=True)
class Proof:
    """How somebody signs; `step` is the code that the signature will use up."""

    kind: SignatureKind = SignatureKind.CLICK
    step: int | None = None


def prove_password(desk: Desk, actor: Actor, *, password: str, now: datetime) -> None:
    """Ask for the password again. Raises InvalidForm, TooManyAttempts."""
    key = f"password:{actor.employee_id}"
    with desk.store.transaction(actor.agency_id) as tx:
        wait = count_try(tx, {key: SIGNING}, now=now)
        known = credentials.find(tx, actor.employee_id)
    if not desk.passwords.matches(known.password_hash if known else None, password):
        with desk.store.transaction(actor.agency_id) as tx:
            note(
                desk, tx, actor.employee_id, Action.SESSION_REFUSED,
                now=now, reason="password", wait_s=seconds(wait),
            )  # fmt: skip
        raise InvalidForm([Finding("password.wrong", element_id="current")])
    with desk.store.transaction(actor.agency_id) as tx:
        clear_tries(tx, (key,), now=now)


def prove_signature(desk: Desk, actor: Actor, *, code: str, now: datetime) -> Proof:
    """The proof that a signature asks for; a mere click of who has set up nothing.

    Wrong ones are counted and noted; a right code of the app is used up by the signature itself.
    Raises InvalidForm, TooManyAttempts.
    """
    with desk.store.reading(actor.agency_id) as tx:
        known = credentials.find(tx, actor.employee_id)
    if known is None or not known.signs_with_proof:
        return Proof()
    if not digits(code):
        raise InvalidForm([Finding("signature.missing", element_id="signature_code")])
    key = f"sign:{actor.employee_id}"
    with desk.store.transaction(actor.agency_id) as tx:
        wait = count_try(tx, {key: SIGNING}, now=now)
        step = matching_app_step(tx, known, code, now=now)
    proof = Proof(SignatureKind.TOTP, step) if step is not None else _by_pin(desk, known, code)
    with desk.store.transaction(actor.agency_id) as tx:
        if proof:
            clear_tries(tx, (key,), now=now)
            return proof
        note(desk, tx, actor.employee_id, Action.SIGNATURE_REFUSED, now=now, wait_s=seconds(wait))
    raise InvalidForm([Finding("signature.wrong", element_id="signature_code")])


def use_proof(tx: Transaction, employee_id: EmployeeId, proof: Proof) -> None:
    """Use up the code of a signature. Raises InvalidForm when another one was faster."""
    if proof.step is not None and not credentials.use_step(tx, employee_id, proof.step):
        raise InvalidForm([Finding("signature.wrong", element_id="signature_code")])


def matching_app_step(
    tx: Transaction, known: CredentialRow, code: str, *, now: datetime
) -> int | None:
    """The step of the app whose code was given, unless it or a later one was used."""
    secret = credentials.totp_secret(tx, known) if known.has_totp else None
    if secret is None:
        return None
    return matching_step(secret, digits(code), now, after=known.totp_step)


def _by_pin(desk: Desk, known: CredentialRow, code: str) -> Proof | None:
    pin = digits(code)
    if known.pin_hash is None or len(pin) != PIN_DIGITS:
        return None
    return Proof(SignatureKind.PIN) if desk.passwords.matches(known.pin_hash, pin) else None
