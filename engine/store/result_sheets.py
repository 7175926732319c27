"""Printed result sheets; a sheet is never changed, and its code is stored as a hash only."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from sqlalchemy import bindparam, select

from engine.domain.people import AgencyId, EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class SheetRow:
    """One sheet; `facts_sealed` is all that it says, `edition` the form it was set in."""

    id: str
    instance_id: str
    version: int
    language: str
    edition: str
    code_hash: str
    facts_sealed: bytes
    pdf_sha256: str
    made_by: EmployeeId
    made_at: datetime


class Recorded(Protocol):
    """What a sheet is proved by."""

    @property
    def version(self) -> int:
        """The version of the result."""

    @property
    def language(self) -> str:
        """The language of the sheet."""

    @property
    def edition(self) -> str:
        """The edition of the layout."""

    @property
    def code_hash(self) -> str:
        """The hash of the printed code."""

    @property
    def facts_sealed(self) -> bytes:
        """The sealed facts."""

    @property
    def pdf_sha256(self) -> str:
        """The hash of the file."""


_sheet = tables.result_sheet
_ALL = rows.selected(_sheet, SheetRow)
_ONE = _ALL.where(_sheet.c.id == bindparam("id"))
_BY_CODE = _ALL.where(_sheet.c.code_hash == bindparam("sheet_code"))
_LIKE = _ALL.where(
    _sheet.c.instance_id == bindparam("instance_id"),
    _sheet.c.version == bindparam("version"),
    _sheet.c.language == bindparam("language"),
    _sheet.c.edition == bindparam("set_in"),
)
_OF_INSTANCE = _ALL.where(_sheet.c.instance_id == bindparam("instance_id")).order_by(
    _sheet.c.made_at, _sheet.c.id
)
_AGENCY = select(_sheet.c.agency_id).where(_sheet.c.code_hash == bindparam("sheet_code"))
_INSERT = rows.inserted_once(_sheet)


def add(tx: Transaction, sheet: SheetRow) -> bool:
    """Keep a sheet; false when one like it is there already."""
    return rows.add_either(tx, _INSERT, [sheet]) == 1


def record_sha256(sheet: Recorded) -> str:
    """The digest of all that a sheet says and is checked by, which its audit event holds."""
    texts = (f"{sheet.version}", sheet.language, sheet.edition, sheet.code_hash, sheet.pdf_sha256)
    return sha256("\0".join(texts).encode() + b"\0" + sheet.facts_sealed).hexdigest()


def find(tx: Transaction, sheet_id: str) -> SheetRow | None:
    """One sheet."""
    return rows.fetch_one(tx, _ONE, SheetRow, {"id": sheet_id})


def by_code(tx: Transaction, sheet_code: str) -> SheetRow | None:
    """The sheet of a hashed code in the transaction's agency."""
    return rows.fetch_one(tx, _BY_CODE, SheetRow, {"sheet_code": sheet_code})


def like(
    tx: Transaction, instance_id: str, version: int, *, language: str, set_in: str
) -> SheetRow | None:
    """The sheet of a version in a language, `set_in` one form, if it was made."""
    values = {"instance_id": instance_id, "version": version}
    return rows.fetch_one(tx, _LIKE, SheetRow, {**values, "language": language, "set_in": set_in})


def of_instance(tx: Transaction, instance_id: str) -> tuple[SheetRow, ...]:
    """The sheets of a case, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, SheetRow, {"instance_id": instance_id})


def agency_of(tx: Transaction, sheet_code: str) -> AgencyId | None:
    """Whose sheet a hashed code stands on; asked by who knows no agency."""
    found = tx.connection.execute(_AGENCY, {"sheet_code": sheet_code}).scalar_one_or_none()
    return AgencyId(found) if found else None
