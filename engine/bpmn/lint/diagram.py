"""The diagram as the lint reads it: scopes, nodes, flows and properties of one BPMN file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lxml import etree

from engine.errors import Finding, Severity
from engine.rules.xml import line_of

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF: Final = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
TASKS: Final = frozenset({"userTask", "serviceTask", "businessRuleTask"})
ACTIVITIES: Final = TASKS | {"callActivity", "subProcess"}
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
NODES: Final = EVENTS | ACTIVITIES | GATEWAYS


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is the text of its expression, if it has one."""

    id: str
    source: str
    target: str
    scope: str
    condition: str | None
    element: etree._Element = field(repr=False, compare=False)


@dataclass(frozen=True)
class Node:
    """An element that tokens pass; `scope` is the id of the process or sub-process around it."""

    id: str
    kind: str
    name: str
    scope: str
    lane: str | None
    attached_to: str | None
    interrupting: bool
    default: str | None
    event: str | None
    properties: Mapping[str, str]
    element: etree._Element = field(repr=False, compare=False)


@dataclass(frozen=True)
class Diagram:
    """One file: its processes (elements by id), nodes and flows by id, in document order."""

    file: str
    root: etree._Element = field(repr=False)
    processes: Mapping[str, etree._Element]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    messages: Mapping[str, str]

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows that arrive at each node."""
        return self._by_end("target")

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows that leave each node."""
        return self._by_end("source")

    @cached_property
    def boundary(self) -> Mapping[str, tuple[Node, ...]]:
        """The boundary events of each activity."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.attached_to:
                found.setdefault(node.attached_to, []).append(node)
        return {host: tuple(nodes) for host, nodes in found.items()}

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The ids of all processes and sub-processes."""
        inner = (node.id for node in self.nodes.values() if node.kind == "subProcess")
        return (*self.processes, *inner)

    def of_kind(self, *kinds: str) -> Iterator[Node]:
        """The nodes of these kinds, in document order."""
        return (node for node in self.nodes.values() if node.kind in kinds)

    def inside(self, scope: str) -> tuple[Node, ...]:
        """The nodes directly in a process or sub-process."""
        return tuple(node for node in self.nodes.values() if node.scope == scope)

    def starts(self, scope: str) -> tuple[Node, ...]:
        """The start events directly in a process or sub-process."""
        return tuple(node for node in self.inside(scope) if node.kind == "startEvent")

    def process_of(self, node: Node) -> str:
        """The id of the process around a node, through all sub-processes."""
        scope = node.scope
        while scope in self.nodes:
            scope = self.nodes[scope].scope
        return scope

    def finding(
        self,
        rule: str,
        at: Node | Flow | etree._Element | None,
        severity: Severity = Severity.ERROR,
        /,
        **params: str,
    ) -> Finding:
        """A finding at an element; `params["element"]` is what people call it."""
        element = at.element if isinstance(at, Node | Flow) else at
        identifier = element.get("id") if element is not None else None
        return Finding(
            rule,
            severity,
            file=self.file,
            element_id=identifier,
            line=line_of(element) if element is not None else None,
            params={"element": title_of(element), "file": self.file, **params},
        )

    def _by_end(self, end: str) -> Mapping[str, tuple[Flow, ...]]:
        found: dict[str, list[Flow]] = {node_id: [] for node_id in self.nodes}
        for flow in self.flows.values():
            found.setdefault(getattr(flow, end), []).append(flow)
        return {node_id: tuple(flows) for node_id, flows in found.items()}


def read_diagram(root: etree._Element, file: str) -> Diagram:
    """The diagram under `root`; elements without id and repeated ids are left to other rules."""
    processes = {p.get("id", ""): p for p in root.iterchildren(f"{BPMN}process")}
    lanes = _lanes(root)
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    for scope, element in _scoped(processes):
        identifier = element.get("id", "")
        kind = local_name(element)
        if kind == "sequenceFlow":
            flows.setdefault(identifier, _flow(element, scope))
        elif kind in NODES:
            around = nodes.get(scope)
            lane = lanes.get(identifier) or (around.lane if around else None)
            nodes.setdefault(identifier, _node(element, scope, lane))
    messages = {m.get("id", ""): m.get("name", "") for m in root.iterchildren(f"{BPMN}message")}
    return Diagram(file, root, processes, nodes, flows, messages)


def local_name(element: etree._Element) -> str:
    """The name of a tag without its namespace."""
    return str(etree.QName(element).localname)


def text_of(element: etree._Element | None) -> str:
    """The text of an element without surrounding space; empty where there is none."""
    return (element.text or "").strip() if element is not None else ""


def title_of(element: etree._Element | None) -> str:
    """What people call an element: its name, otherwise its id, otherwise its tag."""
    if element is None:
        return ""
    name = " ".join((element.get("name") or "").split())
    return name[:80] or element.get("id", "")[:80] or local_name(element)


def properties_of(element: etree._Element) -> dict[str, str]:
    """The `spiffworkflow:properties` of an element; the first of a repeated name counts."""
    found: dict[str, str] = {}
    for item in element.iterfind(f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property"):
        found.setdefault(item.get("name", ""), item.get("value", ""))
    return found


def _scoped(processes: Mapping[str, etree._Element]) -> Iterator[tuple[str, etree._Element]]:
    waiting = [(scope, element) for scope, element in processes.items()]
    while waiting:
        scope, parent = waiting.pop(0)
        for element in parent.iterchildren(etree.Element):
            yield scope, element
            if local_name(element) == "subProcess":
                waiting.append((element.get("id", ""), element))


def _lanes(root: etree._Element) -> Mapping[str, str]:
    """Element id -> name of the innermost lane that lists it."""
    found: dict[str, str] = {}
    for lane in root.iter(f"{BPMN}lane"):
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef"):
            found[text_of(reference)] = lane.get("name", "")
    return found


def _flow(element: etree._Element, scope: str) -> Flow:
    condition = element.find(f"{BPMN}conditionExpression")
    return Flow(
        element.get("id", ""),
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        scope,
        None if condition is None else text_of(condition),
        element,
    )


def _node(element: etree._Element, scope: str, lane: str | None) -> Node:
    events = [
        local_name(child).removesuffix("EventDefinition")
        for child in element.iterchildren(etree.Element)
        if local_name(child).endswith("EventDefinition")
    ]
    return Node(
        element.get("id", ""),
        local_name(element),
        element.get("name") or "",
        scope,
        lane,
        element.get("attachedToRef"),
        element.get("cancelActivity", "true") != "false",
        element.get("default"),
        events[0] if events else None,
        properties_of(element),
        element,
    )
