"""Process definitions for programs: the deployed versions of each system."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse
from api.rest.resources import resource_router
from engine.queries.definitions import deployed

router = resource_router()


class Definition(BaseModel):
    """One immutable version; its id is the hash of its files."""

    id: str
    system: str = Field(examples=["national"])
    number: int = Field(examples=[1])
    status: str = Field(examples=["active"])
    deployed_at: datetime


class Definitions(BaseModel):
    """All versions, by system, the newest first."""

    items: list[Definition]


@router.get("/definitions")
def list_definitions(house: TheHouse, actor: TheActor) -> Definitions:
    """The deployed versions, for HR, auditors and administrators."""
    with house.desk.store.reading(actor.agency_id) as tx:
        rows = deployed(tx, actor)
    return Definitions(
        items=[
            Definition(
                id=row.id,
                system=row.system,
                number=row.number,
                status=row.status,
                deployed_at=row.deployed_at,
            )
            for row in rows
        ]
    )
