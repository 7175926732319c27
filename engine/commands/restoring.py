"""Takes a copy of an installation back, whole or not at all, and proves the trail it brings."""

import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

import zstandard

from engine.commands.backups import FILES, FORMAT, MANIFEST, ROWS, Manifest, Part, Tally
from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import SYSTEM
from engine.errors import Conflict, InvalidFile, SchemaMismatch, TrailTampered
from engine.store import agencies, audit, copies, schema, verification
from engine.store.database import Transaction

# What tells somebody how much he would lose.
TELLING = ("agency", "employee", "instance", "submission", "audit_event")


@dataclass(frozen=True)
class Restored:
    """What was taken back."""

    manifest: Manifest
    agencies: int
    events: int


def present(desk: Desk) -> Mapping[str, int]:
    """How much stands in the database now; empty when there are no tables or no agency."""
    with desk.store.as_owner() as tx:
        if schema.version(tx.connection) is None:
            return {}
        counts = {name: copies.count_rows(tx, name) for name in TELLING}
    return counts if counts["agency"] else {}


def restore_backup(
    desk: Desk, place: Path, keys: Path, *, replace: bool = False, now: datetime
) -> Restored:
    """Take the copy back into an empty database; `replace` throws away what stands there.

    Everything is compared with its hash before anything is changed, and one transaction of the
    tables' owner changes it all: rows, guards, the proof of every trail, and an event in each.
    Raises InvalidFile, SchemaMismatch, Conflict when the database is not empty, or TrailTampered.
    """
    with _opened(place) as archive:
        manifest = _manifest(place, archive)
        if manifest.schema != schema.expected():
            raise SchemaMismatch(manifest.schema, schema.expected())
        _compare_rows(place, archive, manifest)
        _compare(keys, _unpacked(keys.open("rb")), manifest.keys)
        if not replace and present(desk):
            raise Conflict("the database is not empty; --replace throws away what stands there")
        _bring_files(desk, place, archive, manifest)
        with desk.store.as_owner() as tx:
            _bring_rows(tx, archive, keys, app_role=desk.store.app_role)
            return _prove(tx, manifest, now)


@contextmanager
def _opened(place: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(place) as archive:
            yield archive
    except tarfile.TarError as error:
        raise InvalidFile(place.name, "not_a_copy") from error


def _manifest(place: Path, archive: tarfile.TarFile) -> Manifest:
    try:
        given = json.loads(_member(place, archive, MANIFEST).read())
        if given["format"] != FORMAT:
            raise InvalidFile(place.name, "other_format")
        tables = {name: Part(**part) for name, part in given.pop("tables").items()}
        keys = Part(**given.pop("keys"))
        return Manifest(tables=tables, keys=keys, **given)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidFile(place.name, "not_a_copy") from error


def _member(place: Path, archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = archive.extractfile(name)
    except KeyError as error:
        raise InvalidFile(place.name, "incomplete") from error
    if found is None:
        raise InvalidFile(place.name, "incomplete")
    return found


def _compare_rows(place: Path, archive: tarfile.TarFile, manifest: Manifest) -> None:
    if set(manifest.tables) != set(copies.table_names()):
        raise InvalidFile(place.name, "other_tables")
    for name, part in manifest.tables.items():
        _compare(place, _lines_of(place, archive, name), part)


def _compare(place: Path, lines: Iterator[bytes], part: Part) -> None:
    tally = Tally()
    try:
        for _ in tally.through(lines):
            pass
    except zstandard.ZstdError as error:
        raise InvalidFile(place.name, "damaged") from error
    if tally.part != part:
        raise InvalidFile(place.name, "damaged")


def _lines_of(place: Path, archive: tarfile.TarFile, table: str) -> Iterator[bytes]:
    return _unpacked(_member(place, archive, f"{ROWS}/{table}.jsonl.zst"))


def _unpacked(raw: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    with raw:
        for chunk in zstandard.ZstdDecompressor().read_to_iter(raw):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


def _bring_files(desk: Desk, place: Path, archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Files are named by their content, so bringing them before the rows changes nothing."""
    for digest in manifest.files:
        content = _member(place, archive, f"{FILES}/{digest}").read()
        if sha256(content).hexdigest() != digest:
            raise InvalidFile(place.name, "damaged")
        desk.files.put(content)


def _bring_rows(
    tx: Transaction, archive: tarfile.TarFile, keys: Path, *, app_role: str | None
) -> None:
    if schema.version(tx.connection) is not None:
        copies.empty(tx)
    schema.upgrade(tx.connection, app_role=app_role)
    for name in copies.table_names():
        if name not in copies.NOT_TAKEN_BACK:
            copies.load_table(tx, name, _lines_of(keys, archive, name))
    copies.load_keys(tx, _unpacked(keys.open("rb")))


def _prove(tx: Transaction, manifest: Manifest, now: datetime) -> Restored:
    """Verify every trail, then note in it what was done; raises TrailTampered."""
    ids, events = agencies.every_id(tx), 0
    for agency_id in ids:
        own = Transaction(tx.connection, agency_id)
        for problem in verification.verify(own):
            raise TrailTampered(problem.chain_id, problem.n, problem.kind.value)
        count = verification.count_events(own)
        values = {
            "manifest": manifest.digest, "made_at": manifest.made_at, "events": count,
            "files": len(manifest.files),
        }  # fmt: skip
        noted = AuditEvent(Action.BACKUP_RESTORED, now, SYSTEM, values=values)
        audit.append_to_chain(own, audit.object_chain("backup", manifest.digest), [noted])
        events += count
    return Restored(manifest, len(ids), events)
