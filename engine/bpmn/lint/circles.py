"""Circles in a diagram: something inside must be able to change the way out."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from engine.bpmn.lint.diagram import Diagram, Node
from engine.bpmn.lint.graph import Edges, spread, successors
from engine.bpmn.lint.sites import KNOWN_FUNCTIONS
from engine.bpmn.lint.surroundings import Surroundings
from engine.bpmn.lint.writes import written_key
from engine.errors import Finding, UnsafeExpression
from engine.rules.expressions import compile_expression

MAX_CIRCLES: Final = 500
_CLOCK = frozenset({"now", "today"})
# Stands for time and events: no name of a diagram.
_ALWAYS = frozenset({"*"})


def check_circles(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Circles whose conditions read nothing that is written inside: once round, for ever round."""
    edges = successors(diagram)
    keys = {node.id: _keys(diagram, node, surroundings) for node in diagram.nodes.values()}
    waiting = circles(edges)
    seen: set[frozenset[str]] = set()
    told: set[str] = set()
    while waiting and len(seen) < MAX_CIRCLES:
        circle = waiting.pop()
        if circle in seen:
            continue
        seen.add(circle)
        written = frozenset().union(*(keys[node] for node in circle))
        keep = written | _ALWAYS
        changing = {n: _reads_of(diagram, diagram.nodes[n], keep, circle) for n in circle}
        for rest in circles(_within(edges, {node for node in circle if not changing[node]})):
            place = min(rest, key=lambda node: (not _is_choice(diagram, node), node))
            if place not in told:
                told.add(place)
                yield diagram.finding("diagram.circle_never_changes", diagram.nodes[place])
        for read in {frozenset(found) for found in changing.values() if found}:
            # A smaller circle may pass this gateway without passing what it reads.
            waiting.extend(circles(_within(edges, {n for n in circle if not keys[n] & read})))


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


def _within(edges: Edges, nodes: AbstractSet[str]) -> Edges:
    return {
        node: tuple(target for target in targets if target in nodes)
        for node, targets in edges.items()
        if node in nodes
    }


def _is_choice(diagram: Diagram, node: str) -> bool:
    return diagram.nodes[node].kind == "exclusiveGateway" and len(diagram.outgoing[node]) > 1


def _reads_of(
    diagram: Diagram, node: Node, changes: frozenset[str], circle: frozenset[str]
) -> frozenset[str]:
    """What can make the way out of the node differ from round to round; empty for nothing."""
    if node.kind in ("eventBasedGateway", "boundaryEvent"):
        return _ALWAYS
    if any(event.interrupting for event in diagram.boundary.get(node.id, ())):
        return _ALWAYS
    found: frozenset[str] = frozenset()
    for flow in diagram.outgoing[node.id]:
        read = _reads(flow.condition) & changes if flow.condition else frozenset()
        if flow.condition and flow.target in circle and not read:
            # Once true this way back is always true, and no way out behind it is ever taken.
            return frozenset()
        found |= read
    return found


def _reads(text: str) -> frozenset[str]:
    try:
        expression = compile_expression(text, KNOWN_FUNCTIONS)
    except UnsafeExpression:
        return _ALWAYS
    heads = frozenset(name.partition(".")[0] for name in expression.names)
    return heads | _ALWAYS if expression.functions & _CLOCK else heads


def _keys(diagram: Diagram, node: Node, surroundings: Surroundings) -> frozenset[str]:
    """The heads of the names that a node writes, with all that it holds or calls."""
    key = written_key(node)
    keys = frozenset() if key is None else frozenset({key})
    if node.kind == "callActivity" and key is not None and key in surroundings.leaves:
        heads = (name.partition(".")[0] for name in surroundings.leaves[key].maybe)
        return keys | frozenset(heads)
    inner = (_keys(diagram, part, surroundings) for part in diagram.inside(node.id))
    return keys.union(*inner)
