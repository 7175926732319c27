"""The words of a log entry, which are sealed, and the pieces of evidence that belong to it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from engine.errors import Finding

LONGEST_LINK, LONGEST_NUMBER = 500, 200
SCHEMES = ("https://", "http://")


class PieceKind(StrEnum):
    """What a piece of evidence is; what a link leads to is not sealed."""

    FILE = "file"
    LINK = "link"
    PAPER = "paper"


@dataclass(frozen=True)
class Piece:
    """A piece of evidence: the name of a file with the SHA-256 of its bytes, a link, or a number.

    The number is that of a document on paper.
    """

    kind: PieceKind
    text: str
    sha256: str = ""


@dataclass(frozen=True)
class LogContent:
    """What an entry says; `task` is a result of the plan as it is written there, or empty."""

    text: str
    task: str = ""
    late_reason: str = ""
    pieces: tuple[Piece, ...] = ()

    def as_bytes(self) -> bytes:
        """The content as it is sealed and committed to."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()


def content_of(stored: bytes) -> LogContent:
    """What `as_bytes` gave."""
    found = json.loads(stored)
    pieces = tuple(
        Piece(PieceKind(piece["kind"]), piece["text"], piece["sha256"])
        for piece in found.pop("pieces")
    )
    return LogContent(**found, pieces=pieces)


def wrong_pieces(pieces: Sequence[Piece]) -> list[Finding]:
    """Links that lead nowhere, and papers without a number or with too long a one."""
    return [
        Finding(f"daily_log.{piece.kind.value}", element_id=piece.kind.value)
        for piece in pieces
        if not _says_where(piece)
    ]


def _says_where(piece: Piece) -> bool:
    match piece.kind:
        case PieceKind.LINK:
            return piece.text.startswith(SCHEMES) and len(piece.text) <= LONGEST_LINK
        case PieceKind.PAPER:
            return 0 < len(piece.text.strip()) <= LONGEST_NUMBER
    return True
