"""Copies of a whole installation, and taking one back: checked by hash before anything is changed.

A copy is one tar archive (manifest, rows by table, files by hash) and, apart from it, one file with
the sealing keys: without the keys nobody can read the texts in the archive, and destroying both
copies of a key still erases them. It holds no secrets of the installation's settings.
"""

import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import zstandard

from engine.commands.desk import Desk
from engine.domain.audit import instant_text
from engine.store import copies, schema
from engine.store.database import ANY_AGENCY

FORMAT = 1
MANIFEST, ROWS, FILES = "manifest.json", "rows", "files"
KEYS_SUFFIX = ".keys"


@dataclass(frozen=True)
class Part:
    """One table of a copy: how many rows, and the SHA-256 of their lines."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a copy holds; its own SHA-256 names the copy."""

    made_at: str
    schema: str
    tables: dict[str, Part]
    files: dict[str, int]
    keys: Part
    format: int = FORMAT

    @property
    def content(self) -> bytes:
        """The bytes that are stored."""
        return json.dumps(asdict(self), sort_keys=True, indent=1).encode()

    @property
    def digest(self) -> str:
        """The name of the copy."""
        return sha256(self.content).hexdigest()


@dataclass
class Tally:
    """Counts and hashes lines on their way."""

    rows: int = 0
    hashed: Any = field(default_factory=sha256)

    def through(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines."""
        for line in lines:
            self.rows += 1
            self.hashed.update(line + b"\n")
            yield line

    @property
    def part(self) -> Part:
        """What has gone through."""
        return Part(self.rows, self.hashed.hexdigest())


def make_backup(desk: Desk, place: Path, *, now: datetime) -> Manifest:
    """Write a copy to `place` and the keys beside it, while work goes on; all of one moment.

    Files are stored before the rows that name them, so every file of that moment is there.
    """
    part, keys_part = _aside(place), _aside(keys_of(place))
    with (
        TemporaryDirectory(dir=place.parent) as folder,
        desk.store.reading(ANY_AGENCY) as tx,
        tarfile.open(part, "w") as archive,
    ):
        tables = {}
        for name in copies.table_names():
            lines = copies.read_table(tx, name)
            packed = Path(folder) / f"{name}.jsonl.zst"
            tables[name] = _pack(packed, lines)
            archive.add(packed, f"{ROWS}/{packed.name}")
            packed.unlink()
        keys = _pack(keys_part, copies.read_keys(tx), private=True)
        files = dict(copies.digests(tx))
        for digest in files:
            _add(archive, f"{FILES}/{digest}", desk.files.get(digest))
        manifest = Manifest(instant_text(now), schema.expected(), tables, files, keys)
        _add(archive, MANIFEST, manifest.content)
    for made, final in ((part, place), (keys_part, keys_of(place))):
        _settle(made, final)
    return manifest


def keys_of(place: Path) -> Path:
    """Where the keys of a copy lie unless they are kept elsewhere."""
    return place.with_name(place.name + KEYS_SUFFIX)


def _aside(place: Path) -> Path:
    return place.with_name(place.name + ".part")


def _pack(place: Path, lines: Iterable[bytes], *, private: bool = False) -> Part:
    tally = Tally()
    if private:
        place.touch(mode=0o600)
    with place.open("wb") as raw, zstandard.ZstdCompressor().stream_writer(raw) as packed:
        for line in tally.through(lines):
            packed.write(line + b"\n")
    return tally.part


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, BytesIO(content))


def _settle(made: Path, final: Path) -> None:
    """Give a whole and durable file its name."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.chmod(0o600)
    made.replace(final)
