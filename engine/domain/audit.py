"""The audit event: what it may hold, its exact bytes, and the chain that seals it.

A body holds only ids, numbers, codes and commitments; names and free text never enter it. Its
bytes are those of RFC 8785, which the store keeps as they are and never writes anew.
"""

import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from unicodedata import is_normalized, normalize

from engine.domain.actions import Action
from engine.domain.people import AgencyId, EmployeeId

FORMAT = 1
GENESIS = "0" * 64
SALT_BYTES = 16
MAX_DEPTH = 32
# Beyond these, JSON numbers of RFC 8785 are not exact.
MAX_INTEGER = 2**53 - 1
_KEY = re.compile(r"[a-z][a-z0-9_]*")
# Text that a step saw is either a code, which is kept, or somebody's words, which are not.
CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,80}")
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_EVENT_TAG = b"alur/audit/1\0"
_COMMITMENT_TAG = b"alur/commitment/1\0"


class NotCanonical(ValueError):
    """A value that an event body may not hold; the message names its path."""


class ProblemKind(StrEnum):
    """What is wrong with a chain or with what it vouches for."""

    NUMBER = "number"
    FORMAT = "format"
    HASH = "hash"
    COPY = "copy"
    HEAD = "head"
    COUNT = "count"
    NO_HEAD = "no_head"
    SUBMISSION = "submission"
    DECISION = "decision"
    COMMENT = "comment"
    RESULT_SHEET = "result_sheet"
    DELEGATION = "delegation"
    RESULT = "result"
    DUE_DATE = "due_date"
    HOLDER = "holder"
    EXTENDED = "extended"
    RATERS = "raters"
    SUBJECT_LEFT = "subject_left"
    RECORD = "record"
    APPOINTMENT = "appointment"
    EXTENSION = "extension"
    SURVEY = "survey"
    FOLLOW_UP = "follow_up"
    RECAP = "recap"
    FIGURES = "figures"
    LOG = "log"
    LOG_ENTRY = "log_entry"
    LOG_NOTE = "log_note"
    DEFINITION_FILE = "definition_file"


@dataclass(frozen=True)
class Problem:
    """One broken place; `n` is the event's number, or the last one where the head is wrong."""

    chain_id: str
    n: int
    kind: ProblemKind


@dataclass(frozen=True)
class AuditEvent:
    """One fact before it is sealed; `values` are numbers, codes, ids and commitments."""

    action: Action
    at: datetime
    actor: EmployeeId
    role: str | None = None
    on_behalf_of: EmployeeId | None = None
    instance: str | None = None
    item: str | None = None
    element: str | None = None
    definition: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def body(self, agency_id: AgencyId) -> dict[str, object]:
        """What is sealed; absent fields are left out."""
        fields: dict[str, object | None] = {
            "agency": agency_id,
            "action": self.action.value,
            "at": instant_text(self.at),
            "actor": self.actor,
            "role": self.role,
            "on_behalf_of": self.on_behalf_of,
            "instance": self.instance,
            "item": self.item,
            "element": self.element,
            "definition": self.definition,
            "values": plain(self.values) or None,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True)
class ChainHead:
    """The end of a chain: hash of its last event and how many there are."""

    chain_id: str
    head: str = GENESIS
    count: int = 0


@dataclass(frozen=True)
class SealedEvent:
    """One stored event; all but `body` and `hash` are copies for searching."""

    agency_id: AgencyId
    chain_id: str
    n: int
    at: datetime
    actor_id: str
    action: str
    body: str
    hash: str
    format: int = FORMAT


def extend(
    chain: ChainHead, agency_id: AgencyId, events: Sequence[AuditEvent]
) -> tuple[ChainHead, tuple[SealedEvent, ...]]:
    """The chain with `events` at its end, and the rows to store. Raises NotCanonical."""
    name, head, n = chain.chain_id, chain.head, chain.count
    sealed = []
    for event in events:
        body = canonical(event.body(agency_id))
        n += 1
        head = event_hash(head, name, n, body)
        at, actor, action = event.at.astimezone(UTC), event.actor, event.action.value
        sealed.append(SealedEvent(agency_id, name, n, at, actor, action, body.decode(), head))
    return ChainHead(name, head, n), tuple(sealed)


def event_hash(prev: str, chain_id: str, n: int, body: bytes) -> str:
    """Hex SHA-256 that binds an event to its place; every part has a fixed or stated length."""
    name = chain_id.encode()
    digest = sha256(_EVENT_TAG)
    digest.update(bytes.fromhex(prev))
    digest.update(len(name).to_bytes(4) + name + n.to_bytes(8) + len(body).to_bytes(8))
    digest.update(body)
    return digest.hexdigest()


def commitment(salt: bytes, content: bytes) -> str:
    """Hex SHA-256 that an event may hold instead of `content`; the salt has at least 128 bits."""
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    tagged = _COMMITMENT_TAG + len(salt).to_bytes(4) + salt + content
    return sha256(tagged).hexdigest()


def commits_to(given: str, salt: bytes, content: bytes) -> bool:
    """Whether `given` is the commitment to `content`."""
    return hmac.compare_digest(given, commitment(salt, content))


def verify_chain(events: Iterable[SealedEvent], head: str, count: int) -> Problem | None:
    """The first problem of one chain, whose events come in the order of their numbers."""
    chain: ChainHead | None = None
    for event in events:
        chain = chain or ChainHead(event.chain_id)
        kind = _problem_of(event, chain)
        if kind:
            return Problem(chain.chain_id, event.n, kind)
        chain = replace(chain, head=event.hash, count=event.n)
    chain = chain or ChainHead("")
    if chain.count != count:
        return Problem(chain.chain_id, chain.count, ProblemKind.COUNT)
    if chain.head != head:
        return Problem(chain.chain_id, chain.count, ProblemKind.HEAD)
    return None


def _problem_of(event: SealedEvent, chain: ChainHead) -> ProblemKind | None:
    if event.chain_id != chain.chain_id or event.n != chain.count + 1:
        return ProblemKind.NUMBER
    if event.format != FORMAT:
        return ProblemKind.FORMAT
    if event.hash != event_hash(chain.head, event.chain_id, event.n, event.body.encode()):
        return ProblemKind.HASH
    return None if _is_copied_right(event) else ProblemKind.COPY


def _is_copied_right(event: SealedEvent) -> bool:
    """Whether the columns for searching say what the sealed body says."""
    try:
        body = json.loads(event.body)
    except ValueError:
        return False
    copies = {
        "agency": event.agency_id,
        "action": event.action,
        "at": instant_text(event.at),
        "actor": event.actor_id,
    }
    return isinstance(body, dict) and copies == {name: body.get(name) for name in copies}


def canonical(body: Mapping[str, object]) -> bytes:
    """The bytes of RFC 8785 for a body of the closed type set. Raises NotCanonical.

    Allowed are NFC text, whole numbers within ±(2^53−1), booleans, None, lists, and dicts with
    ASCII snake_case keys. A Decimal must be text by now.
    """
    _check(body, "", 0)
    return _ENCODER.encode(body).encode()


def _check(value: object, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"{path}: nested too deeply")
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check(inner, f"{path}[{index}]", depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise NotCanonical(f"{path}: key {key!r} is not ASCII snake_case")
            _check(inner, f"{path}.{key}", depth + 1)
    elif not _is_scalar(value):
        raise NotCanonical(f"{path}: {type(value).__name__} {value!r} is not allowed")


def _check_text(value: str, path: str) -> None:
    if value.isascii():
        return
    if not is_normalized("NFC", value):
        raise NotCanonical(f"{path}: text is not NFC")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise NotCanonical(f"{path}: lone surrogate")


def _is_scalar(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return True
    return type(value) is int and -MAX_INTEGER <= value <= MAX_INTEGER


def plain(value: object) -> object:
    """`value` in the closed type set: numbers of scores as text, instants and days as ISO text."""
    match value:
        case str():
            plained: object = value if value.isascii() else normalize("NFC", value)
        case list() | tuple():
            plained = [plain(inner) for inner in value]
        case Decimal():
            plained = f"{value:f}"
        case Mapping():
            plained = {key: plain(inner) for key, inner in value.items()}
        case set() | frozenset():
            plained = [plain(inner) for inner in sorted(value)]
        case datetime():
            plained = instant_text(value)
        case date():
            plained = value.isoformat()
        case _:
            plained = value
    return plained


def instant_text(at: datetime) -> str:
    """Fixed-width UTC ISO text with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
