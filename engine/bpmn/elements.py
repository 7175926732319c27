"""The elements of a diagram as this product executes them, by subclassing SpiffWorkflow's."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EndEvent as StockEndEvent
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway as StockExclusiveGateway
from SpiffWorkflow.spiff.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.messages import properties_of
from engine.bpmn.values import accepted, copied
from engine.domain.process import StepKind
from engine.rules.dmn import DecisionTable, Evaluation, evaluate

DONE = "done"


class BusinessRuleTask(defaults.BusinessRuleTask):
    """A decision by one of the definition's tables; SpiffWorkflow's own DMN engine is not used."""

    def __init__(self, wf_spec: Any, name: str, table: DecisionTable, **kwargs: Any) -> None:
        """A task that evaluates `table` and keeps the outputs under its own id."""
        super().__init__(wf_spec, name, dmnEngine=None, **kwargs)
        self.table = table

    def _run_hook(self, my_task: Any) -> bool:
        decision = evaluate(self.table, my_task.data)
        environment = my_task.workflow.script_engine.environment
        environment.record(StepKind.DECISION_MADE, self.bpmn_id, _decision_values(decision))
        my_task.data[self.bpmn_id] = accepted(decision.outputs)
        return True


def _decision_values(decision: Evaluation) -> Mapping[str, object]:
    return {
        "table": decision.table_id,
        "table_sha256": decision.table_sha256,
        "inputs": dict(decision.inputs),
        "rules": list(decision.rule_ids),
        "outputs": dict(decision.outputs),
    }


class ServiceTask(defaults.ServiceTask):
    """A call of a registered operation; the result goes under the drawn result variable, if any."""

    def __init__(self, *args: Any, result_variable: str | None = None, **kwargs: Any) -> None:
        """SpiffWorkflow invents a variable where none is drawn; here nothing is kept then."""
        super().__init__(*args, result_variable=result_variable, **kwargs)
        self.result_variable = result_variable

    def _execute(self, task: Any) -> bool:
        engine = task.workflow.script_engine
        params = {
            name: copied(engine.evaluate(task, param["value"].strip()))
            for name, param in self.operation_params.items()
        }
        value = engine.call_service(
            task, operation_name=self.operation_name, operation_params=params
        )
        if self.result_variable:
            task.data[self.result_variable] = value
        return True


class ReportsOutcome:
    """What calls and embedded sub-processes have in common: they end with an outcome."""

    spec: str

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Begin with the data of the outside, of which nothing is changed in place (T5)."""
        subworkflow.task_tree.data.update(my_task.data)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """End with the data of the inside, which nobody reads any more, and its outcome."""
        ended = {"outcome": outcome_of(subworkflow)[1]}
        my_task.data = {**subworkflow.last_task.data, self.spec: ended}


class CallActivity(ReportsOutcome, defaults.CallActivity):
    """A call of another process of the definition."""


class SubProcess(ReportsOutcome, defaults.SubWorkflowTask):
    """A process drawn inside an activity."""


def outcome_of(workflow: Any) -> tuple[str, str]:
    """The end event that a process reached, and its `alur:outcome`; the last one drawn counts."""
    ended = [
        task.task_spec
        for task in sorted(workflow.tasks.values(), key=lambda task: task.last_state_change)
        if task._state == TaskState.COMPLETED and isinstance(task.task_spec, StockEndEvent)
    ]
    named = [spec for spec in ended if "alur:outcome" in properties_of(spec)] or ended
    if not named:
        return "", DONE
    return named[-1].bpmn_id, properties_of(named[-1]).get("alur:outcome", DONE)


class ExclusiveGateway(StockExclusiveGateway):
    """A choice of one flow; `flows` are the drawn ones as (target, flow id, condition, default)."""

    flows: tuple[tuple[str, str, str | None, bool], ...] = ()
