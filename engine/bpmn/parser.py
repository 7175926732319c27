"""The parser of diagrams: SpiffWorkflow's, with our elements and without what we refuse."""

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import EventBasedGatewayParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import first, full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from SpiffWorkflow.spiff.parser import event_parsers as events
from SpiffWorkflow.spiff.parser import task_spec as tasks
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser, SpiffProcessParser
from SpiffWorkflow.spiff.specs.defaults import ReceiveTask, SendTask, UserTask

from engine.bpmn.elements import (
    BusinessRuleTask,
    CallActivity,
    ExclusiveGateway,
    ServiceTask,
    SubProcess,
)
from engine.bpmn.joins import InclusiveGateway, ParallelGateway, ProcessSpec
from engine.bpmn.messages import Message
from engine.bpmn.repeats import ParallelRepeat, SequentialRepeat
from engine.bpmn.timers import DateTimer, DurationTimer
from engine.errors import Finding
from engine.rules.dmn import DecisionTable
from engine.rules.xml import line_of

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF: Final = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
# What the run side can execute safely; the lint explains the rest element by element.
_ELEMENTS: Final = frozenset({
    "association", "boundaryEvent", "businessRuleTask", "callActivity", "category",
    "categoryValue", "childLaneSet", "collaboration", "completionCondition", "condition",
    "conditionExpression", "conditionalEventDefinition", "definitions", "documentation",
    "endEvent", "eventBasedGateway", "exclusiveGateway", "extensionElements", "flowNodeRef",
    "group", "inclusiveGateway", "incoming", "inputDataItem", "intermediateCatchEvent",
    "intermediateThrowEvent", "lane", "laneSet", "loopCardinality", "loopDataInputRef",
    "loopDataOutputRef", "message", "messageEventDefinition", "multiInstanceLoopCharacteristics",
    "outgoing", "outputDataItem", "parallelGateway", "participant", "process", "receiveTask",
    "sendTask", "sequenceFlow", "serviceTask", "startEvent", "subProcess",
    "terminateEventDefinition", "text", "textAnnotation", "timeDate", "timeDuration",
    "timerEventDefinition", "userTask",
})  # fmt: skip
_EXTENSIONS: Final = frozenset({
    "calledDecisionId", "messagePayload", "parameter", "parameters", "properties", "property",
    "serviceTaskOperator",
})  # fmt: skip


def refused_elements(root: etree._Element, file: str) -> Iterator[Finding]:
    """The elements that the run side does not execute, and event sub-processes."""
    for element in root.iter(etree.Element):
        name = etree.QName(element.tag)
        known = {BPMN: _ELEMENTS, SPIFF: _EXTENSIONS}.get(f"{{{name.namespace}}}")
        event = element.get("triggeredByEvent", "false") != "false"
        if event or (known is not None and name.localname not in known):
            yield Finding(
                "bpmn.element_refused",
                file=file,
                element_id=element.get("id"),
                line=line_of(element),
                params={"element": name.localname},
            )


class _Activity(tasks.SpiffTaskParser):
    PARALLEL_MI_CLASS = ParallelRepeat
    SEQUENTIAL_MI_CLASS = SequentialRepeat


class _UserTaskParser(_Activity):
    pass


class _ServiceTaskParser(_Activity, tasks.ServiceTaskParser):
    pass


class _CallActivityParser(_Activity, tasks.CallActivityParser):
    pass


class _SubProcessParser(_Activity, tasks.SubWorkflowParser):
    pass


class _BusinessRuleTaskParser(_Activity, tasks.BusinessRuleTaskParser):
    def create_task(self) -> BusinessRuleTask:
        """SpiffWorkflow's parser ignores the registered class, so the task is made here."""
        decision = (self.get_decision_ref(self.node) or "").strip()
        table = self.process_parser.parser.tables.get(decision)
        if table is None:
            self.raise_validation_exception(f"no decision table {decision!r}")
        return BusinessRuleTask(self.spec, self.bpmn_id, table=table, **self.bpmn_attributes)


class _Events(events.SpiffEventDefinitionParser):
    """Our timers and messages, for every kind of event."""

    def parse_timer_event(self, event: Any) -> DateTimer | DurationTimer:
        name = self.node.get("id")
        for tag, timer in (("timeDate", DateTimer), ("timeDuration", DurationTimer)):
            drawn = first(event.xpath(f"./bpmn:{tag}", namespaces=self.nsmap))
            if drawn is not None and (drawn.text or "").strip():
                return timer(name, drawn.text.strip())
        return self.raise_validation_exception("the timer has neither date nor duration")

    def parse_message_event(self, message_event: Any) -> Message:
        message = self.process_parser.parser.messages.get(message_event.get("messageRef"))
        if not message:
            self.raise_validation_exception("the event names no message")
        payload = first(list(message_event.iter(f"{SPIFF}messagePayload")))
        text = (payload.text or "").strip() if payload is not None else None
        return Message(message, expression=text or None, message_var=self.node.get("id"))


class _StartEvent(_Events, events.SpiffStartEventParser):
    pass


class _EndEvent(_Events, events.SpiffEndEventParser):
    pass


class _CatchEvent(_Events, events.SpiffIntermediateCatchEventParser):
    pass


class _ThrowEvent(_Events, events.SpiffIntermediateThrowEventParser):
    pass


class _BoundaryEvent(_Events, events.SpiffBoundaryEventParser):
    pass


class _SendTask(_Events, events.SpiffSendTaskParser):
    pass


class _ReceiveTask(_Events, events.SpiffReceiveTaskParser):
    pass


class _EventGateway(_Events, EventBasedGatewayParser):
    def create_task(self) -> EventBasedGateway:
        return EventBasedGatewayParser.create_task(self)


class _ParallelGateway(_Activity, GatewayParser):
    pass


class _ChoiceParser(_Activity, ConditionalGatewayParser):
    """A gateway that chooses; it learns the ids of its flows, which SpiffWorkflow forgets."""

    def connect_outgoing(
        self, outgoing_task: Any, sequence_flow_node: Any, is_default: bool
    ) -> None:
        super().connect_outgoing(outgoing_task, sequence_flow_node, is_default)
        condition = None if is_default else self.parse_condition(sequence_flow_node)
        flow = (outgoing_task.name, sequence_flow_node.get("id"), condition, is_default)
        self.task.flows = (*self.task.flows, flow)

    def parse_condition(self, sequence_flow: Any) -> str | None:
        text = (super().parse_condition(sequence_flow) or "").strip()
        return text or None


class _ProcessParser(SpiffProcessParser):
    def _index_process_nodes(self) -> None:
        """Find elements by id among BPMN's own: an operation or parameter may share an id."""
        super()._index_process_nodes()
        self.nodes_by_id = {
            node.get("id"): node
            for node in self.node.iter(f"{BPMN}*")
            if node is not self.node and node.get("id")
        }

    def create_spec(self) -> ProcessSpec:
        super().create_spec()
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)


class DiagramParser(SpiffBpmnParser):
    """SpiffWorkflow's parser with the elements of this product; one for a whole definition."""

    PROCESS_PARSER_CLASS = _ProcessParser
    OVERRIDE_PARSER_CLASSES: Final = {
        full_tag(tag): classes
        for tag, classes in {
            "userTask": (_UserTaskParser, UserTask),
            "serviceTask": (_ServiceTaskParser, ServiceTask),
            "businessRuleTask": (_BusinessRuleTaskParser, BusinessRuleTask),
            "callActivity": (_CallActivityParser, CallActivity),
            "subProcess": (_SubProcessParser, SubProcess),
            "startEvent": (_StartEvent, StartEvent),
            "endEvent": (_EndEvent, EndEvent),
            "intermediateCatchEvent": (_CatchEvent, IntermediateCatchEvent),
            "intermediateThrowEvent": (_ThrowEvent, IntermediateThrowEvent),
            "boundaryEvent": (_BoundaryEvent, BoundaryEvent),
            "sendTask": (_SendTask, SendTask),
            "receiveTask": (_ReceiveTask, ReceiveTask),
            "exclusiveGateway": (_ChoiceParser, ExclusiveGateway),
            "inclusiveGateway": (_ChoiceParser, InclusiveGateway),
            "parallelGateway": (_ParallelGateway, ParallelGateway),
            "eventBasedGateway": (_EventGateway, EventBasedGateway),
        }.items()
    }

    def __init__(self, tables: dict[str, DecisionTable]) -> None:
        """A parser that knows the decision tables of the definition."""
        super().__init__()
        self.tables = tables
        # Lanes are kept by the address of the root: a root that is let go can be reused (T11).
        self.roots: list[etree._Element] = []

    def add(self, root: etree._Element, file: str) -> None:
        """Add one diagram."""
        self.roots.append(root)
        self.add_bpmn_xml(root, filename=file)
