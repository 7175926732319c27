"""Paper questionnaires of a citizen survey: keyed in by the unit, each with its scan."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.house import House
from api.problems import problem_of
from api.web.rendering import Pages, pages
from api.web.survey_forms import answer_in
from api.web.survey_words import QUESTIONS
from api.web.told_errors import told
from engine.commands.citizen_surveys import key_in_paper
from engine.commands.evidence import media_type_of
from engine.domain.citizen_survey import LONGEST_COMMENT, VISIT_DAYS
from engine.domain.people import Actor
from engine.errors import InvalidFile, InvalidForm, NotFound
from engine.queries.citizen_surveys import scan_of, survey_page

router = APIRouter(prefix="/surveys/{survey_id}")
ThePages = Annotated[Pages, Depends(pages)]


@router.get("/paper")
def paper_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    survey_id: str,
    done: str = "",
) -> HTMLResponse:
    """The questions as citizens see them, and where the scan is chosen."""
    return _page(request, house, visitor, actor, show, survey_id, Submitted({}), {}, done=done)


@router.post("/paper")
def keyed_in(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    survey_id: str,
) -> Response:
    """Keep one paper and ask for the next."""
    scan = (form.upload.name, form.upload.content) if form.upload else ("", b"")
    try:
        key_in_paper(
            house.desk, actor, survey_id=survey_id, answer=answer_in(form), scan=scan,
            now=visitor.now,
        )  # fmt: skip
    except InvalidForm as error:
        errors = told(error, visitor.language)
        return _page(request, house, visitor, actor, show, survey_id, form, errors)
    except InvalidFile as error:
        errors = {"scan": problem_of(error, visitor.words).detail}
        return _page(request, house, visitor, actor, show, survey_id, form, errors)
    return RedirectResponse(f"/surveys/{survey_id}/paper?done=kept", 303)


@router.get("/scans/{digest}")
def scan_file(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, survey_id: str, digest: str
) -> Response:
    """The scan of a paper, as it was attached."""
    with house.desk.store.reading(actor.agency_id) as tx:
        known = scan_of(tx, actor, survey_id, digest, visitor.now)
    content = house.desk.files.get(known)
    media_type, ending = media_type_of(known, content)
    name = f"kuesioner-{known[:8]}{ending}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=disposition)


def _page(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    survey_id: str,
    form: Submitted,
    errors: Mapping[str, str],
    *,
    done: str = "",
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        found = survey_page(tx, actor, survey_id, visitor.now)
    if not found.may_manage:
        raise NotFound("survey", survey_id)
    return show.render(
        request, visitor, "survey_paper.html", 422 if errors else 200, page=found, done=done,
        typed=form, errors=errors, questions=QUESTIONS, longest=LONGEST_COMMENT,
        earliest=found.survey.starts - timedelta(days=VISIT_DAYS),
        latest=min(found.today, found.survey.ends),
    )  # fmt: skip
