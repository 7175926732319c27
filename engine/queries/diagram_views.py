"""What the living diagram of a case shows, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.process import DefinitionId, InstanceId
from engine.domain.standing import Standing
from engine.queries.people import Person


@dataclass(frozen=True)
class ProcessLink:
    """A process of the system that can be looked at."""

    id: str
    name: str


@dataclass(frozen=True)
class DiagramStep:
    """One step in words; `at` is when it was done last, `times` how often, `opens` its process."""

    element_id: str
    name: str
    lane: str
    standing: Standing
    at: datetime | None = None
    due_at: datetime | None = None
    times: int = 0
    opens: ProcessLink | None = None


@dataclass(frozen=True)
class CaseDiagram:
    """One process of a case: the way to it from the main one, its steps, and its picture's data.

    `standings` and `flows` are by element id; `file` names the drawing in the definition.
    """

    instance_id: InstanceId
    definition_id: DefinitionId
    subject: Person
    period: str
    process: ProcessLink
    path: tuple[ProcessLink, ...]
    steps: tuple[DiagramStep, ...]
    standings: Mapping[str, Standing]
    flows: tuple[str, ...]
    file: str
    current: tuple[ProcessLink, ...] = ()
