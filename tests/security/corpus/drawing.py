"""Small diagrams for tests, written as parts: `drawn(start(), user("review"), end(), ...)`."""

import re
from collections.abc import Mapping
from itertools import pairwise
from xml.sax.saxutils import quoteattr

LANE = "Pegawai"
FORM = "answer-schema.json"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="http://bpmn.io/schema/bpmn">\n'
)
_SHAPED = re.compile(
    r"<bpmn:(?:\w+Event|\w+Task|\w+Gateway|callActivity|subProcess|sequenceFlow)"
    r" id=\"([^\"]*)\""
)


def drawn(
    *parts: str, process: str = "sample", lanes: Mapping[str, list[str]] | None = None
) -> bytes:
    """A whole file around the parts; every user task stands in the lane `LANE` unless told."""
    inside = "\n".join(part for part in parts if not part.startswith("<bpmn:message "))
    messages = "\n".join(part for part in parts if part.startswith("<bpmn:message "))
    body = (
        f'{HEAD}{messages}<bpmn:process id="{process}" name="Contoh" isExecutable="true">\n'
        f"{_lanes(inside, lanes)}{inside}\n</bpmn:process>\n{_drawing(inside, process)}"
        "</bpmn:definitions>\n"
    )
    return body.encode()


def start(identifier: str = "start") -> str:
    """A start event."""
    return f'<bpmn:startEvent id="{identifier}" />'


def end(identifier: str = "end", outcome: str | None = None) -> str:
    """An end event."""
    return (
        f'<bpmn:endEvent id="{identifier}">{extensions({"alur:outcome": outcome})}</bpmn:endEvent>'
    )


def user(identifier: str, *, form: str | None = FORM, name: str | None = None, **more: str) -> str:
    """A user task with a form; `more` are properties (`alur_due` for `alur:due`)."""
    properties = {
        key.replace("alur_", "alur:").replace("_", "-"): value for key, value in more.items()
    }
    given = {"formJsonSchemaFilename": form, **properties}
    label = quoteattr(name if name is not None else f"Isi {identifier}")
    return f'<bpmn:userTask id="{identifier}" name={label}>{extensions(given)}</bpmn:userTask>'


def service(
    identifier: str, operation: str = "noted", result: str = "note", **parameters: str
) -> str:
    """A service task that calls an operation."""
    given = "".join(
        f'<spiffworkflow:parameter id="{name}" type="str" value={quoteattr(value)} />'
        for name, value in parameters.items()
    )
    return (
        f'<bpmn:serviceTask id="{identifier}" name="Catat {identifier}"><bpmn:extensionElements>'
        f'<spiffworkflow:serviceTaskOperator id="{operation}" resultVariable="{result}">'
        f"<spiffworkflow:parameters>{given}</spiffworkflow:parameters>"
        "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>"
    )


def rule(identifier: str, decision: str) -> str:
    """A business rule task that asks a decision table."""
    return (
        f'<bpmn:businessRuleTask id="{identifier}" name="Tentukan {identifier}">'
        f"<bpmn:extensionElements><spiffworkflow:calledDecisionId>{decision}"
        "</spiffworkflow:calledDecisionId></bpmn:extensionElements></bpmn:businessRuleTask>"
    )


def call(identifier: str, process: str) -> str:
    """A call activity."""
    name = f"Proses {identifier}"
    return f'<bpmn:callActivity id="{identifier}" name="{name}" calledElement="{process}" />'


def sub(identifier: str, *parts: str, more: str = "") -> str:
    """An embedded sub-process."""
    return (
        f'<bpmn:subProcess id="{identifier}" name="Bagian"{more}>{"".join(parts)}</bpmn:subProcess>'
    )


def gateway(identifier: str, kind: str = "exclusive", default: str | None = None) -> str:
    """A gateway."""
    chosen = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{identifier}"{chosen} />'


def flow(
    source: str, target: str, condition: str | None = None, identifier: str | None = None
) -> str:
    """A sequence flow; its id is `source_target` unless told."""
    inner = ""
    if condition is not None:
        escaped = condition.replace("&", "&amp;").replace("<", "&lt;")
        inner = f"<bpmn:conditionExpression>{escaped}</bpmn:conditionExpression>"
    name = identifier or f"{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def chain(*nodes: str) -> str:
    """Flows from each node to the next."""
    return "".join(flow(source, target) for source, target in pairwise(nodes))


def timer(text: str, kind: str = "timeDuration") -> str:
    """The definition of a timer."""
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def message(identifier: str = "wake") -> str:
    """A message of the file."""
    return f'<bpmn:message id="{identifier}" name="{identifier}" />'


def awaits(reference: str = "wake") -> str:
    """The definition of a message event."""
    return f'<bpmn:messageEventDefinition messageRef="{reference}" />'


def boundary(identifier: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    """A boundary event."""
    cancel = "true" if interrupting else "false"
    return (
        f'<bpmn:boundaryEvent id="{identifier}" attachedToRef="{host}" cancelActivity="{cancel}">'
        f"{definition}</bpmn:boundaryEvent>"
    )


def catch(identifier: str, definition: str) -> str:
    """An intermediate catch event."""
    return (
        f'<bpmn:intermediateCatchEvent id="{identifier}">{definition}</bpmn:intermediateCatchEvent>'
    )


def extensions(properties: Mapping[str, str | None], inside: str = "") -> str:
    """The extension elements with properties."""
    given = "".join(
        f"<spiffworkflow:property name={quoteattr(name)} value={quoteattr(value)} />"
        for name, value in properties.items()
        if value is not None
    )
    listed = f"<spiffworkflow:properties>{given}</spiffworkflow:properties>" if given else ""
    return (
        f"<bpmn:extensionElements>{listed}{inside}</bpmn:extensionElements>"
        if listed or inside
        else ""
    )


def _lanes(inside: str, lanes: Mapping[str, list[str]] | None) -> str:
    given = {LANE: re.findall(r'<bpmn:userTask id="([^"]*)"', inside)} if lanes is None else lanes
    listed = "".join(
        f'<bpmn:lane id="lane_{number}" name={quoteattr(name)}>'
        + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
        + "</bpmn:lane>"
        for number, (name, nodes) in enumerate(given.items())
    )
    return f'<bpmn:laneSet id="lanes">{listed}</bpmn:laneSet>' if listed else ""


def _drawing(inside: str, process: str) -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{identifier}_di" bpmnElement="{identifier}">'
        '<dc:Bounds x="0" y="0" width="100" height="80" /></bpmndi:BPMNShape>'
        for identifier in dict.fromkeys(_SHAPED.findall(inside))
    )
    return (
        '<bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" '
        f'bpmnElement="{process}">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
