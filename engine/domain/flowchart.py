"""One process as drawn: its elements, the flows between them, and whom it calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

CALL = "callActivity"
USER_TASK = "userTask"
# Elements that pass every flow on at once; the others choose one.
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})


@dataclass(frozen=True)
class Node:
    """One element; `kind` is its BPMN tag, `host` the activity that a boundary event sits on."""

    id: str
    kind: str
    name: str = ""
    lane: str = ""
    host: str | None = None
    calls: str | None = None
    interrupts: bool = True


@dataclass(frozen=True)
class Flow:
    """One sequence flow."""

    id: str
    source: str
    target: str


@dataclass(frozen=True)
class Flowchart:
    """One process; `file` holds its drawing, `nodes` are in the order of their flows."""

    id: str
    name: str
    file: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...] = field(default=())

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows by the element they leave."""
        return {node: tuple(f for f in self.flows if f.source == node) for node in self.nodes}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows by the element they reach."""
        return {node: tuple(f for f in self.flows if f.target == node) for node in self.nodes}

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[str, ...]]:
        """Boundary events by the activity they sit on."""
        found: dict[str, tuple[str, ...]] = {}
        for node in self.nodes.values():
            if node.host:
                found[node.host] = (*found.get(node.host, ()), node.id)
        return found

    def ahead_of(self, starts: Iterable[str]) -> frozenset[str]:
        """Every element that may still be reached from `starts`, these left out."""
        seen: set[str] = set()
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            nexts = [flow.target for flow in self.outgoing.get(node, ())]
            nexts += self.boundaries.get(node, ())
            fresh = [found for found in nexts if found not in seen]
            seen.update(fresh)
            waiting += fresh
        return frozenset(seen)


Flowcharts = Mapping[str, Flowchart]
