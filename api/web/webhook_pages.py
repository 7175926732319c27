"""What other programs were told, for the administrator of the product."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.deps import TheActor, TheHouse, TheVisitor
from api.web import notice_words
from api.web.rendering import Pages, pages
from engine.queries.deliveries import webhook_log

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/administration/webhooks")
def webhooks_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    after: str = "",
) -> HTMLResponse:
    """The targets of this agency, and what they were told, newest first."""
    with house.desk.store.reading(actor.agency_id) as tx:
        log = webhook_log(tx, actor, after)
    targets = [
        found for found in house.desk.listeners if found.agency_id in (None, actor.agency_id)
    ]
    return show.render(
        request, visitor, "webhooks.html", log=log, targets=targets, words=notice_words, after=after
    )
