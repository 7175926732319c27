"""Accounts of a unit: activation cards to print, and codes for who forgot the password."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.pdf import typeset
from api.web.phrasing import Phrasing
from api.web.qr import qr_picture, qr_svg
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
AS_FILE = {"Content-Disposition": 'attachment; filename="kartu-aktivasi.pdf"'}


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
) -> Response:
    """Cards with new codes, given this once, as a page or a PDF; or the code of one person."""
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
    if form.one("as") == "pdf" and sheets:
        say = Phrasing(visitor.words, visitor.zone, visitor.now)
        printed = typeset("cards", _cards(say, codes, known, address), made_at=visitor.now)
        return Response(printed, media_type="application/pdf", headers=AS_FILE)
    return show.render(
        request,
        visitor,
        "cards_print.html",
        page=page,
        sheets=sheets,
        address=address,
        picture=qr_picture(address, scale=3),
    )


def _cards(
    say: Phrasing,
    codes: tuple[IssuedCode, ...],
    known: Mapping[EmployeeId, Person],
    address: str,
) -> dict[str, object]:
    """What the template of the cards shows."""
    _, day = say.words, say.day_of(say.now)
    cards = [
        {
            "name": known[code.employee_id].name,
            "nip": f"NIP {say.nip(known[code.employee_id].nip)}",
            "code": code.code,
            "until": _("Good until %(at)s. Works once.", at=say.instant(code.expires_at)),
        }
        for code in codes
    ]
    words = {
        "title": _("Activation cards"),
        "code": _("One-time code"),
        "how": _("Open %(address)s and enter your whole NIP and this code.", address=address),
        "qr_alt": _("QR code of the activation page"),
    }
    made_on, picture = [day.year, day.month, day.day], qr_svg(address)
    return {
        "language": _.language,
        "made_on": made_on,
        "words": words,
        "qr": picture,
        "cards": cards,
    }


def _sheets(
    codes: tuple[IssuedCode, ...], known: Mapping[EmployeeId, Person]
) -> list[list[tuple[Person, IssuedCode]]]:
    """The cards by printed page."""
    cards = [(known[code.employee_id], code) for code in codes]
    return [cards[start : start + CARDS_A_PAGE] for start in range(0, len(cards), CARDS_A_PAGE)]
