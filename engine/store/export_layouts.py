"""The columns that an agency chose for its exports."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class LayoutRow:
    """The columns of one kind of export, separated by commas."""

    kind: str
    columns: str
    changed_by: EmployeeId
    changed_at: datetime


_layout = tables.export_layout
_ONE = rows.selected(_layout, LayoutRow).where(_layout.c.kind == bindparam("kind"))
_INSERT = rows.inserted(_layout)
_DELETE = delete(_layout).where(rows.own(_layout), _layout.c.kind == bindparam("kind"))


def find(tx: Transaction, kind: str) -> LayoutRow | None:
    """What the agency chose, None before anybody did."""
    return rows.fetch_one(tx, _ONE, LayoutRow, {"kind": kind})


def choose(tx: Transaction, layout: LayoutRow) -> None:
    """Choose the columns, in place of those before."""
    rows.run(tx, _DELETE, {"kind": layout.kind})
    rows.add(tx, _INSERT, [layout])
