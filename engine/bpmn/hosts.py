"""Due dates of user tasks, as a boundary timer on the task and the work list both see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent

from engine.bpmn.messages import properties_of
from engine.bpmn.timers import instant
from engine.errors import ExpressionFailed


class Deadlines(Protocol):
    """The part of a step context that resolves deadlines."""

    def deadline(self, name: str, anchor: datetime | None, /) -> datetime:
        """The deadline `name` of the case's settings, counted from `anchor` or now."""


def due_of(
    properties: Mapping[str, str], data: Mapping[str, object], context: Deadlines
) -> datetime | None:
    """When a user task that opens now is due; None when the diagram names no deadline."""
    name = properties.get("alur:due")
    if not name:
        return None
    path = properties.get("alur:due-from")
    return context.deadline(name, instant(_found(data, path)) if path else None)


def due_of_host(task: Any, context: Deadlines) -> datetime:
    """The due date of the user task on which the boundary event `task` sits."""
    hosts = [] if task is None or task.parent is None else task.parent.children
    for host in hosts:
        if isinstance(task.task_spec, BoundaryEvent) and host.task_spec is not task.task_spec:
            due = due_of(_properties(host), task.data, context)
            if due is not None:
                return due
    raise ExpressionFailed("bpmn.no_due_date")


def timers_beside(task: Any) -> frozenset[str]:
    """The ids of the boundary events on the drawn element of `task`, through its repetition."""
    found: set[str] = set()
    while task.parent is not None:
        beside = [t for t in task.parent.children if isinstance(t.task_spec, BoundaryEvent)]
        found.update(str(event.id) for event in beside)
        if beside or task.parent.task_spec.bpmn_id != task.task_spec.bpmn_id:
            break
        task = task.parent
    return frozenset(found)


def _properties(host: Any) -> Mapping[str, str]:
    spec = host.task_spec
    # A repeated step wraps the drawn element, which alone carries the properties.
    inner = spec._wf_spec.task_specs.get(getattr(spec, "task_spec", None))
    return properties_of(inner or spec)


def _found(data: Mapping[str, object], path: str) -> object:
    value: object = data
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            raise ExpressionFailed("bpmn.due_from_missing", path=path)
        value = value[name]
    return value
