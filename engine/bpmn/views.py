"""What waits in a case, as the rest of the product sees it."""

from collections.abc import Iterator
from typing import Any

from engine.bpmn.messages import definitions, properties_of
from engine.bpmn.timers import DUE, TimerEventDefinition, due_at
from engine.domain.process import ReadyTask, WaitingTimer


def ready_task(task: Any) -> ReadyTask:
    """The user task that `task` opens for people."""
    spec = task.task_spec
    index = task.internal_data.get("key_or_index", task.internal_data.get("item"))
    return ReadyTask(
        task_id=str(task.id),
        element_id=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        lane=spec.lane or "",
        properties=properties_of(spec),
        path=_path(task),
        index=index if type(index) is int else None,
    )


def _path(task: Any) -> tuple[str, ...]:
    """The activities around a task, the outermost first."""
    top, path = task.workflow.top_workflow, []
    while task.workflow is not top:
        task = top.get_task_from_id(task.workflow.parent_task_id)
        path.append(task.task_spec.bpmn_id)
    return tuple(reversed(path))


def waiting_timers(task: Any) -> Iterator[WaitingTimer]:
    """The timer of a waiting event, if it has one."""
    if DUE in task.internal_data:
        for definition, spec in definitions(task.task_spec):
            if isinstance(definition, TimerEventDefinition):
                yield WaitingTimer(str(task.id), spec.bpmn_id, due_at(task))
