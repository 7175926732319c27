"""Writing about others through the year: whom one works with, and what may be opened about each.

Somebody farther away is found by his whole NIP only: no page lists the people of the agency.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.beside_pages import MAX_KEY, first_place
from api.web.rendering import Pages, pages
from engine.commands.beside import open_beside
from engine.commands.early import EarlyOffer, offers_about, writes_about_others
from engine.domain.people import Actor, EmployeeId
from engine.errors import NotFound
from engine.queries.around import people_around, person_in_service, person_with_nip
from engine.queries.people import Person
from engine.store.database import Transaction
from engine.store.ids import new_id

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/notes")
def notes_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The people around, and what may be written about who has the NIP that was typed."""
    typed = _nip(request.query_params.get("nip", ""))
    with house.desk.store.reading(actor.agency_id) as tx:
        is_open = writes_about_others(house.desk, tx)
        around = people_around(tx, actor.employee_id, visitor.now)
        subject = _named(tx, typed, visitor) if typed and is_open else None
        offers = _offers(house, tx, visitor, actor, subject) if subject else ()
    if subject:
        return _person_page(request, visitor, show, subject, offers, nip=typed)
    return show.render(request, visitor, "notes.html", around=around, typed=typed, is_open=is_open)


@router.post("/notes")
def begin_by_nip(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """Open a process about who has the NIP, and go to its first step."""
    with house.desk.store.reading(actor.agency_id) as tx:
        subject = person_with_nip(tx, _nip(form.one("nip")), visitor.now)
    return _begun(house, visitor, actor, form, subject.id)


@router.get("/notes/{employee_id}")
def person_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    employee_id: str,
) -> HTMLResponse:
    """What may be opened now about somebody around, or whom a role of the actor reaches."""
    subject, offers = _reached(house, visitor, actor, employee_id)
    return _person_page(request, visitor, show, subject, offers)


@router.post("/notes/{employee_id}")
def begin(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, employee_id: str
) -> Response:
    """Open a process about the person and go to its first step, where it is the actor's."""
    subject, _ = _reached(house, visitor, actor, employee_id)
    return _begun(house, visitor, actor, form, subject.id)


def _nip(typed: str) -> str:
    return "".join(typed.split())[:18]


def _named(tx: Transaction, nip: str, visitor: Visitor) -> Person | None:
    try:
        return person_with_nip(tx, nip, visitor.now)
    except NotFound:
        return None


def _offers(
    house: House, tx: Transaction, visitor: Visitor, actor: Actor, subject: Person
) -> tuple[EarlyOffer, ...]:
    return offers_about(house.desk, tx, actor, subject.id, now=visitor.now)


def _reached(
    house: House, visitor: Visitor, actor: Actor, employee_id: str
) -> tuple[Person, tuple[EarlyOffer, ...]]:
    """The person with the offers. Raises NotFound for oneself and for a stranger alike."""
    with house.desk.store.reading(actor.agency_id) as tx:
        is_known = people_around(tx, actor.employee_id, visitor.now).has(employee_id)
        subject = person_in_service(tx, EmployeeId(employee_id), visitor.now)
        offers = offers_about(house.desk, tx, actor, subject.id, now=visitor.now, is_known=is_known)
    if subject.id == actor.employee_id or not (is_known or offers):
        raise NotFound("employee", employee_id)
    return subject, offers


def _person_page(
    request: Request,
    visitor: Visitor,
    show: Pages,
    subject: Person,
    offers: tuple[EarlyOffer, ...],
    *,
    nip: str = "",
) -> HTMLResponse:
    keyed = {new_id(): offer for offer in offers}
    return show.render(
        request, visitor, "notes_person.html", subject=subject, offers=keyed, nip=nip
    )


def _begun(
    house: House, visitor: Visitor, actor: Actor, form: Submitted, subject_id: EmployeeId
) -> Response:
    opened = open_beside(
        house.desk,
        actor,
        cycle_id=form.one("cycle"),
        subject_id=subject_id,
        process_id=form.one("process"),
        now=visitor.now,
        key=form.one("key")[:MAX_KEY],
    )
    return RedirectResponse(first_place(house, visitor, actor, opened) or "/notes", 303)
