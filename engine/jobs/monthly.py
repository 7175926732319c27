"""Opens what each month opens beside the appraisals that run; a month that was missed stays so."""

from datetime import datetime

import structlog

from engine.commands.beside_unasked import open_month
from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.errors import Conflict
from engine.store import cycles
from engine.store.states import CycleStatus

BATCH = 200

log = structlog.get_logger(__name__)


def open_months(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Open the month of the next people of every open cycle; how many cases were opened."""
    with desk.store.reading(agency_id) as tx:
        every = [cycle.id for cycle in cycles.every(tx) if cycle.status == CycleStatus.OPEN]
    done = 0
    for cycle_id in every:
        try:
            done += open_month(desk, agency_id, cycle_id, now=now, limit=limit)
        except Conflict:
            # Another worker opened one of them at the same moment: the next round sees it.
            log.info("month.in_the_way", cycle=cycle_id)
    return done
