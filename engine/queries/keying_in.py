"""What an operator may key in from paper: open own steps of the employees of his units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select, tuple_

from engine.domain.access import AgencyAccess, CaseAccess, Verb, WorkAccess, can, units_open_to
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.domain.process import DefinitionId
from engine.domain.separation import OPERATOR, PAPER
from engine.errors import Forbidden
from engine.queries.inbox_sources import OPEN
from engine.queries.people import AnyRow, Person, agency_day, people
from engine.queries.separations import PropertiesOf
from engine.queries.team_ratings import PAGE
from engine.store import tables as t
from engine.store.database import Transaction

_item, _case, _who, _known = t.work_item, t.instance, t.employee, t.appraisal
_STEP = (_case.c.definition_id, _item.c.element_id)


@dataclass(frozen=True)
class OnPaper:
    """An open step that may be on paper; `begun_at` is when an operator last typed in it."""

    item_id: str
    person: Person
    definition_id: DefinitionId
    element_id: str
    name: str
    due_at: datetime | None
    begun_at: datetime | None


def to_key_in(
    tx: Transaction, actor: Actor, *, properties_of: PropertiesOf, now: datetime, after: str = ""
) -> tuple[tuple[OnPaper, ...], str]:
    """One page of such steps, by name of the person; where the next begins. Raises Forbidden."""
    verdict = can(actor, Verb.KEY_IN_WORK, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.KEY_IN_WORK.value, verdict.reason.value)
    steps = _steps_on_paper(tx, actor, properties_of)
    if not steps:
        return (), ""
    wanted = (
        _item.c.id, _item.c.due_at, _item.c.name, *_STEP, _case.c.subject_id, _case.c.unit_id,
        _known.c.rater_id, _known.c.rater_superior_id, t.prepared_draft.c.saved_at,
        _who.c.name.label("whose"),
    )  # fmt: skip
    statement = _open(tx, actor, select(*wanted)).where(tuple_(*_STEP).in_(steps))
    statement = statement.order_by(_who.c.name, _item.c.id).limit(PAGE + 1)
    item_id, _, name = after.partition("~")
    if name:
        statement = statement.where(tuple_(_who.c.name, _item.c.id) > tuple_(name, item_id))
    rows = tx.connection.execute(statement).all()
    page = rows[:PAGE]
    onward = f"{page[-1].id}~{page[-1].whose}" if len(rows) > PAGE else ""
    names = people(tx, [row.subject_id for row in page], agency_day(tx, now))
    return tuple(
        OnPaper(
            row.id, names[row.subject_id], row.definition_id, row.element_id, row.name,
            row.due_at, row.saved_at,
        )
        for row in page
        if can(actor, Verb.KEY_IN_WORK, _work(tx, row))
    ), onward  # fmt: skip


def _steps_on_paper(
    tx: Transaction, actor: Actor, properties_of: PropertiesOf
) -> list[tuple[str, str]]:
    """Definition and element of the steps that their diagrams open to paper."""
    found: Iterable[AnyRow] = tx.connection.execute(_open(tx, actor, select(*_STEP).distinct()))
    return [
        (row.definition_id, row.element_id)
        for row in found
        if properties_of(tx, row.definition_id, row.element_id).get(PAPER) == OPERATOR
    ]


def _open(tx: Transaction, actor: Actor, wanted: Select[Any]) -> Select[Any]:
    """Open steps of employees themselves in the units of the operator."""
    units, made = units_open_to(actor, Verb.KEY_IN_WORK), t.prepared_draft.c
    statement = (
        wanted.select_from(
            _item.join(
                _case,
                and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id),
            )
            .join(
                _who, and_(_who.c.agency_id == _case.c.agency_id, _who.c.id == _case.c.subject_id)
            )
            .outerjoin(
                _known,
                and_(_known.c.agency_id == _case.c.agency_id, _known.c.instance_id == _case.c.id),
            )
            .outerjoin(
                t.prepared_draft,
                and_(made.agency_id == _item.c.agency_id, made.work_item_id == _item.c.id),
            )
        )
        .where(
            _item.c.agency_id == tx.agency_id,
            OPEN,
            _item.c.assignee_id == _case.c.subject_id,
            _item.c.participation.is_(None),
            _case.c.subject_id != actor.employee_id,
            _case.c.status == "running",
            _case.c.confidential.is_(False),
        )
    )  # fmt: skip
    return statement if units is None else statement.where(_case.c.unit_id.in_(sorted(units)))


def _work(tx: Transaction, row: AnyRow) -> WorkAccess:
    subject = EmployeeId(row.subject_id)
    case = CaseAccess(
        tx.agency_id, subject, UnitId(row.unit_id), row.rater_id, row.rater_superior_id
    )
    return WorkAccess(case, subject, None, on_paper=True)
