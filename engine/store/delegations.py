"""Delegations: who prepared answers for whom; kept, so that who prepared counts as taking part."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class DelegationRow:
    """Somebody prepares the answers of a work item from `at` until `ended_at`."""

    id: str
    work_item_id: str
    instance_id: str
    delegate_id: EmployeeId
    delegated_by: EmployeeId
    at: datetime
    ended_at: datetime | None = None


_delegation = tables.delegation
_INSERT = rows.inserted(_delegation)
_OF_INSTANCE = (
    rows.selected(_delegation, DelegationRow)
    .where(_delegation.c.instance_id == bindparam("instance_id"))
    .order_by(_delegation.c.at, _delegation.c.id)
)
_END = (
    update(_delegation)
    .where(
        rows.own(_delegation),
        _delegation.c.work_item_id == bindparam("item_id"),
        _delegation.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"))
)


def add(tx: Transaction, delegation: DelegationRow) -> None:
    """Record that somebody prepares answers from now on."""
    rows.add(tx, _INSERT, [delegation])


def end(tx: Transaction, item_id: str, *, now: datetime) -> None:
    """End what is open of a work item."""
    rows.run(tx, _END, {"item_id": item_id, "now": now})


def of_instance(tx: Transaction, instance_id: str) -> tuple[DelegationRow, ...]:
    """Every delegation in a case, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, DelegationRow, {"instance_id": instance_id})
