"""Files on their way in: sealed parts by their place, until the last one has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from engine.domain.people import EmployeeId
from engine.errors import NotFound, StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class UploadRow:
    """One file on its way; `size` and `received` in bytes, `name_sealed` tells it from others.

    `attachment_id` once it is whole: whoever lost the last answer asks again.
    """

    id: str
    work_item_id: str
    employee_id: EmployeeId
    name_sealed: bytes
    size: int
    started_at: datetime
    expires_at: datetime
    received: int = 0
    attachment_id: str | None = None


@dataclass(frozen=True)
class PartRow:
    """A part of a file, sealed; `start` is the place of its first byte."""

    upload_id: str
    start: int
    content: bytes


_upload, _part = tables.upload, tables.upload_part
_ALL = rows.selected(_upload, UploadRow)
_ONE = _ALL.where(_upload.c.id == bindparam("id"))
_LOCKED = _ONE.with_for_update()
_OF_EMPLOYEE = _ALL.where(_upload.c.employee_id == bindparam("employee_id")).order_by(_upload.c.id)
_PARTS = (
    rows.selected(_part, PartRow)
    .where(_part.c.upload_id == bindparam("upload_id"))
    .order_by(_part.c.start)
)
_INSERT, _INSERT_PART = rows.inserted(_upload), rows.inserted(_part)
_ADVANCE = (
    update(_upload)
    .where(
        rows.own(_upload),
        _upload.c.id == bindparam("upload_id"),
        _upload.c.received == bindparam("known"),
    )
    .values(received=bindparam("new_received"), expires_at=bindparam("new_expires_at"))
)
_FINISH = (
    update(_upload)
    .where(rows.own(_upload), _upload.c.id == bindparam("upload_id"))
    .values(attachment_id=bindparam("new_attachment_id"))
)
_DELETE = delete(_upload).where(rows.own(_upload), _upload.c.id == bindparam("upload_id"))
_DELETE_PARTS = delete(_part).where(rows.own(_part), _part.c.upload_id == bindparam("upload_id"))
_EXPIRED = (_upload.c.expires_at <= bindparam("now"),)
_DELETE_EXPIRED_PARTS = delete(_part).where(
    rows.own(_part),
    _part.c.upload_id.in_(
        select(_upload.c.id).where(_upload.c.agency_id == _part.c.agency_id, *_EXPIRED)
    ),
)
_DELETE_EXPIRED = delete(_upload).where(rows.own(_upload), *_EXPIRED)


def start(tx: Transaction, upload: UploadRow) -> None:
    """Begin a file."""
    rows.add(tx, _INSERT, [upload])


def find(tx: Transaction, upload_id: str) -> UploadRow:
    """One file on its way. Raises NotFound."""
    return _found(tx, _ONE, upload_id)


def lock(tx: Transaction, upload_id: str) -> UploadRow:
    """The same, for this transaction alone to go on with. Raises NotFound."""
    return _found(tx, _LOCKED, upload_id)


def of_employee(tx: Transaction, employee_id: EmployeeId) -> tuple[UploadRow, ...]:
    """What a person is sending, the oldest first."""
    return rows.fetch(tx, _OF_EMPLOYEE, UploadRow, {"employee_id": employee_id})


def add_part(
    tx: Transaction, upload: UploadRow, sealed: bytes, *, length: int, until: datetime
) -> int:
    """Keep the next part; how much has come now. Raises StaleVersion when it is not the next."""
    received = upload.received + length
    values = {
        "upload_id": upload.id,
        "known": upload.received,
        "new_received": received,
        "new_expires_at": until,
    }
    if rows.run(tx, _ADVANCE, values) != 1:
        raise StaleVersion("upload", upload.id, expected=upload.received, actual=None)
    rows.add(tx, _INSERT_PART, [PartRow(upload.id, upload.received, sealed)])
    return received


def parts(tx: Transaction, upload_id: str) -> tuple[PartRow, ...]:
    """The parts in order."""
    return rows.fetch(tx, _PARTS, PartRow, {"upload_id": upload_id})


def finish(tx: Transaction, upload_id: str, attachment_id: str) -> None:
    """The parts have become evidence."""
    rows.run(tx, _DELETE_PARTS, {"upload_id": upload_id})
    rows.run(tx, _FINISH, {"upload_id": upload_id, "new_attachment_id": attachment_id})


def remove(tx: Transaction, upload_id: str) -> None:
    """Let go of a file and its parts."""
    rows.run(tx, _DELETE_PARTS, {"upload_id": upload_id})
    rows.run(tx, _DELETE, {"upload_id": upload_id})


def delete_expired(tx: Transaction, *, now: datetime) -> int:
    """Let go of files that nobody went on with; how many."""
    rows.run(tx, _DELETE_EXPIRED_PARTS, {"now": now})
    return rows.run(tx, _DELETE_EXPIRED, {"now": now})


def _found(tx: Transaction, statement: object, upload_id: str) -> UploadRow:
    found = rows.fetch_one(tx, statement, UploadRow, {"id": upload_id})  # type: ignore[arg-type]
    if found is None:
        raise NotFound("upload", upload_id)
    return found
