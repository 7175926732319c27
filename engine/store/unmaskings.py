"""Requests to learn who said something in confidence, and what the second person decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction

GRANTED, REFUSED = "granted", "refused"


@dataclass(frozen=True)
class UnmaskingRow:
    """One request; `payload` holds reason and text sealed, `outcome` is granted or refused."""

    id: str
    instance_id: str
    submission_id: str
    asked_by: EmployeeId
    asked_at: datetime
    payload: bytes
    outcome: str | None = None
    decided_by: EmployeeId | None = None
    decided_at: datetime | None = None


_unmasking = tables.unmasking
_ALL = rows.selected(_unmasking, UnmaskingRow).order_by(
    _unmasking.c.asked_at.desc(), _unmasking.c.id.desc()
)
_ONE = _ALL.where(_unmasking.c.id == bindparam("unmasking_id"))
_LATEST = _ALL.limit(bindparam("limit"))
_INSERT = rows.inserted(_unmasking)
_DECIDE = (
    update(_unmasking)
    .where(
        rows.own(_unmasking),
        _unmasking.c.id == bindparam("of_unmasking"),
        _unmasking.c.outcome.is_(None),
    )
    .values(
        outcome=bindparam("new_outcome"),
        decided_by=bindparam("decider"),
        decided_at=bindparam("instant"),
    )
)


def add(tx: Transaction, row: UnmaskingRow) -> None:
    """Record a request."""
    rows.add(tx, _INSERT, [row])


def get(tx: Transaction, unmasking_id: str) -> UnmaskingRow:
    """One request. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, UnmaskingRow, {"unmasking_id": unmasking_id})
    if found is None:
        raise NotFound("unmasking", unmasking_id)
    return found


def latest(tx: Transaction, *, limit: int) -> tuple[UnmaskingRow, ...]:
    """The newest requests, the newest first."""
    return rows.fetch(tx, _LATEST, UnmaskingRow, {"limit": limit})


def decide(
    tx: Transaction, unmasking_id: str, *, granted: bool, by: EmployeeId, now: datetime
) -> bool:
    """Record what the second person decided; False when somebody was faster."""
    values = {
        "of_unmasking": unmasking_id,
        "new_outcome": GRANTED if granted else REFUSED,
        "decider": by,
        "instant": now,
    }
    return rows.run(tx, _DECIDE, values) == 1
