"""Files that come in parts over a line that breaks: each part is kept, the rest follows later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from engine.commands.desk import Desk
from engine.commands.evidence import (
    MAX_BYTES,
    MAX_PER_ITEM,
    attach,
    check_beginning,
    open_work,
)
from engine.domain.people import Actor
from engine.errors import InvalidFile, NotFound, StaleVersion
from engine.store import files, uploads
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.instances import LoadedStep
from engine.store.sealing import open_sealed, seal
from engine.store.uploads import UploadRow

# Counted from the last part that came.
KEPT = timedelta(days=1)
MAX_AT_ONCE = 5
MAX_PART = 1_048_576


@dataclass(frozen=True)
class Received:
    """How much of a file has come; `attachment_id` once it is whole and stored as evidence."""

    upload_id: str
    received: int
    size: int
    attachment_id: str | None = None
    name: str = ""


def begin_upload(
    desk: Desk, actor: Actor, *, item_id: str, name: str, size: int, mark: str = "", now: datetime
) -> Received:
    """A file of `size` bytes is going to come; what came of it before is not sent again.

    `mark` tells files of one name apart, such as the date of the last change. Raises NotFound,
    Forbidden, WorkItemClosed or InvalidFile.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = open_work(tx, desk, actor, item_id)
        if not 0 < size <= MAX_BYTES:
            raise InvalidFile(name, "evidence.too_large" if size > 0 else "evidence.empty")
        if len(files.of_item(tx, item_id)) >= MAX_PER_ITEM:
            raise InvalidFile(name, "evidence.too_many")
        own, title = uploads.of_employee(tx, actor.employee_id), orjson.dumps([name, mark])
        known = next((row for row in own if _is_same(loaded, row, title, size)), None)
        if known:
            return Received(known.id, known.received, known.size)
        for row in own[: max(0, len(own) + 1 - MAX_AT_ONCE)]:
            uploads.remove(tx, row.id)
        sealed = seal(loaded.instance.key, title)
        upload = UploadRow(new_id(), item_id, actor.employee_id, sealed, size, now, now + KEPT)
        uploads.start(tx, upload)
        return Received(upload.id, 0, size)


def upload_state(desk: Desk, actor: Actor, *, item_id: str, upload_id: str) -> Received:
    """Where to go on. Raises NotFound, also for the files of others."""
    with desk.store.reading(actor.agency_id) as tx:
        row = _own(uploads.find(tx, upload_id), actor, item_id)
        return Received(row.id, row.received, row.size, row.attachment_id)


def add_part(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    upload_id: str,
    start: int,
    content: bytes,
    now: datetime,
) -> Received:
    """Keep the part that begins at `start`; the last one makes the file evidence.

    Raises NotFound, Forbidden, WorkItemClosed, InvalidFile, or StaleVersion, whose `actual` says
    where to go on, when the part does not begin where the last one ended.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        row = _own(uploads.lock(tx, upload_id), actor, item_id)
        loaded = open_work(tx, desk, actor, item_id)
        name = str(orjson.loads(open_sealed(loaded.instance.key, row.name_sealed))[0])
        if row.attachment_id:
            return Received(row.id, row.size, row.size, row.attachment_id, name)
        if start != row.received:
            raise StaleVersion("upload", upload_id, expected=start, actual=row.received)
        if not content or len(content) > min(MAX_PART, row.size - start):
            raise InvalidFile(name, "evidence.too_large" if content else "evidence.empty")
        if start == 0:
            check_beginning(name, content)
        sealed = seal(loaded.instance.key, content)
        received = uploads.add_part(tx, row, sealed, length=len(content), until=now + KEPT)
        if received < row.size:
            return Received(row.id, received, row.size)
        whole = _whole(tx, loaded, row)
        attached = attach(tx, desk, actor, loaded, name=name, content=whole, now=now)
        uploads.finish(tx, row.id, attached)
        return Received(row.id, received, row.size, attached, name)


def _whole(tx: Transaction, loaded: LoadedStep, row: UploadRow) -> bytes:
    key = loaded.instance.key
    return b"".join(open_sealed(key, part.content) for part in uploads.parts(tx, row.id))


def _is_same(loaded: LoadedStep, row: UploadRow, title: bytes, size: int) -> bool:
    same = row.work_item_id == loaded.item.id and row.size == size and not row.attachment_id
    return same and open_sealed(loaded.instance.key, row.name_sealed) == title


def _own(row: UploadRow, actor: Actor, item_id: str) -> UploadRow:
    if row.employee_id != actor.employee_id or row.work_item_id != item_id:
        raise NotFound("upload", row.id)
    return row
