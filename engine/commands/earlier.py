"""Opens what a person answered in an earlier appraisal, so that the next begins with it."""

from collections.abc import Mapping

import orjson

from engine.domain.people import EmployeeId
from engine.queries.earlier import last_answer
from engine.rules.numbers import from_jsonable
from engine.store import sealing
from engine.store.database import Transaction


def earlier_answers(
    tx: Transaction, subject_id: EmployeeId, element_id: str
) -> Mapping[str, object] | None:
    """The answers given last at a step of a finished appraisal; None without, or once erased."""
    found = last_answer(tx, subject_id, element_id)
    key = sealing.get_key(tx, found.sealing_key_id) if found else None
    if found is None or key is None or key.key is None:
        return None
    answers = from_jsonable(orjson.loads(sealing.open_committed(key, found.sealed)))
    return answers if isinstance(answers, Mapping) else None
