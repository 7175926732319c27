"""The lists of one person: tasks, own appraisals, people one rates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.deps import House, TheActor, TheHouse, TheVisitor, Visitor, set_cookie
from api.web.inbox_query import Links, asked_again, asked_in
from api.web.rendering import Pages, pages
from engine.commands.early import early_offers, writes_about_others
from engine.commands.recognised import recognised_titles
from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import Actor, UnitFunction
from engine.queries.case_list import own_cases, rated_cases
from engine.queries.inbox import Inbox, InboxRow, inbox, tabs
from engine.queries.inbox_asked import Asked, Tab
from engine.queries.inbox_choices import choices, filters_of
from engine.store.database import Transaction
from engine.store.ids import new_id

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
# Which list was looked at last, so that the receipt offers the next task of it.
LIST_COOKIE = "alur_list"


@router.get("/inbox")
def inbox_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    panel: str = "",
) -> HTMLResponse:
    """One page of a list, with its filters when they are asked for."""
    asked = asked_in(request.query_params, actor)
    links = Links(asked)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = read_inbox(house, visitor, actor, asked, tx)
        saved = filters_of(tx, actor)
        named = panel == "1" or bool(links.chosen)
        offered = choices(tx, actor, house.tasks_of(visitor.language)) if named else None
    agency = AgencyAccess(actor.agency_id)
    page = show.render(
        request, visitor, "inbox.html", inbox=found, asked=asked, links=links, saved=saved,
        choices=offered, panel=panel == "1", tabs=tabs(actor),
        oversees=asked.tab is Tab.ALL, moves=bool(can(actor, Verb.REASSIGN_WORK, agency)),
        functions=tuple(UnitFunction),
    )  # fmt: skip
    set_cookie(house, page, LIST_COOKIE, links.query)
    return page


def read_inbox(
    house: House, visitor: Visitor, actor: Actor, asked: Asked, tx: Transaction
) -> Inbox:
    """The page asked for, in the visitor's words and zone."""
    return inbox(
        tx,
        actor, asked, visitor.now, zone=visitor.zone,
        name_of=house.name_of(visitor.language), open_to=house.open_to(actor),
    )  # fmt: skip


def next_task(request: Request, house: House, visitor: Visitor, actor: Actor) -> InboxRow | None:
    """The first task of the list that was looked at last, if the person may begin with it."""
    asked = asked_again(request.cookies.get(LIST_COOKIE, ""), actor)
    if asked.tab not in {Tab.MINE, Tab.ROLES}:
        asked = Asked()
    with house.desk.store.reading(actor.agency_id) as tx:
        rows = read_inbox(house, visitor, actor, asked, tx).rows
    return rows[0] if rows else None


@router.get("/my-appraisals")
def my_appraisals(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The appraisals about the person himself."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cases = own_cases(tx, actor, house.name_of(visitor.language))
        early = {new_id(): o for o in early_offers(house.desk, tx, actor, now=visitor.now)}
        notes = writes_about_others(house.desk, tx)
        shown = recognised_titles(house.desk, tx)
    _ = visitor.words
    return show.render(
        request, visitor, "cases.html", title=_("My appraisals"), cases=cases, early=early,
        notes=notes, shown=shown,
    )  # fmt: skip


@router.get("/team")
def team(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The appraisals of those whom the person rates."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cases = rated_cases(tx, actor, house.name_of(visitor.language))
        notes = writes_about_others(house.desk, tx)
    _ = visitor.words
    return show.render(
        request, visitor, "cases.html", title=_("My team"), cases=cases, team=True, notes=notes
    )
