"""The operation that tells how the rater of a case rates, as information and never as a score."""

from engine.bpmn.environment import OperationResult
from engine.operations.registry import Facts, Operation, Values


def _rater_patterns(_values: Values, data: Values, facts: Facts) -> OperationResult:
    """The figures of `domain.fairness` over the rater's people of this cycle, this one among them.

    `is_known` when they are enough; `deviation` and `spread_ratio` are empty where there are too
    few others. `is_related` when a conflict of rater and person was declared to HR.
    """
    found = facts.rater_patterns(data)
    value: dict[str, object] = {
        "is_known": found is not None,
        "is_related": facts.is_rater_related(),
        "deviation": found.deviation if found else None,
        "spread_ratio": found.spread_ratio if found else None,
        "uniform": found.uniform if found else None,
        "identical": found.identical if found else None,
    }
    return OperationResult(value, audit={"is_known": value["is_known"]})


OPERATIONS = (Operation("rater_patterns", (), _rater_patterns),)
