"""Wakes cases that wait for a message which is kept already, as a crash may leave them."""

from collections.abc import Iterator
from datetime import datetime

import structlog

from engine.commands.desk import Desk
from engine.commands.messages import take_kept_message
from engine.commands.retained import RETAINED, retained_message
from engine.domain.people import AgencyId
from engine.errors import Conflict
from engine.store import instances, messages
from engine.store.database import Transaction
from engine.store.messages import AwaitedRow

log = structlog.get_logger(__name__)


def deliver_kept_messages(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Deliver what is kept to the cases that still wait for it; how many went on.

    A command keeps a message first and then tells each case in a transaction of its own; whoever
    was not reached before the process ended is reached here. Done twice it changes nothing.
    """
    with desk.store.reading(agency_id) as tx:
        late = [row for name in RETAINED for row in _late(tx, name)]
    return sum(_taken(desk, agency_id, row, now) for row in late)


def _late(tx: Transaction, name: str) -> Iterator[AwaitedRow]:
    """Who waits although the message is kept; asked once for all that wait for the same."""
    kept: dict[str, bool] = {}
    for row in messages.waiting_for(tx, name):
        same = row.correlation or row.instance_id
        if same not in kept:
            case = instances.get(tx, row.instance_id)
            kept[same] = retained_message(tx, case, name) is not None
        if kept[same]:
            yield row


def _taken(desk: Desk, agency_id: AgencyId, row: AwaitedRow, now: datetime) -> bool:
    try:
        return take_kept_message(desk, agency_id, row.instance_id, row.name, now=now)
    except Conflict:
        return False
    except Exception:
        # The outermost edge of one case: whatever is wrong with it, the next one must be reached.
        log.exception("message.failed", instance=row.instance_id)
        return False
