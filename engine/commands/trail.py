"""Turns what a step did into audit events that hold no names and no free text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.domain.actions import Action
from engine.domain.audit import CODE, AuditEvent
from engine.domain.people import SYSTEM, EmployeeId
from engine.domain.process import StepKind, StepRecord

ACTIONS: Mapping[StepKind, Action] = {
    StepKind.WORK_OPENED: Action.WORK_OPENED,
    StepKind.WORK_WITHDRAWN: Action.WORK_WITHDRAWN,
    StepKind.GATEWAY_TAKEN: Action.GATEWAY_TAKEN,
    StepKind.DECISION_MADE: Action.DECISION_EVALUATED,
    StepKind.OPERATION_DONE: Action.OPERATION_DONE,
    StepKind.TIMER_FIRED: Action.TIMER_FIRED,
    StepKind.MESSAGE_RECEIVED: Action.MESSAGE_RECEIVED,
    StepKind.PROCESS_ENDED: Action.PROCESS_ENDED,
}
# These texts come from the published diagram, or are sealed already.
KEPT_AS_THEY_ARE = frozenset({"condition", "flow", "reason_sealed"})


@dataclass(frozen=True)
class Scribe:
    """Writes the events of one command on one case."""

    instance_id: str
    definition_id: str
    now: datetime
    actor: EmployeeId
    role: str | None = None
    on_behalf_of: EmployeeId | None = None

    def event(
        self,
        action: Action,
        *,
        item: str | None = None,
        element: str | None = None,
        **values: object,
    ) -> AuditEvent:
        """What the actor did."""
        return self._sealed_later(action, item, element, values)

    def record(self, record: StepRecord) -> AuditEvent:
        """What the system did in consequence."""
        return AuditEvent(
            action=ACTIONS[record.kind],
            at=self.now,
            actor=SYSTEM,
            instance=self.instance_id,
            element=record.element_id,
            definition=self.definition_id,
            values=codes_only(record.values),
        )

    def by_system(self) -> "Scribe":
        """The same case and instant, with the product itself as the actor."""
        return replace(self, actor=SYSTEM, role=None, on_behalf_of=None)

    def _sealed_later(
        self, action: Action, item: str | None, element: str | None, values: Mapping[str, object]
    ) -> AuditEvent:
        return AuditEvent(
            action=action,
            at=self.now,
            actor=self.actor,
            role=self.role,
            on_behalf_of=self.on_behalf_of,
            instance=self.instance_id,
            item=item,
            element=element,
            definition=self.definition_id,
            values=codes_only(values),
        )


def codes_only(values: Mapping[str, object]) -> dict[str, object]:
    """Values fit for rows that last: codes and numbers stay, words leave only their length."""
    return {
        name: value if name in KEPT_AS_THEY_ARE else _code(value) for name, value in values.items()
    }


def _code(value: object) -> object:
    if isinstance(value, str):
        return value if CODE.fullmatch(value) else {"text_length": len(value)}
    if isinstance(value, Mapping):
        return {event_key(name): _code(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_code(inner) for inner in value]
    return value


def event_key(name: object) -> str:
    """Labels of table columns become snake_case: keys of an event are ASCII identifiers."""
    text = re.sub(r"[^a-z0-9_]+", "_", str(name).lower()).strip("_")
    return text if text[:1].isalpha() else f"k_{text}"
