"""Who may do what: one function, deny by default, asked by commands and pages alike."""

from enum import StrEnum

from engine.domain.access_objects import (
    AgencyAccess,
    CaseAccess,
    Object,
    OpeningAccess,
    PersonAccess,
    Reason,
    UnitAccess,
    Verdict,
    WorkAccess,
)
from engine.domain.case_rules import opens, reads
from engine.domain.people import Actor, AgencyId, UnitFunction, UnitId
from engine.domain.work_rules import (
    claims,
    delegates,
    extends,
    keys_in,
    may_be_given,
    moves,
    on_behalf_of,
    oversees,
    prepares,
    prepares_facts,
    recalls,
    releases,
    returns,
    separated,
    works,
)

__all__ = [
    "AGENCY_WIDE",
    "DUTIES",
    "READERS",
    "TRAIL_READERS",
    "AgencyAccess",
    "CaseAccess",
    "Object",
    "OpeningAccess",
    "PersonAccess",
    "Reason",
    "UnitAccess",
    "Verb",
    "Verdict",
    "WorkAccess",
    "can",
    "may_be_given",
    "on_behalf_of",
]


class Verb(StrEnum):
    """Everything an actor can ask for."""

    COMPLETE_WORK = "complete_work"
    READ_WORK = "read_work"
    PREPARE_WORK = "prepare_work"
    PREPARE_FACTS = "prepare_facts"
    KEY_IN_WORK = "key_in_work"
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
    WRITE_COMMENT = "write_comment"
    WITHDRAW_APPEAL = "withdraw_appeal"
    SEARCH_CASES = "search_cases"
    READ_DEFINITION = "read_definition"
    SET_ACHIEVEMENT = "set_achievement"
    OPEN_CYCLE = "open_cycle"
    START_APPRAISAL = "start_appraisal"
    OPEN_BESIDE = "open_beside"
    IMPORT_PEOPLE = "import_people"
    MANAGE_ORGANISATION = "manage_organisation"
    READ_ORGANISATION = "read_organisation"
    GRANT_DUTY = "grant_duty"
    ISSUE_CODE = "issue_code"
    TAKE_AWAY_FACTORS = "take_away_factors"
    IMPORT_PLAN = "import_plan"
    TRANSFER_PEOPLE = "transfer_people"
    DEPLOY_SYSTEM = "deploy_system"
    RETRY_INCIDENT = "retry_incident"
    EXTEND_DEADLINE = "extend_deadline"
    LAUNCH_CYCLE = "launch_cycle"
    CLOSE_CYCLE = "close_cycle"
    EXPORT_RESULTS = "export_results"
    READ_OVERVIEW = "read_overview"
    READ_DELIVERIES = "read_deliveries"
    MANAGE_SURVEY = "manage_survey"
    READ_SURVEY = "read_survey"


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
    Verb.TRANSFER_PEOPLE: frozenset({UnitFunction.HR}),
    Verb.DEPLOY_SYSTEM: frozenset({UnitFunction.HR}),
    Verb.RETRY_INCIDENT: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.EXTEND_DEADLINE: frozenset({UnitFunction.HR}),
    Verb.REASSIGN_WORK: frozenset({UnitFunction.HR}),
    Verb.REMIND_WORK: frozenset({UnitFunction.HR, UnitFunction.OPERATOR}),
    Verb.KEY_IN_WORK: frozenset({UnitFunction.OPERATOR}),
    Verb.LAUNCH_CYCLE: frozenset({UnitFunction.HR}),
    Verb.CLOSE_CYCLE: frozenset({UnitFunction.HR}),
    Verb.EXPORT_RESULTS: frozenset({UnitFunction.HR, UnitFunction.AUDITOR}),
    Verb.READ_OVERVIEW: frozenset({UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR}),
    Verb.READ_DELIVERIES: frozenset({UnitFunction.ADMINISTRATOR}),
    Verb.MANAGE_SURVEY: frozenset({UnitFunction.HR, UnitFunction.OPERATOR}),
    Verb.READ_SURVEY: frozenset(
        {UnitFunction.HR, UnitFunction.OPERATOR, UnitFunction.TEAM, UnitFunction.AUDITOR}
    ),
}
# These reach across units, or give somebody power over others: a duty for one unit is not enough.
AGENCY_WIDE = frozenset(
    {
        Verb.SET_ACHIEVEMENT,
        Verb.OPEN_CYCLE,
        Verb.START_APPRAISAL,
        Verb.IMPORT_PEOPLE,
        Verb.IMPORT_PLAN,
        Verb.MANAGE_ORGANISATION,
        Verb.GRANT_DUTY,
        Verb.TRANSFER_PEOPLE,
        Verb.DEPLOY_SYSTEM,
        Verb.RETRY_INCIDENT,
        Verb.EXTEND_DEADLINE,
        Verb.LAUNCH_CYCLE,
        Verb.CLOSE_CYCLE,
        Verb.EXPORT_RESULTS,
        Verb.READ_DELIVERIES,
    }
)
READERS = frozenset({UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR})
# Auditors look on; they do not take part.
COMMENTERS = frozenset({UnitFunction.HR, UnitFunction.TEAM})
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
    if isinstance(thing, UnitAccess):
        return _on_unit(actor, verb, thing)
    if isinstance(thing, OpeningAccess):
        return opens(actor, thing) if verb is Verb.OPEN_BESIDE else Verdict(Reason.NOT_YOURS)
    return _on_case(actor, verb, thing)


def units_open_to(actor: Actor, verb: Verb) -> frozenset[UnitId] | None:
    """The units for which the actor may do `verb`; None when it is the whole agency."""
    held = {duty.unit_id for duty in actor.duties if duty.function in DUTIES.get(verb, ())}
    return None if None in held else frozenset(unit for unit in held if unit is not None)


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


def _on_unit(actor: Actor, verb: Verb, unit: UnitAccess) -> Verdict:
    """Who heads a unit reads what citizens say of it, by no duty but the post."""
    if verb is Verb.READ_SURVEY and unit.head_id in actor.effective_persons():
        return Verdict(Reason.ALLOWED)
    if verb not in {Verb.MANAGE_SURVEY, Verb.READ_SURVEY}:
        return Verdict(Reason.NOT_YOURS)
    held = any(actor.holds(function, unit.unit_id) for function in DUTIES[verb])
    return Verdict(Reason.ALLOWED if held else Reason.MISSING_DUTY)


def _on_case(actor: Actor, verb: Verb, case: CaseAccess) -> Verdict:
    match verb:
        case Verb.READ_CASE | Verb.READ_EVIDENCE:
            return reads(actor, case, READERS)
        case Verb.WRITE_COMMENT:
            return reads(actor, case, COMMENTERS)
        case Verb.READ_TRAIL:
            return reads(actor, case, TRAIL_READERS)
        case Verb.WITHDRAW_APPEAL:
            own = actor.employee_id == case.subject_id
            return Verdict(Reason.ALLOWED if own else Reason.NOT_YOURS)
        case Verb.RETRY_INCIDENT | Verb.EXTEND_DEADLINE:
            if actor.employee_id == case.subject_id:
                return Verdict(Reason.OWN_CASE)
            return _by_duty(actor, verb)
    return Verdict(Reason.NOT_YOURS)


def _on_work(actor: Actor, verb: Verb, work: WorkAccess) -> Verdict:
    if work.case.confidential and (verb in _OF_OVERSEERS or verb is Verb.KEY_IN_WORK):
        return Verdict(Reason.NOT_YOURS)
    if verb is Verb.TAKE_OVER_WORK:
        return _takes_over(actor, work)
    if verb in _OF_HOLDERS:
        return _OF_HOLDERS[verb](actor, work)
    if verb in _OF_OVERSEERS:
        return _OF_OVERSEERS[verb](actor, DUTIES[verb], work)
    return Verdict(Reason.NOT_YOURS)


_OF_HOLDERS = {
    Verb.COMPLETE_WORK: works,
    Verb.READ_WORK: prepares,
    Verb.PREPARE_WORK: prepares,
    Verb.PREPARE_FACTS: prepares_facts,
    Verb.KEY_IN_WORK: keys_in,
    Verb.CLAIM_WORK: claims,
    Verb.RELEASE_WORK: releases,
    Verb.DELEGATE_WORK: delegates,
    Verb.RETURN_WORK: returns,
    Verb.RECALL_WORK: recalls,
}
_OF_OVERSEERS = {
    Verb.REMIND_WORK: oversees,
    Verb.REASSIGN_WORK: moves,
    Verb.EXTEND_DEADLINE: extends,
}


def _takes_over(actor: Actor, work: WorkAccess) -> Verdict:
    if actor.employee_id == work.offered_to:
        return separated(actor, work, on_behalf_of=None)
    # Only those who know the case may learn that there is such work in it.
    knows = reads(actor, work.case, READERS)
    return Verdict(Reason.NOT_OFFERED if knows else Reason.NOT_YOURS)
