"""The inbox of an actor: what is open for him, what he has done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select

from engine.domain.people import Actor
from engine.domain.process import InstanceId, WorkItemId
from engine.queries.people import AnyRow, Person, person_of
from engine.queries.steps import NameOf, as_drawn
from engine.store import tables as t
from engine.store.database import Transaction

PAGE_SIZE = 200


@dataclass(frozen=True)
class InboxRow:
    """One work item in a list; `own` when it is about the actor himself."""

    item_id: WorkItemId
    instance_id: InstanceId
    element_id: str
    name: str
    person: Person
    own: bool
    period: str
    due_at: datetime | None
    has_draft: bool = False
    completed_at: datetime | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class Inbox:
    """Open work by due date, with the counts of the tiles."""

    items: tuple[InboxRow, ...]
    overdue: int = 0
    due_this_week: int = 0
    waiting_for_others: int = 0


# Whether the separation of duties leaves a listed work item to the actor.
OpenTo = Callable[[Transaction, AnyRow], bool]


def inbox(
    tx: Transaction,
    actor: Actor,
    now: datetime,
    name_of: NameOf = as_drawn,
    *,
    open_to: OpenTo | None = None,
) -> Inbox:
    """The open work that the actor may do, by due date."""
    rows = open_items(tx, actor, name_of, open_to=open_to, limit=PAGE_SIZE)
    dates = [row.due_at for row in rows if row.due_at]
    late = sum(1 for due_at in dates if due_at <= now)
    soon = sum(1 for due_at in dates if now < due_at <= now + timedelta(days=7))
    return Inbox(rows, late, soon, _waiting_for_others(tx, actor))


def open_items(
    tx: Transaction,
    actor: Actor,
    name_of: NameOf = as_drawn,
    *,
    open_to: OpenTo | None = None,
    after: tuple[datetime | None, str] | None = None,
    limit: int = 50,
) -> tuple[InboxRow, ...]:
    """The open work by due date; `after` is the due date and id of the last row before.

    Without `open_to` it is everything that is addressed to the actor.
    """
    found: list[AnyRow] = []
    while True:
        page = _addressed(tx, actor, after, limit)
        found += [row for row in page if open_to is None or open_to(tx, row)]
        if len(page) < limit or len(found) >= limit:
            return tuple(_row(tx, actor, row, name_of) for row in found[:limit])
        after = (page[-1].due_at, page[-1].id)


def _addressed(
    tx: Transaction, actor: Actor, after: tuple[datetime | None, str] | None, limit: int
) -> Sequence[AnyRow]:
    item, drafts = t.work_item, t.draft
    own_draft = and_(
        drafts.c.agency_id == item.c.agency_id,
        drafts.c.work_item_id == item.c.id,
        drafts.c.actor_id == actor.employee_id,
    )
    statement = (
        select(*_COLUMNS, drafts.c.work_item_id.label("draft_of"))
        .select_from(_with_case(item).outerjoin(drafts, own_draft))
        .where(item.c.agency_id == tx.agency_id, item.c.state == "open", is_for(actor))
        .order_by(item.c.due_at.is_(None), item.c.due_at, item.c.id)
        .limit(limit)
    )
    if after:
        statement = statement.where(_behind(*after))
    return tx.connection.execute(statement).all()


def _behind(due_at: datetime | None, item_id: str) -> ColumnElement[bool]:
    """Work without a due date comes last."""
    item = t.work_item.c
    if due_at is None:
        return and_(item.due_at.is_(None), item.id > item_id)
    same_day = and_(item.due_at == due_at, item.id > item_id)
    return or_(item.due_at > due_at, same_day, item.due_at.is_(None))


def done_items(
    tx: Transaction, actor: Actor, name_of: NameOf = as_drawn, limit: int = 50
) -> tuple[InboxRow, ...]:
    """What the actor has sent, latest first."""
    item, sent = t.work_item, t.submission
    same = and_(sent.c.agency_id == item.c.agency_id, sent.c.work_item_id == item.c.id)
    statement = (
        select(*_COLUMNS, sent.c.at, sent.c.receipt)
        .select_from(_with_case(item).join(sent, same))
        .where(item.c.agency_id == tx.agency_id, sent.c.actor_id == actor.employee_id)
        .order_by(sent.c.at.desc(), item.c.id)
        .limit(limit)
    )
    return tuple(_row(tx, actor, found, name_of) for found in tx.connection.execute(statement))


def is_for(actor: Actor) -> ColumnElement[bool]:
    """The condition that a work item is the actor's: own, as substitute, by duty or offered.

    The statement holds the instance, too: nobody stands in for the appraised person.
    """
    item, case = t.work_item, t.instance
    absent = item.c.assignee_id.in_(sorted(actor.substitutes_for))
    conditions: list[ColumnElement[bool]] = [
        item.c.assignee_id == actor.employee_id,
        and_(absent, item.c.assignee_id != case.c.subject_id),
        item.c.offered_to == actor.employee_id,
    ]
    for duty in actor.duties:
        held = item.c.function == duty.function.value
        conditions.append(held if duty.unit_id is None else held & (item.c.unit_id == duty.unit_id))
    return or_(*conditions)


_COLUMNS = (
    t.work_item.c.id,
    t.work_item.c.instance_id,
    t.work_item.c.element_id,
    t.work_item.c.name.label("work_name"),
    t.work_item.c.due_at,
    t.work_item.c.assignee_id,
    t.instance.c.subject_id,
    t.instance.c.definition_id,
    t.employee.c.name,
    t.employee.c.nip,
    t.cycle.c.name.label("period"),
)


def _with_case(item: FromClause) -> FromClause:
    case, who, period = t.instance, t.employee, t.cycle
    return (
        item.join(case, and_(case.c.agency_id == item.c.agency_id, case.c.id == item.c.instance_id))
        .join(who, and_(who.c.agency_id == case.c.agency_id, who.c.id == case.c.subject_id))
        .join(period, and_(period.c.agency_id == case.c.agency_id, period.c.id == case.c.cycle_id))
    )


def _row(tx: Transaction, actor: Actor, row: AnyRow, name_of: NameOf) -> InboxRow:
    return InboxRow(
        item_id=WorkItemId(row.id),
        instance_id=InstanceId(row.instance_id),
        element_id=row.element_id,
        name=name_of(tx, row.definition_id, row.element_id, row.work_name),
        person=person_of(row),
        own=row.subject_id == actor.employee_id,
        period=row.period,
        due_at=row.due_at,
        has_draft=getattr(row, "draft_of", None) is not None,
        completed_at=getattr(row, "at", None),
        receipt=getattr(row, "receipt", None),
    )


def _waiting_for_others(tx: Transaction, actor: Actor) -> int:
    """Cases about the actor in which somebody else has the turn."""
    item, case = t.work_item, t.instance
    same = and_(case.c.agency_id == item.c.agency_id, case.c.id == item.c.instance_id)
    statement = (
        select(func.count(item.c.instance_id.distinct()))
        .select_from(item.join(case, same))
        .where(
            case.c.agency_id == tx.agency_id,
            case.c.subject_id == actor.employee_id,
            item.c.state == "open",
            or_(item.c.assignee_id.is_(None), item.c.assignee_id != actor.employee_id),
        )
    )
    return tx.connection.execute(statement).scalar_one()
