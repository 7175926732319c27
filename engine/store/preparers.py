"""Who may prepare drafts for which rater: dated, ended by the rater, kept for the trail."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId, UnitId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class PreparerRow:
    """A rater lets the operator of a unit prepare from `starts` to `ends`, both days included."""

    id: str
    rater_id: EmployeeId
    operator_id: EmployeeId
    unit_id: UnitId
    starts: date
    ends: date
    granted_at: datetime
    ended_at: datetime | None = None


_preparer = tables.preparer
_ALL = rows.selected(_preparer, PreparerRow).order_by(_preparer.c.starts, _preparer.c.id)
_OPEN = _preparer.c.ended_at.is_(None)
_UNTIL = _preparer.c.ends >= bindparam("day")
_ONE = _ALL.where(_preparer.c.id == bindparam("preparer_id"))
_OF_RATER = _ALL.where(_preparer.c.rater_id == bindparam("rater_id"), _OPEN, _UNTIL)
_OF_OPERATOR = _ALL.where(
    _preparer.c.operator_id == bindparam("operator_id"),
    _OPEN,
    _UNTIL,
    _preparer.c.starts <= bindparam("day"),
)
_INSERT = rows.inserted(_preparer)
_END = (
    update(_preparer)
    .where(rows.own(_preparer), _preparer.c.id == bindparam("of_preparer"), _OPEN)
    .values(ended_at=bindparam("now"))
)


def add(tx: Transaction, preparer: PreparerRow) -> None:
    """Record that somebody may prepare."""
    rows.add(tx, _INSERT, [preparer])


def get(tx: Transaction, preparer_id: str) -> PreparerRow:
    """One permission, ended or not. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, PreparerRow, {"preparer_id": preparer_id})
    if found is None:
        raise NotFound("preparer", preparer_id)
    return found


def of_rater(tx: Transaction, rater_id: EmployeeId, on: date) -> tuple[PreparerRow, ...]:
    """What a rater allows on the day or later."""
    return rows.fetch(tx, _OF_RATER, PreparerRow, {"rater_id": rater_id, "day": on})


def of_operator(tx: Transaction, operator_id: EmployeeId, on: date) -> tuple[PreparerRow, ...]:
    """For whom somebody may prepare on the day."""
    return rows.fetch(tx, _OF_OPERATOR, PreparerRow, {"operator_id": operator_id, "day": on})


def end(tx: Transaction, preparer_id: str, *, now: datetime) -> bool:
    """End a permission at once; False when it had ended."""
    return rows.run(tx, _END, {"of_preparer": preparer_id, "now": now}) == 1
