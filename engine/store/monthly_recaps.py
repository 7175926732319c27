"""Frozen months of the recap and their lines, as payroll was told them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam

from engine.domain.people import EmployeeId
from engine.errors import Conflict
from engine.store import rows, tables
from engine.store.database import Transaction

# How many lines are read at once.
LINES_A_PAGE = 1_000


@dataclass(frozen=True)
class MonthRow:
    """A frozen month such as `2026-03`; `sha256` is the seal over its lines in hex."""

    month: str
    frozen_by: EmployeeId
    frozen_at: datetime
    people: int
    sha256: str


@dataclass(frozen=True)
class LineRow:
    """One person in a frozen month; `body` is canonical JSON of codes and decimals as text."""

    month: str
    employee_id: EmployeeId
    body: str


_month, _line = tables.recap_month, tables.recap_line
_ALL = rows.selected(_month, MonthRow).order_by(_month.c.month.desc())
_ONE = rows.selected(_month, MonthRow).where(_month.c.month == bindparam("of_month"))
_OF_MONTH = rows.selected(_line, LineRow).where(_line.c.month == bindparam("of_month"))
_PAGE = (
    _OF_MONTH.where(_line.c.employee_id > bindparam("behind"))
    .order_by(_line.c.employee_id)
    .limit(LINES_A_PAGE)
)
_OF_PEOPLE = _OF_MONTH.where(_line.c.employee_id.in_(bindparam("people", expanding=True)))
_INSERT, _INSERT_LINES = rows.inserted(_month), rows.inserted(_line)


def add(tx: Transaction, month: MonthRow, lines: Sequence[LineRow]) -> None:
    """Freeze a month. Raises Conflict when it is frozen already."""
    known = Conflict(f"the recap of {month.month} is frozen")
    rows.add_new(tx, _INSERT, [month], known=known)
    rows.add(tx, _INSERT_LINES, lines)


def find(tx: Transaction, of_month: str) -> MonthRow | None:
    """A frozen month; None while it is not."""
    return rows.fetch_one(tx, _ONE, MonthRow, {"of_month": of_month})


def every(tx: Transaction) -> tuple[MonthRow, ...]:
    """All frozen months, the latest first."""
    return rows.fetch(tx, _ALL, MonthRow)


def lines(tx: Transaction, of_month: str, *, behind: str = "") -> tuple[LineRow, ...]:
    """At most `LINES_A_PAGE` lines of a frozen month, in the order of their people's ids.

    `behind` is the last id of the page before.
    """
    return rows.fetch(tx, _PAGE, LineRow, {"of_month": of_month, "behind": behind})


def lines_of(
    tx: Transaction, of_month: str, employee_ids: Sequence[EmployeeId]
) -> tuple[LineRow, ...]:
    """The lines of these people in a frozen month."""
    values = {"own_agency": tx.agency_id, "of_month": of_month, "people": list(employee_ids)}
    return tuple(LineRow(*row) for row in tx.connection.execute(_OF_PEOPLE, values))
