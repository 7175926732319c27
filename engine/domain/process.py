"""Process definitions and what one execution step did, without any engine library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

DefinitionId = NewType("DefinitionId", str)
InstanceId = NewType("InstanceId", str)
WorkItemId = NewType("WorkItemId", str)


class StepKind(StrEnum):
    """What happened in the engine; each becomes one kind of audit event."""

    WORK_OPENED = "work_opened"
    WORK_WITHDRAWN = "work_withdrawn"
    GATEWAY_TAKEN = "gateway_taken"
    DECISION_MADE = "decision_made"
    OPERATION_DONE = "operation_done"
    TIMER_FIRED = "timer_fired"
    MESSAGE_RECEIVED = "message_received"
    PROCESS_ENDED = "process_ended"


@dataclass(frozen=True)
class StepRecord:
    """One fact of a step; `values` hold only numbers, codes and ids (never names or free text)."""

    kind: StepKind
    element_id: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadyTask:
    """A user task of the diagram that waits for people now.

    `task_id` is unique in the instance, `element_id` the id in the diagram, `lane` the lane's name,
    `properties` the `spiffworkflow:properties` of the element, `index` the multi-instance index.
    """

    task_id: str
    element_id: str
    name: str
    lane: str
    properties: Mapping[str, str]
    path: tuple[str, ...] = ()
    index: int | None = None


@dataclass(frozen=True)
class WaitingTimer:
    """A timer of the diagram that has not fired; `due_at` in UTC."""

    task_id: str
    element_id: str
    due_at: datetime


@dataclass(frozen=True)
class AwaitedMessage:
    """A message that the instance waits for; `correlation` from `alur:correlation`, if any."""

    task_id: str
    element_id: str
    name: str
    correlation: str | None = None


@dataclass(frozen=True)
class OperationCall:
    """An effect asked for by a service task: written to the outbox in the same transaction."""

    operation: str
    element_id: str
    params: Mapping[str, object]
