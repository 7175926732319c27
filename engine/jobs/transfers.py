"""Carries out the transfers whose day has come, and finds work that somebody left behind."""

from datetime import datetime, timedelta

import structlog

from engine.commands.desk import Desk
from engine.commands.handover import hand_over
from engine.commands.transfers import carry_out
from engine.domain.people import AgencyId, EmployeeId
from engine.errors import Conflict
from engine.rules.deadlines import local_date
from engine.store import handovers, sheet_uploads, transfers

BATCH = 50
PLANS_KEPT = timedelta(days=1)

log = structlog.get_logger(__name__)


def carry_out_transfers(
    desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH
) -> int:
    """Carry out what is due, one person and one transaction at a time; how many ended.

    A transfer whose cases change at the same moment is tried again in the next round.
    """
    with desk.store.reading(agency_id) as tx:
        due = transfers.due(tx, local_date(now, desk.calendar(tx, now)), limit=limit)
    return sum(_carried_out(desk, agency_id, transfer_id, now) for transfer_id in due)


def _carried_out(desk: Desk, agency_id: AgencyId, transfer_id: str, now: datetime) -> bool:
    try:
        return carry_out(desk, agency_id, transfer_id=transfer_id, now=now)
    except Conflict:
        return False
    except Exception:
        # The outermost edge of one person: the next one must be reached.
        log.exception("transfer.failed", transfer=transfer_id)
        return False


def rescue_work(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Hand over the work of people who are not in service; of how many people.

    A case that began while its rater left may still name him: here it is put right.
    """
    with desk.store.reading(agency_id) as tx:
        left = handovers.left_with_work(tx, limit=limit)
    return sum(_rescued(desk, agency_id, person, now) for person in left)


def _rescued(desk: Desk, agency_id: AgencyId, person: EmployeeId, now: datetime) -> bool:
    try:
        with desk.store.transaction(agency_id) as tx:
            return bool(hand_over(tx, desk, person, now=now))
    except Conflict:
        return False


def forget_unconfirmed(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Forget sheets and planned transfers that nobody confirmed within a day; how many."""
    with desk.store.transaction(agency_id) as tx:
        forgotten = transfers.forget_unconfirmed(tx, before=now - PLANS_KEPT)
        return forgotten + sheet_uploads.delete_expired(tx, now=now)
