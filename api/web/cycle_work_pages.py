"""Who holds what in a period, and more time for those who need it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor
from api.web.cycle_forms import day_of, text_of
from api.web.rendering import Pages, pages
from engine.commands.bulk_work import remind_many
from engine.commands.extensions import is_fixed, request_extension
from engine.domain.access import Verb
from engine.domain.people import UnitId
from engine.queries import cycle_views, holdups
from engine.queries.extensions import Scope, count_touched, touched
from engine.queries.people import agency_day, people
from engine.queries.population import unit_names
from engine.store import cycles, extensions
from engine.store.extensions import Outcome

router = APIRouter(prefix="/cycles/{cycle_id}")
ThePages = Annotated[Pages, Depends(pages)]
SHOWN = 50
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
    reminded: int = -1,
    asked: int = 0,
) -> HTMLResponse:
    """Every unit with open steps; inside a unit the people and the steps themselves."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        head = cycle_views.cycle_head(tx, cycle_id)
        units = holdups.by_unit(tx, cycle_id, visitor.now)
        known = {found.unit_id: found for found in units}
        chosen = known.get(UnitId(unit))
        persons: tuple[holdups.PersonHoldup, ...] = ()
        items: tuple[holdups.HeldItem, ...] = ()
        if chosen:
            persons = holdups.by_person(tx, cycle_id, chosen.unit_id, visitor.now)
            name_of = house.name_of(visitor.language)
            items = tuple(holdups.held_items(tx, cycle_id, chosen.unit_id, name_of))
    return show.render(
        request, visitor, "cycle_holdups.html", cycle=head, units=units, unit=chosen,
        persons=persons, items=items, reminded=reminded, asked=asked,
    )  # fmt: skip


@router.post("/holdups")
def remind_page(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, cycle_id: str
) -> Response:
    """Remind the holders of the chosen steps, each once a day."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        cycle_views.cycle_head(tx, cycle_id)
    chosen = [item for item in form.fields.get("item", ()) if item][:MOST_REMINDED]
    results = remind_many(house.desk, actor, item_ids=chosen, now=visitor.now)
    done = sum(result.done for result in results)
    address = f"/cycles/{cycle_id}/holdups?reminded={done}&asked={len(results)}"
    unit = form.one("unit")
    return RedirectResponse(f"{address}&unit={unit}" if unit.isascii() and unit else address, 303)


@router.get("/extensions")
def extensions_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
    step: str = "",
    unit: str = "",
    case: str = "",
) -> HTMLResponse:
    """Choose a step, see whom it touches, and what came of earlier extensions."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        head = cycle_views.cycle_head(tx, cycle_id)
        steps = cycle_views.open_steps(tx, cycle_id, visitor.now, house.name_of(visitor.language))
        definition = house.desk.definitions.get(tx, cycles.get(tx, cycle_id).definition_id)
        fixed = {found.element_id for found in steps if is_fixed(definition, found.element_id)}
        chosen = next((found for found in steps if found.element_id == step), None)
        scope = _scope(cycle_id, step, unit, case)
        count = count_touched(tx, scope, opened_by=visitor.now) if chosen else 0
        items = touched(tx, scope, opened_by=visitor.now, limit=SHOWN) if chosen else ()
        known = people(tx, [item.subject_id for item in items], agency_day(tx, visitor.now))
        past = [(row, extensions.outcomes(tx, row.id)) for row in extensions.of_cycle(tx, cycle_id)]
        units = unit_names(tx)
    return show.render(
        request, visitor, "cycle_extensions.html", cycle=head, steps=steps, fixed=fixed,
        chosen=chosen, scope=scope, count=count, past=past[:20], units=units,
        items=[(known.get(item.subject_id), item.due_at) for item in items],
        names={found.element_id: found.name for found in steps}, outcomes=list(Outcome),
    )  # fmt: skip


@router.post("/extensions")
def extend(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, cycle_id: str
) -> Response:
    """Ask for more time; it is given case by case in the background."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        cycle_views.cycle_head(tx, cycle_id)
    request_extension(
        house.desk,
        actor,
        scope=_scope_in(form, cycle_id),
        due_on=day_of(form, "until"),
        reason=text_of(form, "reason"),
        now=visitor.now,
    )
    return RedirectResponse(f"/cycles/{cycle_id}/extensions", 303)


def _scope_in(form: Submitted, cycle_id: str) -> Scope:
    return _scope(cycle_id, form.one("step"), form.one("unit"), form.one("case"))


def _scope(cycle_id: str, step: str, unit: str, case: str) -> Scope:
    return Scope(cycle_id, step, UnitId(unit) if unit else None, case or None)
