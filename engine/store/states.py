"""The closed lists of states that rows go through."""

from enum import StrEnum


class InstanceStatus(StrEnum):
    """Where an instance stands; held means that an incident waits for a retry."""

    RUNNING = "running"
    COMPLETED = "completed"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing can happen any more."""
        return self in {InstanceStatus.COMPLETED, InstanceStatus.CANCELLED}


class WorkItemState(StrEnum):
    """Where a work item stands; withdrawn by a deadline, a message or a cancellation."""

    OPEN = "open"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class CycleStatus(StrEnum):
    """Whether appraisals may start in a cycle."""

    OPEN = "open"
    CLOSED = "closed"


class DefinitionStatus(StrEnum):
    """Which definition new cases of a system start on; one at most is active."""

    ACTIVE = "active"
    RETIRED = "retired"


class FollowUpState(StrEnum):
    """Whether a follow-up is still to be done; cancelled where it no longer follows."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
