"""The pages of HR: periods and held files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.cycle_pages import periods
from api.web.rendering import Pages, pages
from engine.commands.incidents import retry_in_confidence
from engine.queries import overviews

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/cycles")
def cycles_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Every period with its progress."""
    return show.render(request, visitor, "cycles.html", **periods(house, visitor, actor))


@router.get("/incidents")
def incidents_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Files that wait for a retry."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = overviews.incidents(tx, actor, house.drawing_of(visitor.language))
        confidential = bool(overviews.held_in_confidence(tx, actor))
    return show.render(
        request, visitor, "incidents.html", incidents=found, confidential=confidential
    )


@router.post("/incidents")
def retry_confidential(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm
) -> Response:
    """Try what is held in confidence again."""
    retry_in_confidence(house.desk, actor, now=visitor.now)
    return RedirectResponse("/incidents", 303)
