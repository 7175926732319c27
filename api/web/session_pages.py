"""The doors: start, choosing a seat in the demonstration, leaving it, and the language."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import (
    LANGUAGE_COOKIE,
    House,
    TheForm,
    TheHouse,
    TheVisitor,
    Visitor,
    set_cookie,
)
from api.i18n import LANGUAGES, N_
from api.security import SESSION_COOKIE, new_token, token_hash
from api.web.rendering import Pages, pages
from api.web.sign_in_pages import password_page, with_password
from engine.commands.kept_forms import waiting_item
from engine.commands.sessions import change_language, close_session, open_session
from engine.domain.people import AgencyId, EmployeeId
from engine.errors import NotFound
from engine.queries import visitors
from engine.store.database import ANY_AGENCY

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
YEAR_S = 365 * 24 * 3600
MAX_QUERY = 60
GROUPS = {
    "walk": N_("Start here"),
    "found": N_("Found"),
    "employees": N_("Employees"),
    "raters": N_("Performance raters"),
    "superiors": N_("Superiors of raters"),
    "functions": N_("HR, inspectorate and other functions"),
}


@router.get("/")
def start(house: TheHouse, visitor: TheVisitor) -> Response:
    """The inbox for those who sit, or the task that keeps their words; the door for all others."""
    if visitor.actor is None:
        return RedirectResponse("/sign-in", 303)
    waiting = waiting_item(house.desk, visitor.actor)
    return RedirectResponse(f"/work-items/{waiting}" if waiting else "/inbox", 303)


@router.get("/sign-in")
def sign_in_page(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, q: str = ""
) -> HTMLResponse:
    """The persons of the demonstration; outside of it NIP and password."""
    if not visitor.demo:
        return password_page(request, house, visitor, show)
    query = "".join(filter(str.isprintable, q)).strip()[:MAX_QUERY]
    page = show.render(
        request,
        visitor,
        "sign_in.html",
        **_seats(house, visitor, query),
        group_titles=GROUPS,
        query=query,
        kept="kept" in request.query_params,
    )
    set_cookie(house, page, SESSION_COOKIE, visitor.token)
    return page


def _seats(house: House, visitor: Visitor, query: str) -> dict[str, object]:
    """Who was looked for, or the groups and those who are special with why they are."""
    agency_id, settings = _agency(house), house.settings
    if agency_id is None:
        return {"groups": (), "examples": ()}
    with house.desk.store.reading(agency_id) as tx:
        if query:
            found = visitors.persons_named(tx, visitor.now, query=query)
            return {"groups": (visitors.PersonaGroup("found", found),), "examples": ()}
        groups = visitors.personas(tx, visitor.now, walk=settings.demo_walk)
        ids = [example.employee_id for example in settings.demo_examples]
        special = visitors.persons_of(tx, visitor.now, ids)
    reasons = {row.employee_id: getattr(row, visitor.language) for row in settings.demo_examples}
    examples = [(persona, reasons[persona.person.id]) for persona in special]
    return {"groups": groups, "examples": examples}


@router.post("/sign-in")
def sign_in(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, form: TheForm
) -> Response:
    """Come in with NIP and password; in the demonstration take a seat. The token changes."""
    if not visitor.demo:
        return with_password(request, house, visitor, show, form)
    agency_id = _agency(house)
    if agency_id is None:
        raise NotFound("agency", "")
    token = new_token()
    open_session(
        house.desk,
        agency_id,
        employee_id=EmployeeId(form.one("employee_id")),
        token_hash=token_hash(token),
        language=visitor.language,
        hours=house.settings.session_hours,
        now=visitor.now,
    )
    answer = RedirectResponse("/", 303)
    set_cookie(house, answer, SESSION_COOKIE, token)
    return answer


@router.post("/sign-out")
def sign_out(house: TheHouse, visitor: TheVisitor, _form: TheForm) -> Response:
    """Leave the seat; the session ends on the server."""
    if visitor.actor:
        hashed = token_hash(visitor.token)
        close_session(house.desk, visitor.actor, token_hash=hashed, now=visitor.now)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.post("/language")
def language(house: TheHouse, visitor: TheVisitor, form: TheForm) -> Response:
    """Switch the language and return to the page one came from."""
    chosen = form.one("language") if form.one("language") in LANGUAGES else visitor.language
    if visitor.actor:
        hashed = token_hash(visitor.token)
        change_language(house.desk, visitor.actor, token_hash=hashed, language=chosen)
    answer = RedirectResponse(_local(form.one("back")), 303)
    set_cookie(house, answer, LANGUAGE_COOKIE, chosen, max_age=YEAR_S)
    return answer


def _agency(house: TheHouse) -> AgencyId | None:
    with house.desk.store.reading(ANY_AGENCY) as tx:
        return visitors.first_agency(tx)


def _local(address: str) -> str:
    """An address of this site; anything else would let a form send people elsewhere."""
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local else "/"
