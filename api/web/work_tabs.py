"""The pages around the form of a work item: file so far, history, diagram, notes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web import trail_facts, trail_words
from api.web.beside_pages import beside_part
from api.web.form_answers import answers_view
from api.web.opened_work import Tab, tabs, work_frame
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from engine.commands.case_answers import case_answers
from engine.commands.comments import MAX_LETTERS, write_comment
from engine.commands.views import record_view
from engine.domain.access import Verb
from engine.domain.actions import DEEDS
from engine.domain.comments import Audience
from engine.domain.people import Actor
from engine.errors import InvalidForm
from engine.queries.cases import case_view
from engine.queries.comments import case_comments
from engine.queries.trail import trail
from engine.queries.work import WorkView

router = APIRouter(prefix="/work-items/{item_id}")
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/case")
def case_tab(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> HTMLResponse:
    """Where the appraisal stands, and the answers so far that this reader may see."""
    work = _read(house, visitor, actor, item_id)
    with house.desk.store.reading(actor.agency_id) as tx:
        case = case_view(
            tx,
            actor,
            work.instance_id,
            settings_of=house.settings_of,
            now=visitor.now,
            language=visitor.language,
        )
    steps = case_answers(
        house.desk,
        actor,
        instance_id=work.instance_id,
        language=visitor.language,
        now=visitor.now,
    )
    answered = [
        (step, answers_view(step.form, step.values, visitor.language))
        for step in steps
        if step.form is not None and step.values is not None
    ]
    beside = beside_part(house, visitor, actor, work.instance_id)
    return _tab(request, visitor, show, work, Tab.CASE, case=case, answered=answered, beside=beside)


@router.get("/history")
def history_tab(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> HTMLResponse:
    """Who did what when; what the system did by itself stands in the whole trail."""
    work = _read(house, visitor, actor, item_id, Verb.READ_TRAIL)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = trail(
            tx,
            actor,
            work.instance_id,
            settings_of=house.settings_of,
            drawing_of=house.drawing_of(visitor.language),
            now=visitor.now,
        )
    rows = [row for row in reversed(found.rows) if row.action in DEEDS]
    return _tab(
        request,
        visitor,
        show,
        work,
        Tab.HISTORY,
        rows=rows,
        sentence=trail_words.sentence,
        facts=trail_facts.facts,
    )


@router.get("/diagram")
def diagram_tab(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> HTMLResponse:
    """The steps in words, and the picture beside them."""
    work = _read(house, visitor, actor, item_id)
    return _tab(request, visitor, show, work, Tab.DIAGRAM)


@router.get("/comments")
def comments_tab(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
    before: str = "",
) -> HTMLResponse:
    """The notes, the newest first; `before` is the last one of the page before."""
    work = _read(house, visitor, actor, item_id)
    return _comments(request, house, visitor, actor, show, work, before=before)


@router.post("/comments")
def comment(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    item_id: str,
) -> Response:
    """Write a note; what is wrong with it is said beside it."""
    work = _read(house, visitor, actor, item_id)
    text = form.raw("text").replace("\r\n", "\n").strip()
    officials = form.one("audience") == Audience.OFFICIALS.value
    audience = Audience.OFFICIALS if officials else Audience.EVERYBODY
    try:
        write_comment(
            house.desk,
            actor,
            instance_id=work.instance_id,
            text=text,
            audience=audience,
            now=visitor.now,
        )
    except InvalidForm as error:
        wrong = told(error, visitor.language).get("text", "")
        return _comments(
            request, house, visitor, actor, show, work, text=text, wrong=wrong, audience=audience
        )
    return RedirectResponse(f"/work-items/{item_id}/comments#notes", 303)


def _comments(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    work: WorkView,
    *,
    before: str = "",
    text: str = "",
    wrong: str = "",
    audience: Audience = Audience.EVERYBODY,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        found = case_comments(
            tx, actor, work.instance_id, before_id=before or None, now=visitor.now
        )
    shown = {"comments": found, "text": text, "wrong": wrong, "audience": audience}
    status = 422 if wrong else 200
    return _tab(
        request, visitor, show, work, Tab.COMMENTS, status, most=MAX_LETTERS, before=before, **shown
    )


def _read(
    house: House, visitor: Visitor, actor: Actor, item_id: str, verb: Verb = Verb.READ_CASE
) -> WorkView:
    """The frame for who may read the case, a look from outside being recorded first.

    Raises NotFound.
    """
    work = work_frame(house, visitor, actor, item_id)
    record_view(house.desk, actor, instance_id=work.instance_id, verb=verb, now=visitor.now)
    return work


def _tab(
    request: Request,
    visitor: Visitor,
    show: Pages,
    work: WorkView,
    tab: Tab,
    status: int = 200,
    **shown: object,
) -> HTMLResponse:
    name = f"work_{tab.value}.html"
    return show.render(request, visitor, name, status, work=work, tabs=tabs(work), tab=tab, **shown)
