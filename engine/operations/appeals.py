"""Operations that find who may decide an appeal.

Source: PP 30/2019 art. 59: the rater's superior decides; who took part in the case cannot.
"""

from collections.abc import Iterable

from engine.bpmn.environment import OperationResult
from engine.operations.registry import Candidate, Facts, Operation, Values, need_text


def _find_authority(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    return _first_free(facts.authorities(), facts)


def _next_authority(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The next person above the one who let the time for the decision pass."""
    passed = need_text(values, "after")
    candidates = facts.authorities()
    places = [place for place, c in enumerate(candidates) if c.employee_id == passed]
    return _first_free(candidates[places[-1] + 1 :] if places else (), facts)


def _first_free(candidates: Iterable[Candidate], facts: Facts) -> OperationResult:
    barred = facts.participants() | {facts.subject_id}
    skipped = 0
    for candidate in candidates:
        if candidate.employee_id not in barred:
            found = {
                "employee_id": candidate.employee_id,
                "kind": candidate.kind.value,
                "held": False,
            }
            return OperationResult(found, audit={**found, "skipped": skipped})
        skipped += 1
    held = {"employee_id": None, "kind": "held", "held": True}
    return OperationResult(held, audit={**held, "skipped": skipped})


OPERATIONS = (
    Operation("find_authority", (), _find_authority),
    Operation("next_authority", ("after",), _next_authority),
)
