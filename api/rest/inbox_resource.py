"""The inbox for programs: the lists of the page with its filters, all from closed sets."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.refusals import BadRequest
from api.rest.bad_requests import NOT_ALLOWED
from api.rest.cursors import cursor_of, instant_of, key_of
from api.rest.resources import (
    ID_CHARACTERS,
    Id,
    PersonName,
    person_name,
    resource_router,
)
from engine.domain.people import Actor
from engine.queries.inbox import InboxRow, inbox, tabs
from engine.queries.inbox_asked import Asked, Cursor, Due, Held, Sort, Tab

router = resource_router()
OptionalId = Annotated[str, Field(max_length=ID_CHARACTERS)]


class InboxItem(BaseModel):
    """One row of a list; `holder` is null for what is there for a whole function."""

    id: Id
    case_id: Id
    element_id: str = Field(examples=["self_assessment"])
    name: str = Field(examples=["Isi penilaian diri"])
    person: PersonName
    period: str = Field(examples=["Tahun 2025"])
    due_at: datetime | None
    holder: PersonName | None
    function: str | None = Field(examples=["hr"])
    has_draft: bool
    completed_at: datetime | None
    receipt: str | None


class Count(BaseModel):
    """How much a list of open work holds."""

    number: int = Field(examples=[12])
    overdue: int = Field(examples=[1])
    due_this_week: int = Field(examples=[4])


class Inbox(BaseModel):
    """A page of 20 rows of one list; `next` is the cursor of the page behind."""

    items: list[InboxItem]
    counts: dict[Tab, Count]
    next: str | None = None


class InboxQuery(BaseModel):
    """Which list, what of it, in which order."""

    model_config = ConfigDict(extra="forbid")

    list: Tab = Tab.MINE
    q: str = Field("", max_length=60, description="Part of the person's name, or his NIP.")
    cycle_id: OptionalId = ""
    element_id: OptionalId = ""
    unit_id: OptionalId = ""
    due: Due | None = None
    held: Held | None = None
    sort: Sort = Sort.DUE
    cursor: str = Field("", max_length=600, description="`next` of the page before.")


@router.get("/inbox")
def get_inbox(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[InboxQuery, Query()]
) -> Inbox:
    """One list of the caller: his own, those of his functions, what others hold, what is done."""
    wanted = _asked(asked, actor)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = inbox(
            tx,
            actor,
            wanted,
            visitor.now,
            zone=visitor.zone,
            name_of=house.name_of(visitor.language),
            open_to=house.open_to(actor),
        )
    after = found.after
    counts = {
        tab: Count(number=count.number, overdue=count.overdue, due_this_week=count.due_this_week)
        for tab, count in found.counts.items()
    }
    return Inbox(
        items=[_item(row) for row in found.rows],
        counts=counts,
        next=cursor_of(asked.list, wanted.order, after.value, after.item_id) if after else None,
    )


def _asked(asked: InboxQuery, actor: Actor) -> Asked:
    """What is asked for; a list that the caller does not have is refused."""
    if asked.list not in tabs(actor):
        raise BadRequest(("query.list", NOT_ALLOWED))
    if not all(map(str.isprintable, (asked.q, asked.cycle_id, asked.element_id, asked.unit_id))):
        raise BadRequest(("query", NOT_ALLOWED))
    wanted = Asked(
        tab=asked.list,
        search=asked.q.strip(),
        cycle_id=asked.cycle_id,
        element_id=asked.element_id,
        unit_id=asked.unit_id,
        due=asked.due,
        held=asked.held,
        sort=asked.sort,
    )
    return Asked(**{**vars(wanted), "after": _after(asked, wanted)})


def _after(asked: InboxQuery, wanted: Asked) -> Cursor | None:
    """The row before; a cursor of another list or order is none of this one."""
    key = key_of(asked.cursor, 4)
    if key is None:
        return None
    tab, order, value, item_id = key
    if (tab, order) != (asked.list, wanted.order) or not item_id:
        raise BadRequest(("query.cursor", NOT_ALLOWED))
    if wanted.order is not Sort.NAME or asked.list is Tab.DONE:
        instant_of(value)
    return Cursor(value, item_id)


def _item(row: InboxRow) -> InboxItem:
    return InboxItem(
        id=row.item_id,
        case_id=row.instance_id,
        element_id=row.element_id,
        name=row.name,
        person=person_name(row.person),
        period=row.period,
        due_at=row.due_at,
        holder=person_name(row.holder) if row.holder else None,
        function=row.function,
        has_draft=row.has_draft,
        completed_at=row.completed_at,
        receipt=row.receipt,
    )
