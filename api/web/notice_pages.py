"""Notices in the product: unread ones first, by day; and the list of a unit for the wall."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web import notice_words
from api.web.rendering import Pages, pages
from engine.commands.notices import read_all_notices, read_notice
from engine.domain.notices import NoticeKind
from engine.errors import NotFound
from engine.queries.notices import Leads, NoticeView, Place, notice_page, one_notice
from engine.queries.people import agency_day
from engine.queries.unit_list import unit_list

router = APIRouter(prefix="/notices")
ThePages = Annotated[Pages, Depends(pages)]
# Notices about many matters lead to the list that shows them.
LISTS: Mapping[NoticeKind, str] = {
    NoticeKind.OTHERS_OVERDUE: "/cycles",
    NoticeKind.INCIDENT: "/incidents",
    NoticeKind.CYCLE_LAUNCHED: "/my-appraisals",
    NoticeKind.FOLLOW_UP_DUE: "/follow-ups?state=open",
    NoticeKind.FOLLOW_UP_LATE: "/follow-ups?state=late",
    NoticeKind.FOLLOW_UP_PASSED_ON: "/follow-ups?state=open",
    NoticeKind.LOG_NOTE: "/daily-log",
    NoticeKind.LOG_RETURNED: "/daily-log",
    NoticeKind.LOG_QUESTION: "/daily-log/staff",
    NoticeKind.LOG_ANSWER_LATE: "/daily-log/staff",
}
# Each leads to a case of its own that no list shows; those of a day stand together.
GATHERED = frozenset({NoticeKind.CASE_NEWS})
# Of the list of one period.
OF_PERIOD = frozenset({NoticeKind.LOG_NOTE, NoticeKind.LOG_RETURNED})


@router.get("")
def notices_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    unread: str = "",
    read: str = "",
) -> HTMLResponse:
    """The notices; `unread` and `read` are places to go on from, others are passed over."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = notice_page(
            tx, actor, house.name_of(visitor.language),
            unread_after=_place(unread), read_after=_place(read),
        )  # fmt: skip
    return show.render(
        request,
        visitor,
        "notices.html",
        unread=_by_day(found.unread, visitor),
        read=_by_day(found.read, visitor),
        more_unread=_word(found.more_unread),
        more_read=_word(found.more_read),
        words=notice_words,
        begins=not (unread or read),
    )


@router.post("/read")
def read_everything(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm
) -> Response:
    """Take everything until now as read."""
    read_all_notices(house.desk, actor, now=visitor.now)
    return RedirectResponse("/notices", 303)


@router.get("/unit-list")
def unit_list_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    unit: str = "",
) -> HTMLResponse:
    """Who of a unit has what to do, to be printed and posted where there is no network."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = unit_list(tx, actor, unit, visitor.now)
        today = agency_day(tx, visitor.now)
    return show.render(request, visitor, "unit_list.html", page=found, today=today)


@router.get("/{notice_id}")
def open_notice(house: TheHouse, visitor: TheVisitor, actor: TheActor, notice_id: str) -> Response:
    """Take a notice as read and go where it leads."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = one_notice(tx, actor, notice_id)
    if found is None:
        raise NotFound("notice", notice_id)
    read_notice(house.desk, actor, notice_id=notice_id, now=visitor.now)
    return RedirectResponse(_address(found), 303)


def _address(found: NoticeView) -> str:
    match found.leads:
        case Leads.WORK:
            return f"/work-items/{found.item_id}"
        case Leads.HAND_ON:
            return f"/work-items/{found.item_id}/hand-on"
        case Leads.CASE:
            return f"/cases/{found.instance_id}"
        case Leads.LIST:
            listed = LISTS.get(found.kind, "/inbox")
            of_period = found.kind in OF_PERIOD and found.cycle_id
            return f"{listed}?cycle={found.cycle_id}" if of_period else listed
    return "/notices"


Day = tuple[date, list[list[NoticeView]]]


def _by_day(notices: Sequence[NoticeView], visitor: Visitor) -> list[Day]:
    zone = ZoneInfo(visitor.zone)
    days = groupby(notices, key=lambda notice: notice.created_at.astimezone(zone).date())
    return [(day, _gathered(found)) for day, found in days]


def _gathered(notices: Iterable[NoticeView]) -> list[list[NoticeView]]:
    """The notices of a day one by one; those of a kind that is gathered in one place."""
    found: dict[str, list[NoticeView]] = {}
    for notice in notices:
        found.setdefault(notice.kind if notice.kind in GATHERED else notice.id, []).append(notice)
    return list(found.values())


def _place(word: str) -> Place | None:
    """The place that an address names; None for anything else."""
    moment, _, notice_id = word.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Place(at, notice_id) if at.tzinfo and notice_id.isprintable() else None


def _word(place: Place | None) -> str:
    return f"{place.at.isoformat()}~{place.id}".replace("+00:00", "Z") if place else ""
