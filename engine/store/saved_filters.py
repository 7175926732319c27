"""Saved filters of the inbox: a name for an address, one's own or shared with a function."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class SavedFilterRow:
    """One filter; `query` is the part of the address, `for_unit_id` None means every unit."""

    id: str
    owner_id: EmployeeId
    name: str
    query: str
    created_at: datetime
    for_function: str | None = None
    for_unit_id: str | None = None


_filter = tables.saved_filter
_ALL = rows.selected(_filter, SavedFilterRow)
_ONE = _ALL.where(_filter.c.id == bindparam("id"))
_OWN = _ALL.where(
    _filter.c.owner_id == bindparam("employee_id"), _filter.c.for_function.is_(None)
).order_by(_filter.c.name, _filter.c.id)
_SHARED = _ALL.where(_filter.c.for_function.is_not(None)).order_by(_filter.c.name, _filter.c.id)
_COUNT = (
    select(func.count())
    .select_from(_filter)
    .where(rows.own(_filter), _filter.c.owner_id == bindparam("employee_id"))
)
_INSERT = rows.inserted(_filter)
_DELETE = delete(_filter).where(rows.own(_filter), _filter.c.id == bindparam("gone"))


def add(tx: Transaction, saved: SavedFilterRow) -> None:
    """Keep a filter."""
    rows.add(tx, _INSERT, [saved])


def get(tx: Transaction, filter_id: str) -> SavedFilterRow:
    """One filter. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, SavedFilterRow, {"id": filter_id})
    if found is None:
        raise NotFound("saved filter", filter_id)
    return found


def own(tx: Transaction, employee_id: EmployeeId) -> tuple[SavedFilterRow, ...]:
    """What a person keeps for himself, by name."""
    return rows.fetch(tx, _OWN, SavedFilterRow, {"employee_id": employee_id})


def shared(tx: Transaction) -> tuple[SavedFilterRow, ...]:
    """What is shared with functions, by name; there are few."""
    return rows.fetch(tx, _SHARED, SavedFilterRow)


def count_of(tx: Transaction, employee_id: EmployeeId) -> int:
    """How many filters a person has made."""
    (count,) = rows.fetch_scalars(tx, _COUNT, {"employee_id": employee_id})
    return int(count)


def remove(tx: Transaction, filter_id: str) -> None:
    """Forget a filter."""
    rows.run(tx, _DELETE, {"gone": filter_id})
