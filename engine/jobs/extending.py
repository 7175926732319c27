"""Carries out extensions of deadlines that were asked for, and cancels cases of closed cycles."""

from datetime import datetime

import structlog

from engine.commands.closing import cancel_next
from engine.commands.desk import Desk
from engine.commands.extensions import carry_out_extension
from engine.domain.people import AgencyId
from engine.errors import Conflict
from engine.store import closings, extensions

BATCH = 200

log = structlog.get_logger(__name__)


def extend_deadlines(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Extend the next items of every extension that runs; how many were looked at."""
    with desk.store.reading(agency_id) as tx:
        running = extensions.running(tx)
    done = 0
    for extension_id in running:
        try:
            done += carry_out_extension(desk, agency_id, extension_id, now=now, limit=limit)
        except Conflict:
            log.info("extension.in_the_way", extension=extension_id)
    return done


def cancel_unfinished(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Cancel the next cases of every cycle that was closed so; how many were cancelled."""
    with desk.store.reading(agency_id) as tx:
        running = closings.running(tx)
    done = 0
    for closing_id in running:
        try:
            done += cancel_next(desk, agency_id, closing_id, now=now, limit=limit)
        except Conflict:
            log.info("closing.in_the_way", closing=closing_id)
    return done
