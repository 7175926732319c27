"""The stored form of a running case: small, free of specs, and safe to load.

A state is a header, then zstd over JSON. It names the elements of the definition instead of
repeating them, and holds process data only where they can still be read. Nothing in it chooses a
class: SpiffWorkflow's serializer would take any object with a key `typename` for one of its own.
"""

from decimal import Decimal
from typing import Any, Final

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.environment import StepEngine
from engine.bpmn.frontier import tasks_with_needed_data
from engine.bpmn.specs import Specs
from engine.bpmn.task import CaseTask
from engine.bpmn.workflow import SubWorkflow, Workflow
from engine.errors import BudgetExceeded, ExecutionFailed

HEADER: Final = b"alur-state 1 spiffworkflow 3.2\n"
MAX_BYTES: Final = 4 * 1024 * 1024
_TAG: Final = "$decimal"
_LEVEL: Final = 1
_MISSING: Final = object()


def dump(workflow: Workflow) -> bytes:
    """The state of `workflow`, which must be quiet. Raises BudgetExceeded beyond 4 MB."""
    document = {
        "process": workflow.spec.name,
        "top": _dumped(workflow),
        "inner": [
            [str(inner.parent_task_id), _dumped(inner)]
            for inner in workflow.subprocesses.values()
            if not inner.completed
        ],
    }
    return packed(written(document))


def written(value: object) -> bytes:
    """Process data, or a whole document of them, as they stand in a state."""
    return orjson.dumps(value, default=_tagged)


def packed(plain: bytes) -> bytes:
    """The state of a written document. Raises BudgetExceeded beyond 4 MB."""
    if len(plain) > MAX_BYTES:
        raise BudgetExceeded("bpmn.state_too_large", limit=f"{MAX_BYTES} bytes")
    return HEADER + zstandard.ZstdCompressor(level=_LEVEL).compress(plain)


def unpacked(state: bytes) -> bytes:
    """The written document of a state. Raises ExecutionFailed when it is none."""
    if not state.startswith(HEADER):
        raise ExecutionFailed("bpmn.state_unreadable")
    try:
        return zstandard.ZstdDecompressor().decompress(
            state[len(HEADER) :], max_output_size=MAX_BYTES
        )
    except zstandard.ZstdError as error:
        raise ExecutionFailed("bpmn.state_unreadable", detail=str(error)[:80]) from None


def load(specs: Specs, state: bytes, engine: StepEngine) -> Workflow:
    """The workflow of a `state` that `dump` wrote, always under our own script engine (T12).

    Raises ExecutionFailed with bpmn.state_unreadable when it does not fit the definition.
    """
    plain = unpacked(state)
    try:
        document = orjson.loads(plain)
        spec = specs.processes[document["process"]]
        workflow = Workflow(spec, specs.processes, script_engine=engine, deserializing=True)
        _restore(workflow, document["top"], workflow, {})
        for host_id, inner in document["inner"]:
            _restore_inner(workflow, host_id, inner, specs)
    except (LookupError, ValueError) as error:
        raise ExecutionFailed("bpmn.state_unreadable", detail=str(error)[:80]) from None
    return workflow


def _dumped(workflow: Any) -> dict[str, Any]:
    names: dict[str, int] = {}
    tasks = list(workflow.tasks.values())
    places = {task.id: place for place, task in enumerate(tasks)}
    # The order of changes is all that joins ask for; the time itself is not ours to keep.
    ranks = {task.id: rank for rank, task in enumerate(sorted(tasks, key=_changed))}
    needed = set() if workflow.completed else tasks_with_needed_data(workflow)
    outside = _held_outside(workflow)
    return {
        "tasks": [
            [
                task.id,
                places.get(task._parent, -1),
                names.setdefault(task.task_spec.name, len(names)),
                task._state,
                ranks[task.id],
                int(task.triggered),
                _internal(task),
                _data(task, needed, outside),
            ]
            for task in tasks
        ],
        "names": list(names),
        "last": -1 if workflow.last_task is None else places.get(workflow.last_task.id, -1),
        "completed": workflow.completed,
        "success": workflow.success,
        "data": workflow.data if workflow.completed else {},
    }


def _changed(task: Any) -> float:
    return task.last_state_change


def _internal(task: Any) -> dict[str, Any] | None:
    if task._state & TaskState.FINISHED_MASK or not task.internal_data:
        return None
    internal = {name: value for name, value in task.internal_data.items() if name != "seen_events"}
    return internal or None


def _held_outside(workflow: Any) -> dict[str, Any]:
    """The data of the activity around a process, where they are kept; none around the case."""
    if not isinstance(workflow, SubWorkflow):
        return {}
    host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
    kept = host._state & TaskState.NOT_FINISHED_MASK and not host.workflow.completed
    return host.data if kept else {}


def _data(
    task: Any, needed: set[Any], outside: dict[str, Any]
) -> dict[str, Any] | list[Any] | None:
    """All data of a task, or as a pair what it changed and removed since those kept above it."""
    if task.id not in needed or not task.data:
        return None
    above = task.parent
    while above is not None and not (above.id in needed and above.data):
        above = above.parent
    held = outside if above is None else above.data
    if not held:
        return task.data
    changed = {}
    for key, value in task.data.items():
        other = held.get(key, _MISSING)
        if other is not value and other != value:
            changed[key] = value
    return [changed, [key for key in held if key not in task.data]]


def _restore(
    workflow: Any, document: dict[str, Any], top: Workflow, outside: dict[str, Any]
) -> None:
    names, specs = document["names"], workflow.spec.task_specs
    found = [specs[name] for name in names]
    tasks: list[Any] = []
    for identifier, above, name, state, rank, triggered, internal, data in document["tasks"]:
        parent = tasks[above] if above >= 0 else None
        task = CaseTask(workflow, found[name], parent, state, identifier)
        task.last_state_change = rank
        task.triggered = bool(triggered)
        if internal:
            task.internal_data = _untagged(internal)
        if data:
            whole = isinstance(data, dict)
            task.data = _untagged(data) if whole else _applied(parent, outside, data)
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            top.event_manager.add_task(task)
        tasks.append(task)
    workflow.task_tree = tasks[0]
    workflow.last_task = tasks[document["last"]] if document["last"] >= 0 else None
    workflow.completed, workflow.success = document["completed"], document["success"]
    workflow.data = _untagged(document["data"])


def _applied(above: Any, outside: dict[str, Any], change: list[Any]) -> dict[str, Any]:
    while above is not None and not above.data:
        above = above.parent
    held = outside if above is None else above.data
    data = {**held, **_untagged(change[0])}
    for key in change[1]:
        del data[key]
    return data


def _restore_inner(top: Workflow, host_id: str, document: dict[str, Any], specs: Specs) -> None:
    host = top.get_task_from_id(host_id)
    inner = SubWorkflow(specs.processes[host.task_spec.spec], host_id, top, deserializing=True)
    _restore(inner, document, top, host.data)
    top.subprocesses[host_id] = inner
    inner.completed_event.connect(host.task_spec._on_subworkflow_completed, host)


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, Decimal) and value.is_finite():
        return {_TAG: f"{value:f}"}
    raise TypeError(f"{type(value).__name__} is no process data")


def _untagged(value: Any) -> Any:
    """`value` with its tagged numbers restored, in place: only we hold it."""
    if type(value) is dict:
        if len(value) == 1 and _TAG in value:
            return Decimal(value[_TAG])
        for key, item in value.items():
            if type(item) in (dict, list):
                value[key] = _untagged(item)
    elif type(value) is list:
        for place, item in enumerate(value):
            if type(item) in (dict, list):
                value[place] = _untagged(item)
    return value
