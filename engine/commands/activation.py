"""One-time codes: handed out by a unit's operator or HR, used once to set a password."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import choice

from engine.commands.account_trail import note
from engine.commands.answers import ALPHABET
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.sessions import Door
from engine.commands.sign_in import Person, count_at_door, find_person, refuse, welcome
from engine.domain.access import PersonAccess, Verb
from engine.domain.actions import Action
from engine.domain.passwords import digits, password_findings, pin_findings
from engine.domain.people import Actor, EmployeeId
from engine.errors import Finding, InvalidForm
from engine.rules.deadlines import local_date
from engine.store import credentials, duties, one_time_codes, people, sessions, staffing
from engine.store.credentials import CredentialRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.one_time_codes import CodeRow, Purpose

VALID = timedelta(hours=24)
# Cards are printed, carried to other islands and handed out.
CARD_VALID = timedelta(days=14)
GROUPS, GROUP = 3, 4


@dataclass(frozen=True)
class IssuedCode:
    """A code in clear, known to nobody else and never again."""

    employee_id: EmployeeId
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class NewSecrets:
    """What somebody wants to prove himself with from now on; an empty PIN is none."""

    password: str
    again: str
    pin: str = ""


def issue_code(
    desk: Desk,
    actor: Actor,
    *,
    employee_id: EmployeeId,
    factors_too: bool = False,
    valid: timedelta = VALID,
    now: datetime,
) -> IssuedCode:
    """A new code for somebody else, who sees in his trail that it was issued and by whom.

    `factors_too` takes PIN and app away when it is used, for a lost phone; only HR and
    administrators do that. Raises Forbidden or NotFound.
    """
    verb = Verb.TAKE_AWAY_FACTORS if factors_too else Verb.ISSUE_CODE
    with (
        refusals_audited(desk, actor, verb, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        people.employee(tx, employee_id)
        demand(actor, verb, person_access(desk, tx, employee_id, now))
        known = credentials.find(tx, employee_id)
        purpose = _purpose(known, factors_too)
        code = "".join(choice(ALPHABET) for _ in range(GROUPS * GROUP))
        ends = now + valid
        row = CodeRow(
            new_id(), employee_id, code_hash(code), purpose.value, actor.employee_id, now, ends
        )
        one_time_codes.issue(tx, row)
        note(
            desk, tx, employee_id, Action.CODE_ISSUED,
            by=actor.employee_id, now=now, code=row.id, purpose=purpose.value,
        )  # fmt: skip
    shown = "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))
    return IssuedCode(employee_id, shown, ends)


def issue_cards(
    desk: Desk, actor: Actor, *, employee_ids: Sequence[EmployeeId], now: datetime
) -> tuple[IssuedCode, ...]:
    """A code for the card of each person, each in its own transaction."""
    return tuple(
        issue_code(desk, actor, employee_id=employee_id, valid=CARD_VALID, now=now)
        for employee_id in employee_ids
    )


def person_access(
    desk: Desk, tx: Transaction, employee_id: EmployeeId, now: datetime
) -> PersonAccess:
    """A person as the access rules see him."""
    day = local_date(now, desk.calendar(tx, now))
    post = staffing.assignment_on(tx, employee_id, day)
    has_duty = employee_id in duties.holders(tx, day)
    return PersonAccess(tx.agency_id, employee_id, post.unit_id if post else None, has_duty)


def use_code(
    desk: Desk, *, nip: str, code: str, secrets: NewSecrets, door: Door, now: datetime
) -> None:
    """Set the password with a code; every session of the person ends.

    A code stays good until the new password is. Raises InvalidForm or TooManyAttempts.
    """
    nip = digits(nip)
    wait = count_at_door(desk, nip, door, now=now)
    found = find_person(desk, nip)
    row = _usable(desk, found, code, now) if found else None
    if found is None or row is None:
        refuse(desk, found, "one_time_code", wait=wait, now=now)
        raise InvalidForm([Finding("code.wrong", element_id="code")])
    welcome(desk, nip, door, now=now)
    with desk.store.reading(found[0]) as tx:
        person = people.employee(tx, found[1])
    findings = [*password_findings(secrets.password, person)]
    findings += pin_findings(secrets.pin, person) if secrets.pin else ()
    if secrets.password != secrets.again:
        findings.append(Finding("password.differs", element_id="again"))
    if findings:
        raise InvalidForm(findings)
    hashed = desk.passwords.hash(secrets.password)
    pin = desk.passwords.hash(secrets.pin) if secrets.pin else None
    _set(desk, found, row, hashed, pin, now)


def code_hash(code: str) -> str:
    """What is stored of a code; it holds 60 random bits, so a plain hash is enough."""
    return sha256(digits(code).upper().encode("utf-8", "replace")).hexdigest()


def _purpose(known: CredentialRow | None, factors_too: bool) -> Purpose:
    if known is None or known.password_hash is None:
        return Purpose.ACTIVATION
    return Purpose.RESET_ALL if factors_too else Purpose.RESET


def _usable(desk: Desk, person: Person, code: str, now: datetime) -> CodeRow | None:
    with desk.store.reading(person[0]) as tx:
        return one_time_codes.find(tx, person[1], code_hash(code), now=now)


def _set(
    desk: Desk, person: Person, code: CodeRow, password: str, pin: str | None, now: datetime
) -> None:
    employee_id = person[1]
    with desk.store.transaction(person[0]) as tx:
        if not one_time_codes.use(tx, code.id, now=now):
            raise InvalidForm([Finding("code.wrong", element_id="code")])
        # An old PIN would let whoever has the code sign in the person's name.
        known = replace(
            credentials.lock(tx, employee_id),
            password_hash=password, changed_at=now, pin_hash=pin,
        )  # fmt: skip
        if code.purpose == Purpose.RESET_ALL:
            known = replace(known, totp_sealed=None, totp_key_id=None, totp_confirmed_at=None)
        credentials.save(tx, known)
        sessions.end_all(tx, employee_id)
        note(desk, tx, employee_id, Action.CODE_USED, now=now, code=code.id, purpose=code.purpose)
        note(desk, tx, employee_id, Action.PASSWORD_CHANGED, now=now)
        if pin:
            note(desk, tx, employee_id, Action.PIN_SET, now=now)
