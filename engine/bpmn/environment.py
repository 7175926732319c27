"""What SpiffWorkflow may evaluate and call during one command: only what was compiled before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask

from engine.bpmn.hosts import due_of_host
from engine.bpmn.timers import instant
from engine.bpmn.values import accepted, whole
from engine.domain.process import OperationCall, StepKind, StepRecord
from engine.errors import ExecutionFailed, ExpressionFailed, InvalidDefinition, UnsafeExpression
from engine.rules.deadlines import Calendar, before, local_date, parse_duration, start_of_date
from engine.rules.expressions import FUNCTIONS, ExpressionCache

DIAGRAM_FUNCTIONS = frozenset(FUNCTIONS) | {
    "deadline", "limit", "before", "instant", "now", "today",
}  # fmt: skip


@dataclass(frozen=True)
class OperationResult:
    """What an operation gave: the value for the process data, effects, and facts for the trail."""

    value: Mapping[str, object]
    effects: tuple[OperationCall, ...] = ()
    audit: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class StepContext:
    """Everything outside the process that one command lets the engine see.

    `now` is aware; `deadline(name, anchor)` resolves a deadline of the case's settings, from `now`
    when `anchor` is None; `call_operation(name, params, data)` runs a registered operation;
    `budget` is the number of automatic steps that one command may use; `limits` are the numbers
    of the settings.
    """

    now: datetime
    deadline: Callable[[str, datetime | None], datetime]
    calendar: Calendar
    call_operation: Callable[[str, Mapping[str, object], Mapping[str, object]], OperationResult]
    budget: int = 500
    limits: Mapping[str, Decimal] = field(default_factory=dict)


class StepEnvironment(BasePythonScriptEngineEnvironment):
    """Evaluates compiled expressions only, runs no script, calls registered operations.

    Lives for one command and collects what happened in it. The restrictions live here and not in
    the script engine, because parts of SpiffWorkflow ask the environment directly.
    """

    def __init__(self, expressions: ExpressionCache, context: StepContext) -> None:
        """An environment that knows only `expressions`."""
        super().__init__()
        self.context = context
        self.task: Any = None
        self.records: list[StepRecord] = []
        self.effects: list[OperationCall] = []
        self._expressions = expressions
        self._functions = {
            **FUNCTIONS,
            "deadline": self._deadline,
            "limit": self._limit,
            "before": self._before,
            "instant": self._instant,
            "now": self._now,
            "today": self._today,
        }

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, object],
        external_context: Mapping[str, object] | None = None,
    ) -> object:
        """The value of a compiled expression over the process data; parses nothing."""
        names = {**external_context, **context} if external_context else context
        return self._expressions.get(expression).evaluate(names, self._functions)

    def execute(
        self,
        script: str,
        context: Mapping[str, object],
        external_context: Mapping[str, object] | None = None,
    ) -> bool:
        """Refuse: no script ever runs. Raises UnsafeExpression."""
        raise UnsafeExpression("bpmn.script_refused", place=place_of(self.task))

    def call_service(self, context: Mapping[str, object], **kwargs: Any) -> dict[str, Any]:
        """The value of a registered operation; its effects and facts are collected."""
        operation, params = kwargs["operation_name"], kwargs["operation_params"]
        result = self.context.call_operation(operation, params, MappingProxyType(dict(context)))
        values, place = {"operation": operation, "values": dict(result.audit)}, place_of(self.task)
        self.record(StepKind.OPERATION_DONE, place, values)
        self.effects.extend(replace(effect, element_id=place) for effect in result.effects)
        return accepted(result.value)

    def record(self, kind: StepKind, element_id: str, values: Mapping[str, object]) -> None:
        """Note one fact of the step, in the order in which it happened."""
        self.records.append(StepRecord(kind, element_id, values))

    def _now(self) -> str:
        return self.context.now.astimezone(UTC).isoformat()

    def _today(self) -> str:
        return local_date(self.context.now, self.context.calendar).isoformat()

    def _deadline(self, name: object, anchor: object = None) -> str:
        start = None if anchor is None else instant(anchor)
        return self.context.deadline(str(name), start).astimezone(UTC).isoformat()

    def _limit(self, name: object) -> Decimal:
        try:
            return self.context.limits[str(name)]
        except KeyError:
            raise ExpressionFailed("bpmn.limit_unknown", value=str(name)[:40]) from None

    def _before(self, anchor: object, duration: object) -> str:
        try:
            length = parse_duration(str(duration))
        except InvalidDefinition:
            raise ExpressionFailed("bpmn.not_a_duration", value=str(duration)[:40]) from None
        end = due_of_host(self.task, self.context) if anchor == "due" else instant(anchor)
        return before(end, length).isoformat()

    def _instant(self, day: object) -> str:
        try:
            found = date.fromisoformat(str(day))
        except ValueError:
            raise ExpressionFailed("bpmn.not_a_date", value=str(day)[:40]) from None
        return start_of_date(found, self.context.calendar).isoformat()


class StepEngine(PythonScriptEngine):
    """SpiffWorkflow's script engine without its error wrapping; remembers the current task."""

    environment: StepEnvironment

    def evaluate(
        self, task: Any, expression: str, external_context: Mapping[str, object] | None = None
    ) -> object:
        """The value of a compiled expression. Raises ExpressionFailed with the element's id."""
        with self._at(task):
            value = self.environment.evaluate(expression, task.data, external_context)
        spec = task.task_spec
        counted = isinstance(spec, MultiInstanceTask) and expression == spec.cardinality
        return whole(value) if counted else value

    def execute(
        self, task: Any, script: str, external_context: Mapping[str, object] | None = None
    ) -> bool:
        """Refuse. Raises UnsafeExpression with the element's id."""
        with self._at(task):
            return self.environment.execute(script, task.data, external_context)

    def call_service(self, task: Any, **kwargs: Any) -> dict[str, Any]:
        """The value of a registered operation. Raises OperationFailed with the element's id."""
        with self._at(task):
            return self.environment.call_service(task.data, **kwargs)

    def _at(self, task: Any) -> "_Place":
        return _Place(self.environment, task)


class _Place:
    """The task under evaluation; failures inside get its element id."""

    def __init__(self, environment: StepEnvironment, task: Any) -> None:
        self._environment, self._task = environment, task

    def __enter__(self) -> None:
        self._outer, self._environment.task = self._environment.task, self._task

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._environment.task = self._outer
        if isinstance(error, ExecutionFailed) and error.place is None:
            error.place = place_of(self._task)


def place_of(task: Any) -> str:
    """The id in the diagram of the element that `task` stands for."""
    return str(task.task_spec.bpmn_id or task.task_spec.name) if task is not None else ""
