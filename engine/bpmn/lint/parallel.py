"""Parallel branches must not write the same name: the later one would quietly win."""

from collections.abc import Iterator
from typing import Final

from engine.bpmn.lint.diagram import Diagram
from engine.bpmn.lint.graph import Edges, spread, successors
from engine.bpmn.lint.writes import written_key
from engine.errors import Finding

_JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway"})


def check_parallel_writes(diagram: Diagram) -> Iterator[Finding]:
    """Names that two branches of one split both write."""
    edges = successors(diagram)
    for gateway in diagram.of_kind(*_JOINS):
        ways = [
            flow.target for flow in diagram.outgoing[gateway.id] if flow.target in diagram.nodes
        ]
        branches = [_branch(diagram, edges, gateway.id, way) for way in ways]
        written: dict[str, int] = {}
        for number, branch in enumerate(branches):
            others = frozenset().union(*(b for n, b in enumerate(branches) if n != number))
            for node_id in sorted(branch - others):
                key = written_key(diagram.nodes[node_id])
                if key is not None and written.setdefault(key, number) != number:
                    yield diagram.finding(
                        "diagram.parallel_write", diagram.nodes[node_id], name=key
                    )


def _branch(diagram: Diagram, edges: Edges, gateway: str, way: str) -> frozenset[str]:
    """The nodes of one branch, up to where branches come together again."""
    closed = {
        node: () if node == gateway or _joins(diagram, node) else targets
        for node, targets in edges.items()
    }
    return spread(closed, [way])


def _joins(diagram: Diagram, node: str) -> bool:
    return diagram.nodes[node].kind in _JOINS and len(diagram.incoming[node]) > 1
