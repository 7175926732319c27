"""Accounts of a unit: activation cards to print, and codes for who forgot the password."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.qr import qr_picture
from api.web.rendering import Pages, pages
from engine.commands.activation import IssuedCode, issue_cards, issue_code
from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import EmployeeId
from engine.queries.accounts import card_page
from engine.queries.people import Person

router = APIRouter(prefix="/cards")
ThePages = Annotated[Pages, Depends(pages)]
CARDS_A_PAGE = 8
ACTIVATION = "/activate"


@router.get("")
def cards_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    unit: str = "",
) -> HTMLResponse:
    """The people of a unit; those without a password are chosen already."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = card_page(tx, actor, unit, visitor.now)
    may_forget = can(actor, Verb.TAKE_AWAY_FACTORS, AgencyAccess(actor.agency_id))
    return show.render(request, visitor, "cards.html", page=found, may_forget=bool(may_forget))


@router.post("")
def print_cards(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> HTMLResponse:
    """Cards with new codes, shown this once; or the code of one person."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = card_page(tx, actor, form.one("unit"), visitor.now)
    known = {member.person.id: member.person for member in page.members if not member.is_self}
    one, forget = EmployeeId(form.one("one")), form.one("forget") == "yes"
    if one in known:
        codes: tuple[IssuedCode, ...] = (
            issue_code(house.desk, actor, employee_id=one, factors_too=forget, now=visitor.now),
        )
    else:
        chosen = [found for found in map(EmployeeId, form.fields.get("who", [])) if found in known]
        codes = issue_cards(house.desk, actor, employee_ids=chosen, now=visitor.now)
    sheets = _sheets(codes, known)
    address = house.settings.public_address.rstrip("/") + ACTIVATION
    return show.render(
        request,
        visitor,
        "cards_print.html",
        page=page,
        sheets=sheets,
        address=address,
        picture=qr_picture(address, scale=3),
    )


def _sheets(
    codes: tuple[IssuedCode, ...], known: Mapping[EmployeeId, Person]
) -> list[list[tuple[Person, IssuedCode]]]:
    """The cards by printed page."""
    cards = [(known[code.employee_id], code) for code in codes]
    return [cards[start : start + CARDS_A_PAGE] for start in range(0, len(cards), CARDS_A_PAGE)]
