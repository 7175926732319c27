"""Every place where SpiffWorkflow would evaluate a text of the diagram, compiled beforehand."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.specs.MultiChoice import MultiChoice

from engine.bpmn.elements import ServiceTask
from engine.bpmn.messages import Message, definitions, properties_of
from engine.bpmn.timers import DurationTimer
from engine.errors import UnsafeExpression
from engine.rules.expressions import ExpressionCache


def compile_texts(process: Any, expressions: ExpressionCache) -> None:
    """Compile every expression of one process. Raises UnsafeExpression with the element's id."""
    for spec in process.task_specs.values():
        for text in texts_of(spec):
            try:
                expressions.add(text)
            except UnsafeExpression as error:
                error.place = spec.bpmn_id or spec.name
                raise


def texts_of(spec: Any) -> Iterator[str]:
    """The texts that `spec` evaluates at run time; each is brought into its stripped form."""
    if isinstance(spec, MultiChoice):
        yield from _conditions(spec)
    if isinstance(spec, MultiInstanceTask):
        spec.cardinality, spec.condition = _stripped(spec.cardinality), _stripped(spec.condition)
        yield from (text for text in (spec.cardinality, spec.condition) if text)
    if isinstance(spec, ServiceTask):
        yield from (param["value"].strip() for param in spec.operation_params.values())
    if isinstance(spec, CatchingEvent | ThrowingEvent):
        for definition, element in definitions(spec):
            yield from _event_texts(definition)
            yield from filter(None, [properties_of(element).get("alur:correlation")])


def _conditions(spec: Any) -> Iterator[str]:
    for condition, _ in spec.cond_task_specs:
        if condition is not None:
            yield condition.args[0]


def _event_texts(definition: Any) -> Iterator[str]:
    if isinstance(definition, ConditionalEventDefinition):
        definition.expression = _stripped(definition.expression)
        yield definition.expression or ""
    elif isinstance(definition, Message) and definition.expression:
        yield definition.expression
    elif isinstance(definition, DurationTimer) and definition.plain:
        return
    elif isinstance(definition, TimerEventDefinition):
        yield definition.expression


def _stripped(text: str | None) -> str | None:
    return (text or "").strip() or None
