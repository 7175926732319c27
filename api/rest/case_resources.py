"""Cases for programs: the trail of one."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import TheActor, TheHouse, TheVisitor
from engine.commands.views import record_view
from engine.domain.access import Verb
from engine.queries.trail import trail
from engine.queries.trail_views import TrailRow

router = APIRouter(prefix="/api/v1")


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
    """All events of a case in order."""

    case_id: str
    events: list[Event]


@router.get("/cases/{instance_id}/trail")
def get_trail(house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: str) -> Events:
    """The sealed events of a case; a look from outside is recorded first."""
    now, verb = visitor.now, Verb.READ_TRAIL
    record_view(house.desk, actor, instance_id=instance_id, verb=verb, now=now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = trail(
            tx,
            actor,
            instance_id,
            settings_of=house.settings_of,
            drawing_of=house.drawing_of(visitor.language),
            now=now,
        )
    return Events(case_id=found.instance_id, events=[_event(row) for row in found.rows])


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
