"""Operations that measure, take and deliver the result of an appraisal."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.domain.appraisal import OrganisationAchievement, Predicate, Rating
from engine.domain.distribution import check_distribution
from engine.domain.scoring import credit_points, measured_mean
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Operation, Values, need_text

RATING_OF_HEAD = {
    OrganisationAchievement.EXCEPTIONAL: Rating.ABOVE,
    OrganisationAchievement.GOOD: Rating.AS_EXPECTED,
    OrganisationAchievement.NEEDS_IMPROVEMENT: Rating.BELOW,
    OrganisationAchievement.POOR: Rating.BELOW,
    OrganisationAchievement.VERY_POOR: Rating.BELOW,
}


def _measure_results(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    plan, rows = _rows(values, "plan"), _rows(values, "rows")
    score = measured_mean(plan, rows)
    return OperationResult(
        {"score": score, "has_measured": score is not None},
        audit={} if score is None else {"score": str(score)},
    )


def _rows(values: Values, name: str) -> list[Mapping[str, object]]:
    rows = values.get(name)
    if not isinstance(rows, list):
        raise OperationFailed("operation.parameter_missing", param=name)
    return rows


def _take_result(values: Values, data: Values, _facts: Facts) -> OperationResult:
    """Copies both ratings from the form that decided last, as the next version."""
    taken = {
        "version": _version(data) + 1,
        "source": need_text(values, "source"),
        "result_rating": Rating(need_text(values, "result_rating")).value,
        "behaviour_rating": Rating(need_text(values, "behaviour_rating")).value,
    }
    return OperationResult(taken, audit=taken)


def _version(data: Values) -> int:
    result = data.get("result")
    version = result.get("version", 0) if isinstance(result, Mapping) else 0
    return int(version)


def _rating_from_organisation(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """A unit head's result rating is the unit's achievement. Source: SE MenPANRB 3/2023."""
    level = OrganisationAchievement(need_text(values, "level"))
    taken = {"result_rating": RATING_OF_HEAD[level].value}
    return OperationResult(taken, audit={"level": level.value, **taken})


def _distribution_notice(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """How the unit's predicates stand to the guide, this one among them."""
    level = OrganisationAchievement(need_text(values, "level"))
    counts = Counter(facts.unit_predicates())
    counts[Predicate(need_text(values, "predicate"))] += 1
    check = check_distribution(level, counts).value
    return OperationResult(
        {"check": check, "size": Decimal(sum(counts.values()))}, audit={"check": check}
    )


def _credit_points(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    pct, coefficient, months = (values.get(name) for name in ("pct", "coefficient", "months"))
    if not all(isinstance(value, Decimal) for value in (pct, coefficient, months)):
        raise OperationFailed("operation.parameter_missing", param="pct, coefficient, months")
    points = credit_points(Decimal(str(pct)), Decimal(str(coefficient)), Decimal(str(months)))
    return OperationResult({"points": points}, audit={"points": str(points)})


def _take_delivery(values: Values, data: Values, _facts: Facts) -> OperationResult:
    """The day and kind of receipt count for the version in force. Source: PP 30/2019 art. 59."""
    answers = values.get("answers")
    if not isinstance(answers, Mapping):
        raise OperationFailed("operation.parameter_missing", param="answers")
    taken = {
        "received_at": need_text(answers, "received_at"),
        "kind": need_text(answers, "kind"),
        "version": _version(data),
    }
    return OperationResult(taken, audit=taken)


def _date_delivery(values: Values, data: Values, _facts: Facts) -> OperationResult:
    """Receipt that no form records: a final result, or one deemed received by configuration."""
    return _take_delivery({"answers": values}, data, _facts)


OPERATIONS = (
    Operation("measure_results", ("rows", "plan"), _measure_results),
    Operation(
        "take_result",
        ("source", "result_rating", "behaviour_rating", "decided_element"),
        _take_result,
    ),
    Operation("rating_from_organisation", ("level",), _rating_from_organisation),
    Operation("distribution_notice", ("level", "predicate"), _distribution_notice),
    Operation("take_delivery", ("answers",), _take_delivery),
    Operation("date_delivery", ("received_at", "kind"), _date_delivery),
    Operation("credit_points", ("pct", "coefficient", "months"), _credit_points),
)
