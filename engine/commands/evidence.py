"""Evidence files: checked by content and size, stored by hash, read only by who reads the case."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand, refusals_audited, work_access
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.people import Actor
from engine.errors import InvalidFile, NotFound, WorkItemClosed
from engine.queries.case_heads import any_case_head
from engine.queries.readable_answers import reading_of
from engine.queries.steps import work_rows
from engine.store import audit, files, instances
from engine.store.database import Transaction
from engine.store.files import AttachmentRow, FileRow
from engine.store.ids import new_id
from engine.store.instances import LoadedStep
from engine.store.sealing import open_sealed, seal
from engine.store.states import WorkItemState

MAX_BYTES = 10_000_000
MAX_PER_ITEM = 60
MAX_UNPACKED_BYTES = 100_000_000
MAX_MEMBERS = 5_000
MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)
ARCHIVE = b"PK\x03\x04"
OFFICE = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
    ),
}


@dataclass(frozen=True)
class EvidenceFile:
    """A stored file as its reader gets it."""

    name: str
    media_type: str
    content: bytes


def store_evidence(
    desk: Desk, actor: Actor, *, item_id: str, name: str, content: bytes, now: datetime
) -> str:
    """Attach a file to an open work item; the attachment's id.

    Raises NotFound, Forbidden, WorkItemClosed, or InvalidFile for empty, too large or too many
    files and for content that is not PDF, PNG, JPEG, DOCX or XLSX, whatever its name says.
    """
    media_type_of(name, content)
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = open_work(tx, desk, actor, item_id)
        return attach(tx, desk, actor, loaded, name=name, content=content, now=now)


def open_work(tx: Transaction, desk: Desk, actor: Actor, item_id: str) -> LoadedStep:
    """The work item that the actor fills in now. Raises NotFound, Forbidden or WorkItemClosed."""
    loaded = instances.load_for_step(tx, item_id)
    row = loaded.instance.row
    definition = desk.definitions.get(tx, row.definition_id)
    properties = definition.properties_of(loaded.item.element_id)
    demand(actor, Verb.PREPARE_WORK, work_access(tx, row, loaded.item, properties))
    if loaded.item.state != WorkItemState.OPEN:
        raise WorkItemClosed(item_id, loaded.item.state, loaded.item.closed_at)
    return loaded


def attach(
    tx: Transaction,
    desk: Desk,
    actor: Actor,
    loaded: LoadedStep,
    *,
    name: str,
    content: bytes,
    now: datetime,
) -> str:
    """Make a whole file the evidence of an open work item; the attachment's id.

    Raises InvalidFile.
    """
    media_type, ending = media_type_of(name, content)
    row, item_id = loaded.instance.row, loaded.item.id
    if len(files.of_item(tx, item_id)) >= MAX_PER_ITEM:
        raise InvalidFile(name, "evidence.too_many")
    digest = desk.files.put(content)
    sealed = seal(loaded.instance.key, shown_name(name, ending).encode())
    attachment = AttachmentRow(new_id(), row.id, item_id, digest, sealed, actor.employee_id, now)
    files.attach(tx, FileRow(digest, len(content), media_type, now), attachment)
    scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
    event = scribe.event(
        Action.FILE_ADDED, item=item_id, attachment=attachment.id, size=len(content)
    )
    instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
    return attachment.id


def check_beginning(name: str, content: bytes) -> None:
    """Refuse a file of no allowed kind by its first bytes, before the rest is sent."""
    beginnings = (*(magic for magic, _, _ in MAGIC), ARCHIVE)
    if not any(content.startswith(magic[: len(content)]) for magic in beginnings):
        raise InvalidFile(name, "evidence.kind")


def media_type_of(name: str, content: bytes) -> tuple[str, str]:
    """Media type and ending by content. Raises InvalidFile."""
    if not content:
        raise InvalidFile(name, "evidence.empty")
    if len(content) > MAX_BYTES:
        raise InvalidFile(name, "evidence.too_large")
    for magic, media_type, ending in MAGIC:
        if content.startswith(magic):
            return media_type, ending
    if content.startswith(ARCHIVE):
        return _office_type(name, content)
    raise InvalidFile(name, "evidence.kind")


def _office_type(name: str, content: bytes) -> tuple[str, str]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError) as error:
        raise InvalidFile(name, "evidence.broken") from error
    members = {entry.filename for entry in entries}
    if _unpacks_badly(entries):
        raise InvalidFile(name, "evidence.archive")
    if any("vbaProject" in member for member in members):
        raise InvalidFile(name, "evidence.macros")
    for member, found in OFFICE.items():
        if member in members:
            return found
    raise InvalidFile(name, "evidence.kind")


def _unpacks_badly(entries: Sequence[ZipInfo]) -> bool:
    """Whether opening it would fill a memory or write outside of its folder.

    The product never unpacks evidence, but the computer of whoever reads it does.
    """
    size = sum(entry.file_size for entry in entries)
    outside = any(
        entry.filename.startswith("/") or {"..", ":", "\\"} & _parts(entry.orig_filename)
        for entry in entries
    )
    return outside or size > MAX_UNPACKED_BYTES or len(entries) > MAX_MEMBERS


def _parts(member: str) -> set[str]:
    """The folders of a member's name, and the letters that lead elsewhere on some systems."""
    return set(member.replace("\\", "/").split("/")) | ({":", "\\"} & set(member))


def shown_name(name: str, ending: str) -> str:
    """A harmless file name with the ending of its content, at most 120 characters."""
    stem = re.split(r"[/\\]", name)[-1].rsplit(".", 1)[0]
    stem = "".join(letter for letter in stem if letter.isprintable() and letter not in '<>:"|?*;%')
    return (stem.strip(" .")[:110] or "bukti") + ending


def read_evidence(desk: Desk, actor: Actor, *, attachment_id: str, now: datetime) -> EvidenceFile:
    """A file of a case; reading somebody else's is noted. Raises NotFound or Forbidden."""
    with (
        refusals_audited(desk, actor, Verb.READ_EVIDENCE, target=attachment_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        attachment = files.attachment(tx, attachment_id)
        loaded = instances.read(tx, attachment.instance_id)
        row = loaded.row
        demand(actor, Verb.READ_EVIDENCE, case_access(tx, row))
        settings = desk.definitions.get(tx, row.definition_id).settings
        items = {item.id: item for item in work_rows(tx, row.id)}
        reading = reading_of(tx, any_case_head(tx, row.id, now), settings, items)
        if not reading.may_read_file(actor, attachment):
            raise NotFound("attachment", attachment_id)
        stored = files.find(tx, attachment.sha256)
        if actor.employee_id != row.subject_id:
            scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
            event = scribe.event(Action.FILE_VIEWED, attachment=attachment_id)
            instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
        name = open_sealed(loaded.key, attachment.name_sealed).decode()
        content = desk.files.get(attachment.sha256)
        return EvidenceFile(name, stored.media_type if stored else "", content)
