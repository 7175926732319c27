"""Notices for programs: what the caller was told, and that he has read it."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import cursor_of, instant_of, key_of
from api.rest.resources import (
    CHANGING,
    ONCE,
    Id,
    ItemId,
    changing_problems,
    resource_router,
)
from engine.commands.notices import read_all_notices, read_notice
from engine.domain.notices import NoticeKind
from engine.queries.notices import NoticeView, Place, notice_page

router = resource_router()


class Notice(BaseModel):
    """One notice; it names nobody, so that it can be passed on."""

    id: Id
    kind: NoticeKind
    created_at: datetime
    unread: bool
    work_item_id: str | None
    case_id: str | None
    period: str = Field(examples=["Tahun 2025"])
    due_at: datetime | None


class Notices(BaseModel):
    """Notices, the newest first; `next` is the cursor of the page behind."""

    items: list[Notice]
    next: str | None = None


class NoticeQuery(BaseModel):
    """Which notices."""

    model_config = ConfigDict(extra="forbid")

    unread: bool = Field(True, description="Those that were not read, or those that were.")
    cursor: str = Field("", max_length=600, description="`next` of the page before.")


@router.get("/notices")
def list_notices(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[NoticeQuery, Query()]
) -> Notices:
    """The caller's notices."""
    place = _place(asked.cursor)
    names = house.name_of(visitor.language)
    with house.desk.store.reading(actor.agency_id) as tx:
        if asked.unread:
            page = notice_page(tx, actor, names, unread_after=place)
            rows, more = page.unread, page.more_unread
        else:
            page = notice_page(tx, actor, names, read_after=place)
            rows, more = page.read, page.more_read
    last = cursor_of(more.at.isoformat(), more.id) if more else None
    return Notices(items=[_notice(row) for row in rows], next=last)


@router.put(
    "/notices/{notice_id}/read",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def put_read(house: TheHouse, visitor: TheVisitor, actor: TheActor, notice_id: ItemId) -> None:
    """Take one notice as read."""
    read_notice(house.desk, actor, notice_id=notice_id, now=visitor.now)


@router.post("/notices/read", dependencies=ONCE, responses=changing_problems(), status_code=204)
def post_read(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> None:
    """Take everything until now as read."""
    read_all_notices(house.desk, actor, now=visitor.now)


def _place(cursor: str) -> Place | None:
    key = key_of(cursor, 2)
    at = instant_of(key[0]) if key else None
    return Place(at, key[1] or "") if key and at else None


def _notice(row: NoticeView) -> Notice:
    return Notice(
        id=row.id,
        kind=row.kind,
        created_at=row.created_at,
        unread=row.unread,
        work_item_id=row.item_id,
        case_id=row.instance_id,
        period=row.period,
        due_at=row.due_at,
    )
