"""What the outcome of a process tells about its data: `changed` means that a decision was made."""

import ast
from collections.abc import Mapping, Sequence

from engine.bpmn.lint.diagram import Diagram, Flow
from engine.bpmn.lint.known import met
from engine.bpmn.lint.sites import KNOWN_FUNCTIONS
from engine.bpmn.lint.surroundings import DataFlow
from engine.errors import UnsafeExpression
from engine.rules.expressions import compile_expression

DONE = "done"
_SUFFIX = ".outcome"
Outcomes = Mapping[str, frozenset[str]]


def reported(key: str, ends: Sequence[tuple[str, DataFlow]]) -> DataFlow | None:
    """What a process leaves under `key`, from the outcome and the data of each of its ends."""
    known = met([flow for _, flow in ends])
    if known is None:
        return None
    given = set(known.given)
    for outcome in {outcome for outcome, _ in ends}:
        here = met([flow for name, flow in ends if name == outcome])
        if here is not None:
            given |= {(key, outcome, name) for name in here.always - known.always}
    pairs = frozenset((key, outcome) for outcome, _ in ends)
    own = frozenset({f"{key}{_SUFFIX}"})
    return DataFlow(known.always | own, known.maybe | own, frozenset(given), known.outcomes | pairs)


def refined(diagram: Diagram, flow: Flow, known: DataFlow) -> DataFlow:
    """What is known behind a flow of an exclusive gateway: its condition holds there."""
    source = diagram.nodes[flow.source]
    if source.kind != "exclusiveGateway" or not known.given:
        return known
    if flow.id == source.default:
        others = [other for other in diagram.outgoing[source.id] if other is not flow]
        allowed = _remaining(others, known)
    else:
        allowed = _claims(_tree(flow.condition), known)
    always = known.always
    for key, outcomes in allowed.items():
        facts = [
            frozenset(name for at, value, name in known.given if (at, value) == (key, outcome))
            for outcome in outcomes
        ]
        always |= frozenset.intersection(*facts) if facts else frozenset()
    return DataFlow(always, known.maybe | always, known.given, known.outcomes)


def _remaining(others: Sequence[Flow], known: DataFlow) -> Outcomes:
    """The outcomes that are left for the default flow."""
    left: dict[str, frozenset[str]] = {}
    for other in others:
        tree = _tree(other.condition)
        if isinstance(tree, ast.Compare):
            for key, outcomes in _claims(tree, known).items():
                left[key] = left.get(key, _possible(key, known)) - outcomes
    return left


def _claims(tree: ast.expr | None, known: DataFlow) -> Outcomes:
    """Key -> the outcomes that it may have where the expression is true."""
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        found: dict[str, frozenset[str]] = {}
        for value in tree.values:
            for key, outcomes in _claims(value, known).items():
                found[key] = found.get(key, outcomes) & outcomes
        return found
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        return {}
    left, right = tree.left, tree.comparators[0]
    if not isinstance(left, ast.Name) or not left.id.endswith(_SUFFIX):
        return {}
    key = left.id.removesuffix(_SUFFIX)
    texts = _texts(right)
    if isinstance(tree.ops[0], ast.Eq | ast.In):
        return {key: texts}
    if isinstance(tree.ops[0], ast.NotEq | ast.NotIn):
        return {key: _possible(key, known) - texts}
    return {}


def _possible(key: str, known: DataFlow) -> frozenset[str]:
    return frozenset(outcome for at, outcome in known.outcomes if at == key)


def _texts(node: ast.expr) -> frozenset[str]:
    items = node.elts if isinstance(node, ast.List) else [node]
    values = (item.value for item in items if isinstance(item, ast.Constant))
    return frozenset(value for value in values if isinstance(value, str))


def _tree(text: str | None) -> ast.expr | None:
    try:
        return compile_expression(text, KNOWN_FUNCTIONS).tree if text else None
    except UnsafeExpression:
        return None
