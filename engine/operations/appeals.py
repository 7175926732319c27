"""Operations that find who may decide an appeal, and until when one may be filed.

Source: PP 30/2019 art. 59: the rater's superior decides; who took part in the case cannot.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from engine.bpmn.environment import OperationResult
from engine.operations.registry import Candidate, CandidateKind, Facts, Operation, Values, need_text


def _find_authority(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    return _first_free(facts.authorities(), facts)


def _next_authority(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The next person above the one who let the time for the decision pass."""
    passed = need_text(values, "after")
    candidates = facts.authorities()
    places = [place for place, c in enumerate(candidates) if c.employee_id == passed]
    return _first_free(candidates[places[-1] + 1 :] if places else (), facts)


def _named_authority(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The person HR names, unless he does not exist, took part or named himself: still held."""
    named = facts.employee_by_nip(need_text(values, "nip"))
    himself = named in facts.handed_in(need_text(values, "named_in"))
    candidates = [Candidate(named, CandidateKind.NAMED)] if named and not himself else []
    return _first_free(candidates, facts)


def _appeal_window(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """From when the days of the appeal window are counted.

    An explanation asked inside the window moves it by the days from request to reply, a day begun
    counting whole in favour of the employee.
    """
    counted_from = _instant(values, "received_at")
    if values.get("asked_at") is not None:
        waited = _instant(values, "answered_at") - _instant(values, "asked_at")
        counted_from += timedelta(days=ceil(waited / timedelta(days=1)))
    window = {"counted_from": counted_from.isoformat()}
    return OperationResult(window, audit=window)


def _instant(values: Values, name: str) -> datetime:
    return datetime.fromisoformat(need_text(values, name))


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
    Operation("named_authority", ("nip", "named_in"), _named_authority),
    Operation("appeal_window", ("received_at", "asked_at", "answered_at"), _appeal_window),
)
