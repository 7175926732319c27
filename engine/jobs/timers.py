"""Lets cases with due timers go on; one that cannot be loaded does not stop the others."""

from datetime import datetime

import structlog

from engine.commands.automatic import run_automatic
from engine.commands.desk import LEASE, Desk
from engine.commands.incidents import report_unreadable
from engine.domain.people import SYSTEM, AgencyId
from engine.errors import AlurError, Conflict, Unavailable
from engine.store import timers

__all__ = ["LEASE", "fire_due_timers"]
BATCH = 200

log = structlog.get_logger(__name__)


def fire_due_timers(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Fire what is due, one case and one transaction at a time; how many cases went on.

    The lease keeps two runners apart and gives a failing case a pause before the next try.
    """
    with desk.store.transaction(agency_id) as tx:
        due = timers.lease_due(tx, until=now + desk.lease, limit=limit, now=now)
    cases = dict.fromkeys(row.instance_id for row in due)
    return sum(_fired(desk, agency_id, instance_id, now) for instance_id in cases)


def _fired(desk: Desk, agency_id: AgencyId, instance_id: str, now: datetime) -> bool:
    try:
        return run_automatic(desk, agency_id, instance_id, lambda _step: True, by=SYSTEM, now=now)
    except (Conflict, Unavailable):
        return False
    except Exception:
        # The outermost edge of one case: whatever is wrong with it, the next one must be reached.
        log.exception("timer.failed", instance=instance_id)
        _report(desk, agency_id, instance_id, now)
        return False


def _report(desk: Desk, agency_id: AgencyId, instance_id: str, now: datetime) -> None:
    try:
        report_unreadable(desk, agency_id, instance_id, now=now)
    except AlurError:
        # Whatever is in the way now, the next try comes when the lease has run out.
        log.info("timer.not_reported", instance=instance_id)
