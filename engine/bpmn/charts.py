"""Reads the flowcharts of a definition's diagrams; nothing here runs anything."""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.domain.flowchart import Flow, Flowchart, Flowcharts, Node
from engine.rules.xml import Element, elements_of, parse_xml

FLOW = "sequenceFlow"
# What a diagram says to the engine is nobody's business who only looks at the picture.
INNER = frozenset(
    {
        "extensionElements",
        "documentation",
        "conditionExpression",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "multiInstanceLoopCharacteristics",
    }
)
NOT_DRAWN = frozenset({"laneSet", "documentation", "extensionElements", "dataObject", FLOW})


def flowcharts(files: Mapping[str, bytes]) -> Flowcharts:
    """Every process of the diagrams by its id."""
    found = {}
    for file, content in sorted(files.items()):
        for element in parse_xml(content, file=file):
            if _kind(element) == "process":
                chart = _chart(element, file)
                found[chart.id] = chart
    return found


def picture(
    content: bytes, *, file: str, names: Mapping[str, str], lanes: Mapping[str, str]
) -> str:
    """The drawing alone, without rules and settings, under `names` where there are any.

    `names` are by id, those of `lanes` by the name that is drawn; a pool is called as its process.
    """
    root = parse_xml(content, file=file)
    for element in list(elements_of(root)):
        if _kind(element) in INNER:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        elif drawn := element.get("name"):
            known = lanes if _kind(element) == "lane" else names
            element.set("name", known.get(_called(element), drawn))
    return str(etree.tostring(root, encoding="unicode"))


def _called(element: Element) -> str:
    """What names are known by: the process of a pool, the name of a lane, else the id."""
    return str(element.get({"participant": "processRef", "lane": "name"}.get(_kind(element), "id")))


def _chart(process: Element, file: str) -> Flowchart:
    lanes = dict(_lanes(process))
    nodes = {
        element.get("id", ""): _node(element, lanes)
        for element in process
        if isinstance(element.tag, str) and element.get("id") and _kind(element) not in NOT_DRAWN
    }
    flows = tuple(
        Flow(element.get("id", ""), element.get("sourceRef", ""), element.get("targetRef", ""))
        for element in process
        if isinstance(element.tag, str) and _kind(element) == FLOW
    )
    name = process.get("name") or process.get("id", "")
    return Flowchart(process.get("id", ""), name, file, _in_order(nodes, flows), flows)


def _node(element: Element, lanes: Mapping[str, str]) -> Node:
    identifier = element.get("id", "")
    return Node(
        identifier,
        _kind(element),
        element.get("name", ""),
        lanes.get(identifier, ""),
        element.get("attachedToRef"),
        element.get("calledElement"),
        element.get("cancelActivity") != "false",
    )


def _in_order(nodes: Mapping[str, Node], flows: tuple[Flow, ...]) -> dict[str, Node]:
    """The elements as somebody reads them who follows the flows from the start."""
    ordered: dict[str, Node] = {}
    waiting = [node.id for node in nodes.values() if node.kind == "startEvent"]
    while waiting:
        identifier = waiting.pop(0)
        if identifier in ordered or identifier not in nodes:
            continue
        ordered[identifier] = nodes[identifier]
        waiting += [flow.target for flow in flows if flow.source == identifier]
        waiting += [node.id for node in nodes.values() if node.host == identifier]
    return {**ordered, **{key: node for key, node in nodes.items() if key not in ordered}}


def _lanes(process: Element) -> Iterator[tuple[str, str]]:
    for lane in process.iter("{*}lane"):
        for reference in lane.iter("{*}flowNodeRef"):
            yield (reference.text or "").strip(), lane.get("name", "")


def _kind(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
