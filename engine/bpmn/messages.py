"""Messages between cases: what is awaited, what is delivered, what leaves the case."""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition

from engine.bpmn.values import accepted, copied
from engine.domain.process import AwaitedMessage, OperationCall

THROW = "throw_message"


class Message(MessageEventDefinition):
    """A message event of one element; what arrives is kept under the element's own id."""

    @property
    def element_id(self) -> str:
        """The element in the diagram that catches or throws."""
        return str(self.message_var)

    def throw(self, my_task: Any) -> None:
        """Send the value of the payload expression; a message without one is empty."""
        engine = my_task.workflow.script_engine
        payload = engine.evaluate(my_task, self.expression) if self.expression else {}
        my_task.workflow.top_workflow.catch(BpmnEvent(self, payload=accepted(payload)))


def definitions(spec: Any) -> Iterator[tuple[Any, Any]]:
    """The events that `spec` waits for, each with the element of the diagram that draws it."""
    definition = spec.event_definition
    if isinstance(definition, MultipleEventDefinition):
        # An event gateway waits for its branches; the branches themselves hold no event any more.
        yield from zip(definition.event_definitions, spec.outputs, strict=True)
    else:
        yield definition, spec


def event(name: str, payload: Mapping[str, object]) -> Any:
    """A message from outside, ready to be caught."""
    return BpmnEvent(Message(name), payload=accepted(payload))


def awaited(task: Any) -> Iterator[AwaitedMessage]:
    """The messages that the waiting `task` catches."""
    for definition, spec in definitions(task.task_spec):
        if not isinstance(definition, Message):
            continue
        text = properties_of(spec).get("alur:correlation")
        value = task.workflow.script_engine.evaluate(task, text) if text else None
        yield AwaitedMessage(
            str(task.id), spec.bpmn_id, definition.name, None if value is None else str(value)
        )


def thrown(events: list[Any]) -> Iterator[OperationCall]:
    """The messages that nobody inside the case waited for: effects for the outbox."""
    for found in events:
        definition = found.event_definition
        if isinstance(definition, Message):
            params = {"message": definition.name, "payload": copied(found.payload)}
            yield OperationCall(THROW, definition.element_id, params)


def properties_of(spec: Any) -> Mapping[str, str]:
    """The `spiffworkflow:properties` of an element."""
    return (getattr(spec, "extensions", None) or {}).get("properties", {})
