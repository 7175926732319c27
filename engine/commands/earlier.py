"""What a person answered in an earlier appraisal, and what his earlier years ended with."""

from collections.abc import Mapping

import orjson

from engine.domain.people import EmployeeId
from engine.operations.registry import EarlierYears
from engine.queries.earlier import last_answer
from engine.queries.past_years import past_years
from engine.rules.numbers import from_jsonable
from engine.store import cycles, sealing
from engine.store.database import Transaction
from engine.store.instances import InstanceRow


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


def earlier_years(tx: Transaction, case: InstanceRow) -> EarlierYears:
    """What is known now of the person's years that ended before the period of the case began."""
    person, begins = case.subject_id, cycles.get(tx, case.cycle_id).starts
    found = past_years(tx, [person], before=begins)
    return EarlierYears(found.low.get(person, 0), person in found.failed)
