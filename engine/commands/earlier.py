"""What a person answered earlier, and what his earlier years ended with."""

from collections.abc import Mapping, Sequence

import orjson

from engine.domain.people import EmployeeId
from engine.operations.registry import EarlierAnswers, EarlierYears
from engine.queries.earlier import EarlierAnswer, last_answer, noted_answers
from engine.queries.past_years import past_years_of
from engine.rules.numbers import from_jsonable
from engine.store import cycles, sealing
from engine.store.database import Transaction
from engine.store.instances import InstanceRow


def earlier_answers(
    tx: Transaction, subject_id: EmployeeId, element_id: str
) -> EarlierAnswers | None:
    """The answers given last at a step of a finished appraisal; None without, or once erased."""
    found = last_answer(tx, subject_id, element_id)
    opened = _opened(tx, [found]) if found else []
    return EarlierAnswers(found.period, opened[0]) if found and opened else None


def noted_rows(
    tx: Transaction, case: InstanceRow, element_id: str, field: str
) -> tuple[Mapping[str, object], ...]:
    """The rows that a step beside the appraisal took in this cycle, the newest hand-in first."""
    found = noted_answers(tx, case.subject_id, case.cycle_id, element_id)
    tables = (answers.get(field) for answers in _opened(tx, found))
    return tuple(
        row
        for rows in tables
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
    )


def _opened(tx: Transaction, found: Sequence[EarlierAnswer]) -> list[Mapping[str, object]]:
    """The answers whose key was not erased."""
    keys = {key_id: sealing.get_key(tx, key_id) for key_id in {one.sealing_key_id for one in found}}
    opened = []
    for one in found:
        key = keys[one.sealing_key_id]
        if key.key is not None:
            answers = from_jsonable(orjson.loads(sealing.open_committed(key, one.sealed)))
            opened += [answers] if isinstance(answers, Mapping) else []
    return opened


def earlier_years(tx: Transaction, case: InstanceRow) -> EarlierYears:
    """What is known now of the person's years that ended before the period of the case began."""
    person, begins = case.subject_id, cycles.get(tx, case.cycle_id).starts
    found = past_years_of(tx, person, before=begins)
    return EarlierYears(found.low.get(person, 0), person in found.failed)
