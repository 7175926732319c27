"""Who works where, and who acts: employees, units, positions, assignments, actors."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

AgencyId = NewType("AgencyId", str)
EmployeeId = NewType("EmployeeId", str)
UnitId = NewType("UnitId", str)
PositionId = NewType("PositionId", str)


class EmployeeKind(StrEnum):
    """Kinds of civil servants under UU 20/2023, with the candidates."""

    PNS = "pns"
    PPPK = "pppk"
    PPPK_PART_TIME = "pppk_part_time"
    CPNS = "cpns"


class UnitFunction(StrEnum):
    """What a person does for a unit or the agency besides the own position."""

    HR = "hr"
    PLANNING = "planning"
    INSPECTORATE = "inspectorate"
    COUNSELLOR = "counsellor"
    OPERATOR = "operator"
    TEAM = "team"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class AssignmentKind(StrEnum):
    """How somebody holds a position; acting kinds are Plt and Plh."""

    DEFINITIVE = "definitive"
    ACTING_PERMANENT = "acting_permanent"
    ACTING_DAILY = "acting_daily"


@dataclass(frozen=True)
class Employee:
    """A civil servant; `nip` has 18 digits and is never shown whole in lists."""

    id: EmployeeId
    agency_id: AgencyId
    nip: str
    name: str
    kind: EmployeeKind


@dataclass(frozen=True)
class Assignment:
    """Somebody in a position of a unit from `starts` to `ends` (both days included)."""

    employee_id: EmployeeId
    position_id: PositionId
    unit_id: UnitId
    kind: AssignmentKind
    starts: date
    ends: date | None


@dataclass(frozen=True)
class Duty:
    """A unit function held by a person; `unit_id` None means the whole agency."""

    function: UnitFunction
    unit_id: UnitId | None


@dataclass(frozen=True)
class Actor:
    """The acting person of one command, with the duties held at that moment."""

    agency_id: AgencyId
    employee_id: EmployeeId
    duties: frozenset[Duty] = frozenset()
    session_id: str | None = None
    substitutes_for: frozenset[EmployeeId] = frozenset()

    def holds(self, function: UnitFunction, unit_id: UnitId | None = None) -> bool:
        """Whether the actor holds the function for `unit_id`, or for any unit when None."""
        return any(
            duty.function is function and (unit_id is None or duty.unit_id in (None, unit_id))
            for duty in self.duties
        )

    def effective_persons(self) -> frozenset[EmployeeId]:
        """The actor and everybody he may act for today."""
        return self.substitutes_for | {self.employee_id}


SYSTEM = EmployeeId("system")
