"""Where branches meet: a join waits for its own round, and every branch keeps what it wrote.

SpiffWorkflow counts branches that arrived in an earlier round of a loop. It merges deeply and lets
the last branch win: values that it merely carried along replace what another branch wrote, repeated
list elements vanish and removed fields come back.
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
    arrived = [task for task in _this_round(join, my_task) if task._state == TaskState.CANCELLED]
    arrived.sort(key=lambda task: task.last_state_change)
    base = _split_of(arrived, _ancestors(my_task))
    merged = dict(base)
    for task in [*arrived, my_task]:
        held = task.parent.data.items()
        merged.update({key: value for key, value in held if base.get(key, _ABSENT) != value})
    my_task.data = merged


def _this_round(join: Any, my_task: Any) -> list[Any]:
    """The other tasks at the join that came after its latest completion."""
    earlier = next((task for task in _ancestors(my_task) if task.task_spec is join), None)
    return [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is join
        and task is not my_task
        and (earlier is None or task.is_descendant_of(earlier))
    ]


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

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        missing = set(self._inputs)
        for task in [my_task, *_this_round(self, my_task)]:
            if task.parent._state == TaskState.COMPLETED:
                missing.discard(task.parent.task_spec.name)
        return not missing


class InclusiveGateway(defaults.InclusiveGateway):
    """Some branches, and the wait for those that may still come.

    `flows` are the drawn ones as (target, flow id, condition, default).
    """

    flows: tuple[tuple[str, str, str | None, bool], ...] = ()

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        before = _upstream(self)
        return not any(
            task.task_spec.name in before and _holds_token(task)
            for task in my_task.workflow.tasks.values()
            if task is not my_task
        )

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


def _upstream(join: Any) -> set[str]:
    """The names of the elements from which a token reaches `join` before passing it."""
    found: set[str] = set()
    open_names = list(join._inputs)
    while open_names:
        name = open_names.pop()
        if name not in found and name != join.name:
            found.add(name)
            open_names.extend(join._wf_spec.task_specs[name]._inputs)
    return found


def _holds_token(task: Any) -> bool:
    if task._state == TaskState.FUTURE:
        # A branch that the same step opens, but that was not looked at yet.
        return task.parent is not None and task.parent._state == TaskState.COMPLETED
    return bool(task._state & (TaskState.READY | TaskState.WAITING | TaskState.STARTED))


class EndJoin(control._EndJoin, KeepsBranches):
    """The end of a process, once every branch has ended."""


class ProcessSpec(BpmnProcessSpec):
    """A process whose end keeps what every branch wrote."""

    def __init__(self, **kwargs: Any) -> None:
        """Replace SpiffWorkflow's own end join before anything is connected to it."""
        super().__init__(**kwargs)
        last = self.task_specs["End"]
        last._inputs.clear()
        name = f"{self.name}.EndJoin"
        del self.task_specs[name]
        self.end: Any = EndJoin(self, name)
        self.end.connect(last)
