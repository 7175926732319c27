"""Webhook deliveries for administrators' programs: what other programs were told."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse
from api.rest.cursors import cursor_of, key_of
from api.rest.resources import Id, resource_router
from engine.queries.deliveries import webhook_log

router = resource_router()


class Delivery(BaseModel):
    """One event that a target was told, or is going to be."""

    id: Id
    target: str = Field(examples=["siasn"])
    event: str = Field(examples=["case.completed"])
    created_at: datetime
    status: str = Field(examples=["delivered"])
    attempts: int = Field(examples=[1])
    last_error: str | None


class Deliveries(BaseModel):
    """Deliveries, the newest first; `next` is the cursor of the page behind."""

    items: list[Delivery]
    next: str | None = None


class DeliveryQuery(BaseModel):
    """From where on."""

    model_config = ConfigDict(extra="forbid")

    cursor: str = Field("", max_length=600, description="`next` of the page before.")


@router.get("/webhook-deliveries")
def list_deliveries(
    house: TheHouse, actor: TheActor, asked: Annotated[DeliveryQuery, Query()]
) -> Deliveries:
    """What other programs were told; the targets themselves are settings of the installation."""
    key = key_of(asked.cursor, 1)
    with house.desk.store.reading(actor.agency_id) as tx:
        log = webhook_log(tx, actor, (key[0] or "") if key else "")
    items = [
        Delivery(
            id=row.id,
            target=row.target,
            event=row.event,
            created_at=row.created_at,
            status=row.status,
            attempts=row.attempts,
            last_error=row.last_error,
        )
        for row in log.rows
    ]
    return Deliveries(items=items, next=cursor_of(log.after) if log.after else None)
