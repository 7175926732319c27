"""Circles in a diagram: something inside must be able to change the way out."""

from collections.abc import Iterator

from engine.bpmn.lint.diagram import Diagram, Node
from engine.bpmn.lint.graph import Edges, spread, successors
from engine.bpmn.lint.sites import KNOWN_FUNCTIONS
from engine.bpmn.lint.surroundings import Surroundings
from engine.bpmn.lint.writes import written_key
from engine.errors import Finding, UnsafeExpression
from engine.rules.expressions import compile_expression

_CLOCK = frozenset({"now", "today"})


def check_circles(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Circles whose conditions read nothing that is written inside: once round, for ever round."""
    edges = successors(diagram)
    for circle in circles(edges):
        written = frozenset().union(
            *(_keys(diagram, diagram.nodes[node], surroundings) for node in circle)
        )
        fixed = frozenset(
            node for node in circle if not _may_change(diagram, diagram.nodes[node], written)
        )
        for rest in circles(_within(edges, fixed)):
            places = sorted(rest, key=lambda node: (not _is_choice(diagram, node), node))
            yield diagram.finding("diagram.circle_never_changes", diagram.nodes[places[0]])


def circles(edges: Edges) -> list[frozenset[str]]:
    """The sets of nodes that can all reach one another."""
    reach = {node: spread(edges, targets) for node, targets in edges.items()}
    found: list[frozenset[str]] = []
    seen: set[str] = set()
    for node, reached in reach.items():
        if node in reached and node not in seen:
            circle = frozenset(other for other in reached if node in reach[other])
            found.append(circle)
            seen |= circle
    return found


def _within(edges: Edges, nodes: frozenset[str]) -> Edges:
    return {
        node: tuple(target for target in targets if target in nodes)
        for node, targets in edges.items()
        if node in nodes
    }


def _is_choice(diagram: Diagram, node: str) -> bool:
    return diagram.nodes[node].kind == "exclusiveGateway" and len(diagram.outgoing[node]) > 1


def _may_change(diagram: Diagram, node: Node, written: frozenset[str]) -> bool:
    """Can the way out of the node differ from one round to the next?"""
    if node.kind in ("eventBasedGateway", "boundaryEvent"):
        return True
    if any(event.interrupting for event in diagram.boundary.get(node.id, ())):
        return True
    conditions = (flow.condition for flow in diagram.outgoing[node.id] if flow.condition)
    return any(_reads(text, written) for text in conditions)


def _reads(text: str, written: frozenset[str]) -> bool:
    try:
        expression = compile_expression(text, KNOWN_FUNCTIONS)
    except UnsafeExpression:
        return True
    heads = {name.partition(".")[0] for name in expression.names}
    return bool(heads & written or expression.functions & _CLOCK)


def _keys(diagram: Diagram, node: Node, surroundings: Surroundings) -> frozenset[str]:
    """The heads of the names that a node writes, with all that it holds or calls."""
    key = written_key(node)
    keys = frozenset() if key is None else frozenset({key})
    if node.kind == "callActivity" and key is not None and key in surroundings.leaves:
        heads = (name.partition(".")[0] for name in surroundings.leaves[key].maybe)
        return keys | frozenset(heads)
    inner = (_keys(diagram, part, surroundings) for part in diagram.inside(node.id))
    return keys.union(*inner)
