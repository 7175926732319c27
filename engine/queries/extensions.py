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
from engine.store.extensions import Outcome


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


@dataclass(frozen=True)
class ExtendedItem:
    """What came of the extension for one work item, with the person whose case it is."""

    item_id: str
    instance_id: str
    name: str
    nip: str
    outcome: Outcome
    old_due: datetime | None
    new_due: datetime | None


def results_page(
    tx: Transaction, extension_id: str, outcome: Outcome | None, *, after: str, limit: int
) -> Sequence[ExtendedItem]:
    """The outcomes of an extension after an item, by item id; of one kind where it is given."""
    done, run, who = t.extension_result, t.instance, t.employee
    item = t.work_item
    agency = done.c.agency_id
    statement = (
        select(
            done.c.item_id, run.c.id, who.c.name, who.c.nip,
            done.c.outcome, done.c.old_due, done.c.new_due,
        )
        .select_from(
            done.join(item, and_(item.c.agency_id == agency, item.c.id == done.c.item_id))
            .join(run, and_(run.c.agency_id == agency, run.c.id == item.c.instance_id))
            .join(who, and_(who.c.agency_id == agency, who.c.id == run.c.subject_id))
        )
        .where(
            agency == tx.agency_id,
            done.c.extension_id == extension_id,
            done.c.item_id > after,
        )
        .order_by(done.c.item_id)
        .limit(limit)
    )  # fmt: skip
    if outcome:
        statement = statement.where(done.c.outcome == outcome.value)
    return [
        ExtendedItem(*row[:4], Outcome(row[4]), *row[5:])
        for row in tx.connection.execute(statement)
    ]


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
            run.c.confidential.is_(False),
        )
    )
    if scope.instance_id:
        return statement.where(run.c.id == scope.instance_id)
    if scope.unit_id:
        units = chosen_units(tx, Filters(units=frozenset({scope.unit_id})))
        return statement.where(run.c.unit_id.in_(sorted(units)))
    return statement
