"""What the people of a unit have to do, as a list for the wall: names, counts and dates only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, func, or_, select

from engine.domain.access import AgencyAccess, Verb, can, units_open_to
from engine.domain.people import Actor
from engine.errors import Forbidden, NotFound
from engine.queries.people import AnyRow, agency_day
from engine.store import people as store_people
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.people import UnitRow

# No unit has more people; a longer list would be no list for a wall.
MOST_PEOPLE = 500


@dataclass(frozen=True)
class UnitMember:
    """One person of the unit; `unreachable` when letters to him do not arrive.

    What he is asked in confidence is not counted.
    """

    name: str
    open: int
    overdue: int
    next_due: datetime | None
    unreachable: bool


@dataclass(frozen=True)
class UnitList:
    """The chosen unit with its people by name, and the units to choose from."""

    units: tuple[UnitRow, ...]
    unit: UnitRow | None = None
    members: tuple[UnitMember, ...] = ()

    @property
    def waiting(self) -> tuple[UnitMember, ...]:
        """Who has something to do."""
        return tuple(member for member in self.members if member.open)

    @property
    def unreachable(self) -> tuple[UnitMember, ...]:
        """To whom letters do not arrive."""
        return tuple(member for member in self.members if member.unreachable)


def unit_list(tx: Transaction, actor: Actor, unit_id: str, now: datetime) -> UnitList:
    """The list of a unit. Raises Forbidden, and NotFound for a unit of others."""
    verdict = can(actor, Verb.REMIND_WORK, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.REMIND_WORK.value, verdict.reason.value)
    own = units_open_to(actor, Verb.REMIND_WORK)
    units = tuple(unit for unit in store_people.units(tx) if own is None or unit.id in own)
    if not unit_id and len(units) != 1:
        return UnitList(tuple(sorted(units, key=lambda unit: unit.name)))
    unit = next((found for found in units if found.id == unit_id or not unit_id), None)
    if unit is None:
        raise NotFound("unit", unit_id)
    members = tuple(_members(tx, unit, agency_day(tx, now), now))
    return UnitList(tuple(sorted(units, key=lambda unit: unit.name)), unit, members)


def _members(tx: Transaction, unit: UnitRow, day: date, now: datetime) -> Iterable[UnitMember]:
    who, held = t.employee, t.assignment
    there = and_(
        held.c.agency_id == who.c.agency_id,
        held.c.employee_id == who.c.id,
        held.c.unit_id == unit.id,
        held.c.starts <= day,
        or_(held.c.ends.is_(None), held.c.ends >= day),
    )
    statement = (
        select(who.c.id, who.c.name)
        .join(held, there)
        .where(who.c.agency_id == tx.agency_id, who.c.active)
        .distinct()
        .order_by(who.c.name, who.c.id)
        .limit(MOST_PEOPLE)
    )
    people = tx.connection.execute(statement).all()
    ids = [person.id for person in people]
    waiting, unreachable = _waiting(tx, ids, now), _unreachable(tx, ids)
    for person in people:
        work = waiting.get(person.id)
        yield UnitMember(
            person.name,
            work.open if work else 0,
            work.overdue if work else 0,
            work.next_due if work else None,
            person.id in unreachable,
        )


def _waiting(tx: Transaction, ids: list[str], now: datetime) -> dict[str, AnyRow]:
    item = t.work_item
    statement = (
        select(
            item.c.assignee_id,
            func.count().label("open"),
            func.sum(case((item.c.due_at <= now, 1), else_=0)).label("overdue"),
            func.min(item.c.due_at).label("next_due"),
        )
        .where(
            item.c.agency_id == tx.agency_id,
            item.c.state == "open",
            t.IS_IN_THE_OPEN,
            item.c.assignee_id.in_(ids),
        )
        .group_by(item.c.assignee_id)
    )
    return {row.assignee_id: row for row in tx.connection.execute(statement)}


def _unreachable(tx: Transaction, ids: list[str]) -> frozenset[str]:
    way = t.notice_contact
    statement = select(way.c.employee_id).where(
        way.c.agency_id == tx.agency_id, way.c.employee_id.in_(ids), way.c.failure.is_not(None)
    )
    return frozenset(tx.connection.execute(statement).scalars())
