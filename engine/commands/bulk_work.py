"""One order for many work items: each in its own transaction, each with its own result.

Nothing has to be remembered between them: whoever was stopped in the middle repeats the order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.commands.assignment import reassign
from engine.commands.desk import Desk
from engine.commands.reminding import remind
from engine.domain.people import Actor, EmployeeId
from engine.errors import AlurError, Conflict, Forbidden, NotFound


@dataclass(frozen=True)
class ItemResult:
    """What became of one work item; neither done nor refused means that it was done before."""

    item_id: str
    done: bool
    refused: AlurError | None = None


def remind_many(
    desk: Desk, actor: Actor, *, item_ids: Sequence[str], now: datetime
) -> tuple[ItemResult, ...]:
    """Remind the holders of all these work items."""
    return _each(item_ids, lambda item_id: remind(desk, actor, item_id=item_id, now=now))


def reassign_many(
    desk: Desk,
    actor: Actor,
    *,
    item_ids: Sequence[str],
    to: EmployeeId,
    reason: str,
    now: datetime,
) -> tuple[ItemResult, ...]:
    """Give all these work items to one person."""

    def give(item_id: str) -> bool:
        return reassign(desk, actor, item_id=item_id, to=to, reason=reason, now=now)

    return _each(item_ids, give)


def _each(item_ids: Sequence[str], order: Callable[[str], bool]) -> tuple[ItemResult, ...]:
    return tuple(_result(item_id, order) for item_id in dict.fromkeys(item_ids))


def _result(item_id: str, order: Callable[[str], bool]) -> ItemResult:
    try:
        return ItemResult(item_id, order(item_id))
    except (Conflict, Forbidden, NotFound) as error:
        return ItemResult(item_id, False, error)
