"""How elements are joined: starts, ends, flows, gateways, events and boundary events."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.bpmn.lint.diagram import ACTIVITIES, BPMN, Diagram, Flow, Node
from engine.errors import Finding

MAX_NODES: Final = 300
# Every set of ways out is one case of the token game.
MAX_INCLUSIVE: Final = 6
_SPLITS: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
_EVENTS_OF: Final[Mapping[str, frozenset[str | None]]] = {
    "startEvent": frozenset({None}),
    "endEvent": frozenset({None, "terminate"}),
    "intermediateCatchEvent": frozenset({"timer", "message"}),
    "intermediateThrowEvent": frozenset({None, "message"}),
    "boundaryEvent": frozenset({"timer", "message"}),
}


def check_structure(diagram: Diagram) -> Iterator[Finding]:
    """Everything that can be seen at one element and its flows."""
    if len(diagram.nodes) > MAX_NODES:
        yield diagram.finding("diagram.too_many_nodes", diagram.root, limit=str(MAX_NODES))
    for scope in diagram.scopes:
        yield from _check_scope(diagram, scope)
    for flow in diagram.flows.values():
        yield from _check_flow(diagram, flow)
    for node in diagram.nodes.values():
        yield from _check_ends(diagram, node)
        yield from _check_event(diagram, node)
        if node.kind in _SPLITS:
            yield from _check_choice(diagram, node)
        if node.kind == "eventBasedGateway":
            yield from _check_event_gateway(diagram, node)


def _check_scope(diagram: Diagram, scope: str) -> Iterator[Finding]:
    owner = diagram.processes.get(scope)
    at = diagram.nodes[scope] if owner is None else owner
    starts = diagram.starts(scope)
    if not starts:
        yield diagram.finding("diagram.start_missing", at)
    for start in starts[1:]:
        yield diagram.finding("diagram.start_twice", start)
    if not any(node.kind == "endEvent" for node in diagram.inside(scope)):
        yield diagram.finding("diagram.end_missing", at)


def _check_flow(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    source, target = diagram.nodes.get(flow.source), diagram.nodes.get(flow.target)
    if source is None or target is None:
        yield diagram.finding("diagram.flow_dangling", flow)
        return
    if source.scope != flow.scope or target.scope != flow.scope:
        yield diagram.finding("diagram.flow_crosses", flow)
    if source.id == target.id:
        yield diagram.finding("diagram.flow_to_itself", source)
    if flow.condition is not None and source.kind not in _SPLITS:
        yield diagram.finding("diagram.condition_misplaced", flow)


def _check_ends(diagram: Diagram, node: Node) -> Iterator[Finding]:
    incoming, outgoing = diagram.incoming[node.id], diagram.outgoing[node.id]
    begins = node.kind in ("startEvent", "boundaryEvent")
    if begins and incoming:
        yield diagram.finding("diagram.flow_into_start", node)
    if not begins and not incoming:
        yield diagram.finding("diagram.unconnected_before", node)
    if node.kind == "endEvent" and outgoing:
        yield diagram.finding("diagram.flow_out_of_end", node)
    if node.kind != "endEvent" and not outgoing:
        yield diagram.finding("diagram.unconnected_after", node)
    if len(outgoing) > 1 and not node.kind.endswith("Gateway"):
        yield diagram.finding("diagram.implicit_split", node)
    # SpiffWorkflow makes one branch of two flows between the same two elements.
    if len({flow.target for flow in outgoing}) < len(outgoing):
        yield diagram.finding("diagram.flow_twice", node)


def _check_event(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind not in _EVENTS_OF:
        return
    definitions = [child for child in node.element if str(child.tag).endswith("EventDefinition")]
    if node.event not in _EVENTS_OF[node.kind] or len(definitions) > 1:
        yield diagram.finding("diagram.event_kind", node, event=node.event or "-")
    if node.kind == "boundaryEvent":
        host = diagram.nodes.get(node.attached_to or "")
        if host is None or host.kind not in ACTIVITIES or host.scope != node.scope:
            yield diagram.finding("diagram.boundary_host", node)
        elif host.kind in ("serviceTask", "businessRuleTask"):
            yield diagram.finding("diagram.boundary_automatic", node, host=host.name or host.id)


def _check_choice(diagram: Diagram, node: Node) -> Iterator[Finding]:
    outgoing = diagram.outgoing[node.id]
    own = {flow.id for flow in outgoing}
    if node.default is not None and node.default not in own:
        yield diagram.finding("diagram.default_foreign", node)
    if len(outgoing) < 2:
        return
    if node.default is None:
        yield diagram.finding("diagram.default_missing", node)
    if node.kind == "inclusiveGateway" and len(outgoing) > MAX_INCLUSIVE:
        yield diagram.finding("diagram.inclusive_wide", node, limit=str(MAX_INCLUSIVE))
    for flow in outgoing:
        if flow.id == node.default and flow.condition is not None:
            yield diagram.finding("diagram.default_condition", flow)
        if flow.id != node.default and not flow.condition:
            yield diagram.finding("diagram.condition_missing", flow, gateway=node.name or node.id)


def _check_event_gateway(diagram: Diagram, node: Node) -> Iterator[Finding]:
    targets = [
        diagram.nodes[flow.target]
        for flow in diagram.outgoing[node.id]
        if flow.target in diagram.nodes
    ]
    if any(target.kind != "intermediateCatchEvent" for target in targets) or len(targets) < 2:
        yield diagram.finding("diagram.event_gateway_targets", node)
    if sum(target.event == "timer" for target in targets) > 1:
        yield diagram.finding("diagram.event_gateway_timers", node)
    for target in targets:
        if len(diagram.incoming[target.id]) > 1:
            yield diagram.finding("diagram.event_gateway_shared", target)


def check_multi_instance(diagram: Diagram) -> Iterator[Finding]:
    """Repeated steps: at most 50 at once, never inside each other, on activities only."""
    for loop in diagram.root.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
        node = diagram.nodes.get(loop.getparent().get("id", ""))
        if node is None or node.kind not in ACTIVITIES:
            yield diagram.finding("diagram.multi_instance_place", loop.getparent())
            continue
        around = [parent.get("id", "") for parent in loop.iterancestors(f"{BPMN}subProcess")]
        if any(_is_repeated(diagram.nodes[scope]) for scope in around if scope != node.id
               if scope in diagram.nodes):  # fmt: skip
            yield diagram.finding("diagram.multi_instance_nested", node)


def _is_repeated(node: Node) -> bool:
    return node.element.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None
