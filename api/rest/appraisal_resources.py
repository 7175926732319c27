"""Appraisals for programs: the results of a case, one's own and those one rates."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.case_resources import Case, case_of, seen_case
from api.rest.cursors import Paging, cursor_of, key_of
from api.rest.resources import ItemId, PersonName, person_name, resource_router
from engine.queries.case_list import own_cases, rated_cases
from engine.queries.case_views import FollowUpRow, ResultRow

router = resource_router()


class Relation(StrEnum):
    """Whose appraisals are asked for."""

    OWN = "own"
    RATED = "rated"


class Appraisals(BaseModel):
    """Appraisals of one person, the newest first, or of those he rates, by name.

    `next` is the cursor of the page behind; the own ones, one a period, are a single page.
    """

    items: list[Case]
    next: str | None = None


class AppraisalQuery(Paging):
    """Whose appraisals."""

    relation: Relation = Relation.OWN


class Result(BaseModel):
    """One version of the result; scores are decimal texts."""

    version: int
    source: str
    result_rating: str = Field(examples=["as_expected"])
    behaviour_rating: str = Field(examples=["above"])
    predicate: str = Field(examples=["good"])
    local_score: str | None = Field(examples=["98.50"])
    decided_by: PersonName | None
    signed_at: datetime | None
    signature_kind: str | None
    delivered_at: datetime | None


class FollowUp(BaseModel):
    """One follow-up action after the result."""

    kind: str
    state: str
    due_on: date | None


class Appraisal(BaseModel):
    """The results of one case, the newest last; the employee sees those that were delivered."""

    case_id: str
    person: PersonName
    period: str
    under_appeal: bool
    results: list[Result]
    follow_ups: list[FollowUp]


@router.get("/appraisals")
def list_appraisals(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    asked: Annotated[AppraisalQuery, Query()],
) -> Appraisals:
    """The caller's own appraisals, or those of the people whom he rates."""
    key, limit = key_of(asked.cursor, 2), asked.limit
    after = (key[0] or "", key[1] or "") if key else None
    names = house.name_of(visitor.language)
    with house.desk.store.reading(actor.agency_id) as tx:
        if asked.relation is Relation.OWN:
            return Appraisals(items=[case_of(row) for row in own_cases(tx, actor, names)])
        rows = rated_cases(tx, actor, names, after=after, limit=limit + 1)
    shown = rows[:limit]
    more = len(rows) > limit
    last = cursor_of(shown[-1].person.name, shown[-1].instance_id) if more else None
    return Appraisals(items=[case_of(row) for row in shown], next=last)


@router.get("/appraisals/{instance_id}")
def get_appraisal(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId
) -> Appraisal:
    """The results of a case; a look from outside is recorded first."""
    case = seen_case(house, visitor, actor, instance_id)
    return Appraisal(
        case_id=case.instance_id,
        person=person_name(case.subject),
        period=case.period,
        under_appeal=case.under_appeal,
        results=[_result(row) for row in case.results],
        follow_ups=[_follow_up(row) for row in case.follow_ups],
    )


def _result(row: ResultRow) -> Result:
    return Result(
        version=row.version,
        source=row.source,
        result_rating=row.result_rating,
        behaviour_rating=row.behaviour_rating,
        predicate=row.predicate,
        local_score=f"{row.local_score:f}" if row.local_score is not None else None,
        decided_by=person_name(row.decided_by) if row.decided_by else None,
        signed_at=row.signed_at,
        signature_kind=row.signature_kind,
        delivered_at=row.delivered_at,
    )


def _follow_up(row: FollowUpRow) -> FollowUp:
    return FollowUp(kind=row.kind, state=row.state, due_on=row.due_on)
