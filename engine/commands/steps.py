"""One step of one case: loaded under a lock and run in memory; `saving` writes it as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from engine.bpmn.environment import OperationResult, StepContext
from engine.bpmn.run import Execution
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.facts import CaseFacts
from engine.commands.retained import retained_message
from engine.commands.trail import Scribe
from engine.domain.audit import AuditEvent
from engine.domain.process import AwaitedMessage, ReadyTask, WaitingTimer
from engine.domain.settings import DeadlineSetting
from engine.errors import ExecutionFailed, OperationFailed
from engine.operations import OPERATIONS
from engine.rules.deadlines import Calendar, DeadlineRule, local_date, resolve
from engine.store import appraisals
from engine.store.appraisals import AppraisalRow
from engine.store.database import Transaction
from engine.store.instances import InstanceRow, LoadedInstance
from engine.store.sealing import SealingKey, open_sealed


@dataclass(frozen=True)
class Position:
    """Where an execution stands: what waits for people, for time and for messages."""

    ready: Mapping[str, ReadyTask]
    timers: Mapping[str, WaitingTimer]
    awaited: Mapping[str, AwaitedMessage]


def position_of(execution: Execution) -> Position:
    """The position by task id."""
    return Position(
        {task.task_id: task for task in execution.ready},
        {timer.task_id: timer for timer in execution.timers},
        {message.task_id: message for message in execution.awaited},
    )


NOWHERE = Position({}, {}, {})


@dataclass
class Step:
    """A running step with the events that its command adds to those of the execution.

    `closed` holds the ids of the tasks whose work items the command has closed itself; `cancelled`
    says that the command ended the case before its end.
    """

    desk: Desk
    tx: Transaction
    row: InstanceRow
    key: SealingKey
    definition: LoadedDefinition
    scribe: Scribe
    calendar: Calendar
    execution: Execution
    before: Position
    events: list[AuditEvent] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    cancelled: bool = False

    @property
    def now(self) -> datetime:
        """The instant of the command."""
        return self.scribe.now

    @property
    def today(self) -> date:
        """The agency's local date."""
        return local_date(self.now, self.calendar)

    @cached_property
    def appraisal(self) -> AppraisalRow:
        """The appraisal as it was when the step began."""
        return appraisals.get(self.tx, self.row.id)

    def settle(self) -> None:
        """Run what the case can do by itself, with the messages that are kept for it."""
        self.execution.advance()
        self.take_kept_messages()

    def take_kept_messages(self) -> None:
        """Deliver what is kept for a case that has come to wait for it."""
        while any(self._deliver(message) for message in self.execution.awaited):
            pass

    def _deliver(self, message: AwaitedMessage) -> bool:
        payload = retained_message(self.tx, self.row, message.name)
        return payload is not None and self.execution.receive(message.name, payload)


def open_step(desk: Desk, tx: Transaction, loaded: LoadedInstance, scribe: Scribe) -> Step:
    """The step of a loaded instance."""
    definition = desk.definitions.get(tx, loaded.row.definition_id)
    calendar = desk.calendar(tx, scribe.now)
    context = step_context(tx, definition, loaded.row, calendar=calendar, now=scribe.now)
    blob = open_sealed(loaded.key, loaded.blob)
    execution = Execution.load(definition.specs, blob, context)
    before = position_of(execution)
    return Step(desk, tx, loaded.row, loaded.key, definition, scribe, calendar, execution, before)


def step_context(
    tx: Transaction,
    definition: LoadedDefinition,
    row: InstanceRow,
    *,
    calendar: Calendar,
    now: datetime,
) -> StepContext:
    """What one command lets the engine see of the world: clock, deadlines and operations."""
    deadline = deadlines_of(definition.settings.deadlines, calendar, now)
    on, began = local_date(now, calendar), local_date(row.started_at, calendar)
    facts = CaseFacts(tx, row, definition.settings, now, on, began)

    def call(
        name: str, params: Mapping[str, object], data: Mapping[str, object]
    ) -> OperationResult:
        operation = OPERATIONS.get(name)
        if operation is None:
            raise OperationFailed("operation.unknown", name=name)
        try:
            return operation.run(params, data, facts)
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            raise OperationFailed("operation.failed", name=name, detail=str(error)[:200]) from error

    return StepContext(now, deadline, calendar, call, limits=definition.settings.limits)


def deadlines_of(
    settings: Mapping[str, DeadlineSetting], calendar: Calendar, now: datetime
) -> Callable[[str, datetime | None], datetime]:
    """Resolves a deadline of the settings by its name, from `now` where no anchor is given."""

    def deadline(name: str, anchor: datetime | None) -> datetime:
        setting = settings.get(name)
        if setting is None:
            raise ExecutionFailed("deadline.unknown", name=name)
        rule = DeadlineRule(name, setting.days, setting.counting.value)
        return resolve(rule, anchor or now, calendar)

    return deadline
