"""Cycles for programs: their progress, opening one, and what organisations achieved."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field, model_validator

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import CHANGING, ONCE, Body, ItemId, changing_problems, resource_router
from engine.commands.achievements import set_organisation_achievement
from engine.commands.cycles import open_cycle
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import UnitId
from engine.queries import overviews

router = resource_router()


class Cycle(BaseModel):
    """One appraisal period with its progress."""

    id: str
    name: str = Field(examples=["Tahun 2025"])
    starts: date
    ends: date
    cases: int
    completed: int
    held: int
    overdue: int


class Cycles(BaseModel):
    """All periods, newest first."""

    items: list[Cycle]


class NewCycle(Body):
    """A period on the active definition of a system."""

    system: str = Field(pattern="^[a-z_]{1,40}$", examples=["national"])
    name: str = Field(min_length=1, max_length=120, examples=["Tahun 2026"])
    starts: date = Field(examples=["2026-01-01"])
    ends: date = Field(examples=["2026-12-31"])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("a period ends after it starts")
        return self


class CycleId(BaseModel):
    """The id of a cycle."""

    id: str


class Achievement(Body):
    """What an organisation achieved, and why it is set so."""

    level: OrganisationAchievement = Field(examples=["good"])
    reason: str = Field(min_length=1, max_length=2000, examples=["Capaian sesuai LKjIP 2025."])


class AchievementSet(BaseModel):
    """How many waiting cases went on."""

    resumed_cases: int


@router.get("/cycles")
def list_cycles(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> Cycles:
    """Every period with its progress, for HR."""
    with house.desk.store.reading(actor.agency_id) as tx:
        rows = overviews.cycles(tx, actor, visitor.now)
    return Cycles(items=[_cycle(row) for row in rows])


@router.post("/cycles", dependencies=ONCE, responses=changing_problems(), status_code=201)
def post_cycle(house: TheHouse, visitor: TheVisitor, actor: TheActor, new: NewCycle) -> CycleId:
    """Open a period."""
    opened = open_cycle(
        house.desk,
        actor,
        system=new.system,
        name=new.name,
        starts=new.starts,
        ends=new.ends,
        now=visitor.now,
    )
    return CycleId(id=opened)


@router.put(
    "/cycles/{cycle_id}/achievements/{unit_id}",
    dependencies=CHANGING,
    responses=changing_problems(),
)
def put_achievement(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    cycle_id: ItemId,
    unit_id: ItemId,
    achievement: Achievement,
) -> AchievementSet:
    """Set what a unit achieved; cases that wait for it go on."""
    resumed = set_organisation_achievement(
        house.desk,
        actor,
        cycle_id=cycle_id,
        unit_id=UnitId(unit_id),
        level=achievement.level,
        reason=achievement.reason,
        now=visitor.now,
    )
    return AchievementSet(resumed_cases=resumed)


def _cycle(row: overviews.CycleRow) -> Cycle:
    return Cycle(
        id=row.cycle_id,
        name=row.name,
        starts=row.starts,
        ends=row.ends,
        cases=row.cases,
        completed=row.completed,
        held=row.held,
        overdue=row.overdue,
    )
