"""Who may do what: one function, deny by default, asked by commands and pages alike."""

from dataclasses import dataclass
from enum import StrEnum

from engine.domain.people import Actor, AgencyId, EmployeeId, UnitFunction, UnitId


class Verb(StrEnum):
    """Everything an actor can ask for."""

    COMPLETE_WORK = "complete_work"
    READ_WORK = "read_work"
    PREPARE_WORK = "prepare_work"
    CLAIM_WORK = "claim_work"
    RELEASE_WORK = "release_work"
    DELEGATE_WORK = "delegate_work"
    RETURN_WORK = "return_work"
    RECALL_WORK = "recall_work"
    REASSIGN_WORK = "reassign_work"
    REMIND_WORK = "remind_work"
    TAKE_OVER_WORK = "take_over_work"
    READ_CASE = "read_case"
    READ_TRAIL = "read_trail"
    READ_EVIDENCE = "read_evidence"
    WITHDRAW_APPEAL = "withdraw_appeal"
    SEARCH_CASES = "search_cases"
    READ_DEFINITION = "read_definition"
    SET_ACHIEVEMENT = "set_achievement"
    OPEN_CYCLE = "open_cycle"
    START_APPRAISAL = "start_appraisal"
    IMPORT_PEOPLE = "import_people"
    MANAGE_ORGANISATION = "manage_organisation"
    READ_ORGANISATION = "read_organisation"
    GRANT_DUTY = "grant_duty"
    ISSUE_CODE = "issue_code"
    TAKE_AWAY_FACTORS = "take_away_factors"
    IMPORT_PLAN = "import_plan"
    DEPLOY_SYSTEM = "deploy_system"
    RETRY_INCIDENT = "retry_incident"
    EXTEND_DEADLINE = "extend_deadline"
    LAUNCH_CYCLE = "launch_cycle"
    CLOSE_CYCLE = "close_cycle"
    EXPORT_RESULTS = "export_results"
    READ_OVERVIEW = "read_overview"


class Reason(StrEnum):
    """Why a verdict is what it is."""

    ALLOWED = "allowed"
    OTHER_AGENCY = "other_agency"
    NOT_YOURS = "not_yours"
    OWN_CASE = "own_case"
    TOOK_PART = "took_part"
    NOT_OFFERED = "not_offered"
    CLAIMED = "claimed"
    PERSONAL = "personal"
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
    """What access rules need to know of one case."""

    agency_id: AgencyId
    subject_id: EmployeeId
    unit_id: UnitId | None = None
    rater_id: EmployeeId | None = None
    rater_superior_id: EmployeeId | None = None
    holders: frozenset[EmployeeId] = frozenset()


@dataclass(frozen=True)
class WorkAccess:
    """What access rules need to know of one work item and its case.

    `apart_from_subject` and `barred` are the separation of duties that the diagram asks for: the
    appraised person and those who took part before may not do this step. `signs` when it is the
    holder's own signature that the step asks for; `closed_by` handed in the answers.
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

    @property
    def is_personal(self) -> bool:
        """Whether nobody else may even prepare the answers: to accept, to appeal, to sign."""
        return self.signs or self.assignee_id == self.case.subject_id


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


Object = CaseAccess | WorkAccess | AgencyAccess | PersonAccess

DUTIES: dict[Verb, frozenset[UnitFunction]] = {
    Verb.SEARCH_CASES: frozenset({UnitFunction.HR, UnitFunction.AUDITOR}),
    Verb.READ_DEFINITION: frozenset(
        {UnitFunction.HR, UnitFunction.AUDITOR, UnitFunction.ADMINISTRATOR}
    ),
    Verb.SET_ACHIEVEMENT: frozenset({UnitFunction.HR}),
    Verb.OPEN_CYCLE: frozenset({UnitFunction.HR}),
    Verb.START_APPRAISAL: frozenset({UnitFunction.HR}),
    Verb.IMPORT_PEOPLE: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.MANAGE_ORGANISATION: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.READ_ORGANISATION: frozenset(
        {UnitFunction.HR, UnitFunction.ADMINISTRATOR, UnitFunction.OPERATOR}
    ),
    Verb.GRANT_DUTY: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.ISSUE_CODE: frozenset(
        {UnitFunction.HR, UnitFunction.ADMINISTRATOR, UnitFunction.OPERATOR}
    ),
    Verb.TAKE_AWAY_FACTORS: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.IMPORT_PLAN: frozenset({UnitFunction.HR}),
    Verb.DEPLOY_SYSTEM: frozenset({UnitFunction.HR}),
    Verb.RETRY_INCIDENT: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.EXTEND_DEADLINE: frozenset({UnitFunction.HR}),
    Verb.REASSIGN_WORK: frozenset({UnitFunction.HR}),
    Verb.REMIND_WORK: frozenset({UnitFunction.HR, UnitFunction.OPERATOR}),
    Verb.LAUNCH_CYCLE: frozenset({UnitFunction.HR}),
    Verb.CLOSE_CYCLE: frozenset({UnitFunction.HR}),
    Verb.EXPORT_RESULTS: frozenset({UnitFunction.HR, UnitFunction.AUDITOR}),
    Verb.READ_OVERVIEW: frozenset({UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR}),
}
# These reach across units: a duty for one unit is not enough.
AGENCY_WIDE = frozenset(
    {Verb.MANAGE_ORGANISATION, Verb.LAUNCH_CYCLE, Verb.CLOSE_CYCLE, Verb.EXPORT_RESULTS}
)
READERS = frozenset({UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR})
TRAIL_READERS = frozenset({UnitFunction.HR, UnitFunction.AUDITOR})


def can(actor: Actor, verb: Verb, thing: Object) -> Verdict:
    """Whether the actor may do `verb` to `thing`; anything not written here is refused."""
    if _agency_of(thing) != actor.agency_id:
        return Verdict(Reason.OTHER_AGENCY)
    if isinstance(thing, AgencyAccess):
        return _on_agency(actor, verb, thing)
    if isinstance(thing, PersonAccess):
        return _on_person(actor, verb, thing)
    if isinstance(thing, WorkAccess):
        return _on_work(actor, verb, thing)
    return _on_case(actor, verb, thing)


def _agency_of(thing: Object) -> AgencyId:
    return thing.case.agency_id if isinstance(thing, WorkAccess) else thing.agency_id


def _on_agency(actor: Actor, verb: Verb, agency: AgencyAccess) -> Verdict:
    """A head does not set what the own unit achieved: it is the own result rating."""
    verdict = _by_duty(actor, verb)
    if verdict and verb is Verb.SET_ACHIEVEMENT and actor.employee_id == agency.head_id:
        return Verdict(Reason.OWN_CASE)
    return verdict


def _by_duty(actor: Actor, verb: Verb) -> Verdict:
    functions = DUTIES.get(verb, frozenset())
    allowed = any(
        duty.function in functions and (duty.unit_id is None or verb not in AGENCY_WIDE)
        for duty in actor.duties
    )
    return Verdict(Reason.ALLOWED if allowed else Reason.MISSING_DUTY)


def _on_person(actor: Actor, verb: Verb, person: PersonAccess) -> Verdict:
    """Nobody lets himself in anew; a unit's operator never opens the account of a duty holder.

    For a holder of a duty, and for one without a unit, the duty must span the whole agency.
    """
    if verb not in {Verb.ISSUE_CODE, Verb.TAKE_AWAY_FACTORS, Verb.LAUNCH_CYCLE}:
        return Verdict(Reason.NOT_YOURS)
    if person.employee_id == actor.employee_id:
        return Verdict(Reason.OWN_CASE)
    if verb is Verb.LAUNCH_CYCLE:
        return _by_duty(actor, verb)
    functions = DUTIES[Verb.TAKE_AWAY_FACTORS if person.has_duty else verb]
    units = {None} if person.has_duty else {None, person.unit_id}
    held = any(duty.function in functions and duty.unit_id in units for duty in actor.duties)
    return Verdict(Reason.ALLOWED if held else Reason.MISSING_DUTY)


def _on_case(actor: Actor, verb: Verb, case: CaseAccess) -> Verdict:
    match verb:
        case Verb.READ_CASE | Verb.READ_EVIDENCE:
            return _reads(actor, case, READERS)
        case Verb.READ_TRAIL:
            return _reads(actor, case, TRAIL_READERS)
        case Verb.WITHDRAW_APPEAL:
            own = actor.employee_id == case.subject_id
            return Verdict(Reason.ALLOWED if own else Reason.NOT_YOURS)
        case Verb.RETRY_INCIDENT | Verb.EXTEND_DEADLINE:
            if actor.employee_id == case.subject_id:
                return Verdict(Reason.OWN_CASE)
            return _by_duty(actor, verb)
    return Verdict(Reason.NOT_YOURS)


def _reads(actor: Actor, case: CaseAccess, functions: frozenset[UnitFunction]) -> Verdict:
    if actor.employee_id == case.subject_id:
        return Verdict(Reason.ALLOWED)
    people = ({case.rater_id, case.rater_superior_id} | case.holders) - {case.subject_id}
    if actor.effective_persons() & people or any(actor.holds(f, case.unit_id) for f in functions):
        return Verdict(Reason.ALLOWED)
    return Verdict(Reason.NOT_YOURS)


def _on_work(actor: Actor, verb: Verb, work: WorkAccess) -> Verdict:
    match verb:
        case Verb.COMPLETE_WORK:
            return _works(actor, work)
        case Verb.READ_WORK | Verb.PREPARE_WORK:
            return _prepares(actor, work)
        case Verb.TAKE_OVER_WORK:
            if actor.employee_id == work.offered_to:
                return _separated(actor, work, on_behalf_of=None)
            # Only those who know the case may learn that there is such work in it.
            knows = _reads(actor, work.case, READERS)
            return Verdict(Reason.NOT_OFFERED if knows else Reason.NOT_YOURS)
        case Verb.CLAIM_WORK:
            return _claims(actor, work)
        case Verb.RELEASE_WORK:
            return _allowed_if(actor.employee_id == work.claimed_by)
        case Verb.DELEGATE_WORK:
            verdict = _works(actor, work)
            return Verdict(Reason.PERSONAL) if verdict and work.is_personal else verdict
        case Verb.RETURN_WORK:
            given = work.delegated_to is not None
            return _allowed_if(given and bool(_prepares(actor, work)))
        case Verb.RECALL_WORK:
            return _allowed_if(actor.employee_id == work.closed_by)
        case Verb.REASSIGN_WORK | Verb.REMIND_WORK:
            return _moves(actor, verb, work)
    return Verdict(Reason.NOT_YOURS)


def _allowed_if(yes: bool) -> Verdict:
    return Verdict(Reason.ALLOWED if yes else Reason.NOT_YOURS)


def _prepares(actor: Actor, work: WorkAccess) -> Verdict:
    """The holder, or the one whom he asked to prepare the answers."""
    if actor.employee_id == work.delegated_to:
        return _separated(actor, work, on_behalf_of=None)
    return _works(actor, work)


def _claims(actor: Actor, work: WorkAccess) -> Verdict:
    """Only work of a function is there to be claimed; whether it still is, the store decides."""
    if work.assignee_id is not None or work.function is None:
        return Verdict(Reason.NOT_YOURS)
    if not actor.holds(work.function, work.case.unit_id):
        return Verdict(Reason.NOT_YOURS)
    return _separated(actor, work, on_behalf_of=None)


def _moves(actor: Actor, verb: Verb, work: WorkAccess) -> Verdict:
    """Nobody moves work of the own case; what is the appraised person's own stays with him."""
    if not any(actor.holds(function, work.case.unit_id) for function in DUTIES[verb]):
        return Verdict(Reason.MISSING_DUTY)
    if actor.employee_id == work.case.subject_id:
        return Verdict(Reason.OWN_CASE)
    if verb is Verb.REASSIGN_WORK and work.assignee_id == work.case.subject_id:
        return Verdict(Reason.PERSONAL)
    return Verdict(Reason.ALLOWED)


def may_be_given(work: WorkAccess, person: EmployeeId) -> Verdict:
    """Whether work may go to a person: never to the appraised one or one barred by separation."""
    if person == work.case.subject_id:
        return Verdict(Reason.OWN_CASE)
    return Verdict(Reason.TOOK_PART if person in work.barred else Reason.ALLOWED)


def on_behalf_of(actor: Actor, work: WorkAccess) -> EmployeeId | None:
    """Whom the actor stands in for when doing this work; None for himself or by duty.

    Nobody stands in for the appraised person: to accept a result or to appeal is a right of his
    own, not a duty of his post.
    """
    if work.assignee_id in (None, actor.employee_id, work.case.subject_id):
        return None
    return work.assignee_id if work.assignee_id in actor.substitutes_for else None


def _works(actor: Actor, work: WorkAccess) -> Verdict:
    behalf = on_behalf_of(actor, work)
    own = behalf is not None or work.assignee_id == actor.employee_id
    by_duty = work.function is not None and actor.holds(work.function, work.case.unit_id)
    if not own and not by_duty:
        return Verdict(Reason.NOT_YOURS)
    if not own and work.claimed_by not in {None, *actor.effective_persons()}:
        return Verdict(Reason.CLAIMED)
    return _separated(actor, work, on_behalf_of=behalf)


def _separated(actor: Actor, work: WorkAccess, *, on_behalf_of: EmployeeId | None) -> Verdict:
    """Separation of duties holds for the acting person and for the one he stands in for."""
    persons = {actor.employee_id} | ({on_behalf_of} if on_behalf_of else set())
    if work.apart_from_subject and work.case.subject_id in persons:
        return Verdict(Reason.OWN_CASE)
    if persons & work.barred:
        return Verdict(Reason.TOOK_PART)
    return Verdict(Reason.ALLOWED)
