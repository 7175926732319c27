"""A citizen survey of the office, for tests: opened by HR, answered by as many as asked for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from engine.commands.citizen_surveys import NewSurvey, close_survey, make_links, open_survey
from engine.commands.survey_answers import Answer, answer_survey
from engine.domain.citizen_survey import ELEMENTS, Element
from tests.cases import NOW
from tests.office import DIVISION, Office

TODAY = date(2026, 1, 5)
SERVICES = ("Izin usaha", "Izin bangunan")
SATISFIED = Answer(dict.fromkeys(ELEMENTS, 3), 1, TODAY)


def new_survey(office: Office, **other: object) -> NewSurvey:
    """The survey of the division in the first days of the year."""
    plain = NewSurvey(office.cycle_id, DIVISION, date(2026, 1, 1), date(2026, 1, 31), SERVICES)
    return replace(plain, **other)


def opened(office: Office, **other: object) -> str:
    """The id of an open survey."""
    hr = office.actor("hr_officer", NOW)
    return open_survey(office.desk, hr, new=new_survey(office, **other), now=NOW)


def links(office: Office, survey_id: str, count: int = 1) -> tuple[str, ...]:
    """Fresh links of a survey."""
    hr = office.actor("hr_officer", NOW)
    return make_links(office.desk, hr, survey_id=survey_id, count=count, now=NOW)


def answered(
    office: Office, survey_id: str, people: int, *, answer: Answer = SATISFIED, **given: int
) -> None:
    """So many citizens answer alike; `given` are single elements."""
    more: Mapping[Element, int] = {Element(key): value for key, value in given.items()}
    said = replace(answer, perceptions={**answer.perceptions, **more})
    for person, link in enumerate(links(office, survey_id, people)):
        address = f"192.0.2.{person}"
        answer_survey(office.desk, link, answer=said, address=address, now=NOW)


def closed(office: Office, survey_id: str) -> None:
    """Close a survey."""
    hr = office.actor("hr_officer", NOW)
    close_survey(office.desk, hr, survey_id=survey_id, now=NOW)
