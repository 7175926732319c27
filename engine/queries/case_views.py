"""What the page of one case shows, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from engine.domain.access import CaseAccess
from engine.domain.beside import MAIN
from engine.domain.process import DefinitionId, InstanceId, WorkItemId
from engine.queries.people import Person


class StepState(StrEnum):
    """Where a stage of the step list stands; a skipped one was not needed in this case."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class StepLine:
    """One stage; `people` did it or have it now, `at` is its end, `due_at` its date if open."""

    key: str
    title: Mapping[str, str]
    state: StepState
    people: tuple[Person, ...] = ()
    at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class OpenWork:
    """One open work item of the case: whose turn it is, until when."""

    item_id: WorkItemId
    element_id: str
    name: str
    role: Mapping[str, str]
    people: tuple[Person, ...]
    due_at: datetime | None
    mine: bool = False
    takeover_offered: bool = False


@dataclass(frozen=True)
class ResultRow:
    """One version of the result with who decided, how it was signed and when delivered.

    `source_title` is what the system calls the source, by language.
    """

    version: int
    source: str
    source_title: Mapping[str, str]
    result_rating: str
    behaviour_rating: str
    predicate: str
    local_score: Decimal | None = None
    decided_by: Person | None = None
    signed_at: datetime | None = None
    signature_kind: str | None = None
    delivered_at: datetime | None = None
    delivery_kind: str | None = None


@dataclass(frozen=True)
class EvidenceRow:
    """One stored file of the case; `size` in bytes; `name` is empty once its key is destroyed."""

    attachment_id: str
    media_type: str
    size: int
    added_at: datetime
    added_by: Person | None = None
    name: str = ""


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up action decided after the result; `id` is empty for who may not open it.

    `title` is what the system calls its kind, empty for one that it does not describe.
    """

    kind: str
    title: Mapping[str, str]
    state: str
    recorded_at: datetime
    due_on: date | None = None
    owner: Person | None = None
    id: str = ""


@dataclass(frozen=True)
class CaseHead:
    """What every page about a case names: whose it is, which period, which state."""

    instance_id: InstanceId
    definition_id: DefinitionId
    subject: Person
    period: str
    state: str
    appeal_open: bool
    access: CaseAccess
    sealing_key_id: str
    started_at: datetime
    process_id: str
    cycle_id: str
    turn: str

    @property
    def is_main(self) -> bool:
        """Whether it is the appraisal itself."""
        return self.turn == MAIN


@dataclass(frozen=True)
class CaseView:
    """One appraisal: where it stands, what was decided, what may be done with it.

    `unit_word` is what a unit is called in the place of the system; `patterns` are those worth
    talking about. Both are words by language.
    """

    instance_id: InstanceId
    definition_id: DefinitionId
    subject: Person
    period: str
    system_title: Mapping[str, str]
    unit_word: Mapping[str, str]
    state: str
    steps: tuple[StepLine, ...]
    open_work: tuple[OpenWork, ...]
    results: tuple[ResultRow, ...] = ()
    under_appeal: bool = False
    may_withdraw_appeal: bool = False
    may_read_trail: bool = False
    evidence: tuple[EvidenceRow, ...] = ()
    follow_ups: tuple[FollowUpRow, ...] = ()
    patterns: tuple[Mapping[str, str], ...] = ()
    is_main: bool = True
