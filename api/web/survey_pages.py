"""Citizen surveys for units: open one, hand out its links, watch how many answered, close it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.house import House
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from api.web.survey_forms import date_in, number_in
from api.web.survey_prints import Printed, links_pdf
from api.web.survey_report import report_sheets
from api.web.survey_words import GRADES, QUESTIONS
from api.web.told_errors import told
from api.workbooks import XLSX, workbook
from engine.commands.citizen_surveys import (
    NewSurvey,
    close_survey,
    make_links,
    open_survey,
    set_counter,
)
from engine.domain.people import Actor, UnitId
from engine.errors import Finding, InvalidForm, NotFound
from engine.queries.citizen_surveys import survey_list, survey_page

router = APIRouter(prefix="/surveys")
ThePages = Annotated[Pages, Depends(pages)]
LINKS_A_SHEET = 24
REPORT_NAME = "laporan-skm.xlsx"


@router.get("")
def surveys_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle: str = "",
) -> HTMLResponse:
    """The surveys of a period, and the form for another one."""
    return _list(request, house, visitor, actor, show, cycle, Submitted({}))


@router.post("")
def open_one(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Open the survey of a unit and go to it."""
    try:
        made = open_survey(house.desk, actor, new=_new_survey(form), now=visitor.now)
    except InvalidForm as error:
        cycle = form.one("cycle")
        return _list(request, house, visitor, actor, show, cycle, form, error)
    return RedirectResponse(f"/surveys/{made}?done=opened", 303)


def _new_survey(form: Submitted) -> NewSurvey:
    """What the form asks for. Raises InvalidForm where a day or a number is none."""
    starts, ends = date_in(form, "starts"), date_in(form, "ends")
    population = number_in(form, "population")
    unread = {
        "starts": starts is None,
        "ends": ends is None,
        "population": bool(form.one("population")) and population is None,
    }
    codes = {"starts": "organisation.day", "ends": "organisation.day"}
    wrong = [name for name, bad in unread.items() if bad]
    if starts is None or ends is None or wrong:
        found = [Finding(codes.get(name, f"survey.{name}"), element_id=name) for name in wrong]
        raise InvalidForm(found)
    lines = (line.strip() for line in form.one("services").splitlines())
    services = tuple(line for line in lines if line)
    unit = UnitId(form.one("unit"))
    return NewSurvey(form.one("cycle"), unit, starts, ends, services, population)


def _list(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    cycle: str,
    form: Submitted,
    error: InvalidForm | None = None,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        found = survey_list(tx, actor, cycle, visitor.now)
    errors = told(error, visitor.language) if error else {}
    status = 422 if error else 200
    values = {"page": found, "typed": form, "errors": errors, "grades": GRADES}
    return show.render(request, visitor, "surveys.html", status, **values)


@router.get("/{survey_id}")
def one_survey(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    survey_id: str,
    done: str = "",
) -> HTMLResponse:
    """How many answered, what is to be done next, and at the end the report."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = survey_page(tx, actor, survey_id, visitor.now)
    return show.render(
        request, visitor, "survey.html", page=found, done=done, grades=GRADES,
        questions=QUESTIONS, links_a_sheet=LINKS_A_SHEET,
    )  # fmt: skip


@router.get("/{survey_id}/report")
def report_file(house: TheHouse, visitor: TheVisitor, actor: TheActor, survey_id: str) -> Response:
    """The report with its comments as a workbook. Raises NotFound before it may be told."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = survey_page(tx, actor, survey_id, visitor.now)
    if found.report is None:
        raise NotFound("report", survey_id)
    content = workbook(report_sheets(visitor.words, found.report), made_at=visitor.now)
    disposition = {"Content-Disposition": f'attachment; filename="{REPORT_NAME}"'}
    return Response(content, media_type=XLSX, headers=disposition)


@router.post("/{survey_id}/links")
def print_links(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    survey_id: str,
) -> Response:
    """One-time links as QR codes to cut, given this once, as a PDF or a page."""
    count = number_in(form, "count") or 0
    made = make_links(house.desk, actor, survey_id=survey_id, count=count, now=visitor.now)
    printed = _printed(house, visitor, actor, survey_id, tuple(f"/survey/{one}" for one in made))
    if form.one("as") == "pdf":
        return links_pdf(Phrasing(visitor.words, visitor.zone, visitor.now), printed)
    return show.render(request, visitor, "survey_links.html", printed=printed, is_poster=False)


@router.post("/{survey_id}/counter")
def print_counter(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    _form: TheForm,
    survey_id: str,
) -> HTMLResponse:
    """A poster for the counter, with a code that ends the one before."""
    code = set_counter(house.desk, actor, survey_id=survey_id, now=visitor.now)
    printed = _printed(house, visitor, actor, survey_id, (f"/survey/counter/{code}",))
    return show.render(request, visitor, "survey_links.html", printed=printed, is_poster=True)


def _printed(
    house: House, visitor: Visitor, actor: Actor, survey_id: str, paths: tuple[str, ...]
) -> Printed:
    with house.desk.store.reading(actor.agency_id) as tx:
        found = survey_page(tx, actor, survey_id, visitor.now)
    public = house.settings.public_address.rstrip("/")
    addresses = tuple(f"{public}{path}" for path in paths)
    return Printed(survey_id, found.unit, found.survey.ends, addresses)


@router.post("/{survey_id}/closing")
def close_one(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, survey_id: str
) -> Response:
    """Take no more answers; from now on the report may be read."""
    close_survey(house.desk, actor, survey_id=survey_id, now=visitor.now)
    return RedirectResponse(f"/surveys/{survey_id}?done=closed", 303)
