"""Follow-up actions decided after a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import FollowUpState


@dataclass(frozen=True)
class FollowUpRow:
    """One action with who sees to it until when."""

    id: str
    instance_id: str
    kind: str
    created_at: datetime
    owner_id: EmployeeId | None = None
    due_on: date | None = None
    state: str = FollowUpState.OPEN.value


_follow_up = tables.follow_up
_OF_INSTANCE = (
    rows.selected(_follow_up, FollowUpRow)
    .where(_follow_up.c.instance_id == bindparam("instance_id"))
    .order_by(_follow_up.c.created_at, _follow_up.c.id)
)
_INSERT = rows.inserted(_follow_up)
_COMPLETE = (
    update(_follow_up)
    .where(rows.own(_follow_up), _follow_up.c.id == bindparam("follow_up_id"))
    .values(state=FollowUpState.COMPLETED.value)
)


def add_many(tx: Transaction, follow_ups: Sequence[FollowUpRow]) -> None:
    """Record actions in one statement."""
    rows.add(tx, _INSERT, follow_ups)


def of_instance(tx: Transaction, instance_id: str) -> tuple[FollowUpRow, ...]:
    """The actions after an appraisal, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, FollowUpRow, {"instance_id": instance_id})


def complete(tx: Transaction, follow_up_id: str) -> None:
    """Note that an action was done. Raises NotFound."""
    if rows.run(tx, _COMPLETE, {"follow_up_id": follow_up_id}) != 1:
        raise NotFound("follow-up", follow_up_id)
