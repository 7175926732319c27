"""What runs beside an appraisal, for programs: what ran, what may be opened, and opening it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import ONCE, Body, Id, ItemId, changing_problems, resource_router
from engine.commands.beside import open_beside, openable
from engine.domain.access import Verb
from engine.queries.beside import ran_beside
from engine.queries.case_heads import case_head

router = resource_router()


class Run(BaseModel):
    """One run beside the appraisal; its case is read as any other."""

    case_id: str
    process: str = Field(examples=["observation_note"])
    state: str = Field(examples=["running"])
    started_at: datetime
    ended_at: datetime | None
    confidential: bool


class Offer(BaseModel):
    """A process that the caller may open now."""

    process: str
    title: Mapping[str, str] = Field(examples=[{"id": "Catatan", "en": "Note"}])
    confidential: bool


class Beside(BaseModel):
    """What the caller may read of what ran, the newest first, and what he may open."""

    items: list[Run]
    offers: list[Offer]


class NewRun(Body):
    """Which process is opened."""

    process: Id


class Opened(BaseModel):
    """The case that was opened, or the one that there is of what there may be once."""

    case_id: str


@router.get("/cases/{instance_id}/beside")
def what_ran(house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId) -> Beside:
    """What ran beside the appraisal."""
    with house.desk.store.reading(actor.agency_id) as tx:
        rows = ran_beside(tx, actor, instance_id, settings_of=house.settings_of, now=visitor.now)
        offers = openable(house.desk, tx, actor, instance_id, now=visitor.now)
    return Beside(
        items=[
            Run(
                case_id=row.instance_id,
                process=row.process_id,
                state=row.state,
                started_at=row.started_at,
                ended_at=row.ended_at,
                confidential=row.confidential,
            )
            for row in rows
        ],
        offers=[
            Offer(process=offer.process_id, title=offer.title, confidential=offer.confidential)
            for offer in offers
        ],
    )


@router.post("/cases/{instance_id}/beside", dependencies=ONCE, responses=changing_problems())
def open_one(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId, body: NewRun
) -> Opened:
    """Open a process beside the running appraisal."""
    with house.desk.store.reading(actor.agency_id) as tx:
        head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=visitor.now)
    opened = open_beside(
        house.desk,
        actor,
        cycle_id=head.cycle_id,
        subject_id=head.access.subject_id,
        process_id=body.process,
        now=visitor.now,
    )
    return Opened(case_id=opened)
