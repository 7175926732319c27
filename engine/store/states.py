"""The closed lists of states that rows go through."""

from enum import StrEnum

from engine.domain.people import UnitFunction


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


def readers_of(functions: str, status: str) -> frozenset[UnitFunction]:
    """Who may read an instance besides who reads every one: nobody before it is completed.

    `functions` are parted by commas, as the instance keeps them.
    """
    if status != InstanceStatus.COMPLETED:
        return frozenset()
    return frozenset(UnitFunction(found) for found in functions.split(",") if found)
