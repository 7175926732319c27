"""Who holds what in a cycle: open steps by unit, and by person inside a unit.

Nothing that is asked in confidence: who has not answered would tell who has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from engine.domain.people import EmployeeId, UnitId
from engine.queries.steps import NameOf
from engine.store import tables as t
from engine.store.database import Transaction

MOST_ITEMS = 200


@dataclass(frozen=True)
class UnitHoldup:
    """The open steps of the cases of one unit."""

    unit_id: UnitId
    name: str
    open: int
    overdue: int
    oldest: datetime | None


@dataclass(frozen=True)
class PersonHoldup:
    """The open steps that one person, or one unit function, holds in the cases of a unit."""

    employee_id: EmployeeId | None
    name: str
    function: str | None
    open: int
    overdue: int
    oldest: datetime | None


@dataclass(frozen=True)
class HeldItem:
    """One open step with the appraised person and who has it."""

    item_id: str
    instance_id: str
    step: str
    subject: str
    holder: str
    function: str | None
    due_at: datetime | None
    element_id: str = ""


def by_unit(tx: Transaction, cycle_id: str, now: datetime) -> tuple[UnitHoldup, ...]:
    """Every unit with open steps, the one with most late ones first."""
    unit = t.org_unit
    own = and_(unit.c.agency_id == t.instance.c.agency_id, unit.c.id == t.instance.c.unit_id)
    late = _late(now)
    statement = (
        _open(tx, cycle_id, unit.c.id, unit.c.name, *_figures(late))
        .join(unit, own)
        .group_by(unit.c.id, unit.c.name)
        .order_by(late.desc(), func.count().desc(), unit.c.name)
    )
    return tuple(UnitHoldup(*row) for row in tx.connection.execute(statement))


def by_person(
    tx: Transaction, cycle_id: str, unit_id: UnitId, now: datetime
) -> tuple[PersonHoldup, ...]:
    """Who holds the open steps of a unit's cases, the one with most late ones first."""
    item, who = t.work_item, t.employee
    held = and_(who.c.agency_id == item.c.agency_id, who.c.id == item.c.assignee_id)
    late = _late(now)
    columns = (item.c.assignee_id, func.coalesce(who.c.name, ""), item.c.function)
    statement = (
        _open(tx, cycle_id, *columns, *_figures(late))
        .outerjoin(who, held)
        .where(t.instance.c.unit_id == unit_id)
        .group_by(*columns)
        .order_by(late.desc(), func.count().desc(), item.c.assignee_id, item.c.function)
    )
    return tuple(PersonHoldup(*row) for row in tx.connection.execute(statement))


def held_items(
    tx: Transaction, cycle_id: str, unit_id: UnitId, name_of: NameOf
) -> Sequence[HeldItem]:
    """The open steps of a unit's cases, the most urgent first; at most 200."""
    item, run, who = t.work_item, t.instance, t.employee
    holder = who.alias("holder")
    columns = (
        item.c.id, run.c.id.label("instance_id"), run.c.definition_id, item.c.element_id,
        item.c.name.label("drawn"), who.c.name.label("subject"), holder.c.name.label("holder"),
        item.c.function, item.c.due_at,
    )  # fmt: skip
    statement = (
        _open(tx, cycle_id, *columns)
        .join(who, and_(who.c.agency_id == run.c.agency_id, who.c.id == run.c.subject_id))
        .outerjoin(
            holder,
            and_(holder.c.agency_id == item.c.agency_id, holder.c.id == item.c.assignee_id),
        )
        .where(run.c.unit_id == unit_id)
        .order_by(item.c.due_at.is_(None), item.c.due_at, item.c.id)
        .limit(MOST_ITEMS)
    )
    return [
        HeldItem(
            row.id, row.instance_id, name_of(tx, row.definition_id, row.element_id, row.drawn),
            row.subject, row.holder or "", row.function, row.due_at, row.element_id,
        )
        for row in tx.connection.execute(statement)
    ]  # fmt: skip


def _late(now: datetime) -> Any:
    return func.sum(case((t.work_item.c.due_at <= now, 1), else_=0))


def _figures(late: Any) -> tuple[Any, ...]:
    return func.count(), late, func.min(t.work_item.c.due_at)


def _open(tx: Transaction, cycle_id: str, *columns: Any) -> Select[Any]:
    item, run = t.work_item, t.instance
    same = and_(run.c.agency_id == item.c.agency_id, run.c.id == item.c.instance_id)
    return (
        select(*columns)
        .select_from(item)
        .join(run, same)
        .where(
            item.c.agency_id == tx.agency_id,
            item.c.state == "open",
            run.c.cycle_id == cycle_id,
            t.IS_MAIN,
            t.IS_IN_THE_OPEN,
        )
    )
