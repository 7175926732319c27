"""The lists of one person: open tasks, done tasks, own appraisals, people one rates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.deps import TheActor, TheHouse, TheVisitor
from api.web.rendering import Pages, pages
from engine.queries.case_list import own_cases, rated_cases
from engine.queries.inbox import done_items, inbox

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/inbox")
def inbox_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    tab: str = "open",
) -> HTMLResponse:
    """What waits for the person, or what he has sent."""
    with house.desk.store.reading(actor.agency_id) as tx:
        names = house.name_of(visitor.language)
        found = inbox(tx, actor, visitor.now, names, open_to=house.open_to(actor))
        rows = found.items if tab != "done" else done_items(tx, actor, names)
    shown = "done" if tab == "done" else "open"
    return show.render(request, visitor, "inbox.html", inbox=found, rows=rows, tab=shown)


@router.get("/my-appraisals")
def my_appraisals(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The appraisals about the person himself."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cases = own_cases(tx, actor, house.name_of(visitor.language))
    _ = visitor.words
    return show.render(
        request, visitor, "cases.html", title=_("My appraisals"), cases=cases, own=True
    )


@router.get("/team")
def team(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The appraisals of those whom the person rates."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cases = rated_cases(tx, actor, house.name_of(visitor.language))
    _ = visitor.words
    return show.render(request, visitor, "cases.html", title=_("My team"), cases=cases)
