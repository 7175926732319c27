"""Opens what was said in confidence: to its author his own words, to the engine their sum."""

from collections.abc import Container, Mapping, Sequence

import orjson

from engine.domain.people import EmployeeId
from engine.rules.numbers import from_jsonable
from engine.store import submissions
from engine.store.database import Transaction
from engine.store.sealing import SealingKey, open_committed
from engine.store.submissions import SubmissionRow

Words = Mapping[str, object]


def words_of(key: SealingKey, sent: SubmissionRow, reader: EmployeeId) -> Words:
    """What the reader himself has said; nothing when it was somebody else."""
    author, words = _opened(key, sent)
    return words if author == reader else {}


def said(tx: Transaction, key: SealingKey, instance_id: str) -> Mapping[str, Sequence[Words]]:
    """What everybody said, by step and without the authors; nothing once the key is destroyed.

    One answer alone never leaves the engine: only what `domain.confidence` makes of several does.
    """
    found: dict[str, list[Words]] = {}
    for sent in submissions.of_instance(tx, instance_id, in_confidence=True) if key.key else ():
        found.setdefault(sent.element_id, []).append(_opened(key, sent)[1])
    return found


def said_apart(
    tx: Transaction, key: SealingKey, instance_id: str, element_id: str, apart: Container[object]
) -> tuple[list[Words], list[Words]]:
    """What was said in a step by others, and by those in `apart`; the authors stay in here."""
    groups: tuple[list[Words], list[Words]] = ([], [])
    for sent in submissions.of_instance(tx, instance_id, in_confidence=True) if key.key else ():
        if sent.element_id == element_id:
            author, words = _opened(key, sent)
            groups[author in apart].append(words)
    return groups


def _opened(key: SealingKey, sent: SubmissionRow) -> tuple[object, Words]:
    content = from_jsonable(orjson.loads(open_committed(key, sent.sealed)))
    whole = content if isinstance(content, Mapping) else {}
    words = whole.get("words")
    return whole.get("author"), words if isinstance(words, Mapping) else {}
