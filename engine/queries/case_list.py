"""Lists of cases: one's own, those one rates, and the search of HR and auditors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, and_, or_, select, tuple_

from engine.domain.access import AgencyAccess, Verb, can, units_open_to
from engine.domain.people import Actor
from engine.domain.process import InstanceId
from engine.errors import Forbidden
from engine.queries.finding import is_called
from engine.queries.people import AnyRow, Person, person_of
from engine.queries.steps import NameOf, as_drawn
from engine.store import tables as t
from engine.store.database import Transaction

PAGE_SIZE = 50


@dataclass(frozen=True)
class CaseRow:
    """One case in a list, with its next due step."""

    instance_id: InstanceId
    person: Person
    period: str
    state: str
    step: str | None = None
    due_at: datetime | None = None
    predicate: str | None = None
    under_appeal: bool = False


@dataclass(frozen=True)
class CasePage:
    """One page of a list; `after` asks for the next one."""

    rows: tuple[CaseRow, ...]
    after: tuple[str, str] | None = None


def own_cases(tx: Transaction, actor: Actor, name_of: NameOf = as_drawn) -> tuple[CaseRow, ...]:
    """The cases about the actor, newest first."""
    own = t.instance.c.subject_id == actor.employee_id
    statement = _statement(tx).where(own).order_by(t.instance.c.started_at.desc())
    return _cases(tx, statement.limit(PAGE_SIZE), name_of, hide_predicate=True)


def rated_cases(
    tx: Transaction,
    actor: Actor,
    name_of: NameOf = as_drawn,
    *,
    after: tuple[str, str] | None = None,
    limit: int = 200,
) -> tuple[CaseRow, ...]:
    """The cases that the actor rates or whose rater reports to him, by name.

    `after` is the name and the id of a row before.
    """
    figures = t.appraisal.c
    rates = or_(
        figures.rater_id == actor.employee_id, figures.rater_superior_id == actor.employee_id
    )
    order = (t.employee.c.name, t.instance.c.id)
    statement = _statement(tx).where(rates).order_by(*order).limit(limit)
    if after:
        statement = statement.where(tuple_(*order) > after)
    return _cases(tx, statement, name_of)


def search_cases(
    tx: Transaction,
    actor: Actor,
    query: str = "",
    after: tuple[str, str] | None = None,
    *,
    name_of: NameOf = as_drawn,
) -> CasePage:
    """The cases whose person's name contains `query` or has that NIP, by name. Raises Forbidden.

    Who looks after some units only finds theirs.
    """
    verdict = can(actor, Verb.SEARCH_CASES, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.SEARCH_CASES, verdict.reason)
    order = (t.employee.c.name, t.instance.c.id)
    statement = _statement(tx).order_by(*order).limit(PAGE_SIZE + 1)
    if query.strip():
        statement = statement.where(is_called(tx, query))
    units = units_open_to(actor, Verb.SEARCH_CASES)
    if units is not None:
        statement = statement.where(t.instance.c.unit_id.in_(sorted(units)))
    if after:
        statement = statement.where(tuple_(*order) > after)
    rows = _cases(tx, statement, name_of)
    shown = rows[:PAGE_SIZE]
    more = (shown[-1].person.name, str(shown[-1].instance_id)) if len(rows) > PAGE_SIZE else None
    return CasePage(shown, more)


def _statement(tx: Transaction) -> Select[Any]:
    case, figures = t.instance, t.appraisal
    return (
        select(
            case.c.id,
            case.c.subject_id,
            case.c.status,
            t.employee.c.name,
            t.employee.c.nip,
            t.org_unit.c.name.label("unit_name"),
            t.cycle.c.name.label("period"),
            figures.c.predicate,
            figures.c.delivered_at,
            figures.c.appeal_open,
        )
        .select_from(_joined())
        .where(case.c.agency_id == tx.agency_id, t.IS_MAIN)
    )


def _joined() -> FromClause:
    case, figures = t.instance, t.appraisal
    pairs = ((t.employee, "subject_id"), (t.org_unit, "unit_id"), (t.cycle, "cycle_id"))
    joined: FromClause = case
    for table, column in pairs:
        same = and_(table.c.agency_id == case.c.agency_id, table.c.id == case.c[column])
        joined = joined.join(table, same)
    of_case = and_(figures.c.agency_id == case.c.agency_id, figures.c.instance_id == case.c.id)
    return joined.outerjoin(figures, of_case)


def _cases(
    tx: Transaction, statement: Select[Any], name_of: NameOf, *, hide_predicate: bool = False
) -> tuple[CaseRow, ...]:
    found = tx.connection.execute(statement).all()
    steps = _open_steps(tx, [row.id for row in found])
    names = {
        key: name_of(tx, step.definition_id, step.element_id, step.name)
        for key, step in steps.items()
    }
    return tuple(
        _row(row, steps.get(row.id), names, hide_predicate=hide_predicate) for row in found
    )


def _open_steps(tx: Transaction, ids: list[str]) -> dict[str, AnyRow]:
    """The open work item of each case that is due first."""
    item, case = t.work_item, t.instance
    same = and_(case.c.agency_id == item.c.agency_id, case.c.id == item.c.instance_id)
    statement = (
        select(
            item.c.instance_id, item.c.element_id, item.c.name, item.c.due_at, case.c.definition_id
        )
        .select_from(item.join(case, same))
        .where(
            item.c.agency_id == tx.agency_id, item.c.state == "open", item.c.instance_id.in_(ids)
        )
        .order_by(item.c.due_at.is_not(None), item.c.due_at.desc())
    )
    return {row.instance_id: row for row in tx.connection.execute(statement)} if ids else {}


def _row(
    row: AnyRow,
    step: AnyRow | None,
    names: dict[str, str],
    *,
    hide_predicate: bool,
) -> CaseRow:
    hidden = hide_predicate and row.delivered_at is None
    return CaseRow(
        instance_id=InstanceId(row.id),
        person=person_of(row),
        period=row.period,
        state=row.status,
        step=names.get(row.id),
        due_at=step.due_at if step else None,
        predicate=None if hidden else row.predicate,
        under_appeal=bool(row.appeal_open),
    )
