"""Accounts as their owners see them, and as those do who hand out codes and duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from engine.domain.access import DUTIES, AgencyAccess, Verb, can
from engine.domain.actions import Action
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.errors import Forbidden, NotFound
from engine.queries.people import Person, agency_day, people
from engine.store import audit, credentials, duties, sessions
from engine.store import people as store_people
from engine.store import tables as t
from engine.store.credentials import CredentialRow
from engine.store.database import Transaction
from engine.store.people import UnitRow
from engine.store.sessions import SessionRow

HISTORY_DAYS, HISTORY_ROWS = 60, 25
MAX_CARDS = 200
ACCOUNT_ACTIONS = frozenset(
    {
        Action.SESSION_OPENED,
        Action.SESSION_CLOSED,
        Action.SESSION_REFUSED,
        Action.CODE_ISSUED,
        Action.CODE_USED,
        Action.PASSWORD_CHANGED,
        Action.PIN_SET,
        Action.APP_SET,
        Action.APP_REMOVED,
        Action.CONTACT_SET,
        Action.CONTACT_VERIFIED,
        Action.CONTACT_REMOVED,
        Action.CONTACT_OPTED_OUT,
        Action.SIGNATURE_REFUSED,
    }
)


@dataclass(frozen=True)
class AccountEvent:
    """Something that happened to an account; `by` is None for the product itself."""

    at: datetime
    action: Action
    own: bool
    by: Person | None


@dataclass(frozen=True)
class Account:
    """The own account: what is set up, where one is signed in, what happened lately."""

    credential: CredentialRow
    sessions: tuple[SessionRow, ...]
    events: tuple[AccountEvent, ...]


@dataclass(frozen=True)
class HeldDuty:
    """A duty that somebody has or will have."""

    id: str
    person: Person
    function: str
    unit: str
    starts: date


@dataclass(frozen=True)
class Proposal:
    """A duty that waits for a second person; `own` when the reader may not confirm it."""

    id: str
    person: Person
    function: str
    unit: str
    starts: date
    proposed_by: Person | None
    own: bool


@dataclass(frozen=True)
class DutyPage:
    """Who may do what in the agency."""

    held: tuple[HeldDuty, ...]
    proposals: tuple[Proposal, ...]
    units: tuple[UnitRow, ...]


@dataclass(frozen=True)
class Member:
    """A person of a unit with the state of the account."""

    person: Person
    is_active: bool
    is_self: bool


@dataclass(frozen=True)
class CardPage:
    """The units somebody hands out codes in, and the people of the chosen one."""

    units: tuple[UnitRow, ...]
    unit: UnitRow | None
    members: tuple[Member, ...]


def account(tx: Transaction, actor: Actor, now: datetime) -> Account:
    """The actor's own account."""
    known = credentials.find(tx, actor.employee_id) or CredentialRow(actor.employee_id)
    return Account(
        known,
        sessions.of_employee(tx, actor.employee_id, now=now),
        _history(tx, actor.employee_id, now),
    )


def _history(tx: Transaction, employee_id: EmployeeId, now: datetime) -> tuple[AccountEvent, ...]:
    today, event = agency_day(tx, now), t.audit_event
    days = (today - timedelta(days=past) for past in range(HISTORY_DAYS))
    chains = [audit.actor_day(employee_id, day) for day in days]
    statement = (
        select(event.c.at, event.c.action, event.c.actor_id)
        .where(
            event.c.agency_id == tx.agency_id,
            event.c.chain_id.in_(chains),
            event.c.action.in_([action.value for action in ACCOUNT_ACTIONS]),
        )
        .order_by(event.c.at.desc(), event.c.n.desc())
        .limit(HISTORY_ROWS)
    )
    rows = tx.connection.execute(statement).all()
    others = people(tx, {row.actor_id for row in rows} - {employee_id}, today)
    return tuple(
        AccountEvent(
            row.at, Action(row.action), row.actor_id == employee_id, others.get(row.actor_id)
        )
        for row in rows
    )


def duty_page(tx: Transaction, actor: Actor, now: datetime) -> DutyPage:
    """All duties and proposals. Raises Forbidden."""
    _demand(actor, Verb.GRANT_DUTY)
    today = agency_day(tx, now)
    held, waiting = duties.held(tx, today), duties.waiting(tx)
    ids = [row.employee_id for row in held] + [row.employee_id for row in waiting]
    ids += [row.proposed_by for row in waiting]
    found, units = people(tx, ids, today), store_people.units(tx)
    names: Mapping[str | None, str] = {unit.id: unit.name for unit in units}
    return DutyPage(
        tuple(
            HeldDuty(row.id, found[row.employee_id], row.function,
                     names.get(row.unit_id, ""), row.starts)
            for row in held
        ),
        tuple(
            Proposal(
                row.id, found[row.employee_id], row.function, names.get(row.unit_id, ""),
                row.starts, found.get(row.proposed_by),
                actor.employee_id in {row.proposed_by, row.employee_id},
            )
            for row in waiting
        ),
        units,
    )  # fmt: skip


def card_page(tx: Transaction, actor: Actor, unit_id: str, now: datetime) -> CardPage:
    """The people of a unit by name. Raises Forbidden, and NotFound for a unit of others."""
    _demand(actor, Verb.ISSUE_CODE)
    units = tuple(unit for unit in store_people.units(tx) if _serves(actor, unit))
    if not unit_id:
        return CardPage(units, None, ())
    unit = next((found for found in units if found.id == unit_id), None)
    if unit is None:
        raise NotFound("unit", unit_id)
    today = agency_day(tx, now)
    found = people(tx, _members(tx, unit, today), today)
    active = _active(tx, list(found))
    members = (
        Member(person, person.id in active, person.id == actor.employee_id)
        for person in sorted(found.values(), key=lambda person: person.name)
    )
    return CardPage(units, unit, tuple(members))


def person_by_nip(tx: Transaction, nip: str) -> EmployeeId:
    """Who has this NIP. Raises NotFound."""
    found = store_people.employee_by_nip(tx, nip)
    if found is None:
        raise NotFound("employee", nip)
    return found.id


def _demand(actor: Actor, verb: Verb) -> None:
    verdict = can(actor, verb, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(verb.value, verdict.reason.value)


def _serves(actor: Actor, unit: UnitRow) -> bool:
    functions: frozenset[UnitFunction] = DUTIES[Verb.ISSUE_CODE]
    return any(
        duty.function in functions and duty.unit_id in {None, unit.id} for duty in actor.duties
    )


def _members(tx: Transaction, unit: UnitRow, day: date) -> list[str]:
    held = t.assignment
    statement = (
        select(held.c.employee_id)
        .join(
            t.employee,
            and_(
                t.employee.c.agency_id == held.c.agency_id,
                t.employee.c.id == held.c.employee_id,
                t.employee.c.active,
            ),
        )
        .where(
            held.c.agency_id == tx.agency_id,
            held.c.unit_id == unit.id,
            held.c.starts <= day,
            or_(held.c.ends.is_(None), held.c.ends >= day),
        )
        .order_by(held.c.employee_id)
        .limit(MAX_CARDS)
    )
    return list(tx.connection.execute(statement).scalars())


def _active(tx: Transaction, ids: list[str]) -> frozenset[str]:
    known = t.credential
    statement = select(known.c.employee_id).where(
        known.c.agency_id == tx.agency_id,
        known.c.employee_id.in_(ids),
        known.c.password_hash.is_not(None),
    )
    return frozenset(tx.connection.execute(statement).scalars())
