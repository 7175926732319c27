"""Plays of a diagram: made-up people answer, timers fire, messages come, until the case ends."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol, Self, runtime_checkable

from engine.bpmn.answers import random_answers, random_case
from engine.bpmn.environment import OperationResult, StepContext
from engine.bpmn.run import Execution
from engine.bpmn.specs import Specs
from engine.domain.process import OperationCall, ReadyTask, StepKind
from engine.errors import BudgetExceeded, ExecutionFailed, Finding, Severity
from engine.rules.deadlines import Calendar, last_day
from engine.rules.forms import Form, FormContext

Data = Mapping[str, object]
Operations = Callable[[str, Data, Data], OperationResult]
# One human step is one answer, one timer or one message; a case of the law needs about 40.
MAX_STEPS: Final = 400
BEGIN: Final = datetime(2026, 1, 5, 2, tzinfo=UTC)
_CALENDAR: Final = Calendar("Asia/Jakarta", frozenset())
_DEFAULT_DAYS: Final = 7
_WEIGHTS: Final = {"answer": 6, "timer": 1, "message": 3}


@runtime_checkable
class Remembering(Protocol):
    """Operations that know what earlier plays asked for, as a case meets what others left."""

    def among(self, left: tuple[OperationCall, ...]) -> Self:
        """The same operations among these effects."""

    def __call__(self, operation: str, params: Data, data: Data) -> OperationResult:
        """What the operation gives."""


@dataclass(frozen=True)
class StubbedOperations:
    """Operations that give one of the listed results; an unlisted one gives an empty result."""

    results: Mapping[str, tuple[Data, ...]] = field(default_factory=dict)
    seed: int = 0

    def __call__(self, operation: str, params: Data, data: Data) -> OperationResult:
        """One of the results of `operation`, the same for the same parameters and seed."""
        listed = self.results.get(operation)
        if not listed:
            return OperationResult({})
        return OperationResult(random.Random(f"{self.seed} {params}").choice(listed))  # noqa: S311 - a play, no secret


@dataclass(frozen=True)
class World:
    """What surrounds a played case: forms by schema file, days of deadlines, operations, messages.

    `messages` lists the payloads that may come with a message, by its name; `limits` are the
    numbers of the settings.
    """

    forms: Mapping[str, Form] = field(default_factory=dict)
    deadlines: Mapping[str, int] = field(default_factory=dict)
    operations: Operations = field(default_factory=StubbedOperations)
    messages: Mapping[str, tuple[Data, ...]] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class PlayResult:
    """How one play went; `finding` says why it failed, `visited` holds element and flow ids.

    `effects` are what its operations asked for, each once.
    """

    outcome: str | None
    visited: frozenset[str]
    steps: int
    finding: Finding | None = None
    effects: tuple[OperationCall, ...] = ()


def play(
    specs: Specs,
    process_id: str,
    start_data: Data | None = None,
    *,
    world: World,
    seed: int,
) -> PlayResult:
    """One random play from start to end; the same for the same seed. Raises nothing.

    Without `start_data` the case is made up too.
    """
    rng = random.Random(seed)  # noqa: S311 - a play, no secret
    game = _Play(specs, process_id, world, rng)
    try:
        game.run(random_case(rng) if start_data is None else start_data)
    except BudgetExceeded as error:
        return game.result(_finding(specs, "play.endless", error.place or process_id, error.code))
    except ExecutionFailed as error:
        return game.result(_finding(specs, "play.failed", error.place or process_id, str(error)))
    return game.result(game.trouble)


def never_visited(specs: Specs, process_id: str, visited: frozenset[str]) -> tuple[Finding, ...]:
    """Warnings for user tasks and ways of gateways that no play came to."""
    inside = _parts(specs, process_id)
    tasks = (task for process, task in specs.user_tasks if process in inside)
    flows = (
        flow
        for process in inside
        for spec in specs.processes[process].task_specs.values()
        if len(getattr(spec, "flows", ())) > 1
        for _, flow, _, _ in spec.flows
    )
    return tuple(
        replace(_finding(specs, "play.never_visited", place, ""), severity=Severity.WARNING)
        for place in sorted({*tasks, *flows} - visited)
    )


def _parts(specs: Specs, process_id: str) -> frozenset[str]:
    """A process with everything that it calls or holds, through all levels."""
    found: set[str] = set()
    waiting = [process_id]
    while waiting:
        name = waiting.pop()
        if name in found or name not in specs.processes:
            continue
        found.add(name)
        inner = (getattr(spec, "spec", None) for spec in specs.processes[name].task_specs.values())
        waiting.extend(part for part in inner if isinstance(part, str))
    return frozenset(found)


def _finding(specs: Specs, rule: str, place: str, detail: str) -> Finding:
    found = ((file, line) for (file, element), line in specs.lines.items() if element == place)
    file, line = next(found, (None, None))
    return Finding(
        rule,
        file=file,
        element_id=place,
        line=line,
        params={"element": place, "detail": detail[:300]},
    )


class _Play:
    """One case while it is played."""

    def __init__(self, specs: Specs, process_id: str, world: World, rng: random.Random) -> None:
        self._specs, self._process_id, self._world, self._rng = specs, process_id, world, rng
        self._now = BEGIN
        self._visited: set[str] = set()
        self._steps = 0
        self._outcome: str | None = None
        self._effects: dict[str, OperationCall] = {}
        self.trouble: Finding | None = None

    def result(self, finding: Finding | None) -> PlayResult:
        effects = tuple(self._effects.values())
        return PlayResult(self._outcome, frozenset(self._visited), self._steps, finding, effects)

    def run(self, start_data: Data) -> None:
        case = Execution.start(self._specs, self._process_id, start_data, self._context())
        case.advance()
        self._note(case)
        while not case.completed:
            self._steps += 1
            if self._steps > MAX_STEPS:
                self.trouble = self._trouble("play.endless", case)
                return
            next_case = self._next(case)
            if next_case is None:
                self.trouble = self._trouble("play.stuck", case)
                return
            case = next_case
            self._note(case)

    def _next(self, case: Execution) -> Execution | None:
        """The case after one thing that may happen; None when nothing can."""
        ready, timers, awaited = case.ready, case.timers, case.awaited
        happenings = (["answer"] if ready else []) + (["timer"] if timers else [])
        happenings += ["message"] if awaited else []
        if not happenings:
            return None
        match self._rng.choices(happenings, [_WEIGHTS[name] for name in happenings])[0]:
            case "answer":
                task = self._rng.choice(ready)
                self._visited.add(task.element_id)
                case.complete(task.task_id, self._answers(case, task))
            case "timer":
                self._now = max(self._now, min(timer.due_at for timer in timers))
                case = Execution.load(self._specs, case.dump(), self._context())
                case.advance()
            case _:
                name = self._rng.choice(awaited).name
                payloads = self._world.messages.get(name) or ({},)
                case.receive(name, self._rng.choice(payloads))
        return case

    def _answers(self, case: Execution, task: ReadyTask) -> Data:
        form = self._world.forms.get(task.properties.get("formJsonSchemaFilename", ""))
        if form is None:
            return {}
        due = case.due(task.task_id)
        work = {"due_on": last_day(due, _CALENDAR).isoformat() if due else None}
        data = {**case.data(task.task_id), "work": work}
        context = FormContext(data, task.lane, self._now, _CALENDAR)
        return random_answers(form, context, self._rng)

    def _note(self, case: Execution) -> None:
        self._effects |= {repr(effect): effect for effect in case.effects}
        for record in case.records:
            self._visited.add(record.element_id)
            if record.kind is StepKind.GATEWAY_TAKEN:
                self._visited.add(str(record.values["flow"]))
            if record.kind is StepKind.PROCESS_ENDED:
                self._outcome = str(record.values["outcome"])

    def _trouble(self, rule: str, case: Execution) -> Finding:
        place = case.ready[0].element_id if case.ready else self._process_id
        return _finding(self._specs, rule, place, f"{self._steps}")

    def _context(self) -> StepContext:
        world = self._world
        return StepContext(
            self._now, self._deadline, _CALENDAR, world.operations, limits=world.limits
        )

    def _deadline(self, name: str, anchor: datetime | None) -> datetime:
        days = self._world.deadlines.get(name, _DEFAULT_DAYS)
        return (anchor or self._now) + timedelta(days=days)
