"""The facts of each automatic step for the audit trail: which flow, which timer, which message."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent

from engine.bpmn.elements import ExclusiveGateway, outcome_of
from engine.bpmn.environment import StepEnvironment
from engine.bpmn.joins import InclusiveGateway
from engine.bpmn.messages import Message, definitions
from engine.bpmn.timers import DUE, TimerEventDefinition
from engine.domain.process import StepKind

_CHOICES = (ExclusiveGateway, InclusiveGateway)


class Trace:
    """One automatic step, seen before and after it runs."""

    def __init__(self, task: Any, environment: StepEnvironment) -> None:
        """Look at the step that is about to run."""
        self._task, self._environment = task, environment
        self._due = task.internal_data.get(DUE)
        self._events = list(definitions(task.task_spec)) if self._catches else []

    @property
    def _catches(self) -> bool:
        return isinstance(self._task.task_spec, CatchingEvent)

    def finish(self) -> None:
        """Record what the step did."""
        if isinstance(self._task.task_spec, _CHOICES):
            self._record_flows()
        elif self._events:
            self._record_event()

    def _record_flows(self) -> None:
        flows = self._task.task_spec.flows
        taken = {child.task_spec.name for child in self._task.children}
        if len(flows) < 2:
            return
        for target, flow, condition, default in flows:
            if target in taken:
                values = {"condition": condition, "flow": flow, "default": default}
                self._environment.record(
                    StepKind.GATEWAY_TAKEN, self._task.task_spec.bpmn_id, values
                )

    def _record_event(self) -> None:
        taken = {child.task_spec for child in self._task.children}
        for definition, spec in self._events:
            # A gateway keeps only the branch whose event came.
            if spec is not self._task.task_spec and spec not in taken:
                continue
            if isinstance(definition, TimerEventDefinition):
                self._environment.record(StepKind.TIMER_FIRED, spec.bpmn_id, {"due_at": self._due})
            elif isinstance(definition, Message):
                self._environment.record(
                    StepKind.MESSAGE_RECEIVED, spec.bpmn_id, {"name": definition.name}
                )


def record_end(workflow: Any, environment: StepEnvironment) -> None:
    """Record how the case ended."""
    element_id, outcome = outcome_of(workflow)
    environment.record(StepKind.PROCESS_ENDED, element_id, {"outcome": outcome})
