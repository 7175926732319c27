"""Employees as the administration sees them: found by name or NIP, and one with everything held."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_

from engine.domain.access import AgencyAccess, Verb, can, units_open_to
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.errors import Forbidden, NotFound
from engine.queries.finding import is_called
from engine.queries.people import Person, agency_day, people
from engine.store import credentials, organisation, sessions
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.people import EmployeeRow, SubstitutionRow

PAGE_SIZE = 50


@dataclass(frozen=True)
class EmployeePage:
    """One page of employees by name; `after` asks for the next one."""

    rows: tuple[Person, ...]
    after: tuple[str, str] | None
    units: tuple[tuple[str, str], ...]
    may_change: bool


@dataclass(frozen=True)
class Post:
    """A position that the person had, has or will have."""

    id: str
    position_id: str
    title: str
    unit: str
    kind: str
    starts: date
    ends: date | None
    is_running: bool


@dataclass(frozen=True)
class Duty:
    """A duty of the person; without a unit it holds for the whole agency."""

    function: str
    unit: str
    starts: date
    ends: date | None
    is_running: bool


@dataclass(frozen=True)
class Substitution:
    """Who acts for whom; `other` is the other person."""

    id: str
    other: Person
    starts: date
    ends: date
    is_running: bool


@dataclass(frozen=True)
class AccountState:
    """How far the account is set up, and when it was used last as far as sessions tell."""

    has_password: bool
    has_app: bool
    has_pin: bool
    seen_at: datetime | None


@dataclass(frozen=True)
class EmployeeView:
    """One person with posts, duties, substitutes, account and the work in hand."""

    record: EmployeeRow
    posts: tuple[Post, ...]
    duties: tuple[Duty, ...]
    substitutes: tuple[Substitution, ...]
    stands_in_for: tuple[Substitution, ...]
    account: AccountState
    open_work: int
    is_self: bool
    may_change: bool


def search(
    tx: Transaction,
    actor: Actor,
    now: datetime,
    query: str = "",
    *,
    unit: UnitId | None = None,
    after: tuple[str, str] | None = None,
) -> EmployeePage:
    """Who is in service, by name; an operator finds the people of his units. Raises Forbidden."""
    may_change = _demand_reading(actor)
    today, person = agency_day(tx, now), t.employee.c
    statement: Select[Any] = (
        select(person.id, person.name)
        .where(person.agency_id == tx.agency_id, person.active)
        .order_by(person.name, person.id)
        .limit(PAGE_SIZE + 1)
    )
    statement = _in_units(statement, actor, unit, today)
    if query.strip():
        statement = statement.where(is_called(tx, query))
    if after:
        statement = statement.where(tuple_(person.name, person.id) > after)
    found = tx.connection.execute(statement).all()
    shown = found[:PAGE_SIZE]
    named = people(tx, (row.id for row in shown), today)
    more = (shown[-1].name, shown[-1].id) if len(found) > PAGE_SIZE else None
    rows = tuple(named[row.id] for row in shown)
    return EmployeePage(rows, more, _units(tx, actor), may_change)


def employee(tx: Transaction, actor: Actor, employee_id: EmployeeId, now: datetime) -> EmployeeView:
    """Everything about one person's place in the agency. Raises Forbidden and NotFound."""
    may_change = _demand_reading(actor)
    today = agency_day(tx, now)
    record = organisation.employee_record(tx, employee_id)
    posts = _posts(tx, employee_id, today)
    _is_visible(tx, actor, employee_id, today)
    own = select(t.substitution).where(t.substitution.c.agency_id == tx.agency_id)
    absent, acting = t.substitution.c.absent_id, t.substitution.c.substitute_id
    return EmployeeView(
        record,
        posts,
        _duties(tx, employee_id, today),
        _substitutions(tx, own.where(absent == employee_id), "substitute_id", today),
        _substitutions(tx, own.where(acting == employee_id), "absent_id", today),
        _account(tx, employee_id, now),
        open_work(tx, employee_id),
        is_self=employee_id == actor.employee_id,
        may_change=may_change,
    )


def open_work(tx: Transaction, employee_id: EmployeeId) -> int:
    """How many open work items a person holds, but for what he is asked in confidence."""
    item = t.work_item.c
    statement = select(func.count()).where(
        item.agency_id == tx.agency_id,
        item.assignee_id == employee_id,
        item.state == "open",
        t.IS_IN_THE_OPEN,
    )
    return tx.connection.execute(statement).scalar_one()


def _demand_reading(actor: Actor) -> bool:
    agency = AgencyAccess(actor.agency_id)
    verdict = can(actor, Verb.READ_ORGANISATION, agency)
    if not verdict:
        raise Forbidden(Verb.READ_ORGANISATION, verdict.reason)
    return bool(can(actor, Verb.MANAGE_ORGANISATION, agency))


def _works_in(employee: ColumnElement[Any], units: list[str], today: date) -> ColumnElement[bool]:
    held = t.assignment.c
    return exists(
        select(held.id).where(
            held.agency_id == t.employee.c.agency_id,
            held.employee_id == employee,
            held.unit_id.in_(units),
            held.starts <= today,
            or_(held.ends.is_(None), held.ends >= today),
        )
    )


def _in_units(
    statement: Select[Any], actor: Actor, unit: UnitId | None, today: date
) -> Select[Any]:
    own = units_open_to(actor, Verb.READ_ORGANISATION)
    if own is None and unit is None:
        return statement
    wanted = {unit} & own if own is not None and unit else own or {unit}
    return statement.where(_works_in(t.employee.c.id, sorted(map(str, wanted)), today))


def _is_visible(tx: Transaction, actor: Actor, employee_id: EmployeeId, today: date) -> None:
    own = units_open_to(actor, Verb.READ_ORGANISATION)
    if own is None:
        return
    statement = select(t.employee.c.id).where(
        t.employee.c.agency_id == tx.agency_id,
        t.employee.c.id == employee_id,
        _works_in(t.employee.c.id, sorted(own), today),
    )
    if tx.connection.execute(statement).first() is None:
        raise NotFound("employee", employee_id)


def _units(tx: Transaction, actor: Actor) -> tuple[tuple[str, str], ...]:
    unit, own = t.org_unit.c, units_open_to(actor, Verb.READ_ORGANISATION)
    statement = select(unit.id, unit.name).where(unit.agency_id == tx.agency_id)
    if own is not None:
        statement = statement.where(unit.id.in_(sorted(own)))
    found = tx.connection.execute(statement.order_by(unit.name, unit.id))
    return tuple((row.id, row.name) for row in found)


def _posts(tx: Transaction, employee_id: EmployeeId, today: date) -> tuple[Post, ...]:
    held, place, unit = t.assignment, t.position, t.org_unit
    at = and_(place.c.agency_id == held.c.agency_id, place.c.id == held.c.position_id)
    within = and_(unit.c.agency_id == held.c.agency_id, unit.c.id == held.c.unit_id)
    statement = (
        select(
            held.c.id, held.c.position_id, place.c.title, unit.c.name,
            held.c.kind, held.c.starts, held.c.ends,
        )
        .select_from(held.join(place, at).join(unit, within))
        .where(held.c.agency_id == tx.agency_id, held.c.employee_id == employee_id)
        .order_by(held.c.starts.desc(), held.c.id)
    )  # fmt: skip
    found = tx.connection.execute(statement)
    return tuple(Post(*row, is_running=_runs(row.ends, today)) for row in found)


def _duties(tx: Transaction, employee_id: EmployeeId, today: date) -> tuple[Duty, ...]:
    duty, unit = t.duty, t.org_unit
    within = and_(unit.c.agency_id == duty.c.agency_id, unit.c.id == duty.c.unit_id)
    statement = (
        select(duty.c.function, func.coalesce(unit.c.name, ""), duty.c.starts, duty.c.ends)
        .select_from(duty.outerjoin(unit, within))
        .where(duty.c.agency_id == tx.agency_id, duty.c.employee_id == employee_id)
        .order_by(duty.c.starts.desc(), duty.c.id)
    )
    found = tx.connection.execute(statement)
    return tuple(Duty(*row, is_running=_runs(row.ends, today)) for row in found)


def _substitutions(
    tx: Transaction, statement: Select[Any], other: str, today: date
) -> tuple[Substitution, ...]:
    ordered = statement.order_by(t.substitution.c.starts.desc(), t.substitution.c.id)
    columns = (t.substitution.c[name] for name in SubstitutionRow.__dataclass_fields__)
    found = tx.connection.execute(ordered.with_only_columns(*columns))
    pairs = [(getattr(row, other), row) for row in (SubstitutionRow(*row) for row in found)]
    named = people(tx, (other_id for other_id, _ in pairs), today)
    return tuple(
        Substitution(row.id, named[other_id], row.starts, row.ends, _runs(row.ends, today))
        for other_id, row in pairs
    )


def _runs(ends: date | None, today: date) -> bool:
    """Whether a period has not ended before today."""
    return ends is None or ends >= today


def _account(tx: Transaction, employee_id: EmployeeId, now: datetime) -> AccountState:
    known = credentials.find(tx, employee_id)
    seen = sessions.of_employee(tx, employee_id, now=now)
    return AccountState(
        has_password=known is not None and known.password_hash is not None,
        has_app=known is not None and known.has_totp,
        has_pin=known is not None and known.pin_hash is not None,
        seen_at=seen[0].seen_at if seen else None,
    )
