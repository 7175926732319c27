"""The agency and its units: the tree, one unit, and what is changed there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.organisation_forms import (
    NOTHING_REFUSED,
    Refused,
    day_in,
    page_after,
    position_in,
    refused,
)
from api.web.rendering import Pages, pages
from engine.commands.organisation_agency import ZONES, change_agency
from engine.commands.organisation_positions import add_position
from engine.commands.organisation_units import add_unit, assign_system, change_unit, close_unit
from engine.domain.people import Actor, UnitId
from engine.errors import InvalidForm
from engine.queries import organisation

router = APIRouter(prefix="/organisation")
ThePages = Annotated[Pages, Depends(pages)]
# A larger agency is shown from the top: each unit lists those below it.
WHOLE_TREE = 200


def _tree(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    *,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        tree = organisation.tree(tx, actor, visitor.now)
    top = min((line.depth for line in tree.lines), default=0)
    is_whole = len(tree.lines) <= WHOLE_TREE or not tree.may_change
    lines = [line for line in tree.lines if is_whole or line.depth == top]
    return show.render(
        request,
        visitor,
        "organisation.html",
        told.status,
        tree=tree,
        lines=lines,
        zones=ZONES,
        refused=told,
        done=request.query_params.get("done", ""),
    )


def _unit(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    unit_id: UnitId,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    asked = request.query_params
    after = (asked.get("name", ""), asked["after"]) if asked.get("after") else None
    with house.desk.store.reading(actor.agency_id) as tx:
        page = organisation.unit_page(tx, actor, unit_id, visitor.now, after)
        systems = house.systems(tx, visitor.language)
    return show.render(
        request,
        visitor,
        "organisation_unit.html",
        told.status,
        page=page,
        systems=systems,
        next_page=page_after(f"/organisation/units/{unit_id}", page.after),
        refused=told,
        done=asked.get("done", ""),
    )


@router.get("")
def organisation_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The agency and the tree of its units."""
    return _tree(request, house, visitor, actor, show)


@router.post("")
def agency(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Rename the agency or correct its zone."""
    name, zone = form.one("name"), form.one("zone")
    try:
        change_agency(house.desk, actor, name=name, zone=zone, now=visitor.now)
    except InvalidForm as error:
        told = refused("agency", error, form, visitor.language)
        return _tree(request, house, visitor, actor, show, told=told)
    return RedirectResponse("/organisation?done=agency", 303)


@router.post("/units")
def new_unit(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Add a unit at the top or below another one."""
    parent = UnitId(form.one("parent")) if form.one("parent") else None
    try:
        unit_id = add_unit(
            house.desk, actor, name=form.one("name"), parent_id=parent, now=visitor.now
        )
    except InvalidForm as error:
        told = refused("unit", error, form, visitor.language)
        return _tree(request, house, visitor, actor, show, told=told)
    return RedirectResponse(f"/organisation/units/{unit_id}?done=added", 303)


@router.get("/units/{unit_id}")
def unit_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    unit_id: str,
) -> HTMLResponse:
    """One unit with its positions."""
    return _unit(request, house, visitor, actor, show, UnitId(unit_id))


@router.post("/units/{unit_id}")
def rename_or_move(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    unit_id: str,
) -> Response:
    """Rename a unit, or put it below another one."""
    unit = UnitId(unit_id)
    parent = UnitId(form.one("parent")) if form.one("parent") else None
    try:
        change_unit(
            house.desk,
            actor,
            unit_id=unit,
            name=form.one("name"),
            parent_id=parent,
            now=visitor.now,
        )
    except InvalidForm as error:
        told = refused("change", error, form, visitor.language)
        return _unit(request, house, visitor, actor, show, unit, told)
    return RedirectResponse(f"/organisation/units/{unit_id}?done=changed", 303)


@router.post("/units/{unit_id}/system")
def system(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    unit_id: str,
) -> Response:
    """Let a unit and those below it be appraised by a system."""
    unit, chosen = UnitId(unit_id), form.one("system") or None
    try:
        assign_system(house.desk, actor, unit_id=unit, system=chosen, now=visitor.now)
    except InvalidForm as error:
        told = refused("system", error, form, visitor.language)
        return _unit(request, house, visitor, actor, show, unit, told)
    return RedirectResponse(f"/organisation/units/{unit_id}?done=system", 303)


@router.post("/units/{unit_id}/closing")
def close(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    unit_id: str,
) -> Response:
    """Close a unit after its last day."""
    unit = UnitId(unit_id)
    try:
        last_day = day_in(form, "last_day")
        close_unit(house.desk, actor, unit_id=unit, last_day=last_day, now=visitor.now)
    except InvalidForm as error:
        told = refused("closing", error, form, visitor.language)
        return _unit(request, house, visitor, actor, show, unit, told)
    return RedirectResponse(f"/organisation/units/{unit_id}?done=closed", 303)


@router.post("/units/{unit_id}/positions")
def new_position(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    unit_id: str,
) -> Response:
    """Add a position; its superior and the rest are set on its own page."""
    unit = UnitId(unit_id)
    try:
        position_id = add_position(
            house.desk, actor, unit_id=unit, details=position_in(form), now=visitor.now
        )
    except InvalidForm as error:
        told = refused("position", error, form, visitor.language)
        return _unit(request, house, visitor, actor, show, unit, told)
    return RedirectResponse(f"/organisation/positions/{position_id}?done=added", 303)
