"""One case during one command: started or loaded, advanced, completed step by step, dumped."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import hosts, messages, state
from engine.bpmn.environment import StepContext, StepEngine, StepEnvironment, place_of
from engine.bpmn.hosts import due_of
from engine.bpmn.limits import check_size
from engine.bpmn.specs import Specs
from engine.bpmn.timers import set_due_at
from engine.bpmn.trace import Trace, record_end
from engine.bpmn.values import accepted
from engine.bpmn.views import ready_task, waiting_timers
from engine.bpmn.workflow import Workflow
from engine.domain.process import (
    AwaitedMessage,
    OperationCall,
    ReadyTask,
    StepRecord,
    WaitingTimer,
)
from engine.errors import (
    BudgetExceeded,
    DeadlinePassed,
    ExecutionFailed,
    Invalid,
    InvalidNumber,
    NotFound,
)

# What SpiffWorkflow itself may raise while it runs a diagram that passed every check.
_LIBRARY_ERRORS = (
    SpiffWorkflowException, ArithmeticError, AttributeError, LookupError, NameError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip


class Execution:
    """A case at work. After an ExecutionFailed it is unusable: keep the last good state."""

    def __init__(self, workflow: Workflow, environment: StepEnvironment) -> None:
        """Use `start` or `load`."""
        self._workflow, self._environment = workflow, environment
        self._steps = 0
        self._last: Any = None

    @classmethod
    def start(
        cls, specs: Specs, process_id: str, data: Mapping[str, object], context: StepContext
    ) -> Self:
        """A new case of `process_id` with a copy of `data`; call `advance` next."""
        if process_id not in specs.process_ids:
            raise NotFound("process", process_id)
        environment = StepEnvironment(specs.expressions, context)
        workflow = Workflow(
            specs.processes[process_id], specs.processes, script_engine=StepEngine(environment)
        )
        workflow.task_tree.data = accepted(data)
        return cls(workflow, environment)

    @classmethod
    def load(cls, specs: Specs, blob: bytes, context: StepContext) -> Self:
        """The case of a stored state. Raises ExecutionFailed when it does not fit `specs`."""
        environment = StepEnvironment(specs.expressions, context)
        return cls(state.load(specs, blob, StepEngine(environment)), environment)

    def dump(self) -> bytes:
        """The state to store; the case must be quiet, as `advance` leaves it."""
        return state.dump(self._workflow)

    def advance(self) -> None:
        """Fire the timers that are due and run automatic steps until people or time are needed.

        Raises BudgetExceeded beyond the budget, 50 rounds or 5,000 tasks, and ExecutionFailed with
        the element's id as place when a step fails.
        """
        self._guarded(self._workflow.refresh_timers, "")
        while batch := self._automatic():
            for task in batch:
                if task._state == TaskState.READY and task.workflow.tasks.get(task.id) is task:
                    self._step(task)
            check_size(self._workflow)
        self._environment.effects.extend(messages.thrown(self._workflow.get_events()))

    def complete(
        self, task_id: str, answers: Mapping[str, object], *, in_time: bool = False
    ) -> None:
        """Hand in the answers of a user task, then advance.

        Timers fire first, unless the answers are known to be `in_time`; raises DeadlinePassed when
        the task is not, or no longer, ready; the case as it is then may be stored. Raises Invalid
        for answers that are no process data.
        """
        given = accepted(answers)
        if not in_time:
            self.advance()
        task = self._find(task_id)
        if task is None or task._state != TaskState.READY or not task.task_spec.manual:
            raise DeadlinePassed(task_id, None)
        task.data[task.task_spec.bpmn_id] = given
        self._run(task)
        self.advance()

    def receive(self, name: str, payload: Mapping[str, object]) -> bool:
        """Deliver a message and advance; False when nothing in the case waits for it."""
        event = messages.event(name, payload)
        self.advance()
        if not any(awaited.name == name for awaited in self.awaited):
            return False
        self._guarded(lambda: self._workflow.send_event(event), "")
        self.advance()
        return True

    def set_due(self, task_id: str, instant: datetime) -> None:
        """Move a waiting timer to `instant` (aware). Raises NotFound."""
        task = self._find(task_id)
        if task is None or all(timer.task_id != task_id for timer in self.timers):
            raise NotFound("timer", task_id)
        set_due_at(task, instant)

    def timers_on(self, task_id: str) -> tuple[WaitingTimer, ...]:
        """The timers that sit on a user task or on a repetition around it, not yet fired."""
        ids = hosts.timers_beside(self._existing(task_id))
        return tuple(timer for timer in self.timers if timer.task_id in ids)

    def cancel(self) -> None:
        """End the case; everything open is withdrawn."""
        self._workflow.cancel()

    def due(self, task_id: str) -> datetime | None:
        """The due date of a user task that opened in this command; None when none is drawn."""
        task = self._existing(task_id)
        return due_of(messages.properties_of(task.task_spec), task.data, self._environment.context)

    def data(self, task_id: str) -> Mapping[str, Any]:
        """The process data that the task sees, to read only. Raises NotFound."""
        return MappingProxyType(self._existing(task_id).data)

    @property
    def ready(self) -> tuple[ReadyTask, ...]:
        """The user tasks that wait for people, in the order of their creation."""
        return tuple(
            ready_task(task)
            for workflow in self._active()
            for task in workflow.tasks.values()
            if task._state == TaskState.READY and task.task_spec.manual
        )

    @property
    def timers(self) -> tuple[WaitingTimer, ...]:
        """The timers that have not fired."""
        return tuple(timer for task in self._waiting() for timer in waiting_timers(task))

    @property
    def awaited(self) -> tuple[AwaitedMessage, ...]:
        """The messages that the case waits for."""
        return tuple(found for task in self._waiting() for found in messages.awaited(task))

    @property
    def last_data(self) -> Mapping[str, Any]:
        """The data of the step finished last; those of the whole case when it is completed."""
        if self._workflow.completed:
            return MappingProxyType(self._workflow.data)
        last = self._last or self._active()[-1].last_task or self._workflow.task_tree
        return MappingProxyType(last.data)

    @property
    def completed(self) -> bool:
        """Has the case ended?"""
        return bool(self._workflow.completed)

    @property
    def records(self) -> tuple[StepRecord, ...]:
        """What happened since start or load, in order."""
        return tuple(self._environment.records)

    @property
    def effects(self) -> tuple[OperationCall, ...]:
        """The effects asked for since start or load, in order."""
        return tuple(self._environment.effects)

    def _active(self) -> list[Any]:
        inner = [found for found in self._workflow.subprocesses.values() if not found.completed]
        return [self._workflow, *inner]

    def _waiting(self) -> list[Any]:
        # SpiffWorkflow's list may still name tasks that were removed with their branch.
        return [
            task
            for task in self._workflow.event_manager.tasks.values()
            if task._state == TaskState.WAITING and task.workflow.tasks.get(task.id) is task
        ]

    def _automatic(self) -> list[Any]:
        batch = []
        for workflow in self._active():
            for task in workflow.tasks.values():
                if task._state == TaskState.READY and not task.task_spec.manual:
                    batch.append(task)
                elif task._state == TaskState.ERROR:
                    raise ExecutionFailed("bpmn.step_failed", place=place_of(task))
        return batch

    def _step(self, task: Any) -> None:
        self._steps += 1
        if self._steps > self._environment.context.budget:
            raise BudgetExceeded(
                "bpmn.too_many_steps",
                place=place_of(task),
                limit=str(self._environment.context.budget),
            )
        trace, ended = Trace(task, self._environment), self._workflow.completed
        self._run(task)
        trace.finish()
        if self._workflow.completed and not ended:
            record_end(self._workflow, self._environment)

    def _run(self, task: Any) -> None:
        self._guarded(task.run, place_of(task))
        if task._state == TaskState.COMPLETED:
            self._last = task

    def _guarded(self, action: Any, place: str) -> None:
        try:
            action()
        except ExecutionFailed as error:
            error.place = error.place or place or None
            raise
        except (Invalid, InvalidNumber) as error:
            raise ExecutionFailed(
                "bpmn.not_process_data", place=place or None, detail=str(error)[:200]
            ) from error
        except _LIBRARY_ERRORS as error:
            raise ExecutionFailed(
                "bpmn.step_failed",
                place=place or None,
                detail=f"{type(error).__name__}: {error}"[:200],
            ) from error

    def _existing(self, task_id: str) -> Any:
        task = self._find(task_id)
        if task is None:
            raise NotFound("task", task_id)
        return task

    def _find(self, task_id: str) -> Any:
        for workflow in self._active():
            # A loaded task has its id as text, a new one as SpiffWorkflow made it.
            found = workflow.tasks.get(task_id)
            if found is not None:
                return found
            for task in workflow.tasks.values():
                if str(task.id) == task_id:
                    return task
        return None
