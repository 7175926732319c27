"""Files that pages load: known by name, addressed by content, compressed before they are asked for.

All of them are read at start, so no address of a visitor ever becomes a path.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"
OWN = ("app.css", "mark.svg", "team.js", "upload.js", "work.js")
MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
WORTH_COMPRESSING = 600
DIGEST = 12


@dataclass(frozen=True)
class Asset:
    """One file; `coded` holds its compressed twins by the name of their coding, best first."""

    name: str
    content: bytes
    coded: Mapping[str, bytes]

    @cached_property
    def hashed(self) -> str:
        """The name that changes with the content."""
        stem, suffix = self.name.split(".")
        return f"{stem}-{sha256(self.content).hexdigest()[:DIGEST]}.{suffix}"


class Assets:
    """The files of one folder, and what `asset(name)` of the templates answers."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._by_name = {found.name: found for found in _read(folder)}
        hashed = {found.hashed: found for found in self._by_name.values()}
        self._served = {**self._by_name, **hashed}

    def address(self, name: str) -> str | None:
        """Where the file is to be had; None for one that was not built here."""
        found = self._by_name.get(name)
        return f"{PREFIX}{found.hashed}" if found else None

    def size(self, name: str, coding: str) -> int:
        """The bytes on the wire, for what is told about weight."""
        return len(self._by_name[name].coded[coding])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD of one known name. Raises 404 for every other."""
        name = scope["path"].removeprefix(PREFIX)
        if scope["method"] not in {"GET", "HEAD"} or name not in self._served:
            raise HTTPException(404)
        found = self._served[name]
        await _answer(found, Headers(scope=scope), name == found.hashed)(scope, receive, send)


def _answer(found: Asset, asked: Headers, for_ever: bool) -> Response:
    tag = f'"{sha256(found.content).hexdigest()[:32]}"'
    headers = {"Cache-Control": FOR_EVER if for_ever else "no-cache", "Vary": "Accept-Encoding"}
    headers["ETag"] = tag
    if asked.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = found.content
    for coding in accepted(asked.get("accept-encoding", "")):
        if coding in found.coded:
            content, headers["Content-Encoding"] = found.coded[coding], coding
            break
    media = MEDIA[f".{found.name.split('.')[1]}"]
    return Response(content, media_type=media, headers=headers)


def accepted(header: str) -> tuple[str, ...]:
    """The codings that a visitor takes, ours in the order of what they save."""
    offered = {}
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        offered[coding.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00"}
    return tuple(coding for coding in ("br", "gzip") if offered.get(coding))


def _read(folder: Path) -> Iterator[Asset]:
    """Our own files as they are now, and what was built; a stale build of ours is passed over."""
    for name in OWN:
        yield _with_twins(name, (folder / name).read_bytes(), folder / "dist")
    manifest = folder / "dist" / "manifest.json"
    built = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    for name, file in built.items():
        if name not in OWN:
            yield _with_twins(name, (folder / "dist" / file).read_bytes(), folder / "dist")


def _with_twins(name: str, content: bytes, built: Path) -> Asset:
    plain = Asset(name, content, {})
    if len(content) < WORTH_COMPRESSING:
        return plain
    twins = {"gzip": gzip.compress(content, 9, mtime=0)}
    brotli = built / f"{plain.hashed}.br"
    if brotli.is_file():
        twins["br"] = brotli.read_bytes()
    return Asset(name, content, twins)
