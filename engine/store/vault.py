"""Where the bytes of files lie: a folder, or a bucket of an S3 service for several machines.

Both are addressed by content: a file is stored under its SHA-256, storing it twice changes nothing,
and what comes out is compared with its name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from engine.errors import Unavailable
from engine.store.ids import new_id

BUCKET = "s3"
BUCKET_NEEDS = (
    "files in a bucket need a library that is not installed: pip install alur-kinerja[s3]"
)


class Vault(Protocol):
    """Keeps files by the SHA-256 of their bytes. Every method may raise Unavailable."""

    def put(self, content: bytes) -> str:
        """Store the bytes unless they are there already; their SHA-256 in hexadecimal."""

    def get(self, digest: str) -> bytes:
        """The bytes of a SHA-256; raises Unavailable when they are missing or damaged too."""

    def names(self) -> Iterator[str]:
        """The SHA-256 of everything stored, in no order."""


@dataclass(frozen=True)
class Folder:
    """Files in a folder of this machine, or of one that several machines share."""

    path: Path

    def put(self, content: bytes) -> str:
        """Write beside the place and move there, so that no half file ever has its name."""
        digest = sha256(content).hexdigest()
        place = self.path / digest
        try:
            if not place.exists():
                self.path.mkdir(parents=True, exist_ok=True)
                self._move(place, content)
        except OSError as error:
            raise Unavailable("files", f"the folder of files takes nothing: {error}") from error
        return digest

    def _move(self, place: Path, content: bytes) -> None:
        part = place.with_name(f"{place.name}.{new_id()}")
        try:
            part.write_bytes(content)
            part.replace(place)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def get(self, digest: str) -> bytes:
        """Read and compare."""
        try:
            content = (self.path / digest).read_bytes()
        except OSError as error:
            raise Unavailable("files", f"file {digest} cannot be read") from error
        return _compared(digest, content)

    def names(self) -> Iterator[str]:
        """Whole files only."""
        if self.path.is_dir():
            yield from (file.name for file in self.path.iterdir() if "." not in file.name)


@dataclass(frozen=True)
class Bucket:
    """Files in a bucket; `store` is the client of the optional library."""

    store: Any

    def put(self, content: bytes) -> str:
        """One object a file; a second writer of the same bytes changes nothing."""
        digest = sha256(content).hexdigest()
        try:
            self.store.put(digest, content)
        except Exception as error:
            raise _bucket_failed(error) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Fetch and compare."""
        try:
            content = self.store.get(digest).bytes().to_bytes()
        except Exception as error:
            raise _bucket_failed(error) from error
        return _compared(digest, content)

    def names(self) -> Iterator[str]:
        """All objects, page by page."""
        try:
            for page in self.store.list():
                yield from (entry["path"] for entry in page)
        except Exception as error:
            raise _bucket_failed(error) from error


def open_vault(place: str | Path) -> Vault:
    """The vault at a folder's path, or at `s3://bucket/prefix` with AWS_… from the environment.

    Raises Unavailable when the library for buckets is not installed.
    """
    if not isinstance(place, str) or urlsplit(place).scheme != BUCKET:
        return Folder(Path(place))
    try:
        from obstore.store import S3Store
    except ModuleNotFoundError as error:
        raise Unavailable("files", BUCKET_NEEDS) from error
    return Bucket(S3Store.from_url(place))


def _bucket_failed(error: Exception) -> Unavailable:
    # The client raises a class for each of its backends' moods; to us they are all the same.
    return Unavailable("files", f"the bucket of files failed: {type(error).__name__}")


def _compared(digest: str, content: bytes) -> bytes:
    if sha256(content).hexdigest() != digest:
        raise Unavailable("files", f"file {digest} is damaged")
    return content
