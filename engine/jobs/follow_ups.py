"""Tells who sees to a follow-up that its day is near, and that it has passed; each once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.recipients import of_function
from engine.domain.notices import NoticeKind
from engine.domain.people import AgencyId, UnitFunction
from engine.rules.deadlines import local_date
from engine.store import follow_ups
from engine.store.database import Transaction
from engine.store.follow_ups import DueRow

# So long before its day somebody is reminded, and so long after it he is told that it is late.
SOON = AFTERWARDS = timedelta(days=7)


def remind_of_follow_ups(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Leave a notice for who sees to what is due soon or late; how many were new.

    What is due on one day is told together; lists show which it is.
    """
    with desk.store.reading(agency_id) as tx:
        today = local_date(now, desk.calendar(tx, now))
        due = follow_ups.due_between(tx, today - AFTERWARDS, today + SOON)
    if not due:
        return 0
    with desk.store.transaction(agency_id) as tx:
        about = [notice for row in due for notice in _about(desk, tx, row, today, now)]
        return tell(tx, about, now=now)


def _about(
    desk: Desk, tx: Transaction, row: DueRow, today: date, now: datetime
) -> Iterator[NewNotice]:
    kind = NoticeKind.FOLLOW_UP_LATE if row.due_on < today else NoticeKind.FOLLOW_UP_DUE
    function = UnitFunction(row.function or UnitFunction.HR)
    holders = (row.owner_id,) if row.owner_id else None
    for person in holders or of_function(desk, tx, function, row.unit_id, now=now):
        yield NewNotice(person, kind, f"{kind}:{row.due_on.isoformat()}")
