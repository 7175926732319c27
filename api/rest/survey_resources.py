"""Citizen surveys for programs: which there are, and the report of a closed one."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import ID_CHARACTERS, Id, ItemId, resource_router
from engine.errors import NotFound
from engine.queries.citizen_surveys import SurveyLine, survey_list, survey_page

router = resource_router()


class Survey(BaseModel):
    """A survey of a unit; `index` from 25 to 100 once it is closed and five people answered."""

    id: Id
    unit_id: Id
    unit: str
    starts: date
    ends: date
    closed: bool
    responses: int
    index: Decimal | None
    grade: str | None = Field(examples=["B"])


class Surveys(BaseModel):
    """The surveys of a period that the caller may read, by unit."""

    items: list[Survey]


class SurveyQuery(BaseModel):
    """Which period; the newest where nothing is said."""

    model_config = ConfigDict(extra="forbid")

    cycle_id: str = Field("", max_length=ID_CHARACTERS)


class ElementFigures(BaseModel):
    """One of the nine elements: its mean from 1 to 4 and its own index."""

    element: str = Field(examples=["time"])
    mean: Decimal
    index: Decimal


class SurveyReport(BaseModel):
    """What a closed survey says; `index_with_hundredths` uses the printed weight 0.11."""

    responses: int
    papers: int
    index: Decimal
    grade: str
    index_with_hundredths: Decimal
    weakest: list[str]
    elements: list[ElementFigures]
    comments: list[str]


@router.get("/surveys")
def list_surveys(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[SurveyQuery, Query()]
) -> Surveys:
    """The citizen surveys of a period."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = survey_list(tx, actor, asked.cycle_id, visitor.now)
    return Surveys(items=[_survey(line) for line in found.lines])


def _survey(line: SurveyLine) -> Survey:
    survey = line.survey
    return Survey(
        id=survey.id,
        unit_id=survey.unit_id,
        unit=line.unit,
        starts=survey.starts,
        ends=survey.ends,
        closed=survey.closed_at is not None,
        responses=line.responses,
        index=line.index,
        grade=line.grade.value if line.grade else None,
    )


@router.get("/surveys/{survey_id}/report")
def get_survey_report(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, survey_id: ItemId
) -> SurveyReport:
    """The report; not there while the survey runs, nor of fewer than five people."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = survey_page(tx, actor, survey_id, visitor.now)
    report = page.report
    if report is None:
        raise NotFound("report", survey_id)
    return SurveyReport(
        responses=report.responses,
        papers=page.papers,
        index=report.index,
        grade=report.grade.value,
        index_with_hundredths=report.printed,
        weakest=[element.value for element in report.weakest],
        elements=[
            ElementFigures(element=one.element.value, mean=one.mean, index=one.index)
            for one in report.elements
        ],
        comments=list(report.comments),
    )
