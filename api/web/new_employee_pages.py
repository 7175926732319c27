"""One person taken in by hand; many come in from a sheet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.organisation_forms import NOTHING_REFUSED, Refused, day_in, refused
from api.web.rendering import Pages, pages
from engine.commands.new_employees import NewEmployee, add_employee
from engine.commands.permissions import demand
from engine.domain.access import AgencyAccess, Verb
from engine.domain.people import Actor, EmployeeKind, UnitId
from engine.errors import InvalidForm
from engine.queries import organisation
from engine.queries.people import agency_day

router = APIRouter(prefix="/employees")
ThePages = Annotated[Pages, Depends(pages)]
FORM = "new"


@router.get("/new")
def new_employee_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The form for one person; `unit` is chosen already where the way led over a unit."""
    return _asked(request, house, visitor, actor, show)


def _asked(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    demand(actor, Verb.IMPORT_PEOPLE, AgencyAccess(actor.agency_id))
    with house.desk.store.reading(actor.agency_id) as tx:
        lines = organisation.tree(tx, actor, visitor.now).lines
        today = agency_day(tx, visitor.now)
    return show.render(
        request,
        visitor,
        "employee_new.html",
        told.status,
        units=[line for line in lines if not line.is_closed],
        unit=request.query_params.get("unit", ""),
        kinds=list(EmployeeKind),
        today=today,
        refused=told,
        form=FORM,
    )


@router.post("")
def add(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Take the person in, and go to the new page of hers or his."""
    try:
        added = add_employee(house.desk, actor, new=_new(form), now=visitor.now)
    except InvalidForm as error:
        told = refused(FORM, error, form, visitor.language)
        return _asked(request, house, visitor, actor, show, told)
    done = "added-unusual" if added.warnings else "added"
    return RedirectResponse(f"/employees/{added.employee_id}?done={done}", 303)


def _new(form: Submitted) -> NewEmployee:
    return NewEmployee(
        nip=form.one("nip"),
        name=form.one("name"),
        kind=form.one("kind"),
        grade=form.one("grade"),
        unit_id=UnitId(form.one("unit")),
        title=form.one("title"),
        superior_nip=form.one("superior"),
        starts=day_in(form, "starts"),
    )
