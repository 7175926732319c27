"""The overview of a period: progress, predicates beside the guide, what is late, week by week."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.deps import TheActor, TheHouse, TheVisitor
from api.web.overview_charts import charts_of
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from engine.domain.appraisal import Predicate
from engine.queries.progress import overview

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/overview")
def overview_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle: str = "",
) -> HTMLResponse:
    """One period as its reader may see it; the newest when none is chosen."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = overview(
            tx, actor, visitor.now, visitor.zone, settings_of=house.settings_of,
            cycle_id=cycle or None,
        )  # fmt: skip
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    return show.render(
        request,
        visitor,
        "overview.html",
        overview=found,
        charts=charts_of(found, say) if found else None,
        predicates=list(Predicate),
    )
