"""Transfers that were planned and that nobody has confirmed yet."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.people import Actor
from engine.queries.people import Person, agency_day, people
from engine.queries.transfers import demand_transfers
from engine.store import transfers
from engine.store.database import Transaction
from engine.store.transfers import PendingRow


@dataclass(frozen=True)
class PendingBatch:
    """One batch with who planned it."""

    row: PendingRow
    planner: Person | None


def pending_batches(tx: Transaction, actor: Actor, now: datetime) -> tuple[PendingBatch, ...]:
    """The batches that wait to be confirmed, the newest first. Raises Forbidden."""
    demand_transfers(actor)
    waiting = transfers.pending(tx)
    found = people(tx, (row.planned_by for row in waiting), agency_day(tx, now))
    return tuple(PendingBatch(row, found.get(row.planned_by)) for row in waiting)
