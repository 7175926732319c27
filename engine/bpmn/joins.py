"""Where branches meet: every branch keeps what it wrote, whichever arrives last.

SpiffWorkflow merges deeply and lets the last branch win: values that it merely carried along
replace what another branch wrote, repeated list elements vanish and removed fields come back.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs import control, defaults
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

_ABSENT = object()


def merge_branches(join: Any, my_task: Any) -> None:
    """Give the join `my_task` the data before the split plus what each branch changed.

    Two branches that changed the same value: the later one counts (a warning of the lint).
    """
    ancestors = _ancestors(my_task)
    earlier = next((task for task in ancestors if task.task_spec is join), None)
    arrived = sorted(
        (
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is join
            and task._state == TaskState.CANCELLED
            and (earlier is None or task.is_descendant_of(earlier))
        ),
        key=lambda task: task.last_state_change,
    )
    base = _split_of(arrived, ancestors)
    merged = dict(base)
    for task in [*arrived, my_task]:
        held = task.parent.data.items()
        merged.update({key: value for key, value in held if base.get(key, _ABSENT) != value})
    my_task.data = merged


def _ancestors(task: Any) -> list[Any]:
    """The ancestors of `task`, the nearest first."""
    found = []
    while (task := task.parent) is not None:
        found.append(task)
    return found


def _split_of(arrived: list[Any], ancestors: list[Any]) -> dict[str, Any]:
    """The data at the nearest common ancestor of all branches."""
    depth = {task.id: place for place, task in enumerate(ancestors)}
    place = 0
    for task in arrived:
        common = next((found for found in _ancestors(task) if found.id in depth), None)
        if common is not None:
            place = max(place, depth[common.id])
    return ancestors[place].data if arrived else {}


class KeepsBranches(UnstructuredJoin):
    """A join that merges by `merge_branches`; stands before SpiffWorkflow's own in the order."""

    def _run_hook(self, my_task: Any) -> bool:
        merge_branches(self, my_task)
        return True


class ParallelGateway(defaults.ParallelGateway, KeepsBranches):
    """All branches, and the wait for all of them."""


class InclusiveGateway(defaults.InclusiveGateway):
    """Some branches; `flows` are the drawn ones as (target, flow id, condition, default)."""

    flows: tuple[tuple[str, str, str | None, bool], ...] = ()

    def _run_hook(self, my_task: Any) -> bool:
        merge_branches(self, my_task)
        matches, others = self._get_matching_outputs(my_task)
        if not matches and not others:
            raise WorkflowException("no flow of the gateway applies", task_spec=self)
        my_task._sync_children(matches or others, TaskState.FUTURE)
        for child in my_task.children:
            mask = TaskState.FUTURE | TaskState.PREDICTED_MASK
            child.task_spec._predict(child, mask=mask)
        return True


class EndJoin(control._EndJoin, KeepsBranches):
    """The end of a process, once every branch has ended."""


class ProcessSpec(BpmnProcessSpec):
    """A process whose end keeps what every branch wrote."""

    def __init__(self, **kwargs: Any) -> None:
        """Replace SpiffWorkflow's own end join before anything is connected to it."""
        super().__init__(**kwargs)
        last = self.task_specs["End"]
        last._inputs.clear()
        del self.task_specs[self.end.name]
        self.end = EndJoin(self, self.end.name)
        self.end.connect(last)
