"""Who works beside and below somebody, and how often each is asked about others in a cycle."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from engine.domain.colleagues import Colleague
from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitId
from engine.store import tables as t
from engine.store.database import Transaction


def in_unit(tx: Transaction, unit_id: UnitId, on: date) -> tuple[Colleague, ...]:
    """Who has a post of his own in the unit on the day, by name."""
    return _holding(tx, on, t.assignment.c.unit_id == unit_id)


def directly_below(tx: Transaction, position_id: PositionId, on: date) -> tuple[Colleague, ...]:
    """Who has a post of his own directly below a position on the day, by name."""
    return _holding(tx, on, t.position.c.superior_position_id == position_id)


def _holding(tx: Transaction, on: date, where: Any) -> tuple[Colleague, ...]:
    held, who, post = t.assignment, t.employee, t.position
    person = and_(who.c.agency_id == held.c.agency_id, who.c.id == held.c.employee_id)
    place = and_(post.c.agency_id == held.c.agency_id, post.c.id == held.c.position_id)
    statement = (
        select(who.c.id, who.c.nip, who.c.name, func.min(held.c.starts))
        .select_from(held.join(who, person).join(post, place))
        .where(
            held.c.agency_id == tx.agency_id,
            held.c.kind == AssignmentKind.DEFINITIVE.value,
            held.c.starts <= on,
            or_(held.c.ends.is_(None), held.c.ends >= on),
            who.c.active,
            where,
        )
        .group_by(who.c.id, who.c.nip, who.c.name)
        .order_by(who.c.name, who.c.id)
    )
    return tuple(Colleague(*row) for row in tx.connection.execute(statement))


def asked_in(
    tx: Transaction, cycle_id: str, people: Collection[EmployeeId]
) -> Mapping[EmployeeId, int]:
    """How often each of these people is asked in confidence in a cycle, answered or not."""
    item, run = t.work_item, t.instance
    same = and_(run.c.agency_id == item.c.agency_id, run.c.id == item.c.instance_id)
    statement = (
        select(item.c.assignee_id, func.count())
        .select_from(item.join(run, same))
        .where(
            item.c.agency_id == tx.agency_id,
            run.c.cycle_id == cycle_id,
            t.IS_IN_CONFIDENCE,
            item.c.assignee_id.in_(sorted(people)),
        )
        .group_by(item.c.assignee_id)
    )
    return {EmployeeId(key): count for key, count in tx.connection.execute(statement)}
