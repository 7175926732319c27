"""Paths through the diagram: what can be reached, what can end, what would run for ever."""

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.lint.diagram import Diagram, Node
from engine.bpmn.lint.surroundings import Surroundings
from engine.errors import Finding, Severity

Edges = Mapping[str, tuple[str, ...]]
APPEAL = "sp_appeal"


def check_graph(diagram: Diagram) -> Iterator[Finding]:
    """Elements that no token reaches or leaves, and circles without a person or a wait."""
    forward = successors(diagram)
    backward = turned(forward)
    for scope in diagram.scopes:
        inside = diagram.inside(scope)
        reached = spread(forward, [start.id for start in diagram.starts(scope)])
        ending = spread(backward, [node.id for node in inside if node.kind == "endEvent"])
        for node in inside:
            if node.id not in reached:
                yield diagram.finding("diagram.unreachable", node)
            if node.id not in ending:
                yield diagram.finding("diagram.no_way_to_end", node)
    yield from _check_circles(diagram)


def successors(diagram: Diagram) -> Edges:
    """Where a token may go next inside the same scope; boundary events follow their activity."""
    return {
        node.id: (
            *(flow.target for flow in diagram.outgoing[node.id] if flow.target in diagram.nodes),
            *(event.id for event in diagram.boundary.get(node.id, ())),
        )
        for node in diagram.nodes.values()
    }


def side_branches(diagram: Diagram) -> frozenset[str]:
    """The nodes that tokens reach only through non-interrupting events."""
    edges = {
        node: tuple(
            target
            for target in targets
            if diagram.nodes[target].kind != "boundaryEvent" or diagram.nodes[target].interrupting
        )
        for node, targets in successors(diagram).items()
    }
    starts = (start.id for scope in diagram.scopes for start in diagram.starts(scope))
    return frozenset(diagram.nodes) - spread(edges, starts)


def turned(edges: Edges) -> Edges:
    """The same edges, backwards."""
    found: dict[str, list[str]] = {node: [] for node in edges}
    for source, targets in edges.items():
        for target in targets:
            found[target].append(source)
    return {node: tuple(sources) for node, sources in found.items()}


def spread(edges: Edges, begin: Iterable[str]) -> frozenset[str]:
    """All nodes that can be reached from `begin`, those included."""
    found: set[str] = set()
    waiting = list(begin)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(edges[node])
    return frozenset(found)


def waits(diagram: Diagram, node: Node) -> bool:
    """Does a token rest at the node until a person, an instant or a message comes?"""
    if node.kind == "subProcess":
        return any(waits(diagram, inner) for inner in diagram.inside(node.id))
    return node.kind in ("userTask", "intermediateCatchEvent", "eventBasedGateway", "boundaryEvent",
                         "callActivity")  # fmt: skip


def _check_circles(diagram: Diagram) -> Iterator[Finding]:
    automatic = {node.id for node in diagram.nodes.values() if not waits(diagram, node)}
    edges = {
        node: tuple(target for target in targets if target in automatic)
        for node, targets in successors(diagram).items()
        if node in automatic
    }
    told: set[str] = set()
    for node, targets in edges.items():
        circle = spread(edges, targets)
        if node in circle and node not in told:
            told |= circle
            yield diagram.finding("diagram.endless_circle", diagram.nodes[node])


def check_calls(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Called processes exist and never call themselves, directly or through others."""
    edges = _closed({**surroundings.calls, **calls_of(diagram)})
    for node in diagram.of_kind("callActivity"):
        called = node.element.get("calledElement", "")
        if called not in surroundings.processes and called not in diagram.processes:
            yield diagram.finding("diagram.call_unknown", node, process=called[:60])
        elif diagram.process_of(node) in spread(edges, [called]):
            yield diagram.finding("diagram.call_circle", node, process=called[:60])


def _called(diagram: Diagram, process: str) -> Iterator[str]:
    for node in diagram.of_kind("callActivity"):
        if diagram.process_of(node) == process:
            yield node.element.get("calledElement", "")


def calls_of(diagram: Diagram) -> Mapping[str, tuple[str, ...]]:
    """Process id -> ids of the processes that it calls."""
    return {process: tuple(_called(diagram, process)) for process in diagram.processes}


def _closed(calls: Edges) -> Edges:
    """The same edges with an entry for every target."""
    targets = {target for called in calls.values() for target in called}
    return {**dict.fromkeys(targets, ()), **calls}


def check_appeal_path(calls: Edges, mains: Iterable[str]) -> Iterator[Finding]:
    """A system with an appeal must lead to it from every main process (PP 30/2019, appeal)."""
    edges = _closed(calls)
    for main in mains:
        if APPEAL in edges and APPEAL not in spread(edges, [main]):
            yield Finding("diagram.appeal_unreachable", Severity.WARNING, element_id=main,
                          params={"element": main})  # fmt: skip
