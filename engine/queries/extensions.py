"""Which work items an extension of a deadline touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from engine.domain.people import EmployeeId, UnitId
from engine.domain.population import Filters
from engine.queries.population import chosen_units
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class Scope:
    """One step of a cycle: of everybody, of a unit with all below it, or of one case."""

    cycle_id: str
    element_id: str
    unit_id: UnitId | None = None
    instance_id: str | None = None


@dataclass(frozen=True)
class TouchedItem:
    """An open work item of the scope."""

    item_id: str
    instance_id: str
    subject_id: EmployeeId
    due_at: datetime


def touched(
    tx: Transaction,
    scope: Scope,
    *,
    opened_by: datetime,
    limit: int,
    without_result_of: str | None = None,
) -> Sequence[TouchedItem]:
    """Open items of the scope that have a due date, by id; `opened_by` is when it was asked for."""
    item, run = t.work_item, t.instance
    statement = (
        _scoped(tx, scope, opened_by, item.c.id, run.c.id, run.c.subject_id, item.c.due_at)
        .order_by(item.c.id)
        .limit(limit)
    )
    if without_result_of:
        done = t.extension_result
        seen = exists().where(
            done.c.agency_id == item.c.agency_id,
            done.c.extension_id == without_result_of,
            done.c.item_id == item.c.id,
        )
        statement = statement.where(~seen)
    return [TouchedItem(*row) for row in tx.connection.execute(statement)]


def count_touched(tx: Transaction, scope: Scope, *, opened_by: datetime) -> int:
    """How many open items the scope has."""
    found = tx.connection.execute(_scoped(tx, scope, opened_by, func.count()))
    return int(found.scalar_one())


def _scoped(tx: Transaction, scope: Scope, opened_by: datetime, *columns: Any) -> Select[Any]:
    item, run = t.work_item, t.instance
    same = and_(run.c.agency_id == item.c.agency_id, run.c.id == item.c.instance_id)
    statement = (
        select(*columns)
        .select_from(item.join(run, same))
        .where(
            item.c.agency_id == tx.agency_id,
            item.c.state == "open",
            item.c.element_id == scope.element_id,
            item.c.due_at.is_not(None),
            item.c.opened_at <= opened_by,
            run.c.cycle_id == scope.cycle_id,
        )
    )
    if scope.instance_id:
        return statement.where(run.c.id == scope.instance_id)
    if scope.unit_id:
        units = chosen_units(tx, Filters(units=frozenset({scope.unit_id})))
        return statement.where(run.c.unit_id.in_(sorted(units)))
    return statement
