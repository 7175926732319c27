"""Who is appraised in a period: filters, what stands in the way, and the work that it makes."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.cycle_forms import day_of, filters_in, person_of_nip, text_of
from api.web.rendering import Pages, pages
from engine.commands.population import (
    choose_population,
    declare_conflict,
    exclude_person,
    include_person,
    name_rater,
)
from engine.commands.steps import deadlines_of
from engine.domain.access import Verb
from engine.domain.people import Actor, EmployeeId, EmployeeKind
from engine.domain.population import ConflictKind, Filters, PostKind, RelationKind, filters_of
from engine.errors import NotFound
from engine.queries import cycle_views
from engine.queries.forecast import Forecast, forecast
from engine.queries.people import Person, agency_day, people
from engine.queries.population import Member, Needs, planned, population, unit_names
from engine.store import cycles, populations
from engine.store.cycles import CycleRow
from engine.store.database import Transaction

router = APIRouter(prefix="/cycles/{cycle_id}")
ThePages = Annotated[Pages, Depends(pages)]
DONE = frozenset({"filters", "exclude", "include", "rater", "conflict"})


@router.get("/population")
def population_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
    conflict: str = "",
    done: str = "",
) -> HTMLResponse:
    """Who would be launched now, what stands in the way, and what it means."""
    kind = ConflictKind(conflict) if conflict in set(ConflictKind) else None
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        head = cycle_views.cycle_head(tx, cycle_id)
        cycle = cycles.get(tx, cycle_id)
        filters = stored_filters(tx, cycle_id)
        members, told = foreseen(house, tx, visitor, cycle, filters)
        day = agency_day(tx, visitor.now)
        conflicted = cycle_views.conflicted(tx, members, kind, day)
        left_out = [row.employee_id for row in populations.exclusions(tx, cycle_id)]
        excluded = _named(tx, left_out, day)
        loaded = _named(tx, [load.employee_id for load in told.loads], day)
        units = unit_names(tx)
    return show.render(
        request, visitor, "cycle_population.html", cycle=head, filters=filters, forecast=told,
        conflicted=conflicted, kind=kind, excluded=list(excluded.values()), loaded=loaded,
        units=units, kinds=list(EmployeeKind), posts=list(PostKind), relations=list(RelationKind),
        today=day, done=done if done in DONE else "",
    )  # fmt: skip


@router.post("/population")
def change_population(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, cycle_id: str
) -> Response:
    """One decision of HR about the population."""
    op = form.one("op")
    if op not in CHANGES:
        raise NotFound("change", op)
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        cycle_views.cycle_head(tx, cycle_id)
    CHANGES[op](house, visitor, actor, form, cycle_id)
    return RedirectResponse(f"/cycles/{cycle_id}/population?done={op}", 303)


def stored_filters(tx: Transaction, cycle_id: str) -> Filters:
    """The filters of a cycle; everybody before anybody chose."""
    found = populations.find(tx, cycle_id)
    return filters_of(found.filters) if found else Filters()


def foreseen(
    house: House, tx: Transaction, visitor: Visitor, cycle: CycleRow, filters: Filters
) -> tuple[tuple[Member, ...], Forecast]:
    """Who would be launched now, and what it means."""
    settings = house.desk.definitions.get(tx, cycle.definition_id).settings
    calendar = house.desk.calendar(tx, visitor.now)
    needs = Needs(
        settings.needs_rater,
        settings.needs_plan,
        planned(tx, cycle.id),
        populations.conflicting_pairs(tx),
    )
    day = agency_day(tx, visitor.now)
    members = population(tx, cycle.id, filters, on=day, ends=cycle.ends, needs=needs)
    deadline = deadlines_of(settings.deadlines, calendar, visitor.now)
    return members, forecast(members, settings, deadline, visitor.now)


def _named(tx: Transaction, ids: list[EmployeeId], day: date) -> Mapping[str, Person]:
    return people(tx, ids, day)


def _filters(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    filters = filters_in(form)
    choose_population(house.desk, actor, cycle_id=cycle_id, filters=filters, now=visitor.now)


def _exclude(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    with house.desk.store.reading(actor.agency_id) as tx:
        person = person_of_nip(tx, form, "nip")
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
        person, rater = person_of_nip(tx, form, "nip"), person_of_nip(tx, form, "rater_nip")
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
