"""Who holds what in a period, and reminders for many at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.cycle_forms import given_back
from api.web.organisation_forms import NOTHING_REFUSED, Refused
from api.web.rendering import Pages, pages
from engine.commands.bulk_work import remind_many
from engine.domain.access import Verb
from engine.domain.people import Actor, UnitId
from engine.errors import Finding, InvalidForm
from engine.queries import cycle_views, holdups

router = APIRouter(prefix="/cycles/{cycle_id}")
ThePages = Annotated[Pages, Depends(pages)]
MOST_REMINDED = 200


@router.get("/holdups")
def holdups_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
    unit: str = "",
) -> HTMLResponse:
    """Every unit with open steps; inside a unit the people and the steps themselves."""
    return _holdups(request, house, visitor, actor, show, cycle_id, UnitId(unit))


@router.post("/holdups")
def remind_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    cycle_id: str,
) -> Response:
    """Remind the holders of the chosen steps, each once a day."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        cycle_views.cycle_head(tx, cycle_id)
    unit = UnitId(form.one("unit"))
    chosen = [item for item in form.fields.get("item", ()) if item][:MOST_REMINDED]
    if not chosen:
        error = InvalidForm([Finding("cycle.nothing_chosen", element_id="item")])
        told = given_back("holdups", error, form, visitor.language)
        return _holdups(request, house, visitor, actor, show, cycle_id, unit, told)
    results = remind_many(house.desk, actor, item_ids=chosen, now=visitor.now)
    done = sum(result.done for result in results)
    address = f"/cycles/{cycle_id}/holdups?reminded={done}&asked={len(results)}"
    return RedirectResponse(f"{address}&unit={unit}" if unit.isascii() and unit else address, 303)


def _holdups(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    cycle_id: str,
    unit: UnitId,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        head = cycle_views.cycle_head(tx, cycle_id)
        units = holdups.by_unit(tx, cycle_id, visitor.now)
        chosen = next((found for found in units if found.unit_id == unit), None)
        persons: tuple[holdups.PersonHoldup, ...] = ()
        items: tuple[holdups.HeldItem, ...] = ()
        if chosen:
            persons = holdups.by_person(tx, cycle_id, chosen.unit_id, visitor.now)
            name_of = house.name_of(visitor.language)
            items = tuple(holdups.held_items(tx, cycle_id, chosen.unit_id, name_of))
    return show.render(
        request, visitor, "cycle_holdups.html", told.status, cycle=head, units=units, unit=chosen,
        persons=persons, items=items, reminded=_count(request, "reminded"),
        asked=_count(request, "asked") or 0, refused=told, most=holdups.MOST_ITEMS,
    )  # fmt: skip


def _count(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else None
