"""More time: whom it touches, what came of it case by case."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.cycle_forms import day_of, given_back, text_of
from api.web.organisation_forms import NOTHING_REFUSED, Refused
from api.web.rendering import Pages, pages
from engine.commands.extensions import is_fixed, request_extension
from engine.domain.access import Verb
from engine.domain.people import Actor, UnitId
from engine.errors import Conflict, InvalidForm, NotFound
from engine.queries import cycle_views
from engine.queries.extensions import (
    ExtendedItem,
    Scope,
    count_touched,
    results_page,
    touched,
)
from engine.queries.people import agency_day, people
from engine.queries.population import unit_names
from engine.store import cycles, extensions
from engine.store.extensions import Outcome

router = APIRouter(prefix="/cycles/{cycle_id}/extensions")
ThePages = Annotated[Pages, Depends(pages)]
SHOWN = 50
LATEST = 20


@router.get("")
def extensions_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
) -> HTMLResponse:
    """Choose a step, see whom it touches, and what came of earlier extensions."""
    asked = request.query_params
    scope = _scope(cycle_id, *(asked.get(name, "") for name in ("step", "unit", "case")))
    return _extensions(request, house, visitor, actor, show, scope)


@router.post("")
def extend(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    cycle_id: str,
) -> Response:
    """Ask for more time; it is given case by case in the background."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        cycle_views.cycle_head(tx, cycle_id)
    scope = _scope(cycle_id, form.one("step"), form.one("unit"), form.one("case"))
    try:
        extension_id = _extend(house, visitor, actor, scope, form)
    except (InvalidForm, Conflict) as error:
        told = given_back("extension", error, form, visitor.language)
        return _extensions(request, house, visitor, actor, show, scope, told)
    return RedirectResponse(f"/cycles/{cycle_id}/extensions/{extension_id}", 303)


@router.get("/{extension_id}")
def extension_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
    extension_id: str,
) -> HTMLResponse:
    """What came of one extension, case by case."""
    asked = request.query_params
    code = asked.get("outcome", "")
    outcome = Outcome(code) if code in set(Outcome) else None
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        head = cycle_views.cycle_head(tx, cycle_id)
        row = extensions.get(tx, extension_id)
        if row.cycle_id != cycle_id:
            raise NotFound("extension", extension_id)
        counts = extensions.outcomes(tx, extension_id)
        after = asked.get("after", "")
        found = results_page(tx, extension_id, outcome, after=after, limit=SHOWN + 1)
        units = unit_names(tx)
        definition = house.desk.definitions.get(tx, cycles.get(tx, cycle_id).definition_id)
    drawn = definition.drawing.renamed(definition.settings.names_in(visitor.language))
    return show.render(
        request, visitor, "cycle_extension.html", cycle=head, row=row, counts=counts,
        step=drawn.names.get(row.element_id, row.element_id), items=found[:SHOWN], outcome=outcome,
        outcomes=[code for code in Outcome if counts.get(code)], units=units,
        looked=sum(counts.values()), is_later=bool(after), next_page=_next(found, outcome),
    )  # fmt: skip


def _next(found: Sequence[ExtendedItem], outcome: Outcome | None) -> str:
    """The query of the next page; nothing on the last one."""
    if len(found) <= SHOWN:
        return ""
    kept = {"outcome": outcome.value} if outcome else {}
    return urlencode({**kept, "after": found[SHOWN - 1].item_id})


def _extensions(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    scope: Scope,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    cycle_id = scope.cycle_id
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        head = cycle_views.cycle_head(tx, cycle_id)
        steps = cycle_views.open_steps(tx, cycle_id, visitor.now, house.name_of(visitor.language))
        definition = house.desk.definitions.get(tx, cycles.get(tx, cycle_id).definition_id)
        fixed = {found.element_id for found in steps if is_fixed(definition, found.element_id)}
        chosen = next((found for found in steps if found.element_id == scope.element_id), None)
        count = count_touched(tx, scope, opened_by=visitor.now) if chosen else 0
        items = touched(tx, scope, opened_by=visitor.now, limit=SHOWN) if chosen else ()
        known = people(tx, [item.subject_id for item in items], agency_day(tx, visitor.now))
        rows = extensions.of_cycle(tx, cycle_id)[:LATEST]
        past = [(row, extensions.outcomes(tx, row.id)) for row in rows]
        units = unit_names(tx)
    names = definition.drawing.renamed(definition.settings.names_in(visitor.language)).names
    return show.render(
        request, visitor, "cycle_extensions.html", told.status, cycle=head, steps=steps,
        fixed=fixed, chosen=chosen, scope=scope, count=count, past=past, units=units,
        items=[(known.get(item.subject_id), item.due_at) for item in items], names=names,
        outcomes=list(Outcome), refused=told,
    )  # fmt: skip


def _extend(house: House, visitor: Visitor, actor: Actor, scope: Scope, form: Submitted) -> str:
    return request_extension(
        house.desk,
        actor,
        scope=scope,
        due_on=day_of(form, "until"),
        reason=text_of(form, "reason"),
        now=visitor.now,
    )


def _scope(cycle_id: str, step: str, unit: str, case: str) -> Scope:
    return Scope(cycle_id, step, UnitId(unit) if unit else None, case or None)
