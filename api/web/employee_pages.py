"""Employees: found by name or NIP; one person with posts, duties, substitutes and account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.organisation_forms import (
    NOTHING_REFUSED,
    Refused,
    day_in,
    page_after,
    refused,
)
from api.web.rendering import Pages, pages
from engine.commands.organisation_changes import person_named
from engine.commands.organisation_posts import end_post
from engine.commands.organisation_substitutes import end_substitute, record_substitute
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.errors import InvalidForm
from engine.queries import employees

router = APIRouter(prefix="/employees")
ThePages = Annotated[Pages, Depends(pages)]


def _person(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    employee_id: str,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        page = employees.employee(tx, actor, EmployeeId(employee_id), visitor.now)
    done = request.query_params.get("done", "")
    return show.render(
        request, visitor, "employee.html", told.status, page=page, refused=told, done=done
    )


@router.get("")
def employees_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Who is in service, by name; searched by name, NIP and unit."""
    asked = request.query_params
    query, unit = asked.get("q", ""), asked.get("unit", "")
    after = (asked.get("name", ""), asked["after"]) if asked.get("after") else None
    with house.desk.store.reading(actor.agency_id) as tx:
        page = employees.search(
            tx, actor, visitor.now, query, unit=UnitId(unit) if unit else None, after=after
        )
    return show.render(
        request,
        visitor,
        "employees.html",
        page=page,
        query=query,
        unit=unit,
        next_page=page_after("/employees", page.after, q=query, unit=unit),
    )


@router.get("/{employee_id}")
def employee_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    employee_id: str,
) -> HTMLResponse:
    """Everything that one person holds."""
    return _person(request, house, visitor, actor, show, employee_id)


@router.post("/posts/{assignment_id}/end")
def end(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    assignment_id: str,
) -> Response:
    """Let a post end with a day; open tasks are pointed out on the person's page."""
    employee_id = form.one("employee_id")
    try:
        last_day = day_in(form, "last_day")
        employee_id = end_post(
            house.desk, actor, assignment_id=assignment_id, last_day=last_day, now=visitor.now
        )
    except InvalidForm as error:
        told = refused(f"end-{assignment_id}", error, form, visitor.language)
        return _person(request, house, visitor, actor, show, employee_id, told)
    return RedirectResponse(f"/employees/{employee_id}?done=ended", 303)


@router.post("/{employee_id}/substitutes")
def substitute(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    employee_id: str,
) -> Response:
    """Let somebody, named by NIP, act for this person."""
    absent = EmployeeId(employee_id)
    try:
        other = person_named(house.desk, actor, nip=form.one("nip"), now=visitor.now)
        days = {name: day_in(form, name) for name in ("starts", "ends")}
        record_substitute(
            house.desk, actor, absent_id=absent, substitute_id=other, **days, now=visitor.now
        )
    except InvalidForm as error:
        told = refused("substitute", error, form, visitor.language)
        return _person(request, house, visitor, actor, show, employee_id, told)
    return RedirectResponse(f"/employees/{employee_id}?done=substitute", 303)


@router.post("/substitutes/{substitution_id}/end")
def end_substitution(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    substitution_id: str,
) -> Response:
    """End a substitution at once."""
    employee_id = form.one("employee_id")
    try:
        end_substitute(house.desk, actor, substitution_id=substitution_id, now=visitor.now)
    except InvalidForm as error:
        told = refused("substitute", error, form, visitor.language)
        return _person(request, house, visitor, actor, show, employee_id, told)
    return RedirectResponse(f"/employees/{employee_id}?done=substitute-ended", 303)
