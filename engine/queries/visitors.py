"""Who sits behind a session, and who can be chosen in the demonstration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.queries.finding import is_called
from engine.queries.people import Person, agency_day, local_day, one_person, people, some
from engine.store import rows, staffing
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.people import employees_in_service
from engine.store.sessions import Stage, Way

GROUP_SIZE = 9
FOUND = 30
# The bell shows "99+" beyond.
BELL_LIMIT = 99


@dataclass(frozen=True)
class Seat:
    """A signed-in person with everything the frame of a page names."""

    actor: Actor
    person: Person
    agency_name: str
    zone: str
    language: str
    rates_others: bool = False
    has_logs: bool = False
    seen_at: datetime | None = None
    unread: int = 0
    is_program: bool = False


@dataclass(frozen=True)
class Persona:
    """A person of the demonstration; only who is in service can be chosen."""

    person: Person
    open_items: int = 0
    in_service: bool = True


@dataclass(frozen=True)
class PersonaGroup:
    """Persons who see the same pages; `key` is walk, employees, raters, superiors or functions."""

    key: str
    personas: tuple[Persona, ...]


def seat_of_session(tx: Transaction, token_hash: str, now: datetime) -> Seat | None:
    """The seat of a whole session that has not ended; asked before the agency is known.

    Who left the service has no seat any more, whatever his session says.
    """
    row = rows.fetch_one(tx, _SESSION, _Session, {"token_hash": token_hash, "now": now})
    if row is None:
        return None
    own = Transaction(tx.connection, AgencyId(row.agency_id))
    day = local_day(now, row.zone)
    employee_id = EmployeeId(row.employee_id)
    return Seat(
        actor=staffing.actor(own, employee_id, day, session_id=token_hash[:16]),
        person=one_person(own, employee_id, day),
        agency_name=row.agency_name,
        zone=row.zone,
        language=row.language,
        rates_others=row.rates_others,
        has_logs=row.has_logs,
        seen_at=row.seen_at,
        unread=row.unread,
        is_program=row.way == Way.PROGRAM.value,
    )


class _Session(NamedTuple):
    """What one statement finds out about a session."""

    agency_id: str
    employee_id: str
    language: str
    seen_at: datetime | None
    agency_name: str
    zone: str
    unread: int
    rates_others: bool
    has_logs: bool
    way: str


def _of_session() -> Select[Any]:
    """The session of a token with its agency, its owner still in service."""
    session = t.session.c
    now = bindparam("now", type_=session.expires_at.type)
    return (
        select(
            session.agency_id,
            session.employee_id,
            session.language,
            session.seen_at,
            t.agency.c.name,
            t.agency.c.zone,
            _unread(),
            _rates_others(),
            _has_logs(),
            session.way,
        )
        .join(t.agency, t.agency.c.id == t.session.c.agency_id)
        .join(
            t.employee,
            and_(
                t.employee.c.agency_id == t.session.c.agency_id,
                t.employee.c.id == t.session.c.employee_id,
            ),
        )
        .where(
            t.session.c.token_hash == bindparam("token_hash"),
            t.session.c.stage == Stage.FULL.value,
            t.session.c.expires_at > now,
            t.session.c.idle_until > now,
            t.employee.c.active,
        )
    )


def _unread() -> ScalarSelect[int]:
    """Unread notices of the session's owner, counted no further than the bell can show."""
    waiting = (
        select(t.notice.c.id)
        .where(
            t.notice.c.agency_id == t.session.c.agency_id,
            t.notice.c.recipient_id == t.session.c.employee_id,
            t.notice.c.read_at.is_(None),
        )
        .correlate(t.session)
        .limit(BELL_LIMIT + 1)
        .subquery()
    )
    return select(func.count()).select_from(waiting).scalar_subquery()


def _rates_others() -> ColumnElement[bool]:
    """Whether the session's owner rates anybody or is the superior of who does."""
    figures, owner = t.appraisal.c, t.session.c
    return or_(
        *(
            exists()
            .where(figures.agency_id == owner.agency_id, column == owner.employee_id)
            .correlate(t.session)
            for column in (figures.rater_id, figures.rater_superior_id)
        )
    )


def _has_logs() -> ColumnElement[bool]:
    """Whether the session's owner keeps a daily log, or reads those of whom he rates."""
    log, owner = t.daily_log.c, t.session.c
    return or_(
        *(
            exists()
            .where(log.agency_id == owner.agency_id, column == owner.employee_id, log.active)
            .correlate(t.session)
            for column in (log.employee_id, log.rater_id, log.rater_superior_id)
        )
    )


_SESSION = _of_session()


def first_agency(tx: Transaction) -> AgencyId | None:
    """The oldest agency; the demonstration has one."""
    oldest = select(t.agency.c.id).order_by(t.agency.c.created_at, t.agency.c.id).limit(1)
    found = tx.connection.execute(oldest).scalar_one_or_none()
    return AgencyId(found) if found else None


def personas(
    tx: Transaction, now: datetime, *, walk: Sequence[str] = ()
) -> tuple[PersonaGroup, ...]:
    """The persons of the walk first, then a handful of each kind who have something to see."""
    day = agency_day(tx, now)
    chosen = {
        "employees": _ids(tx, t.appraisal.c.employee_id),
        "raters": _ids(tx, t.appraisal.c.rater_id),
        "superiors": _ids(tx, t.appraisal.c.rater_superior_id),
        "functions": _duty_holders(tx, day),
    }
    _each_once(chosen)
    others = {key: [found for found in ids if found not in walk] for key, ids in chosen.items()}
    chosen = {"walk": list(walk), **others}
    everybody = [found for ids in chosen.values() for found in ids]
    found, waiting = people(tx, everybody, day), _open_items(tx, everybody)
    groups = (
        PersonaGroup(key, tuple(Persona(p, waiting.get(p.id, 0)) for p in some(found, ids)))
        for key, ids in chosen.items()
    )
    return tuple(group for group in groups if group.personas)


def persons_named(tx: Transaction, now: datetime, *, query: str) -> tuple[Persona, ...]:
    """People in service who are called so, a page of them at most."""
    called = is_called(tx, query)
    statement = (
        select(t.employee.c.id)
        .where(t.employee.c.agency_id == tx.agency_id, t.employee.c.active, called)
        .order_by(t.employee.c.name, t.employee.c.id)
        .limit(FOUND)
    )
    return _seated(tx, now, [row.id for row in tx.connection.execute(statement)])


def persons_of(tx: Transaction, now: datetime, ids: Sequence[str]) -> tuple[Persona, ...]:
    """These people in this order, also those who left: they have no seat."""
    return _seated(tx, now, ids)


def _seated(tx: Transaction, now: datetime, ids: Sequence[str]) -> tuple[Persona, ...]:
    found, waiting = people(tx, ids, agency_day(tx, now)), _open_items(tx, ids)
    here = employees_in_service(tx, frozenset(map(EmployeeId, found)))
    return tuple(Persona(p, waiting.get(p.id, 0), p.id in here) for p in some(found, ids))


def _each_once(chosen: dict[str, list[str]]) -> None:
    """Who rates is not shown among the rated again: the later group wins."""
    seen: set[str] = set()
    for key in reversed(chosen):
        chosen[key] = [found for found in chosen[key] if found not in seen]
        seen.update(chosen[key])


def _ids(tx: Transaction, column: ColumnElement[str]) -> list[str]:
    """Persons in a column of appraisals, those with open work first."""
    waits = and_(
        t.work_item.c.agency_id == t.appraisal.c.agency_id,
        t.work_item.c.assignee_id == column,
        t.work_item.c.state == "open",
    )
    statement = (
        select(column.label("id"), func.count(t.work_item.c.id).label("waiting"))
        .select_from(t.appraisal.outerjoin(t.work_item, waits))
        .where(t.appraisal.c.agency_id == tx.agency_id, column.is_not(None))
        .group_by(column)
        .order_by(func.count(t.work_item.c.id).desc(), column)
        .limit(GROUP_SIZE)
    )
    return [row.id for row in tx.connection.execute(statement)]


def _duty_holders(tx: Transaction, day: date) -> list[str]:
    statement = (
        select(t.duty.c.employee_id)
        .where(
            t.duty.c.agency_id == tx.agency_id,
            t.duty.c.starts <= day,
            or_(t.duty.c.ends.is_(None), t.duty.c.ends >= day),
        )
        .order_by(t.duty.c.function, t.duty.c.employee_id)
        .limit(GROUP_SIZE)
    )
    return [row.employee_id for row in tx.connection.execute(statement)]


def _open_items(tx: Transaction, ids: Iterable[str]) -> dict[str, int]:
    statement = (
        select(t.work_item.c.assignee_id, func.count().label("waiting"))
        .where(
            t.work_item.c.agency_id == tx.agency_id,
            t.work_item.c.state == "open",
            t.work_item.c.assignee_id.in_(sorted(set(ids))),
        )
        .group_by(t.work_item.c.assignee_id)
    )
    return {row.assignee_id: row.waiting for row in tx.connection.execute(statement)}
