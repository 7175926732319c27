"""Files by their SHA-256, and where they are attached; the bytes lie outside the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class FileRow:
    """One stored file; `size` in bytes."""

    sha256: str
    size: int
    media_type: str
    created_at: datetime


@dataclass(frozen=True)
class AttachmentRow:
    """A file attached to a work item; `name_sealed` is its name under the case's key."""

    id: str
    instance_id: str
    work_item_id: str
    sha256: str
    name_sealed: bytes
    uploaded_by: EmployeeId
    at: datetime


_file, _attachment = tables.stored_file, tables.attachment
_FILE = rows.selected(_file, FileRow).where(_file.c.sha256 == bindparam("sha256"))
_ATTACHMENTS = rows.selected(_attachment, AttachmentRow).order_by(
    _attachment.c.at, _attachment.c.id
)
_ATTACHMENT = _ATTACHMENTS.where(_attachment.c.id == bindparam("id"))
_OF_ITEM = _ATTACHMENTS.where(_attachment.c.work_item_id == bindparam("work_item_id"))
_OF_INSTANCE = _ATTACHMENTS.where(_attachment.c.instance_id == bindparam("instance_id"))
_INSERT, _ATTACH = rows.inserted(_file), rows.inserted(_attachment)


def find(tx: Transaction, sha256: str) -> FileRow | None:
    """A stored file."""
    return rows.fetch_one(tx, _FILE, FileRow, {"sha256": sha256})


def keep(tx: Transaction, file: FileRow) -> None:
    """Record a file unless the same bytes are known."""
    if find(tx, file.sha256) is None:
        rows.add(tx, _INSERT, [file])


def attach(tx: Transaction, file: FileRow, attachment: AttachmentRow) -> None:
    """Attach a file, recording it unless the same bytes are known."""
    keep(tx, file)
    rows.add(tx, _ATTACH, [attachment])


def attachment(tx: Transaction, attachment_id: str) -> AttachmentRow:
    """One attachment. Raises NotFound."""
    found = rows.fetch_one(tx, _ATTACHMENT, AttachmentRow, {"id": attachment_id})
    if found is None:
        raise NotFound("attachment", attachment_id)
    return found


def of_item(tx: Transaction, work_item_id: str) -> tuple[AttachmentRow, ...]:
    """The attachments of a work item, the oldest first."""
    return rows.fetch(tx, _OF_ITEM, AttachmentRow, {"work_item_id": work_item_id})


def of_instance(tx: Transaction, instance_id: str) -> tuple[AttachmentRow, ...]:
    """The attachments of an instance, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, AttachmentRow, {"instance_id": instance_id})
