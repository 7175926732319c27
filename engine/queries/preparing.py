"""Preparing for raters: whom a rater allows and may allow, and what waits for an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select, tuple_

from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.queries.inbox_sources import OPEN
from engine.queries.people import Person, agency_day, people, some
from engine.queries.team_ratings import PAGE, RATING
from engine.store import preparers, staffing
from engine.store import tables as t
from engine.store.database import Transaction

_item, _case, _who = t.work_item, t.instance, t.employee


@dataclass(frozen=True)
class Permission:
    """Whom a rater allows from when to when."""

    id: str
    operator: Person
    starts: date
    ends: date


@dataclass(frozen=True)
class PreparersPage:
    """What a rater allows, and the operators of his unit."""

    allowed: tuple[Permission, ...]
    operators: tuple[Person, ...]
    today: date


@dataclass(frozen=True)
class ToPrepare:
    """A rating for which an operator may prepare; `state` is how far he is."""

    item_id: str
    person: Person
    rater: Person
    due_at: datetime | None
    state: str
    place: str


def preparers_page(tx: Transaction, actor: Actor, now: datetime) -> PreparersPage:
    """For the rater himself."""
    day = agency_day(tx, now)
    known = preparers.of_rater(tx, actor.employee_id, day)
    post = staffing.assignment_on(tx, actor.employee_id, day)
    ids = _operators(tx, post.unit_id, day) if post else []
    ids = [found for found in ids if found != actor.employee_id]
    names = people(tx, [*ids, *(row.operator_id for row in known)], day)
    return PreparersPage(
        tuple(Permission(r.id, names[r.operator_id], r.starts, r.ends) for r in known),
        some(names, ids),
        day,
    )


def to_prepare(
    tx: Transaction, actor: Actor, now: datetime, *, after: str = ""
) -> tuple[tuple[ToPrepare, ...], str]:
    """One page of open ratings for which the actor may prepare, by name; where the next begins."""
    day = agency_day(tx, now)
    raters = _raters(tx, actor, day)
    if not raters:
        return (), ""
    of_case = and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id)
    of_person = and_(_who.c.agency_id == _case.c.agency_id, _who.c.id == _case.c.subject_id)
    made = t.prepared_draft
    of_item = and_(made.c.agency_id == _item.c.agency_id, made.c.work_item_id == _item.c.id)
    wanted = (_item.c.id, _item.c.due_at, _item.c.assignee_id, _case.c.subject_id, _who.c.name)
    statement = (
        select(*wanted, made.c.saved_at, made.c.handed_at, made.c.taken_at)
        .select_from(_item.join(_case, of_case).join(_who, of_person).outerjoin(made, of_item))
        .where(
            _item.c.agency_id == tx.agency_id,
            OPEN,
            _item.c.participation == RATING,
            _item.c.assignee_id.in_(raters),
            _case.c.subject_id != actor.employee_id,
            _case.c.status == "running",
        )
        .order_by(_who.c.name, _item.c.id)
        .limit(PAGE + 1)
    )
    item_id, _, name = after.partition("~")
    if name:
        statement = statement.where(tuple_(_who.c.name, _item.c.id) > tuple_(name, item_id))
    rows = tx.connection.execute(statement).all()
    names = people(tx, [p for row in rows for p in (row.subject_id, row.assignee_id)], day)
    found = tuple(
        ToPrepare(
            row.id, names[row.subject_id], names[row.assignee_id], row.due_at,
            _state(row.saved_at, row.handed_at, row.taken_at), f"{row.id}~{row.name}",
        )
        for row in rows[:PAGE]
    )  # fmt: skip
    return found, found[-1].place if len(rows) > PAGE else ""


def about(tx: Transaction, item_id: str, now: datetime) -> tuple[Person, Person]:
    """Who is rated and who rates; the caller has asked whether the reader may know."""
    of_case = and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id)
    row = tx.connection.execute(
        select(_case.c.subject_id, _item.c.assignee_id, _item.c.claimed_by)
        .select_from(_item.join(_case, of_case))
        .where(_item.c.agency_id == tx.agency_id, _item.c.id == item_id)
    ).one()
    rater = row.assignee_id or row.claimed_by
    names = people(tx, [row.subject_id, rater], agency_day(tx, now))
    return names[row.subject_id], names[rater]


def _raters(tx: Transaction, actor: Actor, day: date) -> list[EmployeeId]:
    allowed = preparers.of_operator(tx, actor.employee_id, day)
    return sorted(
        {row.rater_id for row in allowed if actor.holds(UnitFunction.OPERATOR, row.unit_id)}
    )


def _state(saved: datetime | None, handed: datetime | None, taken: datetime | None) -> str:
    if taken:
        return "taken"
    return "handed" if handed else ("begun" if saved else "new")


def _operators(tx: Transaction, unit_id: str, day: date) -> Sequence[str]:
    duty = t.duty.c
    statement = (
        select(duty.employee_id)
        .where(
            duty.agency_id == tx.agency_id,
            duty.function == UnitFunction.OPERATOR.value,
            or_(duty.unit_id.is_(None), duty.unit_id == unit_id),
            duty.starts <= day,
            or_(duty.ends.is_(None), duty.ends >= day),
        )
        .order_by(duty.employee_id)
        .limit(200)
    )
    return list(tx.connection.execute(statement).scalars())
