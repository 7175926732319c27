"""Who may do what: one function, deny by default, asked by commands and pages alike."""

from engine.domain.access_objects import (
    AgencyAccess,
    CaseAccess,
    FollowUpAccess,
    Object,
    OpeningAccess,
    PersonAccess,
    Reason,
    UnitAccess,
    Verdict,
    WorkAccess,
)
from engine.domain.case_rules import opens, reads, unmasks, verifies
from engine.domain.follow_up_rules import (
    manages_follow_up,
    reads_follow_up,
    works_on_follow_up,
)
from engine.domain.people import Actor, AgencyId, UnitFunction, UnitId
from engine.domain.verbs import AGENCY_WIDE, DUTIES, Verb
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
    "FollowUpAccess",
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
    if isinstance(thing, FollowUpAccess):
        return _on_follow_up(actor, verb, thing)
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


def _on_follow_up(actor: Actor, verb: Verb, thing: FollowUpAccess) -> Verdict:
    rule = _OF_FOLLOW_UPS.get(verb)
    return rule(actor, thing, DUTIES[verb]) if rule else Verdict(Reason.NOT_YOURS)


_OF_FOLLOW_UPS = {
    Verb.READ_FOLLOW_UP: reads_follow_up,
    Verb.WORK_ON_FOLLOW_UP: works_on_follow_up,
    Verb.MANAGE_FOLLOW_UP: manages_follow_up,
}


def _on_case(actor: Actor, verb: Verb, case: CaseAccess) -> Verdict:
    match verb:
        case Verb.READ_CASE | Verb.READ_EVIDENCE | Verb.READ_LOG:
            return reads(actor, case, READERS | case.readers)
        case Verb.VERIFY_LOG:
            return verifies(actor, case)
        case Verb.WRITE_COMMENT:
            return reads(actor, case, COMMENTERS)
        case Verb.READ_TRAIL:
            return reads(actor, case, TRAIL_READERS)
        case Verb.WITHDRAW_APPEAL | Verb.KEEP_LOG | Verb.END_SHOWING:
            own = actor.employee_id == case.subject_id
            return Verdict(Reason.ALLOWED if own else Reason.NOT_YOURS)
        case Verb.ASK_IDENTITY | Verb.GRANT_IDENTITY:
            return unmasks(actor, case, DUTIES[verb])
        case Verb.RETRY_INCIDENT | Verb.EXTEND_DEADLINE:
            own = actor.employee_id == case.subject_id
            return Verdict(Reason.OWN_CASE) if own else _by_duty(actor, verb)
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
