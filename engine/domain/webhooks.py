"""What other programs may be told: a closed list of events, ids only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.domain.actions import Action
from engine.domain.people import AgencyId


class EventKind(StrEnum):
    """Events that leave the product."""

    WORK_OPENED = "work_item.opened"
    WORK_COMPLETED = "work_item.completed"
    CASE_STARTED = "case.started"
    CASE_COMPLETED = "case.completed"
    RESULT_DELIVERED = "result.delivered"
    RESULT_FINALISED = "result.finalised"
    CYCLE_OPENED = "cycle.opened"
    CYCLE_CLOSED = "cycle.closed"


# A case ends with its result: the trail has one event for both.
EVENTS: Mapping[Action, tuple[EventKind, ...]] = {
    Action.WORK_OPENED: (EventKind.WORK_OPENED,),
    Action.WORK_COMPLETED: (EventKind.WORK_COMPLETED,),
    Action.INSTANCE_STARTED: (EventKind.CASE_STARTED,),
    Action.RESULT_DELIVERED: (EventKind.RESULT_DELIVERED,),
    Action.RESULT_FINALISED: (EventKind.RESULT_FINALISED, EventKind.CASE_COMPLETED),
    Action.CYCLE_OPENED: (EventKind.CYCLE_OPENED,),
    Action.CYCLE_CLOSED: (EventKind.CYCLE_CLOSED,),
}


@dataclass(frozen=True)
class Listener:
    """Another program that wants to know; without an agency it hears of all of them."""

    name: str
    events: frozenset[EventKind]
    agency_id: AgencyId | None = None

    def hears(self, agency_id: AgencyId, event: EventKind) -> bool:
        """Whether it is told this event of this agency."""
        return self.agency_id in (None, agency_id) and event in self.events
