"""One appraisal file: its page, its trail, and what may be done with it."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web import trail_facts, trail_words
from api.web.beside_pages import beside_part
from api.web.form_answers import AnswersView, answers_view
from api.web.rendering import Pages, pages
from engine.commands.appeals import withdraw_appeal
from engine.commands.case_answers import AnsweredStep, case_answers
from engine.commands.incidents import retry_incident
from engine.commands.remarks import confidential_remarks
from engine.commands.unmasking import may_ask_identity
from engine.commands.views import record_view
from engine.domain.access import Verb
from engine.domain.people import Actor
from engine.queries.case_list import search_cases
from engine.queries.cases import case_view
from engine.queries.trail import trail

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/cases")
def cases_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    q: str = "",
    name: str = "",
    after: str = "",
) -> HTMLResponse:
    """The search of HR and auditors; `name` and `after` are the last row of the page before."""
    with house.desk.store.reading(actor.agency_id) as tx:
        names = house.name_of(visitor.language)
        page = search_cases(tx, actor, q[:80], (name, after) if after else None, name_of=names)
    _ = visitor.words
    return show.render(
        request,
        visitor,
        "cases.html",
        title=_("Appraisal files"),
        cases=page.rows,
        searchable=True,
        query=q,
        next_page=_next_page(q, page.after) if page.after else None,
    )


def _next_page(query: str, after: tuple[str, str]) -> str:
    return f"/cases?{urlencode({'q': query, 'name': after[0], 'after': after[1]})}"


@router.get("/cases/{instance_id}")
def case_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    instance_id: str,
) -> HTMLResponse:
    """Where the appraisal stands and what was decided; a look from outside is recorded first."""
    record_view(house.desk, actor, instance_id=instance_id, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        case = case_view(
            tx,
            actor,
            instance_id,
            settings_of=house.settings_of,
            now=visitor.now,
            language=visitor.language,
        )
    steps = _answered(house, visitor, actor, instance_id)
    remarks = confidential_remarks(
        house.desk, actor, instance_id=instance_id, language=visitor.language, now=visitor.now
    )
    asks = bool(remarks) and may_ask_identity(house.desk, actor, instance_id=instance_id)
    beside = beside_part(house, visitor, actor, instance_id)
    return show.render(
        request,
        visitor,
        "case.html",
        case=case,
        steps=steps,
        remarks=remarks,
        may_ask_identity=asks,
        beside=beside,
    )


def _answered(
    house: House, visitor: Visitor, actor: Actor, instance_id: str
) -> list[tuple[AnsweredStep, AnswersView | None]]:
    """Finished steps with what may be read of their answers."""
    answered = case_answers(
        house.desk, actor, instance_id=instance_id, language=visitor.language, now=visitor.now
    )
    return [
        (step, answers_view(step.form, step.values, visitor.language))
        if step.form and step.values is not None
        else (step, None)
        for step in answered
    ]


@router.get("/cases/{instance_id}/trail")
def trail_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    instance_id: str,
    kind: str = "",
) -> HTMLResponse:
    """Every event of the case in a sentence."""
    record_view(house.desk, actor, instance_id=instance_id, verb=Verb.READ_TRAIL, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = trail(
            tx,
            actor,
            instance_id,
            settings_of=house.settings_of,
            drawing_of=house.drawing_of(visitor.language),
            now=visitor.now,
            kind=kind,
        )
    return show.render(
        request,
        visitor,
        "trail.html",
        trail=found,
        kind=kind,
        kinds=trail_words.kind_names(found.actions),
        sentence=trail_words.sentence,
        facts=trail_facts.facts,
        details=trail_facts.details,
    )


@router.post("/cases/{instance_id}/appeal-withdrawal")
def appeal_withdrawal(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, instance_id: str
) -> Response:
    """The employee takes the own appeal back."""
    withdraw_appeal(house.desk, actor, instance_id=instance_id, now=visitor.now)
    return RedirectResponse(f"/cases/{instance_id}", 303)


@router.post("/cases/{instance_id}/retry")
def retry(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, instance_id: str
) -> Response:
    """Try the failed automatic step of a held case again."""
    retry_incident(house.desk, actor, instance_id=instance_id, now=visitor.now)
    return RedirectResponse("/incidents", 303)
