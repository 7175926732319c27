"""The notices of a person as the page shows them: what, about whom, and whether it still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, or_, select

from engine.domain.confidence import CONFIDENCE
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor
from engine.queries.people import AnyRow
from engine.queries.steps import NameOf, as_drawn
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.states import WorkItemState

PAGE_SIZE = 50
ABOUT_OTHERS = frozenset({NoticeKind.OTHERS_OVERDUE, NoticeKind.NOBODY_MAY, NoticeKind.CASE_NEWS})


class Leads(StrEnum):
    """Where a notice leads; NOWHERE when the matter is no longer the reader's."""

    WORK = "work"
    HAND_ON = "hand_on"
    CASE = "case"
    LIST = "list"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class NoticeView:
    """One notice; `name` is empty when it is about the reader or no longer for him."""

    id: str
    kind: NoticeKind
    created_at: datetime
    unread: bool
    leads: Leads
    item_id: str | None
    instance_id: str | None
    cycle_id: str | None = None
    step: str = ""
    name: str = ""
    period: str = ""
    due_at: datetime | None = None
    closed: bool = False


@dataclass(frozen=True)
class Place:
    """The last row of a page."""

    at: datetime
    id: str


@dataclass(frozen=True)
class NoticePage:
    """Unread notices, then read ones, newest first; `more` are the places to go on from."""

    unread: tuple[NoticeView, ...]
    read: tuple[NoticeView, ...]
    more_unread: Place | None = None
    more_read: Place | None = None


def notice_page(
    tx: Transaction,
    actor: Actor,
    name_of: NameOf = as_drawn,
    *,
    unread_after: Place | None = None,
    read_after: Place | None = None,
) -> NoticePage:
    """A page of the actor's notices; behind a place only the list that it stands in."""
    unread = () if read_after else _listed(tx, actor, name_of, unread=True, after=unread_after)
    read = () if unread_after else _listed(tx, actor, name_of, unread=False, after=read_after)
    return NoticePage(
        unread[:PAGE_SIZE], read[:PAGE_SIZE], _place_after(unread), _place_after(read)
    )


def one_notice(
    tx: Transaction, actor: Actor, notice_id: str, name_of: NameOf = as_drawn
) -> NoticeView | None:
    """One of the actor's notices."""
    row = tx.connection.execute(_statement(tx, actor).where(t.notice.c.id == notice_id)).first()
    return _view(tx, actor, row, name_of) if row else None


def _listed(
    tx: Transaction, actor: Actor, name_of: NameOf, *, unread: bool, after: Place | None
) -> tuple[NoticeView, ...]:
    own = t.notice.c
    statement = _statement(tx, actor).where(
        own.read_at.is_(None) if unread else own.read_at.is_not(None)
    )
    if after:
        same = and_(own.created_at == after.at, own.id < after.id)
        statement = statement.where(
            own.created_at <= after.at, or_(own.created_at < after.at, same)
        )
    ordered = statement.order_by(own.created_at.desc(), own.id.desc()).limit(PAGE_SIZE + 1)
    return tuple(_view(tx, actor, row, name_of) for row in tx.connection.execute(ordered))


def _place_after(rows: Sequence[NoticeView]) -> Place | None:
    if len(rows) <= PAGE_SIZE:
        return None
    last = rows[PAGE_SIZE - 1]
    return Place(last.created_at, last.id)


def _statement(tx: Transaction, actor: Actor) -> Select[Any]:
    own, item, case, who, period = t.notice, t.work_item, t.instance, t.employee, t.cycle
    joined = (
        own.outerjoin(item, and_(item.c.agency_id == own.c.agency_id, item.c.id == own.c.item_id))
        .outerjoin(case, and_(case.c.agency_id == own.c.agency_id, case.c.id == own.c.instance_id))
        .outerjoin(who, and_(who.c.agency_id == case.c.agency_id, who.c.id == case.c.subject_id))
        .outerjoin(
            period, and_(period.c.agency_id == case.c.agency_id, period.c.id == case.c.cycle_id)
        )
    )
    return (
        select(
            own.c.id, own.c.kind, own.c.created_at, own.c.read_at, own.c.item_id,
            own.c.instance_id, own.c.cycle_id, item.c.state, item.c.assignee_id, item.c.offered_to,
            item.c.closed_by, item.c.participation, item.c.element_id,
            item.c.name.label("work_name"), item.c.due_at,
            case.c.subject_id, case.c.definition_id, who.c.name, period.c.name.label("period"),
        )
        .select_from(joined)
        .where(own.c.agency_id == tx.agency_id, own.c.recipient_id == actor.employee_id)
    )  # fmt: skip


def _view(tx: Transaction, actor: Actor, row: AnyRow, name_of: NameOf) -> NoticeView:
    leads = _leads(actor, row)
    own = row.subject_id == actor.employee_id
    step = name_of(tx, row.definition_id, row.element_id, row.work_name) if row.state else ""
    return NoticeView(
        id=row.id,
        kind=NoticeKind(row.kind),
        created_at=row.created_at,
        unread=row.read_at is None,
        leads=leads,
        item_id=row.item_id,
        instance_id=row.instance_id,
        cycle_id=row.cycle_id,
        step=step,
        name="" if own or leads is Leads.NOWHERE else row.name or "",
        period=row.period or "",
        due_at=row.due_at,
        closed=row.state is not None and row.state != WorkItemState.OPEN,
    )


def _leads(actor: Actor, row: AnyRow) -> Leads:
    """Open work of the reader leads to its form, everything else that is his to the case.

    What nobody may do leads to where it is handed on, unless the reader is the appraised person.
    """
    if row.instance_id is None:
        return Leads.LIST
    mine = actor.effective_persons() & {row.assignee_id, row.offered_to}
    own = row.subject_id == actor.employee_id
    if row.state == WorkItemState.OPEN and mine:
        return Leads.WORK
    if row.participation == CONFIDENCE:
        return Leads.NOWHERE
    kind = NoticeKind(row.kind)
    if kind is NoticeKind.NOBODY_MAY and row.state == WorkItemState.OPEN and not own:
        return Leads.HAND_ON
    about_others = kind in ABOUT_OTHERS
    knows = actor.employee_id in {row.subject_id, row.assignee_id, row.closed_by}
    return Leads.CASE if about_others or knows else Leads.NOWHERE
