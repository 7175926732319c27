"""Writing about others through the year: whom one works with, and what may be opened about each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.beside_pages import MAX_KEY, first_place
from api.web.rendering import Pages, pages
from engine.commands.beside import open_beside
from engine.commands.early import offers_about, writes_about_others
from engine.domain.people import EmployeeId
from engine.queries.around import people_around, people_called, person_in_service
from engine.store.ids import new_id

router = APIRouter(prefix="/notes")
ThePages = Annotated[Pages, Depends(pages)]
MOST_TYPED = 80


@router.get("")
def notes_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The people around, and those found by name."""
    typed = request.query_params.get("q", "").strip()[:MOST_TYPED]
    with house.desk.store.reading(actor.agency_id) as tx:
        is_open = writes_about_others(house.desk, tx)
        around = people_around(tx, actor.employee_id, visitor.now)
        found = people_called(tx, typed, visitor.now) if typed and is_open else ()
    return show.render(
        request, visitor, "notes.html", around=around, typed=typed, is_open=is_open,
        found=[person for person in found if person.id != actor.employee_id],
    )  # fmt: skip


@router.get("/{employee_id}")
def person_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    employee_id: str,
) -> HTMLResponse:
    """What may be opened now about one person."""
    person = EmployeeId(employee_id)
    with house.desk.store.reading(actor.agency_id) as tx:
        subject = person_in_service(tx, person, visitor.now)
        offers = offers_about(house.desk, tx, actor, person, now=visitor.now)
    keyed = {new_id(): offer for offer in offers}
    return show.render(request, visitor, "notes_person.html", subject=subject, offers=keyed)


@router.post("/{employee_id}")
def begin(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, employee_id: str
) -> Response:
    """Open a process about the person and go to its first step, where it is the actor's."""
    opened = open_beside(
        house.desk,
        actor,
        cycle_id=form.one("cycle"),
        subject_id=EmployeeId(employee_id),
        process_id=form.one("process"),
        now=visitor.now,
        key=form.one("key")[:MAX_KEY],
    )
    return RedirectResponse(first_place(house, visitor, actor, opened) or "/notes", 303)
