"""Result sheets: making and reading them, checking one without signing in, results over years."""

from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor, set_cookie
from api.devices import network_of
from api.pdf import edition, typeset
from api.security import SESSION_COOKIE
from api.web.charts_of_results import results_chart
from api.web.daily_log_pages import own_page
from api.web.phrasing import Phrasing
from api.web.qr import qr_svg
from api.web.rendering import Pages, pages
from api.web.sheet_words import day_of_sheet, sheet_data
from api.web.told_errors import status_of, told
from engine.commands.result_sheets import (
    Claim,
    Facts,
    NewSheet,
    is_genuine,
    kept_sheet,
    new_code,
    record_sheet,
)
from engine.domain.appraisal import Predicate
from engine.errors import TooManyAttempts
from engine.queries.result_facts import SheetFacts, sheet_facts, yearly_results

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
PDF = "application/pdf"
MAX_CODE = 40


@router.post("/cases/{instance_id}/sheets")
def make_sheet(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, instance_id: str
) -> Response:
    """Set the sheet of the result that holds, once, and go to it."""
    with house.desk.store.reading(actor.agency_id) as tx:
        facts = sheet_facts(tx, actor, instance_id, settings_of=house.settings_of, now=visitor.now)
    sheet = sheet_for(visitor, facts, house.settings.public_address)
    made = record_sheet(house.desk, actor, instance_id=instance_id, sheet=sheet, now=visitor.now)
    return RedirectResponse(f"/sheets/{made}", 303)


def sheet_for(visitor: Visitor, facts: SheetFacts, public_address: str) -> NewSheet:
    """A sheet in the words and the zone of who makes it."""
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    return new_sheet(say, facts, public_address)


def new_sheet(say: Phrasing, facts: SheetFacts, public_address: str) -> NewSheet:
    """A sheet of the result that holds, set and ready to be kept."""
    code = new_code()
    address = f"{public_address.rstrip('/')}/verify/{code}"
    said = sheet_data(say, facts, code=code, address=address)
    digest = sha256(pdf_of(said)).hexdigest()
    language = say.words.language
    return NewSheet(facts.present.version, language, edition(), code, said, digest)


@router.get("/sheets/{sheet_id}")
def sheet_file(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    sheet_id: str,
) -> Response:
    """The same bytes each time; a sheet in a form of before is made anew from its file."""
    sheet = kept_sheet(house.desk, actor, sheet_id=sheet_id)
    content = pdf_of(sheet.facts)
    if sha256(content).hexdigest() != sheet.row.pdf_sha256:
        return show.render(request, visitor, "sheet_old.html", 410, case=sheet.row.instance_id)
    name = f"lembar-hasil-{sheet.row.id[:8]}.pdf"
    return Response(
        content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def pdf_of(said: Facts) -> bytes:
    """The document of what a sheet says; the date on it is its own."""
    picture = qr_svg(str(said["address"]))
    at = datetime.combine(day_of_sheet(said), time(), UTC)
    return typeset("result", {**said, "qr": picture}, made_at=at)


@router.get("/verify")
@router.get("/verify/{code}")
def verify_page(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, code: str = ""
) -> HTMLResponse:
    """Where a sheet is checked; nothing is answered before something is claimed."""
    page = show.render(request, visitor, "verify.html", **_verdict(code[:MAX_CODE]))
    if visitor.actor is None:
        set_cookie(house, page, SESSION_COOKIE, visitor.token)
    return page


@router.post("/verify")
def verify(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, form: TheForm
) -> HTMLResponse:
    """Match or no match; for an unknown code exactly as for a wrong predicate."""
    code = form.one("code")[:MAX_CODE]
    address = network_of(request.client.host if request.client else "")
    try:
        fits = is_genuine(house.desk, _claim(form, code), address=address, now=visitor.now)
    except TooManyAttempts as error:
        told_so = {**_verdict(code), "errors": told(error, visitor.language)}
        return show.render(request, visitor, "verify.html", status_of(error), **told_so)
    return show.render(request, visitor, "verify.html", **{**_verdict(code), "fits": fits})


def _claim(form: Submitted, code: str) -> Claim:
    """The file counts where one was chosen; else what was read on paper."""
    if form.upload:
        return Claim(code, pdf_sha256=sha256(form.upload.content).hexdigest())
    return Claim(code, form.one("nip")[:MAX_CODE], form.one("predicate")[:MAX_CODE])


def _verdict(code: str) -> dict[str, object]:
    return {"code": code, "predicates": list(Predicate), "fits": None, "errors": {}}


@router.get("/my-results")
def my_results(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """The official predicate of every period, and apart from it the local score."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = yearly_results(tx, actor)
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    log = own_page(house, visitor, actor)
    return show.render(
        request, visitor, "my_results.html", results=found, chart=results_chart(say, found),
        figures=log.figures if log else None,
    )  # fmt: skip
