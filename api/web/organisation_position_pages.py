"""One position: what it is, who held it when, and giving or ending it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.organisation_forms import (
    NOTHING_REFUSED,
    Refused,
    day_in,
    position_in,
    refused,
)
from api.web.rendering import Pages, pages
from engine.commands.organisation_changes import person_named
from engine.commands.organisation_positions import change_position
from engine.commands.organisation_posts import NewPost, give_post
from engine.domain.people import Actor, AssignmentKind, PositionId, UnitId
from engine.errors import Finding, InvalidForm
from engine.queries import organisation

router = APIRouter(prefix="/organisation/positions")
ThePages = Annotated[Pages, Depends(pages)]


def _position(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    position_id: str,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    asked = request.query_params
    superior_unit = UnitId(asked["superior_unit"]) if asked.get("superior_unit") else None
    with house.desk.store.reading(actor.agency_id) as tx:
        page = organisation.position_page(
            tx, actor, PositionId(position_id), visitor.now, superior_unit
        )
    return show.render(
        request,
        visitor,
        "organisation_position.html",
        told.status,
        page=page,
        kinds=list(AssignmentKind),
        refused=told,
        done=asked.get("done", ""),
    )


@router.get("/{position_id}")
def position_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    position_id: str,
) -> HTMLResponse:
    """One position with everybody who held it."""
    return _position(request, house, visitor, actor, show, position_id)


@router.post("/{position_id}")
def change(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    position_id: str,
) -> Response:
    """Change title, superior and the codes of a position."""
    try:
        change_position(
            house.desk,
            actor,
            position_id=PositionId(position_id),
            details=position_in(form),
            now=visitor.now,
        )
    except InvalidForm as error:
        told = refused("change", error, form, visitor.language)
        return _position(request, house, visitor, actor, show, position_id, told)
    return RedirectResponse(f"/organisation/positions/{position_id}?done=changed", 303)


@router.post("/{position_id}/holders")
def give(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    position_id: str,
) -> Response:
    """Give the position to somebody named by NIP."""
    try:
        post = _post_in(form, position_id)
        employee_id = person_named(house.desk, actor, nip=form.one("nip"), now=visitor.now)
        give_post(house.desk, actor, employee_id=employee_id, post=post, now=visitor.now)
    except InvalidForm as error:
        told = refused("holder", error, form, visitor.language)
        return _position(request, house, visitor, actor, show, position_id, told)
    return RedirectResponse(f"/organisation/positions/{position_id}?done=given", 303)


def _post_in(form: Submitted, position_id: str) -> NewPost:
    kind = form.one("kind")
    if kind not in set(AssignmentKind):
        raise InvalidForm([Finding("organisation.choice", element_id="kind")])
    starts = day_in(form, "starts")
    ends = day_in(form, "ends") if form.one("ends") else None
    return NewPost(PositionId(position_id), AssignmentKind(kind), starts, ends)
