"""Carries out what commands left in the outbox, at least once, with pauses after failures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import orjson
import structlog

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.store import outbox
from engine.store.outbox import OutboxRow

# Longer than a whole batch takes at a gateway that answers as late as it may.
LEASE = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
BATCH = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Parcel:
    """One effect on its way; `key` stays the same when it is carried again."""

    agency_id: AgencyId
    topic: str
    key: str
    values: Mapping[str, object]


class Courier(Protocol):
    """Brings parcels out of the product: a log, a mail server, a gateway for short messages."""

    def deliver(self, parcel: Parcel) -> None:
        """Deliver, or raise anything; the parcel then comes again later."""


class LogCourier:
    """Notes each parcel in the server's log; the notice itself is on the inbox page."""

    def deliver(self, parcel: Parcel) -> None:
        """Ids and topic only: a log holds nothing personal."""
        log.info("outbox.delivered", topic=parcel.topic, instance=parcel.values.get("instance"))


@dataclass(frozen=True)
class ByTopic:
    """Hands each parcel to the courier of its topic; what nobody carries goes to the log."""

    couriers: Mapping[str, Courier]
    otherwise: Courier = field(default_factory=LogCourier)

    def deliver(self, parcel: Parcel) -> None:
        """Deliver by the courier that knows the topic."""
        self.couriers.get(parcel.topic, self.otherwise).deliver(parcel)


def deliver_outbox(
    desk: Desk, agency_id: AgencyId, courier: Courier, *, now: datetime, limit: int = BATCH
) -> int:
    """Hand what is due to the courier, each in its own transaction; how many arrived."""
    with desk.store.transaction(agency_id) as tx:
        due = outbox.lease_due(tx, until=now + LEASE, limit=limit, now=now)
    return sum(_delivered(desk, agency_id, courier, row, now) for row in due)


def pause_after(attempts: int) -> timedelta:
    """Twice as long after each failure, from one minute to six hours."""
    doubled: int = 2 ** min(attempts, 16)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def _delivered(
    desk: Desk, agency_id: AgencyId, courier: Courier, row: OutboxRow, now: datetime
) -> bool:
    try:
        values = orjson.loads(row.payload)
        courier.deliver(Parcel(agency_id, row.topic, row.dedup_key, values))
    except Exception:
        # The outermost edge of one parcel: couriers are foreign code and fail in their own ways.
        log.exception("outbox.failed", topic=row.topic, attempts=row.attempts + 1)
        with desk.store.transaction(agency_id) as tx:
            outbox.postpone(tx, row.id, until=now + pause_after(row.attempts))
        return False
    with desk.store.transaction(agency_id) as tx:
        outbox.finish(tx, row.id, now=now)
    return True
