"""Operations that measure an indicator, and the one that adds them up to the local score.

A measure is an object with `score`, None where its source gave nothing. The service task names its
result like the indicator, and `score_indicators` finds it there.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.domain import local_score
from engine.domain.local_score import Indicator, Scoring
from engine.domain.scoring import attainment, rounded
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Operation, Values


def _measured(score: Decimal | None) -> OperationResult:
    shown = {} if score is None else {"score": str(rounded(score))}
    return OperationResult({"score": score}, audit=shown)


def _number(values: Values, name: str) -> Decimal | None:
    """A number, or None where there is none. Raises OperationFailed for anything else."""
    value = values.get(name)
    if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
        return None if value is None else Decimal(value)
    raise OperationFailed("operation.parameter_missing", param=name)


def _scoring(facts: Facts) -> Scoring:
    if facts.scoring is None:
        raise OperationFailed("operation.parameter_missing", param="indicators")
    return facts.scoring


def _ratio(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """What was done against what was planned, or the other way round where less is better."""
    realisation, target = _number(values, "realisation"), _number(values, "target")
    if realisation is None or target is None:
        return _measured(None)
    return _measured(attainment(realisation, target, inverse=values.get("inverse") is True))


def _anchored(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """A human rating from 1 to 5."""
    rating = _number(values, "rating")
    if rating is None:
        return _measured(None)
    return _measured(local_score.anchored(rating, _scoring(facts).scales))


def _anchored_mean(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The mean of ratings by several people; nothing below the floor of anonymity.

    Given lists of ratings, each list is a group of people and counts as much as any other.
    """
    ratings, floor = values.get("ratings"), _number(values, "floor")
    if not isinstance(ratings, list) or floor is None:
        raise OperationFailed("operation.parameter_missing", param="ratings, floor")
    groups = ratings if all(isinstance(group, list) for group in ratings) else [ratings]
    if not groups or any(len(group) < floor for group in groups):
        return _measured(None)
    scales = _scoring(facts).scales
    means = [_mean([local_score.anchored(Decimal(r), scales) for r in group]) for group in groups]
    return _measured(_mean(means))


def _mean(scores: Sequence[Decimal]) -> Decimal:
    return sum(scores, Decimal(0)) / len(scores)


def _index_score(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """A satisfaction index from 25 to 100."""
    index = _number(values, "index")
    if index is None:
        return _measured(None)
    return _measured(local_score.index_score(index, _scoring(facts).scales))


def _attendance(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """Days present of the days of duty; authorised leave is no absence."""
    duty, present = _number(values, "duty_days"), _number(values, "present_days")
    if duty is None or present is None:
        return _measured(None)
    leave = _number(values, "leave_days") or Decimal(0)
    return _measured(local_score.attendance(duty, leave, present))


def _blend(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """The plain mean of two scores; the one that is there where the other is missing."""
    found = [score for name in ("first", "second") if (score := _number(values, name)) is not None]
    return _measured(sum(found, Decimal(0)) / len(found) if found else None)


def _score_indicators(values: Values, data: Values, facts: Facts) -> OperationResult:
    """Both axes and the local score from the measures of all indicators.

    `is_whole` says whether both axes were measured: without one of them there is no local score.
    `weights` are rows of weights agreed for this person, instead of those of the system. `topics`
    holds the lowest score of what indicators are about, for the table of training.
    """
    indicators = local_score.reweighted(_scoring(facts).indicators, _weights(values))
    scores = {indicator.key: _score_of(data, indicator.key) for indicator in indicators}
    bonus = _number(values, "bonus") or Decimal(0)
    found = local_score.local_score(indicators, scores, bonus=bonus)
    whole = {"results": found.results, "behaviour": found.behaviour, "local": found.local}
    rows = [{**_row(one), "score": _shown(scores[one.key])} for one in indicators]
    lowest = local_score.by_topic(indicators, scores)
    value = {
        **whole,
        "bonus": bonus,
        "new_idea": values.get("new_idea") is True,
        "is_whole": found.local is not None,
        "missing": list(found.missing),
        "rows": rows,
        "topics": {topic.value: low for topic, low in lowest.items()},
    }
    return OperationResult(value, audit=_trail(value))


def _indicators(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Indicators as rows, for a form that agrees them with one person.

    Those that the diagram names in `rows`, as they were agreed; without them those of the system.
    """
    rows = values.get("rows")
    found = rows if isinstance(rows, list) else [_row(one) for one in _scoring(facts).indicators]
    return OperationResult({"rows": found}, audit={"weights": _listed(found, "weight")})


def _row(indicator: Indicator) -> dict[str, object]:
    return {
        "indicator_id": indicator.key,
        "title": indicator.title["id"],
        "title_en": indicator.title["en"],
        "axis": indicator.axis.value,
        "weight": indicator.weight,
    }


def _weights(values: Values) -> dict[str, Decimal]:
    """The weights of the rows that the diagram names. Raises OperationFailed for one without."""
    rows = values.get("weights")
    weights: dict[str, Decimal] = {}
    for row in rows if isinstance(rows, list) else []:
        weight = _number(row, "weight")
        if weight is None:
            raise OperationFailed("operation.parameter_missing", param="weights")
        weights[str(row["indicator_id"])] = weight
    return weights


def _score_of(data: Values, key: str) -> Decimal | None:
    measure = data.get(key)
    if not isinstance(measure, Mapping):
        raise OperationFailed("operation.parameter_missing", param=key)
    return _number(measure, "score")


def _shown(score: Decimal | None) -> Decimal | None:
    return None if score is None else rounded(score)


def _trail(value: Mapping[str, object]) -> dict[str, object]:
    """Figures, weights and what was missing, as the trail keeps them."""
    whole = {name: value[name] for name in ("results", "behaviour", "local", "bonus")}
    rows = value["rows"]
    lines = rows if isinstance(rows, list) else []
    return {
        **{name: None if figure is None else str(figure) for name, figure in whole.items()},
        "weights": _listed(lines, "weight"),
        "scores": _listed(lines, "score"),
        "missing": value["missing"],
    }


def _listed(rows: Sequence[Values], name: str) -> list[str]:
    """Codes, not sentences: of words the trail would keep the length only."""
    return [f"{row['indicator_id']}:{row[name]}" for row in rows]


OPERATIONS = (
    Operation("ratio", ("realisation", "target", "inverse"), _ratio),
    Operation("anchored", ("rating",), _anchored),
    Operation("anchored_mean", ("ratings", "floor"), _anchored_mean),
    Operation("index_score", ("index",), _index_score),
    Operation("attendance", ("duty_days", "leave_days", "present_days"), _attendance),
    Operation("blend", ("first", "second"), _blend),
    Operation("indicators", ("rows",), _indicators),
    Operation("score_indicators", ("bonus", "new_idea", "weights"), _score_indicators),
)
