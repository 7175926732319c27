"""Goes on with the launches of cycles, chunk by chunk, wherever they were left."""

from datetime import datetime

import structlog

from engine.commands.desk import Desk
from engine.commands.launch import CHUNK, finish_launch, launch_chunk, start_waiting
from engine.domain.people import AgencyId
from engine.errors import Conflict
from engine.store import launches

# So many people a round, so that deadlines and notices have their turn as well.
ROUND = 5_000

log = structlog.get_logger(__name__)


def continue_launches(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = ROUND) -> int:
    """Start the next people of every running launch; how many were looked at."""
    with desk.store.reading(agency_id) as tx:
        running = launches.running(tx)
    return sum(_continued(desk, agency_id, launch_id, now, limit) for launch_id in running)


def _continued(desk: Desk, agency_id: AgencyId, launch_id: str, now: datetime, limit: int) -> int:
    done = 0
    try:
        while done < limit:
            size = min(CHUNK, limit - done)
            looked = launch_chunk(desk, agency_id, launch_id, now=now, size=size)
            looked = looked or start_waiting(desk, agency_id, launch_id, now=now, limit=size)
            if not looked:
                finish_launch(desk, agency_id, launch_id, now=now)
                break
            done += looked
    except Conflict:
        # Somebody started one of these people at the same moment: the next round sees it.
        log.info("launch.in_the_way", launch=launch_id)
    return done
