"""The closed list: which elements, attributes and extensions a diagram may hold at all."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.bpmn.lint.diagram import (
    BPMN,
    DC,
    DI,
    NODES,
    SPIFF,
    XSI_TYPE,
    Diagram,
    Flow,
    Node,
    local_name,
    text_of,
)
from engine.errors import Finding, Severity

_DRAWING: Final = "{http://www.omg.org/spec/DD/20100524/DI}"
_BPMN_ELEMENTS: Final = NODES | {
    "definitions", "collaboration", "participant", "process", "laneSet", "childLaneSet", "lane",
    "flowNodeRef", "sequenceFlow", "conditionExpression", "incoming", "outgoing", "documentation",
    "extensionElements", "textAnnotation", "text", "association", "group", "category",
    "categoryValue", "message", "messageEventDefinition", "timerEventDefinition", "timeDate",
    "terminateEventDefinition",
    "timeDuration", "timeCycle", "multiInstanceLoopCharacteristics", "loopCardinality",
    "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem",
    "completionCondition",
}  # fmt: skip
_ELEMENTS: Final = frozenset(
    {BPMN + name for name in _BPMN_ELEMENTS}
    | {DI + name for name in ("BPMNDiagram", "BPMNPlane", "BPMNShape", "BPMNEdge", "BPMNLabel",
                              "BPMNLabelStyle")}
    | {DC + "Bounds", DC + "Font", _DRAWING + "waypoint", _DRAWING + "extension"}
    | {SPIFF + name for name in ("properties", "property", "serviceTaskOperator", "parameters",
                                 "parameter", "calledDecisionId", "messagePayload")}
)  # fmt: skip
# Elements that people do draw: each has its own rule, so that the sentence can say what to do.
_REFUSED: Final = {
    "scriptTask": "diagram.script", "script": "diagram.script",
    "complexGateway": "diagram.complex_gateway", "transaction": "diagram.transaction",
    "linkEventDefinition": "diagram.link", "compensateEventDefinition": "diagram.compensation",
    "dataStoreReference": "diagram.data_store", "dataStore": "diagram.data_store",
    "adHocSubProcess": "diagram.ad_hoc", "conditionalEventDefinition": "diagram.conditional_event",
    "task": "diagram.untyped_task", "manualTask": "diagram.untyped_task",
    "standardLoopCharacteristics": "diagram.standard_loop",
    "sendTask": "diagram.message_task", "receiveTask": "diagram.message_task",
}  # fmt: skip
_REFUSED_EXTENSIONS: Final = {
    "preScript": "diagram.pre_script", "postScript": "diagram.pre_script",
}  # fmt: skip
_ATTRIBUTES: Final = frozenset({
    "id", "name", "isExecutable", "sourceRef", "targetRef", "default", "attachedToRef",
    "cancelActivity", "calledElement", "messageRef", "processRef", "targetNamespace", "exporter",
    "exporterVersion", "bpmnElement", "x", "y", "width", "height", "isExpanded", "isHorizontal",
    "isMarkerVisible", "gatewayDirection", "isSequential", "triggeredByEvent", "value", "type",
    "associationDirection", "textFormat", "categoryValueRef", "instantiate", "eventGatewayType",
    "parallelMultiple", "isInterrupting", "resultVariable", "processType", "isClosed",
    "expressionLanguage", "typeLanguage", "isForCompensation", "startQuantity",
    "completionQuantity", "choreographyActivityShape", "isBold", "isItalic", "isStrikeThrough",
    "isUnderline", "size", "labelStyle", "sourceElement", "targetElement", "isImmediate",
})  # fmt: skip
_EXPRESSION_TYPES: Final = frozenset({"tFormalExpression", "tExpression"})


def check_elements(diagram: Diagram) -> Iterator[Finding]:
    """Elements, attributes, extensions and kinds of events outside the closed list."""
    for element in diagram.root.iter(etree.Element):
        yield from _check_element(diagram, element)
        yield from _check_attributes(diagram, element)
    yield from _check_pools(diagram)


def _check_element(diagram: Diagram, element: etree._Element) -> Iterator[Finding]:
    name = local_name(element)
    if element.tag.startswith(BPMN) and name in _REFUSED:
        # The text of a script is part of its script task: one finding for both.
        if name != "script":
            yield diagram.finding(_REFUSED[name], _with_id(element))
    elif element.tag.startswith(SPIFF) and name in _REFUSED_EXTENSIONS:
        yield diagram.finding(_REFUSED_EXTENSIONS[name], _with_id(element))
    elif element.tag not in _ELEMENTS:
        yield diagram.finding("diagram.element", _with_id(element), tag=name[:60])
    elif element.get("triggeredByEvent", "false") != "false":
        yield diagram.finding("diagram.event_subprocess", element)
    elif element.get("isForCompensation", "false") != "false":
        yield diagram.finding("diagram.compensation", element)


def _check_attributes(diagram: Diagram, element: etree._Element) -> Iterator[Finding]:
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if key == XSI_TYPE:
            if value.rpartition(":")[2] not in _EXPRESSION_TYPES:
                yield _attribute(diagram, element, name.localname)
        elif name.namespace in (BPMN.strip("{}"), None):
            if name.localname not in _ATTRIBUTES:
                yield _attribute(diagram, element, name.localname)
        elif "spiffworkflow" in name.namespace or "/camunda" in name.namespace:
            yield from _modeler_attribute(diagram, element, name)


def _modeler_attribute(
    diagram: Diagram, element: etree._Element, name: etree.QName
) -> Iterator[Finding]:
    # The note of a modeller about itself on the root runs nothing.
    if element is not diagram.root:
        yield _attribute(diagram, element, name.localname)


def _attribute(diagram: Diagram, element: etree._Element, name: str) -> Finding:
    return diagram.finding("diagram.attribute", _with_id(element), attribute=name[:60])


def _check_pools(diagram: Diagram) -> Iterator[Finding]:
    participants = list(diagram.root.iter(f"{BPMN}participant"))
    if len(participants) > 1 or len(diagram.processes) > 1:
        yield diagram.finding("diagram.several_pools", participants[1] if participants[1:] else
                              list(diagram.processes.values())[-1])  # fmt: skip
    if not diagram.processes:
        yield diagram.finding("diagram.no_process", diagram.root)
    for identifier, process in diagram.processes.items():
        if process.get("isExecutable") != "true":
            yield diagram.finding("diagram.not_executable", process, process=identifier)


def check_drawing(diagram: Diagram) -> Iterator[Finding]:
    """Elements without a shape: the page of the case could not show where it stands."""
    drawn = {
        shape.get("bpmnElement")
        for shape in diagram.root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")
        if len(shape)
    }
    parts: tuple[Node | Flow, ...] = (*diagram.nodes.values(), *diagram.flows.values())
    for part in parts:
        if part.id not in drawn:
            yield diagram.finding("diagram.not_drawn", part, Severity.WARNING)


def check_message_names(diagram: Diagram) -> Iterator[Finding]:
    """Messages that an event names must exist and carry a name."""
    for node in diagram.nodes.values():
        for definition in node.element.iterchildren(f"{BPMN}messageEventDefinition"):
            if not diagram.messages.get(definition.get("messageRef", "")):
                yield diagram.finding("diagram.message_unknown", node)
    for lane in diagram.root.iter(f"{BPMN}flowNodeRef"):
        if text_of(lane) not in diagram.nodes:
            yield diagram.finding(
                "diagram.lane_reference", lane.getparent(), text=text_of(lane)[:60]
            )


def _with_id(element: etree._Element) -> etree._Element:
    """The nearest element around with an id: what the page can mark."""
    while not element.get("id") and element.getparent() is not None:
        element = element.getparent()
    return element
