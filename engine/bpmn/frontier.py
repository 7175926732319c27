"""Which tasks still need their data: the rest of a case's history lies in our own records."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

_UNFINISHED = TaskState.NOT_FINISHED_MASK
_ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def tasks_with_needed_data(workflow: Any) -> set[Any]:
    """The ids of the tasks whose data somebody may still read.

    Unfinished tasks and their parents (inheritance); the last finished one; the split above and
    the ends of the branches before every join that still waits.
    """
    tasks = workflow.tasks
    needed = {workflow.last_task.id} if workflow.last_task is not None else set()
    waiting_joins = set()
    seen: set[Any] = set()
    for task in tasks.values():
        if not task._state & _UNFINISHED:
            continue
        needed.add(task.id)
        needed.add(task._parent)
        if task._state & _ACTIVE:
            needed.update(_splits_above(task, tasks, seen))
            if isinstance(task.task_spec, UnstructuredJoin):
                waiting_joins.add(task.task_spec)
    if waiting_joins:
        needed.update(
            task._parent
            for task in tasks.values()
            if task._state == TaskState.CANCELLED and task.task_spec in waiting_joins
        )
    return needed


def _splits_above(task: Any, tasks: dict[Any, Any], seen: set[Any]) -> list[Any]:
    splits = []
    parent = tasks.get(task._parent)
    while parent is not None and parent.id not in seen:
        seen.add(parent.id)
        if len(parent._children) > 1:
            splits.append(parent.id)
        parent = tasks.get(parent._parent)
    return splits
