"""The hub of all pages for settings: each with one sentence, for whom it is open."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.deps import TheActor, TheVisitor
from api.web.navigation import GROUP_TITLES, HUB, hub_for
from api.web.rendering import Pages, pages
from engine.errors import NotFound

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get(HUB)
def administration_page(
    request: Request, visitor: TheVisitor, _actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Every page for settings that the person may open. Raises NotFound when there is none."""
    groups = hub_for(visitor.seat) if visitor.seat else {}
    if not groups:
        raise NotFound("page", HUB)
    titles = GROUP_TITLES
    return show.render(request, visitor, "administration.html", groups=groups, titles=titles)
