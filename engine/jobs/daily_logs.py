"""Looks after daily logs: whose there are, months to lock, answers that are late."""

from datetime import datetime

import structlog

from engine.commands.desk import Desk
from engine.commands.log_rounds import (
    assign_logs,
    cycles_with_log,
    lock_months,
    tell_late_answers,
)
from engine.domain.people import AgencyId
from engine.errors import Conflict

BATCH = 200

log = structlog.get_logger(__name__)


def assign_daily_logs(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Note who keeps a log and who rates him, in every open cycle; how many logs changed."""
    done = 0
    for cycle_id in _cycles(desk, agency_id):
        try:
            done += assign_logs(desk, agency_id, cycle_id, now=now)
        except Conflict:
            log.info("daily_logs.in_the_way", cycle=cycle_id)
    return done


def lock_log_months(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Lock the months that may no longer be changed, of the next people; how many logs."""
    done = 0
    for cycle_id in _cycles(desk, agency_id):
        try:
            done += lock_months(desk, agency_id, cycle_id, now=now, limit=limit)
        except Conflict:
            log.info("log_months.in_the_way", cycle=cycle_id)
    return done


def remind_of_log_answers(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Remind raters of requests for a comment that they let pass; how many notices."""
    return tell_late_answers(desk, agency_id, now=now)


def _cycles(desk: Desk, agency_id: AgencyId) -> tuple[str, ...]:
    with desk.store.reading(agency_id) as tx:
        return cycles_with_log(desk, tx)
