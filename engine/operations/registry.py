"""What service tasks may call: a closed, reviewed table of operations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from engine.bpmn.environment import OperationResult
from engine.domain.appraisal import Predicate
from engine.domain.citizen_survey import Element, Tally
from engine.domain.fairness import Limits, RaterFigures
from engine.domain.local_score import Scoring
from engine.domain.measured import FigureKind
from engine.domain.people import EmployeeId
from engine.domain.process import OperationCall
from engine.errors import OperationFailed

Values = Mapping[str, object]
# Among the parameters of an operation: it takes more of them, named by the author of a diagram.
ANY = "*"


class CandidateKind(StrEnum):
    """Why a person may decide an appeal."""

    RATER_SUPERIOR = "rater_superior"
    NEXT_SUPERIOR = "next_superior"
    FINAL_AUTHORITY = "final_authority"
    NAMED = "named"


@dataclass(frozen=True)
class Candidate:
    """A person who may decide an appeal, in the order of authority."""

    employee_id: EmployeeId
    kind: CandidateKind


@dataclass(frozen=True)
class Record:
    """Figures that a finished step left, for a period such as `2026-03`."""

    period: str
    kept_at: datetime
    figures: Values


@dataclass(frozen=True)
class Measured:
    """Figures from another book about one day: of a person, of a unit or of both."""

    on: date
    employee_id: EmployeeId | None
    figures: Values


@dataclass(frozen=True)
class Peer:
    """A colleague who may be asked about the appraised person."""

    employee_id: EmployeeId
    name: str


@dataclass(frozen=True)
class Logged:
    """Entries of a daily log: how many of planned work, and how many that the rater verified."""

    planned: int
    verified: int


@dataclass(frozen=True)
class EarlierAnswers:
    """What was answered at a step of a finished appraisal, and what its period is called."""

    period: str
    answers: Values


@dataclass(frozen=True)
class EarlierYears:
    """Low years in a row before this one, and whether a plan of improvement was not met."""

    consecutive_low: int
    failed_improvement_plan: bool


class Facts(Protocol):
    """What operations may know beyond the process data; read in the command's transaction."""

    @property
    def subject_id(self) -> EmployeeId:
        """The appraised person."""

    @property
    def scoring(self) -> Scoring | None:
        """The indicators and scales of the system; None when it has no local score."""

    def authorities(self) -> tuple[Candidate, ...]:
        """From the rater's superior upwards, ending at the office of last resort."""

    def participants(self) -> frozenset[EmployeeId]:
        """Everybody who took part in the case and so cannot decide its appeal."""

    def handed_in(self, element_id: str) -> frozenset[EmployeeId]:
        """Everybody who handed in this step of the case, however often it was done."""

    def employee_by_nip(self, nip: str) -> EmployeeId | None:
        """The person with this NIP."""

    def unit_predicates(self) -> Mapping[Predicate, int]:
        """Predicates of the unit in this cycle so far."""

    def records(self, kind: str) -> tuple[Record, ...]:
        """What steps about the person left in this cycle, the oldest first."""

    def rater_records(self, kind: str, within: str) -> tuple[Record, ...]:
        """What steps about the rater left in any cycle, on days not older than a deadline."""

    def earlier_answers(self, element_id: str) -> EarlierAnswers | None:
        """What was answered at a step of the person's last finished appraisal."""

    def earlier_years(self) -> EarlierYears:
        """What is known now of the years before the one of the case."""

    def noted_rows(self, element_id: str, field: str) -> tuple[Values, ...]:
        """Rows that a step beside the appraisal took in this cycle, the newest hand-in first."""

    def peers(self, nips: Sequence[str]) -> tuple[Peer | None, ...]:
        """The people with these NIPs; None for who cannot speak as a colleague of the subject."""

    def ratings_in_confidence(
        self, element_id: str, questions: Sequence[str], *, at_least: int, floor: int
    ) -> tuple[tuple[Decimal, ...], ...]:
        """What peers rated in a sealed step, and what the own staff did; nothing of too few."""

    def suggested_peers(self) -> list[dict[str, object]]:
        """Rows with `nip`, `name` and `relation` of those who may be asked.

        Who is asked least comes first; the own staff follows where the system asks it.
        """

    @property
    def person_elements(self) -> tuple[Element, ...]:
        """The elements of the citizen survey that count for a person."""

    def is_mutual(self, element_id: str, questions: Sequence[str], border: Decimal) -> bool:
        """Whether the subject and somebody asked about him rate each other at the border or above.

        Both in this sealed step, each in the case of the other of this cycle.
        """

    @property
    def limits(self) -> Limits:
        """From where on a pattern is one."""

    def rater_patterns(self, data: Values) -> RaterFigures | None:
        """How the rater rates in this cycle, with the ratings in `data`; None of too few people."""

    def is_rater_related(self) -> bool:
        """Whether a conflict of the rater and the appraised person was declared to HR."""

    def unit_survey(self) -> Tally | None:
        """What citizens answered in the closed survey of the unit and cycle; None without one."""

    def logged(self) -> Logged:
        """What the person entered in his daily log in this cycle."""

    @property
    def today(self) -> date:
        """The agency's local day."""

    def measured(
        self, kind: FigureKind, *, of_unit: bool = False, since: date | None = None
    ) -> tuple[Measured, ...]:
        """What was imported about the person or the unit: in the cycle, or since a day."""


Compute = Callable[[Values, Values, Facts], OperationResult]


@dataclass(frozen=True)
class Operation:
    """One operation: its id in the diagram, the parameters it takes, and what it does."""

    key: str
    params: tuple[str, ...]
    run: Compute


def effect(key: str, params: tuple[str, ...]) -> Operation:
    """An operation that only leaves its parameters to the outbox of the command."""

    def leave(values: Values, _data: Values, _facts: Facts) -> OperationResult:
        return OperationResult({}, effects=(OperationCall(key, "", values),))

    return Operation(key, params, leave)


def need_text(values: Values, name: str) -> str:
    """A parameter that must be a code or id. Raises OperationFailed."""
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise OperationFailed("operation.parameter_missing", param=name)
    return value
