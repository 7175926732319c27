"""The page of rating patterns, for the team, HR and auditors."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.fairness_charts import fairness_charts
from api.web.fairness_sheet import fairness_sheet
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from api.workbooks import CSV, csv_of
from engine.commands.exports import record_fairness_export
from engine.domain.appraisal import Predicate
from engine.domain.people import Actor
from engine.errors import NotFound
from engine.queries.fairness import FairnessPage, fairness

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/fairness")
def fairness_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle: str = "",
) -> HTMLResponse:
    """One period; the newest when none is chosen."""
    found = _found(house, visitor, actor, cycle)
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    return show.render(
        request,
        visitor,
        "fairness.html",
        page=found,
        charts=fairness_charts(found, say) if found else None,
        predicates=list(Predicate),
    )


@router.post("/fairness/export")
def export(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """The tables as CSV; that they leave is in the trail before they are sent."""
    found = _found(house, visitor, actor, form.one("cycle"))
    if found is None:
        raise NotFound("cycle", "")
    sheet = fairness_sheet(found, Phrasing(visitor.words, visitor.zone, visitor.now))
    content = csv_of(sheet)
    record_fairness_export(
        house.desk,
        actor,
        cycle_id=found.cycle_id,
        rows=len(list(sheet.rows)),
        sha256=sha256(content).hexdigest(),
        now=visitor.now,
    )
    name = 'attachment; filename="pola-penilaian.csv"'
    return Response(content, media_type=CSV, headers={"Content-Disposition": name})


def _found(house: House, visitor: Visitor, actor: Actor, cycle_id: str) -> FairnessPage | None:
    with house.desk.store.reading(actor.agency_id) as tx:
        return fairness(
            tx, actor, settings_of=house.settings_of, now=visitor.now, cycle_id=cycle_id or None
        )
