"""The living diagram of an appraisal: the steps in words first, the picture for who wants it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.deps import House, TheActor, TheHouse, TheVisitor, Visitor
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from engine.bpmn.charts import picture
from engine.commands.views import record_view
from engine.domain.people import Actor
from engine.domain.standing import Standing
from engine.queries.case_diagram import case_diagram
from engine.queries.diagram_views import CaseDiagram, DiagramStep
from engine.store.database import Transaction

router = APIRouter(prefix="/cases/{instance_id}")
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/diagram")
def diagram_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    instance_id: str,
    process: str = "",
) -> HTMLResponse:
    """One process of the case; called ones are a link away."""
    record_view(house.desk, actor, instance_id=instance_id, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        diagram = _diagram(tx, house, visitor, actor, instance_id, process)
    return show.render(request, visitor, "diagram.html", diagram=diagram)


@router.get("/diagram.json")
def diagram_data(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: str, process: str = ""
) -> JSONResponse:
    """The same for the script that draws: the drawing without its rules, and where things stand."""
    with house.desk.store.reading(actor.agency_id) as tx:
        diagram = _diagram(tx, house, visitor, actor, instance_id, process)
        definition = house.desk.definitions.get(tx, diagram.definition_id)
    settings, language = definition.settings, visitor.language
    drawing = picture(
        definition.bundle.files[diagram.file],
        file=diagram.file,
        names=settings.names_in(language),
        lanes=settings.lanes_in(language),
    )
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    return JSONResponse(
        {
            "xml": drawing,
            "standings": {key: found.value for key, found in diagram.standings.items()},
            "flows": list(diagram.flows),
            "notes": {step.element_id: note(say, step) for step in diagram.steps},
            "opens": {step.element_id: step.opens.id for step in diagram.steps if step.opens},
            "words": {found.value: say.label("standing", found.value) for found in Standing},
        }
    )


def note(say: Phrasing, step: DiagramStep) -> str:
    """What stands beside a step in the picture: its date."""
    if step.standing is Standing.CURRENT and step.due_at:
        return say.short_last_day(step.due_at)
    return say.short_date(say.day_of(step.at)) if step.at else ""


def _diagram(
    tx: Transaction,
    house: House,
    visitor: Visitor,
    actor: Actor,
    instance_id: str,
    process: str,
) -> CaseDiagram:
    return case_diagram(
        tx,
        actor,
        instance_id,
        process,
        charts_of=house.charts_of,
        now=visitor.now,
        language=visitor.language,
    )
