"""The citizen survey for citizens: no sign-in, no cookie, no script, no name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheHouse, TheTyped, TheVisitor, Visitor
from api.devices import network_of
from api.house import House
from api.i18n import LANGUAGES
from api.web.rendering import Pages, pages
from api.web.survey_forms import answer_in
from api.web.survey_words import GRADES, QUESTIONS
from api.web.told_errors import told
from engine.commands.survey_answers import (
    Asked,
    answer_survey,
    survey_of_counter,
    survey_of_link,
    take_link,
)
from engine.domain.citizen_survey import LONGEST_COMMENT, VISIT_DAYS
from engine.errors import InvalidForm, NotFound, TooManyAttempts
from engine.queries.citizen_surveys import public_indices

router = APIRouter(prefix="/survey")
ThePages = Annotated[Pages, Depends(pages)]
# Why there is no form: the status and the sentence of the page.
USED, CLOSED, EARLY, WAIT, THANKS = "used", "closed", "early", "wait", "thanks"
STATUS = {USED: 404, CLOSED: 410, EARLY: 409, WAIT: 429, THANKS: 200}


@dataclass(frozen=True)
class Citizen:
    """One request of somebody who follows a link; the language stands in the address."""

    request: Request
    house: House
    visitor: Visitor
    show: Pages

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page in the language of the address."""
        return self.show.render(self.request, self.visitor, template, status, **values)

    def told(self, reason: str, asked: Asked | None = None, wait_s: int = 0) -> HTMLResponse:
        """The page that says why there is no form."""
        return self.page(
            "survey_told.html", STATUS[reason], reason=reason, asked=asked, wait_s=wait_s
        )

    @property
    def address(self) -> str:
        """Where the request comes from, for the limit alone."""
        return network_of(self.request.client.host if self.request.client else "")

    @property
    def query(self) -> str:
        """What keeps the language of the address."""
        return "" if self.visitor.language == "id" else f"?lang={self.visitor.language}"


async def citizen(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, lang: str = ""
) -> Citizen:
    """Whoever asks, whether signed in or not, as nobody in particular."""
    language = lang if lang in LANGUAGES else visitor.language
    nobody = replace(visitor, words=house.words[language], seat=None)
    return Citizen(request, house, nobody, show)


TheCitizen = Annotated[Citizen, Depends(citizen)]


@router.get("")
def indices_page(who: TheCitizen) -> HTMLResponse:
    """What citizens said of each unit, where enough of them did."""
    found = public_indices(who.house.desk.store)
    return who.page("survey_indices.html", agencies=found, grades=GRADES)


@router.get("/thanks")
def thanks_page(who: TheCitizen) -> HTMLResponse:
    """What is said after an answer was kept."""
    return who.told(THANKS)


@router.get("/counter/{code}")
def counter_page(who: TheCitizen, code: str) -> HTMLResponse:
    """What the poster at the counter leads to; looking uses no link up."""
    try:
        asked = survey_of_counter(who.house.desk, code, now=who.visitor.now)
    except NotFound:
        return who.told(USED)
    return _not_open(who, asked) or who.page("survey_counter.html", asked=asked, code=code)


@router.post("/counter/{code}")
def take_counter_link(who: TheCitizen, code: str) -> Response:
    """A link of one's own, and on to its form."""
    try:
        link = take_link(who.house.desk, code, address=who.address, now=who.visitor.now)
    except TooManyAttempts as error:
        return who.told(WAIT, wait_s=error.wait_s)
    except NotFound:
        return counter_page(who, code)
    return RedirectResponse(f"/survey/{link}{who.query}", 303)


@router.get("/{link}")
def survey_form(who: TheCitizen, link: str) -> HTMLResponse:
    """The form of a link that was not used yet."""
    return _form(who, link, Submitted({}), {})


@router.post("/{link}")
def answered(who: TheCitizen, typed: TheTyped, link: str) -> Response:
    """Keep the answer; what is wrong is told at its question, and nothing chosen is lost.

    The link is the token of the form: no other site can know it.
    """
    form, now = typed.form, who.visitor.now
    try:
        answer = answer_in(form)
        answer_survey(who.house.desk, link, answer=answer, address=who.address, now=now)
    except (InvalidForm, TooManyAttempts) as error:
        status = 422 if isinstance(error, InvalidForm) else 429
        return _form(who, link, form, told(error, who.visitor.language), status)
    except NotFound:
        return _form(who, link, form, {})
    return RedirectResponse(f"/survey/thanks{who.query}", 303)


def _form(
    who: Citizen, link: str, form: Submitted, errors: Mapping[str, str], status: int = 200
) -> HTMLResponse:
    try:
        asked = survey_of_link(who.house.desk, link, now=who.visitor.now)
    except NotFound:
        return who.told(USED)
    return _not_open(who, asked) or who.page(
        "survey_form.html",
        status,
        asked=asked,
        address=f"/survey/{link}{who.query}",
        questions=QUESTIONS,
        typed=form,
        errors=errors,
        earliest=asked.today - timedelta(days=VISIT_DAYS),
        longest=LONGEST_COMMENT,
    )


def _not_open(who: Citizen, asked: Asked) -> HTMLResponse | None:
    """The page that says that it is too early or too late, or None."""
    if asked.is_open:
        return None
    is_early = asked.survey.closed_at is None and asked.today < asked.survey.starts
    return who.told(EARLY if is_early else CLOSED, asked)
