"""Opens what was said in confidence: to its author his own words, to the engine their sum."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

import orjson

from engine.domain.people import EmployeeId
from engine.rules.numbers import from_jsonable
from engine.store import instances, sealing, submissions
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
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


@dataclass(frozen=True)
class Voice:
    """One answer in confidence: what was said, and the sealed row that alone knows by whom."""

    sent: SubmissionRow
    words: Words


def voices(tx: Transaction, key: SealingKey, instance_id: str) -> tuple[Voice, ...]:
    """Every answer in confidence of a case; nothing once the key is destroyed."""
    sealed = submissions.of_instance(tx, instance_id, in_confidence=True) if key.key else ()
    return tuple(Voice(sent, _opened(key, sent)[1]) for sent in sealed)


def author_of(key: SealingKey, sent: SubmissionRow) -> EmployeeId:
    """Who gave an answer in confidence: for `commands.unmasking` alone, where two agreed on it."""
    return EmployeeId(str(_opened(key, sent)[0]))


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


def is_mutual(
    tx: Transaction, case: InstanceRow, element_id: str, is_high: Callable[[Words], bool]
) -> bool:
    """Whether the person and somebody asked about him spoke so of each other in this cycle.

    It is never told who; of the case of each who spoke so highly one answer is looked for.
    """
    praised_by = {
        author for author, words in _said_of(tx, case, element_id) if author and is_high(words)
    }
    for author in sorted(map(str, praised_by)):
        own = instances.find_case(
            tx, cycle_id=case.cycle_id, subject_id=EmployeeId(author), process_id=case.process_id
        )
        back = _said_of(tx, own, element_id) if own else ()
        if any(by == case.subject_id and is_high(words) for by, words in back):
            return True
    return False


def _said_of(tx: Transaction, case: InstanceRow, element_id: str) -> list[tuple[object, Words]]:
    key = sealing.get_key(tx, case.sealing_key_id)
    sealed = submissions.of_instance(tx, case.id, in_confidence=True) if key.key else ()
    return [_opened(key, sent) for sent in sealed if sent.element_id == element_id]


def _opened(key: SealingKey, sent: SubmissionRow) -> tuple[object, Words]:
    content = from_jsonable(orjson.loads(open_committed(key, sent.sealed)))
    whole = content if isinstance(content, Mapping) else {}
    words = whole.get("words")
    return whole.get("author"), words if isinstance(words, Mapping) else {}
