"""Sheets that were sent and not confirmed yet, sealed; and the saved matchings of columns."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class SheetUploadRow:
    """One sheet; `columns` is JSON: column number by key, `header` the row of the headings.

    `row_count` counts the rows below the headings that are not empty.
    """

    id: str
    kind: str
    cycle_id: str | None
    key_id: str
    content: bytes
    sha256: str
    size: int
    header: int
    columns: str
    uploaded_by: EmployeeId
    uploaded_at: datetime
    expires_at: datetime
    row_count: int | None = None


@dataclass(frozen=True)
class PendingRow:
    """A sheet that waits to be confirmed, without what is in it."""

    id: str
    kind: str
    uploaded_by: EmployeeId
    uploaded_at: datetime
    expires_at: datetime
    row_count: int | None


@dataclass(frozen=True)
class MappingRow:
    """A saved matching: `headings` and `columns` are JSON; one a set of headings."""

    kind: str
    name: str
    headings: str
    columns: str
    saved_by: EmployeeId
    saved_at: datetime


_sheet, _mapping = tables.sheet_upload, tables.column_mapping
_ONE = rows.selected(_sheet, SheetUploadRow).where(
    _sheet.c.id == bindparam("sheet_id"),
    _sheet.c.uploaded_by == bindparam("employee_id"),
    _sheet.c.expires_at > bindparam("now"),
)
_OF_PERSON = (
    select(_sheet.c.id)
    .where(rows.own(_sheet), _sheet.c.uploaded_by == bindparam("employee_id"))
    .order_by(_sheet.c.uploaded_at.desc(), _sheet.c.id.desc())
)
_PENDING = (
    rows.selected(_sheet, PendingRow)
    .where(_sheet.c.expires_at > bindparam("now"))
    .order_by(_sheet.c.uploaded_at.desc(), _sheet.c.id.desc())
)
_INSERT, _INSERT_MAPPING = rows.inserted(_sheet), rows.inserted(_mapping)
_MATCH = (
    _sheet.update()
    .where(rows.own(_sheet), _sheet.c.id == bindparam("of_upload"))
    .values(header=bindparam("new_header"), columns=bindparam("new_columns"))
)
_DELETE = delete(_sheet).where(rows.own(_sheet), _sheet.c.id == bindparam("of_upload"))
_EXPIRED = delete(_sheet).where(rows.own(_sheet), _sheet.c.expires_at <= bindparam("now"))
_MAPPINGS = (
    rows.selected(_mapping, MappingRow)
    .where(_mapping.c.kind == bindparam("kind"))
    .order_by(_mapping.c.name)
)
_SAME = (_mapping.c.name == bindparam("called")) | (_mapping.c.headings == bindparam("about"))
_REPLACED = delete(_mapping).where(rows.own(_mapping), _mapping.c.kind == bindparam("sort"), _SAME)


def add(tx: Transaction, sheet: SheetUploadRow) -> None:
    """Keep a sheet until it is confirmed or expires."""
    rows.add(tx, _INSERT, [sheet])


def get(
    tx: Transaction, sheet_id: str, *, employee_id: EmployeeId, now: datetime
) -> SheetUploadRow:
    """The person's own sheet. Raises NotFound, also when it has expired."""
    values = {"sheet_id": sheet_id, "employee_id": employee_id, "now": now}
    found = rows.fetch_one(tx, _ONE, SheetUploadRow, values)
    if found is None:
        raise NotFound("sheet", sheet_id)
    return found


def of_person(tx: Transaction, employee_id: EmployeeId) -> tuple[str, ...]:
    """The sheets that a person has sent and not confirmed, the newest first."""
    return rows.fetch_scalars(tx, _OF_PERSON, {"employee_id": employee_id})


def pending(tx: Transaction, *, now: datetime) -> tuple[PendingRow, ...]:
    """All sheets of the agency that wait to be confirmed, the newest first."""
    return rows.fetch(tx, _PENDING, PendingRow, {"now": now})


def match(tx: Transaction, sheet_id: str, *, header: int, columns: str) -> None:
    """Note what the columns of a sheet mean."""
    values = {"of_upload": sheet_id, "new_header": header, "new_columns": columns}
    rows.run(tx, _MATCH, values)


def drop(tx: Transaction, sheet_id: str) -> None:
    """Forget a sheet."""
    rows.run(tx, _DELETE, {"of_upload": sheet_id})


def delete_expired(tx: Transaction, *, now: datetime) -> int:
    """Forget the sheets that nobody confirmed in time; how many."""
    return rows.run(tx, _EXPIRED, {"now": now})


def mappings(tx: Transaction, kind: str) -> tuple[MappingRow, ...]:
    """The matchings saved for a kind of sheet."""
    return rows.fetch(tx, _MAPPINGS, MappingRow, {"kind": kind})


def save_mapping(tx: Transaction, mapping: MappingRow) -> None:
    """Save a matching in place of one with the same name or the same headings."""
    same = {"sort": mapping.kind, "called": mapping.name, "about": mapping.headings}
    rows.run(tx, _REPLACED, same)
    rows.add(tx, _INSERT_MAPPING, [mapping])
