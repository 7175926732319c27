"""What other programs are told: ids only, one row a target and event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from engine.domain.notices import DeliveryStatus
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class WebhookRow:
    """One event on its way to one target; `source` names the audit event that it follows from."""

    id: str
    target: str
    event: str
    source: str
    body: str
    created_at: datetime
    at: datetime
    status: str = DeliveryStatus.QUEUED.value
    attempts: int = 0
    last_error: str | None = None


_webhook = tables.webhook_delivery
_ONE = rows.selected(_webhook, WebhookRow).where(
    _webhook.c.target == bindparam("target"), _webhook.c.source == bindparam("source")
)
_INSERT = rows.inserted_once(_webhook)
_DELETE_OLD = rows.deleted_old(_webhook, _webhook.c.status != DeliveryStatus.QUEUED.value)
_CHANGEABLE = ("at", "status", "attempts", "last_error")
_SAVE = (
    update(_webhook)
    .where(rows.own(_webhook), _webhook.c.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGEABLE})
)


def plan(tx: Transaction, webhooks: Iterable[WebhookRow]) -> int:
    """Plan deliveries; how many were not planned before."""
    return rows.add_either(tx, _INSERT, webhooks)


def find(tx: Transaction, target: str, source: str) -> WebhookRow | None:
    """The delivery of an event to a target."""
    return rows.fetch_one(tx, _ONE, WebhookRow, {"target": target, "source": source})


def save(tx: Transaction, webhook: WebhookRow) -> None:
    """Store how far a delivery has come."""
    values = {f"new_{name}": getattr(webhook, name) for name in _CHANGEABLE}
    rows.run(tx, _SAVE, {"which": webhook.id, **values})


def delete_before(tx: Transaction, before: datetime, *, limit: int) -> int:
    """Let go of old deliveries that are no more on their way; how many."""
    return rows.delete_old(tx, _DELETE_OLD, before=before, limit=limit)
