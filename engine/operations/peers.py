"""The operation that brings what colleagues said in confidence into an appraisal."""

from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Operation, Values, need_text


def _peer_ratings(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The ratings from 1 to 5 of a sealed step, the lowest first, each the mean of one person.

    `at_least` so many of the `questions` must be judged for it to count; below the `floor` of
    anonymity there is nothing, not even how many answered.
    """
    element, questions = need_text(values, "element"), values.get("questions")
    if not isinstance(questions, list) or not all(isinstance(name, str) for name in questions):
        raise OperationFailed("operation.parameter_missing", param="questions")
    least, floor = _count(values, "at_least"), _count(values, "floor")
    found = facts.ratings_in_confidence(element, questions, at_least=least, floor=floor)
    count = Decimal(len(found)) if found else None
    told = {"is_told": bool(found), "count": count}
    return OperationResult({**told, "ratings": list(found)}, audit=told)


def _count(values: Values, name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or value < 1:
        raise OperationFailed("operation.parameter_missing", param=name)
    return int(value)


OPERATIONS = (
    Operation("peer_ratings", ("element", "questions", "at_least", "floor"), _peer_ratings),
)
