"""What the access rules speak of: verdicts with their reasons, cases, work, agencies, persons."""

from dataclasses import dataclass
from enum import StrEnum

from engine.domain.people import AgencyId, EmployeeId, UnitFunction, UnitId


class Reason(StrEnum):
    """Why a verdict is what it is."""

    ALLOWED = "allowed"
    OTHER_AGENCY = "other_agency"
    NOT_YOURS = "not_yours"
    OWN_CASE = "own_case"
    TOOK_PART = "took_part"
    NAMED = "named"
    NOT_OFFERED = "not_offered"
    CLAIMED = "claimed"
    PERSONAL = "personal"
    ABOVE = "above"
    NOT_OFFICIAL = "not_official"
    NOT_RATER = "not_rater"
    MISSING_DUTY = "missing_duty"
    TWO_PEOPLE = "two_people"


@dataclass(frozen=True)
class Verdict:
    """An answer with its reason; true when allowed."""

    reason: Reason

    def __bool__(self) -> bool:
        return self.reason is Reason.ALLOWED


@dataclass(frozen=True)
class CaseAccess:
    """What access rules need to know of one case.

    `functions` are those whose work a `confidential` case is, `readers` those that may read this
    case besides who reads every one.
    """

    agency_id: AgencyId
    subject_id: EmployeeId
    unit_id: UnitId | None = None
    rater_id: EmployeeId | None = None
    rater_superior_id: EmployeeId | None = None
    holders: frozenset[EmployeeId] = frozenset()
    functions: frozenset[UnitFunction] = frozenset()
    confidential: bool = False
    readers: frozenset[UnitFunction] = frozenset()


@dataclass(frozen=True)
class OpeningAccess:
    """A process that may be opened beside the appraisal of a person, with who holds its roles.

    `by_anyone` when everybody of the agency may open it for another.
    """

    agency_id: AgencyId
    subject_id: EmployeeId
    unit_id: UnitId
    holders: frozenset[EmployeeId]
    functions: frozenset[UnitFunction]
    by_anyone: bool = False


@dataclass(frozen=True)
class WorkAccess:
    """What access rules need to know of one work item and its case.

    `apart_from_subject` and `barred` are the separation of duties that the diagram asks for: the
    appraised person and those who took part before may not do this step; nor may whom the case has
    `named` where his naming is to be confirmed. `signs` when it is the
    holder's own signature that the step asks for; `closed_by` handed in the answers. `preparers`
    are whom the holder lets prepare facts of a `ratable` step, each as operator of a unit.
    `on_paper` when the diagram lets an operator key the step in from paper. `sealed` when the
    answers are given in confidence: by the assignee himself, by nobody for him.
    """

    case: CaseAccess
    assignee_id: EmployeeId | None
    function: UnitFunction | None
    offered_to: EmployeeId | None = None
    claimed_by: EmployeeId | None = None
    delegated_to: EmployeeId | None = None
    closed_by: EmployeeId | None = None
    signs: bool = False
    apart_from_subject: bool = False
    barred: frozenset[EmployeeId] = frozenset()
    named: EmployeeId | None = None
    ratable: bool = False
    preparers: frozenset[tuple[EmployeeId, UnitId]] = frozenset()
    on_paper: bool = False
    sealed: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether nobody else may even prepare the answers: to accept, to appeal, to sign."""
        in_confidence = self.sealed or self.case.confidential
        return self.signs or in_confidence or self.assignee_id == self.case.subject_id


@dataclass(frozen=True)
class AgencyAccess:
    """The agency as the object of a verb, or one of its units with the one who heads it."""

    agency_id: AgencyId
    head_id: EmployeeId | None = None


@dataclass(frozen=True)
class PersonAccess:
    """A person whose account is the object of a verb; `has_duty` when others depend on it."""

    agency_id: AgencyId
    employee_id: EmployeeId
    unit_id: UnitId | None = None
    has_duty: bool = False


@dataclass(frozen=True)
class UnitAccess:
    """A unit that citizens are asked about; `head_id` leads it."""

    agency_id: AgencyId
    unit_id: UnitId
    head_id: EmployeeId | None = None


@dataclass(frozen=True)
class FollowUpAccess:
    """What follows somebody's result: whose it is, who rated him and who sees to it."""

    agency_id: AgencyId
    subject_id: EmployeeId
    unit_id: UnitId
    rater_id: EmployeeId | None = None
    owner_id: EmployeeId | None = None


Object = (
    CaseAccess
    | WorkAccess
    | AgencyAccess
    | PersonAccess
    | OpeningAccess
    | UnitAccess
    | FollowUpAccess
)
