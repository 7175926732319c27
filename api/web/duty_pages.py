"""Roles and powers: who has which duty, and proposals that wait for a second person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.rendering import Pages, pages
from engine.commands.duties import decide_duty, end_duty, propose_duty
from engine.domain.passwords import digits
from engine.domain.people import UnitFunction, UnitId
from engine.errors import NotFound
from engine.queries.accounts import duty_page, person_by_nip
from engine.queries.people import agency_day

router = APIRouter(prefix="/duties")
ThePages = Annotated[Pages, Depends(pages)]


@router.get("")
def duties_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    done: str = "",
) -> HTMLResponse:
    """Everybody with a duty, and what waits."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = duty_page(tx, actor, visitor.now)
    functions = tuple(UnitFunction)
    return show.render(request, visitor, "duties.html", page=found, functions=functions, done=done)


@router.post("")
def propose(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """Propose a duty for somebody, named by NIP."""
    function = form.one("function")
    if function not in set(UnitFunction):
        raise NotFound("function", function)
    with house.desk.store.reading(actor.agency_id) as tx:
        duty_page(tx, actor, visitor.now)
        employee_id = person_by_nip(tx, digits(form.one("nip")))
        today = agency_day(tx, visitor.now)
    propose_duty(
        house.desk,
        actor,
        employee_id=employee_id,
        function=UnitFunction(function),
        unit_id=UnitId(form.one("unit")) if form.one("unit") else None,
        starts=today,
        now=visitor.now,
    )
    return RedirectResponse("/duties?done=proposed", 303)


@router.post("/{proposal_id}/decision")
def decide(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, proposal_id: str
) -> Response:
    """Confirm what somebody else proposed, or reject it."""
    confirmed = form.one("op") == "confirm"
    decide_duty(house.desk, actor, proposal_id=proposal_id, confirmed=confirmed, now=visitor.now)
    return RedirectResponse(f"/duties?done={'confirmed' if confirmed else 'rejected'}", 303)


@router.post("/held/{duty_id}/end")
def end(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, duty_id: str
) -> Response:
    """End a duty at once."""
    end_duty(house.desk, actor, duty_id=duty_id, now=visitor.now)
    return RedirectResponse("/duties?done=ended", 303)
