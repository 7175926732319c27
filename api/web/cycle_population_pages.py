"""Who is appraised in a period: filters, what stands in the way, and the work that it makes."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.cycle_forms import day_of, filters_in, given_back, person_of_nip, text_of
from api.web.cycle_population_view import population_view, shown
from api.web.rendering import Pages, pages
from engine.commands.population import (
    choose_population,
    declare_conflict,
    exclude_person,
    include_person,
    name_rater,
)
from engine.domain.access import Verb
from engine.domain.people import Actor, EmployeeId
from engine.domain.population import RelationKind
from engine.errors import InvalidForm, NotFound
from engine.queries import cycle_views
from engine.store.database import Transaction

router = APIRouter(prefix="/cycles/{cycle_id}")
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/population")
def population_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
) -> HTMLResponse:
    """Who would be launched now, what stands in the way, and what it means."""
    page = population_view(house, visitor, actor, cycle_id, request)
    return show.render(request, visitor, "cycle_population.html", **shown(page, request))


@router.post("/population")
def change_population(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    cycle_id: str,
) -> Response:
    """One decision of HR about the population."""
    op = form.one("op")
    if op not in CHANGES:
        raise NotFound("change", op)
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        cycle_views.cycle_head(tx, cycle_id)
    try:
        CHANGES[op](house, visitor, actor, form, cycle_id)
    except InvalidForm as error:
        told = given_back(op, error, form, visitor.language)
        page = population_view(house, visitor, actor, cycle_id, request)
        values = shown(page, request, told)
        return show.render(request, visitor, "cycle_population.html", told.status, **values)
    return RedirectResponse(f"/cycles/{cycle_id}/population?done={op}#told", 303)


def _person(tx: Transaction, form: Submitted) -> EmployeeId:
    """The person chosen in a list, or the one whose NIP was typed. Raises InvalidForm."""
    chosen = form.one("person")
    return EmployeeId(chosen) if chosen else person_of_nip(tx, form, "nip")


def _filters(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    filters = filters_in(form)
    choose_population(house.desk, actor, cycle_id=cycle_id, filters=filters, now=visitor.now)


def _exclude(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    with house.desk.store.reading(actor.agency_id) as tx:
        person = _person(tx, form)
    exclude_person(
        house.desk, actor, cycle_id=cycle_id, employee_id=person,
        reason=text_of(form, "reason"), now=visitor.now,
    )  # fmt: skip


def _include(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    person = EmployeeId(form.one("person"))
    include_person(house.desk, actor, cycle_id=cycle_id, employee_id=person, now=visitor.now)


def _rater(house: House, visitor: Visitor, actor: Actor, form: Submitted, _cycle: str) -> None:
    ends = day_of(form, "ends") if form.one("ends") else None
    dates = (day_of(form, "starts"), ends)
    with house.desk.store.reading(actor.agency_id) as tx:
        person, rater = _person(tx, form), person_of_nip(tx, form, "rater_nip")
    name_rater(house.desk, actor, employee_id=person, rater_id=rater, dates=dates, now=visitor.now)


def _conflict(house: House, visitor: Visitor, actor: Actor, form: Submitted, _cycle: str) -> None:
    kind = form.one("relation")
    relation = RelationKind(kind) if kind in set(RelationKind) else RelationKind.OTHER
    with house.desk.store.reading(actor.agency_id) as tx:
        both = person_of_nip(tx, form, "nip"), person_of_nip(tx, form, "other_nip")
    declare_conflict(house.desk, actor, people_ids=both, kind=relation, now=visitor.now)


Change = Callable[[House, Visitor, Actor, Submitted, str], None]
CHANGES: Mapping[str, Change] = {
    "filters": _filters,
    "exclude": _exclude,
    "include": _include,
    "rater": _rater,
    "conflict": _conflict,
}
