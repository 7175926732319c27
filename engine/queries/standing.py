"""How an agency's installation stands, in counts: for whoever watches the machines."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, select

from engine.store import job_runs, rows, tables
from engine.store.database import Transaction
from engine.store.job_runs import JobRunRow

# Later than this somebody should have looked; a worker that was killed holds a lease that long.
OVERDUE_AFTER = timedelta(minutes=5)
STUCK_AFTER_ATTEMPTS = 5


@dataclass(frozen=True)
class Standing:
    """Counts of what waits or failed, and the last round of each job."""

    open_incidents: int
    overdue_timers: int
    waiting_effects: int
    stuck_effects: int
    jobs: tuple[JobRunRow, ...]


_incident, _timer, _outbox = tables.incident, tables.timer, tables.outbox
_INCIDENTS = (
    select(func.count())
    .select_from(_incident)
    .where(rows.own(_incident), _incident.c.resolved_at.is_(None))
)
_OVERDUE = (
    select(func.count())
    .select_from(_timer)
    .where(rows.own(_timer), _timer.c.due_at <= bindparam("late"))
)
_WAITING = (
    select(func.count()).select_from(_outbox).where(rows.own(_outbox), _outbox.c.done_at.is_(None))
)
_STUCK = _WAITING.where(_outbox.c.attempts >= bindparam("attempts"))


def standing(tx: Transaction, *, now: datetime) -> Standing:
    """How the transaction's agency stands."""
    return Standing(
        open_incidents=_count(tx, _INCIDENTS),
        overdue_timers=_count(tx, _OVERDUE, late=now - OVERDUE_AFTER),
        waiting_effects=_count(tx, _WAITING),
        stuck_effects=_count(tx, _STUCK, attempts=STUCK_AFTER_ATTEMPTS),
        jobs=job_runs.every(tx),
    )


def _count(tx: Transaction, statement: Select[int], **values: object) -> int:
    (count,) = rows.fetch_scalars(tx, statement, values)
    return int(count)
