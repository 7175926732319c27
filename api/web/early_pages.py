"""What a person begins for himself before the appraisal is started: the plan of the year."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.beside_pages import MAX_KEY, first_place
from engine.commands.beside import open_beside

router = APIRouter()


@router.post("/my-appraisals")
def begin(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """Open a process for oneself in a cycle and go to its first step."""
    opened = open_beside(
        house.desk,
        actor,
        cycle_id=form.one("cycle"),
        subject_id=actor.employee_id,
        process_id=form.one("process"),
        now=visitor.now,
        key=form.one("key")[:MAX_KEY],
    )
    return RedirectResponse(first_place(house, visitor, actor, opened) or "/my-appraisals", 303)
