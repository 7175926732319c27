"""Whom a cycle takes, for programs: what a launch means, who is left out, named raters."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field, model_validator

from api.deps import TheActor, TheHouse, TheVisitor
from api.house import House
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    Id,
    ItemId,
    PersonId,
    Reason,
    changing_problems,
    resource_router,
)
from engine.commands.foresight import foreseen, stored_filters
from engine.commands.population import (
    choose_population,
    declare_conflict,
    exclude_person,
    include_person,
    name_rater,
)
from engine.domain.access import Verb
from engine.domain.people import Actor, EmployeeId, EmployeeKind, UnitId
from engine.domain.population import ConflictKind, Filters, PostKind, RelationKind
from engine.queries import cycle_views
from engine.store import cycles, populations

router = resource_router()
MAX_UNITS = 2_000


class Selection(Body):
    """Who is appraised; an empty list leaves nobody out."""

    unit_ids: list[Id] = Field(max_length=MAX_UNITS, examples=[["0199f1c2-7b3a-7c11-8c55-2b7c"]])
    kinds: list[EmployeeKind] = Field(max_length=10, examples=[["pns", "pppk"]])
    posts: list[PostKind] = Field(max_length=10, examples=[["head", "functional"]])


class Load(BaseModel):
    """How many people somebody would rate, and how many ratings he would oversee."""

    employee_id: PersonId
    rates: int = Field(examples=[14])
    oversees: int = Field(examples=[3])


class Population(BaseModel):
    """Whom a launch would take now, what stands in the way, and the work that it makes."""

    selection: Selection
    people: int = Field(examples=[2000])
    starting: int = Field(examples=[1990])
    conflicts: dict[ConflictKind, int] = Field(examples=[{"no_rater": 4}])
    raters: int = Field(examples=[180])
    loads: list[Load]
    ends_by: datetime
    ends_with_appeal: datetime
    excluded_ids: list[PersonId]
    elsewhere: dict[str, int] = Field(
        examples=[{"walesi": 120, "": 3}],
        description="People of units with another system, by its key; empty for none.",
    )


class Exclusion(Body):
    """Why somebody is left out."""

    reason: Reason


class Appointment(Body):
    """A named rater between two days; the second may be open."""

    employee_id: PersonId
    rater_id: PersonId
    starts: date = Field(examples=["2026-01-01"])
    ends: date | None = Field(None, examples=["2026-06-30"])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("a period ends after it starts")
        return self


class Conflict(Body):
    """Two people of whom neither may rate the other."""

    employee_id: PersonId
    other_id: PersonId
    relation: RelationKind = Field(examples=["married"])


@router.get("/cycles/{cycle_id}/population")
def get_population(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId
) -> Population:
    """Whom a launch would take now."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        cycle = cycles.get(tx, cycle_id)
        filters = stored_filters(tx, cycle_id)
        found, told = foreseen(house.desk, tx, cycle, filters, now=visitor.now)
        excluded = [row.employee_id for row in populations.exclusions(tx, cycle_id)]
    return Population(
        selection=Selection(
            unit_ids=sorted(filters.units), kinds=sorted(filters.kinds), posts=sorted(filters.posts)
        ),
        people=told.members,
        starting=told.starting,
        conflicts=dict(told.conflicts),
        raters=told.raters,
        loads=[
            Load(employee_id=load.employee_id, rates=load.rates, oversees=load.oversees)
            for load in told.loads
        ],
        ends_by=told.ends_by,
        ends_with_appeal=told.ends_with_appeal,
        excluded_ids=list(excluded),
        elsewhere={key or "": count for key, count in found.elsewhere.items()},
    )


@router.put(
    "/cycles/{cycle_id}/population",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def put_population(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, wanted: Selection
) -> None:
    """Choose who is appraised."""
    filters = Filters(
        frozenset(map(UnitId, wanted.unit_ids)), frozenset(wanted.kinds), frozenset(wanted.posts)
    )
    choose_population(house.desk, actor, cycle_id=cycle_id, filters=filters, now=visitor.now)


@router.put(
    "/cycles/{cycle_id}/exclusions/{employee_id}",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def put_exclusion(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    cycle_id: ItemId,
    employee_id: ItemId,
    exclusion: Exclusion,
) -> None:
    """Leave somebody out of a cycle."""
    _demand(house, actor, cycle_id)
    exclude_person(
        house.desk,
        actor,
        cycle_id=cycle_id,
        employee_id=EmployeeId(employee_id),
        reason=exclusion.reason,
        now=visitor.now,
    )


@router.delete(
    "/cycles/{cycle_id}/exclusions/{employee_id}",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def delete_exclusion(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, employee_id: ItemId
) -> None:
    """Take somebody in again."""
    _demand(house, actor, cycle_id)
    person = EmployeeId(employee_id)
    include_person(house.desk, actor, cycle_id=cycle_id, employee_id=person, now=visitor.now)


@router.post(
    "/rater-appointments", dependencies=ONCE, responses=changing_problems(), status_code=204
)
def post_appointment(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, new: Appointment
) -> None:
    """Name a rater; cases that run already keep theirs."""
    cycle_views.require(actor, Verb.LAUNCH_CYCLE)
    name_rater(
        house.desk,
        actor,
        employee_id=EmployeeId(new.employee_id),
        rater_id=EmployeeId(new.rater_id),
        dates=(new.starts, new.ends),
        now=visitor.now,
    )


@router.post("/rater-conflicts", dependencies=ONCE, responses=changing_problems(), status_code=204)
def post_conflict(house: TheHouse, visitor: TheVisitor, actor: TheActor, new: Conflict) -> None:
    """Declare that two people must not rate each other."""
    declare_conflict(
        house.desk,
        actor,
        people_ids=(EmployeeId(new.employee_id), EmployeeId(new.other_id)),
        kind=new.relation,
        now=visitor.now,
    )


def _demand(house: House, actor: Actor, cycle_id: str) -> None:
    """Only for who launches, and only a cycle that is there, before people are looked at.

    Raises Forbidden or NotFound.
    """
    cycle_views.require(actor, Verb.LAUNCH_CYCLE)
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.cycle_head(tx, cycle_id)
