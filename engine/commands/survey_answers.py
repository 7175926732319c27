"""What citizens do: follow a link or the poster at the counter, and answer once, without a name.

An answer leaves no event: who looks into the trail must not learn when somebody answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe

from engine.commands.attempts import count_try
from engine.commands.desk import Desk
from engine.domain.attempts import ADDRESS, POSTER, Limit
from engine.domain.citizen_survey import (
    ELEMENTS,
    HIGHEST,
    LONGEST_COMMENT,
    LOWEST,
    VISIT_DAYS,
    Channel,
    Element,
    is_visit_in_time,
)
from engine.domain.people import AgencyId, EmployeeId
from engine.errors import Finding, InvalidForm, NotFound
from engine.rules.deadlines import local_date
from engine.store import citizen_surveys, organisation, sealing
from engine.store.citizen_surveys import ResponseRow, SurveyRow, TokenRow
from engine.store.database import ANY_AGENCY, Transaction

ID_BYTES = 16
# 128 random bits: a link is guessed by nobody, and its plain hash is enough.
LINK_BYTES = 16


@dataclass(frozen=True)
class Answer:
    """What somebody chose, None where nothing was; `service` counts from 1."""

    perceptions: Mapping[Element, int | None]
    service: int | None
    visited_on: date | None
    comment: str = ""


@dataclass(frozen=True)
class Asked:
    """What a link leads to: the survey, the unit's name, and the day it is there."""

    agency_id: AgencyId
    survey: SurveyRow
    unit: str
    today: date

    @property
    def is_open(self) -> bool:
        """Whether an answer is taken today."""
        return self.survey.is_open(self.today)


def new_link() -> str:
    """The secret part of a link, for its address."""
    return token_urlsafe(LINK_BYTES)


def link_hash(link: str) -> str:
    """What is stored of a link."""
    return sha256(link.encode("utf-8", "replace")).hexdigest()


def survey_of_link(desk: Desk, link: str, *, now: datetime) -> Asked:
    """The survey of a link that was not used yet. Raises NotFound for every other link."""
    with desk.store.reading(ANY_AGENCY) as tx:
        agency_id = citizen_surveys.agency_of_token(tx, link_hash(link))
    return _asked(desk, agency_id, now, token=link_hash(link))


def survey_of_counter(desk: Desk, code: str, *, now: datetime) -> Asked:
    """The survey of the poster that hangs at the counter now. Raises NotFound."""
    with desk.store.reading(ANY_AGENCY) as tx:
        agency_id = citizen_surveys.agency_of_counter(tx, link_hash(code))
    return _asked(desk, agency_id, now, counter=link_hash(code))


def _asked(
    desk: Desk, agency_id: AgencyId | None, now: datetime, *, token: str = "", counter: str = ""
) -> Asked:
    if agency_id is None:
        raise NotFound("survey", "")
    with desk.store.reading(agency_id) as tx:
        found = citizen_surveys.by_token(tx, token)
        survey = found or citizen_surveys.by_counter(tx, counter)
        if survey is None:
            raise NotFound("survey", "")
        unit = organisation.unit(tx, survey.unit_id).name
        return Asked(agency_id, survey, unit, local_date(now, desk.calendar(tx, now)))


def take_link(desk: Desk, code: str, *, address: str, now: datetime) -> str:
    """A fresh one-time link for who stands at the counter.

    Raises NotFound for another code and for a survey that is not open, or TooManyAttempts.
    """
    asked = survey_of_counter(desk, code, now=now)
    if not asked.is_open:
        raise NotFound("survey", asked.survey.id)
    _count(desk, asked, address, POSTER, now)
    link = new_link()
    with desk.store.transaction(asked.agency_id) as tx:
        citizen_surveys.add_tokens(tx, [TokenRow(link_hash(link), asked.survey.id)])
    return link


def answer_survey(desk: Desk, link: str, *, answer: Answer, address: str, now: datetime) -> None:
    """Keep an answer and delete its link with it: nothing joins the two afterwards.

    Raises NotFound when the link was used, is unknown or not open, TooManyAttempts, InvalidForm.
    """
    asked = survey_of_link(desk, link, now=now)
    if not asked.is_open:
        raise NotFound("survey", asked.survey.id)
    _count(desk, asked, address, ADDRESS, now)
    if found := answer_findings(answer, asked.survey, asked.today):
        raise InvalidForm(found)
    with desk.store.transaction(asked.agency_id) as tx:
        # Whoever closes the survey waits here, or this answer comes too late.
        survey = citizen_surveys.lock(tx, asked.survey.id)
        used = survey.is_open(asked.today) and citizen_surveys.use_token(tx, link_hash(link))
        if not used:
            raise NotFound("survey", survey.id)
        keep_answer(tx, survey, answer, asked.today)


def _count(desk: Desk, asked: Asked, address: str, limit: Limit, now: datetime) -> None:
    """Each try of an address counts, also a good one: one person has few reasons for many.

    Kept is only a hash under the key of the survey's comments, another one each hour: nobody finds
    an address by trying them all, and nobody joins the hours of one. Guesses of a link leave
    nothing: they have 128 bits to guess.
    """
    with desk.store.transaction(asked.agency_id) as tx:
        key = sealing.get_key(tx, asked.survey.comment_key)
        tried = f"tries:{limit.free}\0{now:%Y-%m-%d %H}\0{address}".encode("utf-8", "replace")
        count_try(tx, {sealing.keyed_hash(key, tried): limit}, now=now)


def answer_findings(answer: Answer, survey: SurveyRow, today: date) -> list[Finding]:
    """What is missing or wrong in an answer, each at its question."""
    found = _unanswered(answer, survey)
    if answer.visited_on is None or not is_visit_in_time(answer.visited_on, today):
        found.append(Finding("survey.visit", element_id="visited_on"))
    return found


def paper_findings(
    answer: Answer, survey: SurveyRow, today: date, *, has_scan: bool
) -> list[Finding]:
    """The same of a paper: it was filled in while the survey ran, and its scan is there."""
    found, visit = _unanswered(answer, survey), answer.visited_on
    earliest = survey.starts - timedelta(days=VISIT_DAYS)
    if visit is None or not earliest <= visit <= min(today, survey.ends):
        found.append(Finding("survey.paper_visit", element_id="visited_on"))
    if not has_scan:
        found.append(Finding("survey.scan", element_id="scan"))
    return found


def _unanswered(answer: Answer, survey: SurveyRow) -> list[Finding]:
    found = [
        Finding("survey.unanswered", element_id=element.value)
        for element in ELEMENTS
        if answer.perceptions.get(element) not in range(LOWEST, HIGHEST + 1)
    ]
    if answer.service not in range(1, len(survey.service_names) + 1):
        found.append(Finding("survey.service", element_id="service"))
    if len(answer.comment) > LONGEST_COMMENT:
        found.append(Finding("survey.comment", element_id="comment"))
    return found


def keep_answer(
    tx: Transaction,
    survey: SurveyRow,
    answer: Answer,
    today: date,
    *,
    keyed_by: EmployeeId | None = None,
    scan: str | None = None,
) -> None:
    """Store an answer that was checked; its comment sealed, its id by no clock."""
    key = sealing.get_key(tx, survey.comment_key)
    comment = sealing.seal(key, answer.comment.encode()) if answer.comment else None
    row = ResponseRow(
        id=token_hex(ID_BYTES),
        survey_id=survey.id,
        channel=(Channel.PAPER if keyed_by else Channel.ONLINE).value,
        service=answer.service or 0,
        visited_on=answer.visited_on or today,
        answered_on=today,
        **{element.value: answer.perceptions[element] or 0 for element in ELEMENTS},
        comment_sealed=comment,
        keyed_by=keyed_by,
        scan_sha256=scan,
    )
    citizen_surveys.add_response(tx, row)
