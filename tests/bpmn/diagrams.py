"""Small diagrams as XML, built from one line per element."""

from collections.abc import Iterable, Mapping
from html import escape

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' targetNamespace="http://example.org" id="definitions">'
)


def diagram(process_id: str, *parts: str, extra: str = "", lane: str = "Pegawai") -> bytes:
    """One executable process; every flow node lies in `lane`."""
    body = "".join(parts)
    nodes = [chunk.split('"')[0] for chunk in body.split(' data-node="1" id="')[1:]]
    refs = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    lanes = (
        f'<bpmn:laneSet id="lanes_{process_id}"><bpmn:lane id="lane_{process_id}" name="{lane}">'
    )
    body = body.replace(' data-node="1"', "")
    return (
        f'{HEAD}{extra}<bpmn:process id="{process_id}" isExecutable="true">'
        f"{lanes}{refs}</bpmn:lane></bpmn:laneSet>{body}</bpmn:process></bpmn:definitions>"
    ).encode()


def node(kind: str, identifier: str, inner: str = "", **attributes: str) -> str:
    """Any flow node."""
    drawn = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<bpmn:{kind} data-node="1" id="{identifier}"{drawn}>{inner}</bpmn:{kind}>'


def properties(values: Mapping[str, str]) -> str:
    """The `spiffworkflow:properties` of an element."""
    found = "".join(
        f'<spiffworkflow:property name="{name}" value="{escape(value)}"/>'
        for name, value in values.items()
    )
    return extension(f"<spiffworkflow:properties>{found}</spiffworkflow:properties>")


def extension(inner: str) -> str:
    """The extension elements of an element."""
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def flows(*pairs: str) -> str:
    """Flows as "from to", with an optional condition after "if"."""
    return "".join(flow(*pair.split(maxsplit=2)) for pair in pairs)


def flow(source: str, target: str, condition: str = "") -> str:
    """One flow; `condition` begins with "if"."""
    text = condition.removeprefix("if").strip()
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(text)}'
        "</bpmn:conditionExpression>"
        if text
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def user(identifier: str, inner: str = "", **values: str) -> str:
    """A user task; keywords are properties, with `alur_due` for `alur:due`."""
    named = {name.replace("alur_", "alur:").replace("_from", "-from"): text
             for name, text in values.items()}  # fmt: skip
    return node(
        "userTask", identifier, (properties(named) if named else "") + inner, name=identifier
    )


def start(identifier: str = "start") -> str:
    """A start event."""
    return node("startEvent", identifier)


def end(identifier: str = "end", outcome: str = "") -> str:
    """An end event, with its outcome."""
    return node("endEvent", identifier, properties({"alur:outcome": outcome}) if outcome else "")


def gateway(identifier: str, kind: str = "exclusive", **attributes: str) -> str:
    """A gateway; `default` is the id of the default flow."""
    return node(f"{kind}Gateway", identifier, **attributes)


def timer(text: str, kind: str = "timeDuration") -> str:
    """A timer definition."""
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">'
        f"{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def boundary(identifier: str, host: str, inner: str, *, interrupting: bool = True) -> str:
    """A boundary event on `host`."""
    return node(
        "boundaryEvent", identifier, inner,
        attachedToRef=host, cancelActivity="true" if interrupting else "false",
    )  # fmt: skip


def catch(identifier: str, inner: str) -> str:
    """An intermediate catch event."""
    return node("intermediateCatchEvent", identifier, inner)


def message(identifier: str, *, payload: str = "") -> str:
    """A message definition that refers to the message `msg_<identifier>`."""
    inner = (
        extension(f"<spiffworkflow:messagePayload>{escape(payload)}</spiffworkflow:messagePayload>")
        if payload
        else ""
    )
    kind = "bpmn:messageEventDefinition"
    return f'<{kind} messageRef="msg_{identifier}">{inner}</{kind}>'


def messages(*names: str) -> str:
    """The declarations of messages, for `extra`."""
    return "".join(f'<bpmn:message id="msg_{name}" name="{name}"/>' for name in names)


def service(identifier: str, operation: str, result: str = "", **params: str) -> str:
    """A service task; parameters are expressions."""
    given = "".join(
        f'<spiffworkflow:parameter id="{name}" type="str" value="{escape(text)}"/>'
        for name, text in params.items()
    )
    kept = f' resultVariable="{result}"' if result else ""
    return node(
        "serviceTask", identifier,
        extension(
            f'<spiffworkflow:serviceTaskOperator id="{operation}"{kept}>'
            f"<spiffworkflow:parameters>{given}</spiffworkflow:parameters>"
            "</spiffworkflow:serviceTaskOperator>"
        ),
    )  # fmt: skip


def decide(identifier: str, table: str) -> str:
    """A business rule task."""
    called = f"<spiffworkflow:calledDecisionId>{table}</spiffworkflow:calledDecisionId>"
    return node("businessRuleTask", identifier, extension(called))


def call(identifier: str, process_id: str, inner: str = "") -> str:
    """A call activity."""
    return node("callActivity", identifier, inner, calledElement=process_id)


def sub_process(identifier: str, *parts: str) -> str:
    """An embedded sub-process."""
    return node("subProcess", identifier, "".join(parts))


def repeated(
    *, over: str = "", times: str = "", into: str = "", until: str = "", sequential: bool = False
) -> str:
    """Multi-instance characteristics."""
    inner: Iterable[str] = (
        f"<bpmn:loopCardinality>{escape(times)}</bpmn:loopCardinality>" if times else "",
        f"<bpmn:loopDataInputRef>{over}</bpmn:loopDataInputRef>" if over else "",
        f"<bpmn:loopDataOutputRef>{into}</bpmn:loopDataOutputRef>" if into else "",
        '<bpmn:inputDataItem id="item"/>' if over else "",
        f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else "",
    )
    mode = ' isSequential="true"' if sequential else ""
    return (
        f"<bpmn:multiInstanceLoopCharacteristics{mode}>{''.join(inner)}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
