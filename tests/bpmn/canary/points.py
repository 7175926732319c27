"""The eighteen places where SpiffWorkflow evaluates text of a diagram or table."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from tests.bpmn.diagrams import (
    catch,
    diagram,
    end,
    extension,
    flows,
    gateway,
    messages,
    node,
    repeated,
    service,
    start,
    timer,
    user,
)


@dataclass(frozen=True)
class Point:
    """A place; `diagram` and `table` put a text there, `beside` is harmless text around it."""

    name: str
    diagram: Callable[[str], bytes]
    table: Callable[[str], bytes] | None = None
    beside: tuple[str, ...] = ()


def _after_wait(element: str, extra: str = "", more: str = "") -> bytes:
    """The element `evil` after a user task, so that a case can be stored before it."""
    return diagram(
        "main", start(), user("wait"), element, end(), more,
        flows("start wait", "wait evil", "evil end"), extra=extra,
    )  # fmt: skip


def _script(text: str) -> str:
    return node("scriptTask", "evil", f"<bpmn:script>{escape(text)}</bpmn:script>")


def _scripted(kind: str, text: str) -> str:
    return user("evil", "", form="x").replace(
        "<bpmn:extensionElements>",
        f"<bpmn:extensionElements><spiffworkflow:{kind}>{escape(text)}</spiffworkflow:{kind}>",
    )


def _condition(text: str) -> str:
    return gateway("evil", default="evil_to_end") + end("other") + flows(f"evil other if {text}")


def _conditional(text: str) -> str:
    return catch(
        "evil",
        "<bpmn:conditionalEventDefinition>"
        f"<bpmn:condition>{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>",
    )


def _standard_loop(text: str) -> str:
    return user(
        "evil",
        '<bpmn:standardLoopCharacteristics testBefore="true">'
        f"<bpmn:loopCondition>{escape(text)}</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>",
    )


def _ad_hoc(text: str) -> str:
    return node(
        "adHocSubProcess", "evil",
        node("userTask", "inside")
        + f"<bpmn:completionCondition>{escape(text)}</bpmn:completionCondition>",
    )  # fmt: skip


def _throw(payload: str) -> str:
    inner = extension(
        f"<spiffworkflow:messagePayload>{escape(payload)}</spiffworkflow:messagePayload>"
    )
    return node(
        "intermediateThrowEvent", "evil",
        f'<bpmn:messageEventDefinition messageRef="msg_m">{inner}</bpmn:messageEventDefinition>',
    )  # fmt: skip


def _correlation(text: str) -> str:
    return (
        messages("m") + '<bpmn:correlationProperty id="who" name="who">'
        '<bpmn:correlationPropertyRetrievalExpression messageRef="msg_m">'
        f"<bpmn:messagePath>{escape(text)}</bpmn:messagePath>"
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    )


def _signal(text: str) -> str:
    inner = extension(
        f"<spiffworkflow:payloadExpression>{escape(text)}</spiffworkflow:payloadExpression>"
    )
    return f'<bpmn:signal id="sig" name="sig">{inner}</bpmn:signal>'


_THROW_SIGNAL = node(
    "intermediateThrowEvent", "evil", '<bpmn:signalEventDefinition signalRef="sig"/>'
)


def _decision(text: str) -> bytes:
    called = extension("<spiffworkflow:calledDecisionId>table</spiffworkflow:calledDecisionId>")
    return _after_wait(node("businessRuleTask", "evil", called))


def _table(*, read: str = "1", cell: str = "1", given: str = "1") -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        ' namespace="http://example.org"><decision id="table" name="table">'
        '<decisionTable id="rows"><input id="in" label="x">'
        f'<inputExpression id="read" typeRef="number"><text>{escape(read)}</text></inputExpression>'
        '</input><output id="out" name="y" typeRef="number"/><rule id="row">'
        f'<inputEntry id="cell"><text>{escape(cell)}</text></inputEntry>'
        f'<outputEntry id="given"><text>{escape(given)}</text></outputEntry>'
        "</rule></decisionTable></decision></definitions>"
    ).encode()


POINTS = (
    Point("script task", lambda text: _after_wait(_script(text))),
    Point("script before a step", lambda text: _after_wait(_scripted("preScript", text))),
    Point("script after a step", lambda text: _after_wait(_scripted("postScript", text))),
    Point("condition of a flow", lambda text: _after_wait(_condition(text))),
    Point("timer duration", lambda text: _after_wait(catch("evil", timer(text)))),
    Point("timer cycle", lambda text: _after_wait(catch("evil", timer(text, "timeCycle")))),
    Point("conditional event", lambda text: _after_wait(_conditional(text))),
    Point("number of instances", lambda text: _after_wait(user("evil", repeated(times=text)))),
    Point(
        "end of a repeated step",
        lambda text: _after_wait(user("evil", repeated(times="1", until=text))),
        beside=("1",),
    ),
    Point("condition of a loop", lambda text: _after_wait(_standard_loop(text))),
    Point("parameter of a service", lambda text: _after_wait(service("evil", "echo", "x", a=text))),
    Point("end of an ad hoc process", lambda text: _after_wait(_ad_hoc(text))),
    Point("payload of a message", lambda text: _after_wait(_throw(text), messages("m"))),
    Point(
        "correlation of a message",
        lambda text: _after_wait(_throw("wait"), _correlation(text)),
        beside=("wait",),
    ),
    Point("payload of a signal", lambda text: _after_wait(_THROW_SIGNAL, _signal(text))),
    Point("input of a table", _decision, lambda text: _table(read=text)),
    Point("cell of a table", _decision, lambda text: _table(cell=text), beside=("1",)),
    Point("output of a table", _decision, lambda text: _table(given=text), beside=("1",)),
)
