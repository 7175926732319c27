"""Launching a cycle, for programs: asked for, looked at, stopped and continued."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.house import House
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    Id,
    ItemId,
    changing_problems,
    resource_router,
)
from engine.commands.launch import continue_launch, request_launch, stop_launch
from engine.domain.access import Verb
from engine.domain.people import Actor
from engine.errors import NotFound
from engine.queries import cycle_views
from engine.store import cycles, launches
from engine.store.launches import LaunchRow, LaunchStatus, PersonState

router = resource_router()
MOST = 10_000_000


class Launch(BaseModel):
    """How the newest launch of a cycle goes; `refused` people could not be started."""

    id: Id
    status: LaunchStatus
    total: int = Field(examples=[2000])
    looked: int = Field(examples=[1250])
    started: int = Field(examples=[1248])
    waiting: int = Field(examples=[0])
    refused: int = Field(examples=[2])
    requested_at: datetime
    ended_at: datetime | None


class NewLaunch(Body):
    """`expected` is the number of people that the population showed."""

    expected: int = Field(ge=0, le=MOST, examples=[2000])


class LaunchId(BaseModel):
    """The id of a launch."""

    id: Id


class Running(Body):
    """Whether the launch goes on."""

    running: bool = Field(examples=[False])


@router.get("/cycles/{cycle_id}/launch")
def get_launch(house: TheHouse, actor: TheActor, cycle_id: ItemId) -> Launch:
    """How far the newest launch is."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        last = _last(house, actor, cycle_id)
        passed = launches.passed_over(tx, last.id)
    return Launch(
        id=last.id,
        status=LaunchStatus(last.status),
        total=last.total,
        looked=last.looked,
        started=last.started,
        waiting=passed.get(PersonState.WAITING, 0),
        refused=passed.get(PersonState.REFUSED, 0),
        requested_at=last.requested_at,
        ended_at=last.ended_at,
    )


@router.post(
    "/cycles/{cycle_id}/launch", dependencies=ONCE, responses=changing_problems(), status_code=201
)
def post_launch(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, new: NewLaunch
) -> LaunchId:
    """Start the appraisals of the population; it goes on in the background."""
    started = request_launch(
        house.desk, actor, cycle_id=cycle_id, expected=new.expected, now=visitor.now
    )
    return LaunchId(id=started)


@router.patch(
    "/cycles/{cycle_id}/launch",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def patch_launch(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, wanted: Running
) -> None:
    """Stop the newest launch after its present part, or let it go on."""
    cycle_views.require(actor, Verb.LAUNCH_CYCLE)
    last = _last(house, actor, cycle_id)
    change = continue_launch if wanted.running else stop_launch
    change(house.desk, actor, launch_id=last.id, now=visitor.now)


def _last(house: House, actor: Actor, cycle_id: str) -> LaunchRow:
    """The newest launch. Raises NotFound."""
    with house.desk.store.reading(actor.agency_id) as tx:
        last = next(iter(launches.of_cycle(tx, cycles.get(tx, cycle_id).id)), None)
    if last is None:
        raise NotFound("launch", cycle_id)
    return last
