"""The operation that tells how the rater of a case rates, as information and never as a score."""

from datetime import date
from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.domain.fairness import recent_share
from engine.operations.registry import Facts, Operation, Values, need_text


def _rater_patterns(values: Values, data: Values, facts: Facts) -> OperationResult:
    """The figures of `domain.fairness` over the rater's people of this cycle, this one among them.

    `is_known` when they are enough; `deviation` and `spread_ratio` are empty where there are too
    few others. `is_related` when a conflict of rater and person was declared to HR. `recent` is the
    percent of the `dates` that lie in the last part of the period that ends on the day `until`.
    """
    found = facts.rater_patterns(data)
    value: dict[str, object] = {
        "is_known": found is not None,
        "is_related": facts.is_rater_related(),
        "deviation": found.deviation if found else None,
        "spread_ratio": found.spread_ratio if found else None,
        "uniform": found.uniform if found else None,
        "identical": found.identical if found else None,
        "recent": _recent(values, facts),
    }
    return OperationResult(value, audit={"is_known": value["is_known"]})


def _recent(values: Values, facts: Facts) -> Decimal | None:
    given = values.get("dates")
    days = [date.fromisoformat(str(day)) for day in given if day] if isinstance(given, list) else []
    if not days:
        return None
    return recent_share(days, date.fromisoformat(need_text(values, "until")), facts.limits)


OPERATIONS = (Operation("rater_patterns", ("dates", "until"), _rater_patterns),)
