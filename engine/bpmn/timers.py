"""Timers against the `now` of the command; SpiffWorkflow's own read the clock of the machine."""

from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)

from engine.errors import ExpressionFailed, InvalidDefinition
from engine.rules.deadlines import parse_duration

DUE = "event_value"


def fires(task: Any, due: datetime) -> bool:
    """Has `due` been reached at the `now` of the command? The end of a deadline is exclusive."""
    fired = due <= task.workflow.script_engine.environment.context.now
    if fired:
        task._set_internal_data(event_fired=True)
    return fired


def due_at(task: Any) -> datetime:
    """When the waiting timer `task` fires, in UTC."""
    return datetime.fromisoformat(task.internal_data[DUE])


def set_due_at(task: Any, due: datetime) -> None:
    """Keep `due` with the task; it is computed once, on entry, and then only moved by people."""
    task._set_internal_data(**{DUE: due.astimezone(UTC).isoformat()})


def instant(value: object, place: str | None = None) -> datetime:
    """The instant that an expression gave as ISO text with a zone. Raises ExpressionFailed."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ExpressionFailed("bpmn.not_an_instant", place=place, value=str(value)[:40])
    return found.astimezone(UTC)


class DateTimer(TimeDateEventDefinition):
    """A timer whose expression gives an ISO instant."""

    def has_fired(self, my_task: Any) -> bool:
        """Fired when the instant, computed on entry, has been reached."""
        if DUE not in my_task.internal_data:
            value = my_task.workflow.script_engine.evaluate(my_task, self.expression)
            set_due_at(my_task, instant(value, self.name))
        return fires(my_task, due_at(my_task))


class DurationTimer(DurationTimerEventDefinition):
    """A timer that fires a duration after its entry: plain `P14D`, or an expression giving one."""

    @property
    def plain(self) -> bool:
        """Is the text itself the duration, so that there is nothing to evaluate?"""
        try:
            parse_duration(self.expression or "")
        except InvalidDefinition:
            return False
        return True

    def has_fired(self, my_task: Any) -> bool:
        """Fired when the duration since the entry is over."""
        if DUE not in my_task.internal_data:
            set_due_at(my_task, self._due(my_task))
        return fires(my_task, due_at(my_task))

    def _due(self, my_task: Any) -> datetime:
        engine = my_task.workflow.script_engine
        text = self.expression if self.plain else engine.evaluate(my_task, self.expression)
        try:
            return engine.environment.context.now + parse_duration(str(text))
        except InvalidDefinition:
            raise ExpressionFailed(
                "bpmn.not_a_duration", place=self.name, value=str(text)[:40]
            ) from None


__all__ = ["DUE", "DateTimer", "DurationTimer", "TimerEventDefinition"]
