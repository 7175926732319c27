"""How far a case may grow: SpiffWorkflow loses sight of tasks 1,000 levels deep (T9)."""

from collections import Counter
from typing import Any, Final

from SpiffWorkflow.util.task import TaskState

from engine.errors import BudgetExceeded

MAX_ROUNDS: Final = 50
MAX_TASKS: Final = 5_000
MAX_DEPTH: Final = 900


def check_size(workflow: Any) -> None:
    """Refuse more than 50 rounds of an element, 5,000 tasks or 900 levels: BudgetExceeded."""
    parts = [workflow, *(found for found in workflow.subprocesses.values() if not found.completed)]
    count = sum(len(part.tasks) for part in parts)
    if count > MAX_TASKS:
        raise BudgetExceeded("bpmn.too_many_tasks", limit=str(MAX_TASKS))
    for part in parts:
        if len(part.tasks) > MAX_ROUNDS:
            _check_rounds(part)
    if count > MAX_DEPTH:
        _check_depth(parts)


def _check_rounds(workflow: Any) -> None:
    # The instances of a repeated step stand side by side: they are no rounds.
    rounds: Counter[Any] = Counter(
        task.task_spec
        for task in workflow.tasks.values()
        if task._state == TaskState.COMPLETED and not task.triggered
    )
    for spec, count in rounds.items():
        if count > MAX_ROUNDS:
            place = spec.bpmn_id or spec.name
            raise BudgetExceeded("bpmn.too_many_rounds", place=place, limit=str(MAX_ROUNDS))


def _check_depth(parts: list[Any]) -> None:
    depths: dict[Any, int] = {}
    for part in parts:
        for task in part.tasks.values():
            above = task._parent or part.parent_task_id
            depths[task.id] = depths.get(above, 0) + 1
    if max(depths.values()) > MAX_DEPTH:
        raise BudgetExceeded("bpmn.too_deep", limit=str(MAX_DEPTH))
