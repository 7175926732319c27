"""Cases for programs: the search, one case with its steps, its trail, and what people do to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import Paging, cursor_of, key_of
from api.rest.resources import (
    ID_CHARACTERS,
    ONCE,
    Body,
    ItemId,
    PersonName,
    changing_problems,
    person_name,
    resource_router,
)
from engine.commands.appeals import withdraw_appeal
from engine.commands.cycles import start_appraisal
from engine.commands.incidents import retry_incident
from engine.commands.views import record_view
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.people import EmployeeId
from engine.queries.case_list import CaseRow, search_cases
from engine.queries.case_views import CaseView, StepState
from engine.queries.cases import case_view
from engine.queries.trail import trail
from engine.queries.trail_views import TrailRow

router = resource_router()


class Case(BaseModel):
    """One case in a list."""

    id: str
    person: PersonName
    period: str = Field(examples=["Tahun 2025"])
    state: str = Field(examples=["running"])
    step: str | None
    due_at: datetime | None
    predicate: str | None
    under_appeal: bool


class Cases(BaseModel):
    """Cases by the person's name; `next` is the cursor of the page behind."""

    items: list[Case]
    next: str | None = None


class Step(BaseModel):
    """One stage of a case."""

    key: str
    state: StepState
    at: datetime | None
    due_at: datetime | None
    people: list[PersonName]


class CaseDetail(BaseModel):
    """One case: where it stands and whose turn it is."""

    id: str
    definition_id: str
    person: PersonName
    period: str
    state: str
    under_appeal: bool
    steps: list[Step]
    open_work_item_ids: list[str]


class Event(BaseModel):
    """One event of a trail; `seal` is its hash over everything before it."""

    number: int
    action: str
    at: datetime
    actor_id: str | None
    element: str
    definition_id: str
    values: Mapping[str, object]
    seal: str


class Events(BaseModel):
    """Events of a case in order; `next` is the cursor of the page behind."""

    case_id: str
    events: list[Event]
    next: str | None = None


class CaseQuery(Paging):
    """Which cases."""

    q: str = Field("", max_length=80, description="Part of the person's name, or his NIP.")


class EventQuery(Paging):
    """Which events."""

    action: Action | None = None


class NewCase(Body):
    """Whose appraisal starts in which cycle."""

    cycle_id: str = Field(max_length=ID_CHARACTERS, examples=["0199f1c2-7b3a-7c11-8c55-1d2e"])
    employee_id: str = Field(max_length=ID_CHARACTERS, examples=["0199f1c2-7b3a-7c11-8c55-3f4a"])


class CaseId(BaseModel):
    """The id of a case."""

    id: str


class Retried(BaseModel):
    """Whether the case goes on."""

    resumed: bool


@router.get("/cases")
def list_cases(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[CaseQuery, Query()]
) -> Cases:
    """All cases, for HR and auditors."""
    key, limit = key_of(asked.cursor, 2), asked.limit
    after = (key[0] or "", key[1] or "") if key else None
    names = house.name_of(visitor.language)
    with house.desk.store.reading(actor.agency_id) as tx:
        page = search_cases(tx, actor, asked.q, after, name_of=names)
    shown = page.rows[:limit]
    more = len(page.rows) > limit or page.after is not None
    last = cursor_of(shown[-1].person.name, shown[-1].instance_id) if more else None
    return Cases(items=[case_of(row) for row in shown], next=last)


@router.post("/cases", dependencies=ONCE, responses=changing_problems(), status_code=201)
def start_case(house: TheHouse, visitor: TheVisitor, actor: TheActor, new: NewCase) -> CaseId:
    """Start the appraisal of an employee; it starts once a cycle."""
    started = start_appraisal(
        house.desk,
        actor,
        cycle_id=new.cycle_id,
        employee_id=EmployeeId(new.employee_id),
        now=visitor.now,
    )
    return CaseId(id=started)


@router.get("/cases/{instance_id}")
def get_case(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId
) -> CaseDetail:
    """Where a case stands; a look from outside is recorded first."""
    return _detail(seen_case(house, visitor, actor, instance_id))


@router.get("/cases/{instance_id}/trail")
def get_trail(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    instance_id: ItemId,
    asked: Annotated[EventQuery, Query()],
) -> Events:
    """The sealed events of a case; a look from outside is recorded first."""
    key = key_of(asked.cursor, 1)
    behind = int(key[0]) if key and key[0] and key[0].isdecimal() else -1
    record_view(house.desk, actor, instance_id=instance_id, verb=Verb.READ_TRAIL, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = trail(
            tx,
            actor,
            instance_id,
            settings_of=house.settings_of,
            drawing_of=house.drawing_of(visitor.language),
            now=visitor.now,
            kind=asked.action.value if asked.action else "",
        )
    rows = [row for row in found.rows if row.number > behind]
    shown = rows[: asked.limit]
    more = cursor_of(str(shown[-1].number)) if len(rows) > asked.limit else None
    return Events(case_id=found.instance_id, events=[_event(row) for row in shown], next=more)


@router.post(
    "/cases/{instance_id}/appeal-withdrawal",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def appeal_withdrawal(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId
) -> None:
    """The employee takes the own appeal back."""
    withdraw_appeal(house.desk, actor, instance_id=instance_id, now=visitor.now)


@router.post("/cases/{instance_id}/retry", dependencies=ONCE, responses=changing_problems())
def retry(house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId) -> Retried:
    """Try the failed automatic step of a held case again."""
    resumed = retry_incident(house.desk, actor, instance_id=instance_id, now=visitor.now)
    return Retried(resumed=resumed)


def seen_case(house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: str) -> CaseView:
    """The case for this caller, whose look is recorded. Raises NotFound."""
    record_view(house.desk, actor, instance_id=instance_id, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        return case_view(
            tx,
            actor,
            instance_id,
            settings_of=house.settings_of,
            now=visitor.now,
            language=visitor.language,
        )


def case_of(row: CaseRow) -> Case:
    """A row of a list as programs see it."""
    return Case(
        id=row.instance_id,
        person=person_name(row.person),
        period=row.period,
        state=row.state,
        step=row.step,
        due_at=row.due_at,
        predicate=row.predicate,
        under_appeal=row.under_appeal,
    )


def _detail(case: CaseView) -> CaseDetail:
    steps = [
        Step(
            key=step.key,
            state=step.state,
            at=step.at,
            due_at=step.due_at,
            people=[person_name(person) for person in step.people],
        )
        for step in case.steps
    ]
    return CaseDetail(
        id=case.instance_id,
        definition_id=case.definition_id,
        person=person_name(case.subject),
        period=case.period,
        state=case.state,
        under_appeal=case.under_appeal,
        steps=steps,
        open_work_item_ids=[work.item_id for work in case.open_work if work.mine],
    )


def _event(row: TrailRow) -> Event:
    return Event(
        number=row.number,
        action=row.action,
        at=row.at,
        actor_id=row.actor.id if row.actor else None,
        element=row.element_id,
        definition_id=row.definition_id,
        values=row.values,
        seal=row.seal,
    )
