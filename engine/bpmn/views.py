"""What waits in a case, as the rest of the product sees it."""

from collections.abc import Iterator
from typing import Any

from engine.bpmn.messages import definitions, properties_of
from engine.bpmn.timers import DUE, TimerEventDefinition, due_at
from engine.domain.process import ReadyTask, WaitingTimer


def ready_task(task: Any) -> ReadyTask:
    """The user task that `task` opens for people."""
    spec = task.task_spec
    return ReadyTask(
        task_id=str(task.id),
        element_id=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        lane=spec.lane or "",
        properties=properties_of(spec),
        path=tuple(around.task_spec.bpmn_id for around in reversed(_around(task))),
        index=_index([task, *_around(task)]),
    )


def _around(task: Any) -> list[Any]:
    """The activities around a task, the innermost first."""
    top, found = task.workflow.top_workflow, []
    while task.workflow is not top:
        task = top.get_task_from_id(task.workflow.parent_task_id)
        found.append(task)
    return found


def _index(tasks: list[Any]) -> int | None:
    """The place in a repeated step: of the task itself, or of the activity around it."""
    for task in tasks:
        index = task.internal_data.get("key_or_index", task.internal_data.get("item"))
        if type(index) is int:
            return index
    return None


def waiting_timers(task: Any) -> Iterator[WaitingTimer]:
    """The timer of a waiting event, if it has one."""
    if DUE in task.internal_data:
        for definition, spec in definitions(task.task_spec):
            if isinstance(definition, TimerEventDefinition):
                yield WaitingTimer(str(task.id), spec.bpmn_id, due_at(task))
