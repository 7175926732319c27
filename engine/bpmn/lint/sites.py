"""Where a diagram holds expressions: gateways, timers, parameters, repetitions, properties."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn.lint.diagram import BPMN, SPIFF, Diagram, Node, text_of
from engine.errors import InvalidDefinition
from engine.rules.deadlines import parse_duration
from engine.rules.expressions import FUNCTIONS

DEADLINE: Final = "deadline"
LIMIT: Final = "limit"
BEFORE: Final = "before"
# Number of arguments, least and most, of what diagrams may call beside the common functions.
TIME_FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    DEADLINE: (1, 2), LIMIT: (1, 1), BEFORE: (2, 2), "instant": (1, 1), "now": (0, 0),
    "today": (0, 0),
}  # fmt: skip
KNOWN_FUNCTIONS: Final = frozenset(FUNCTIONS) | frozenset(TIME_FUNCTIONS)


@dataclass(frozen=True)
class Site:
    """One expression: `node` is where it is evaluated, `after` whether the node's data count."""

    text: str
    node: Node
    place: str
    at: etree._Element
    after: bool = False


def expression_sites(diagram: Diagram) -> Iterator[Site]:
    """Every expression of the diagram, in the order of its nodes."""
    for flow in diagram.flows.values():
        if flow.condition and flow.source in diagram.nodes:
            source = diagram.nodes[flow.source]
            yield Site(flow.condition, source, "condition", flow.element, after=True)
    for node in diagram.nodes.values():
        yield from _timers(node)
        yield from _repetition(node)
        for parameter in node.element.iter(f"{SPIFF}parameter"):
            if node.kind == "serviceTask":
                yield Site(parameter.get("value", ""), node, "parameter", node.element)
        for payload in node.element.iter(f"{SPIFF}messagePayload"):
            if node.kind == "intermediateThrowEvent":
                yield Site(text_of(payload), node, "payload", node.element)
        for name in ("alur:correlation", "alur:due-from"):
            if name in node.properties:
                yield Site(node.properties[name], node, name, node.element)


def timer_texts(node: Node) -> Iterator[tuple[str, str]]:
    """Kind (date, duration, cycle) and text of each timer of an event."""
    for definition in node.element.iterchildren(f"{BPMN}timerEventDefinition"):
        for kind in ("timeDate", "timeDuration", "timeCycle"):
            for element in definition.iterchildren(f"{BPMN}{kind}"):
                yield kind.removeprefix("time").lower(), text_of(element)


def is_plain_duration(text: str) -> bool:
    """Is the text written as a duration, such as P14D, rather than as an expression?"""
    return text[:1] in ("P", "-") and text.strip("-").isalnum()


def duration_days(text: str) -> float | None:
    """The days of a duration; None when it is none."""
    try:
        return parse_duration(text).total_seconds() / 86_400
    except InvalidDefinition:
        return None


def repetition(node: Node) -> etree._Element | None:
    """The multi-instance settings of a node."""
    return node.element.find(f"{BPMN}multiInstanceLoopCharacteristics")


def _timers(node: Node) -> Iterator[Site]:
    for kind, text in timer_texts(node):
        if kind != "cycle" and text and not is_plain_duration(text):
            yield Site(text, node, "timer", node.element)


def _repetition(node: Node) -> Iterator[Site]:
    loop = repetition(node)
    if loop is None:
        return
    for name in ("loopCardinality", "loopDataInputRef", "completionCondition"):
        text = text_of(loop.find(f"{BPMN}{name}"))
        if text:
            yield Site(text, node, name, node.element, after=name == "completionCondition")
