"""Operations that find colleagues to ask, and bring what they said in confidence into the case."""

from collections.abc import Mapping
from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Operation, Values, need_text


def _peer_ratings(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The ratings from 1 to 5 of a sealed step, the lowest first, each the mean of one person.

    `at_least` so many of the `questions` must be judged for it to count; below the `floor` of
    anonymity there is nothing, not even how many answered. `groups` are the ratings of peers and
    of the own staff; where one of the two is below the floor, they are one. With `mutual_from`,
    `is_mutual` when the person and one of them rate each other so high; the trail is not told.
    """
    element, questions = need_text(values, "element"), values.get("questions")
    if not isinstance(questions, list) or not all(isinstance(name, str) for name in questions):
        raise OperationFailed("operation.parameter_missing", param="questions")
    least, floor = _count(values, "at_least"), _count(values, "floor")
    groups = facts.ratings_in_confidence(element, questions, at_least=least, floor=floor)
    ratings = sorted(rating for group in groups for rating in group)
    told = {"is_told": bool(ratings), "count": Decimal(len(ratings)) if ratings else None}
    value = {**told, "ratings": ratings, "groups": [list(group) for group in groups]}
    border = values.get("mutual_from")
    if ratings and isinstance(border, Decimal):
        value["is_mutual"] = facts.is_mutual(element, questions, border)
    return OperationResult(value, audit=told)


def _suggest_peers(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Those who may be asked about the person: peers, and his staff where the system asks it."""
    rows = facts.suggested_peers()
    counts = {"count": Decimal(len(rows))}
    return OperationResult({"rows": rows, **counts}, audit=counts)


def _count(values: Values, name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or value < 1:
        raise OperationFailed("operation.parameter_missing", param=name)
    return int(value)


def _name_peers(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The colleagues of the `rows`, each with `nip`, who may be asked; each only once.

    Those whom the employee objected to (`objected`) or the rater left out (`left_out`) are not
    asked. `is_fit` when everybody else may be asked and they are `at_least` so many.
    """
    rows, least = values.get("rows"), _count(values, "at_least")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise OperationFailed("operation.parameter_missing", param="rows")
    asked = [row for row in rows if True not in (row.get("objected"), row.get("left_out"))]
    found = facts.peers([str(row.get("nip")) for row in asked])
    named = {peer.employee_id: (peer, row) for peer, row in zip(found, asked, strict=True) if peer}
    told = [
        {"employee_id": peer.employee_id, "name": peer.name, "nip": row.get("nip")}
        for peer, row in named.values()
    ]
    counts = {"count": Decimal(len(told)), "refused": Decimal(len(asked) - len(told))}
    is_fit = len(told) == len(asked) and len(told) >= least
    return OperationResult(
        {"rows": told, **counts, "is_fit": is_fit}, audit={**counts, "is_fit": is_fit}
    )


OPERATIONS = (
    Operation("name_peers", ("rows", "at_least"), _name_peers),
    Operation(
        "peer_ratings", ("element", "questions", "at_least", "floor", "mutual_from"), _peer_ratings
    ),
    Operation("suggest_peers", (), _suggest_peers),
)
