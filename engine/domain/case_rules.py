"""Who may read a case, and who may open a process beside it."""

from engine.domain.access_objects import CaseAccess, OpeningAccess, Reason, Verdict
from engine.domain.people import Actor, UnitFunction


def reads(actor: Actor, case: CaseAccess, functions: frozenset[UnitFunction]) -> Verdict:
    """The appraised person, the officials of the case and the functions that look on.

    What is confidential is read by that person and by those whose work it is, and by nobody else.
    """
    if actor.employee_id == case.subject_id:
        return Verdict(Reason.ALLOWED)
    raters = {case.rater_id, case.rater_superior_id}
    people = (case.holders if case.confidential else raters | case.holders) - {case.subject_id}
    duties = case.functions if case.confidential else functions
    by_duty = any(actor.holds(function, case.unit_id) for function in duties)
    known = actor.effective_persons() & people or by_duty
    return Verdict(Reason.ALLOWED if known else Reason.NOT_YOURS)


def unmasks(actor: Actor, case: CaseAccess, functions: frozenset[UnitFunction]) -> Verdict:
    """Who has the duty; never the appraised person, his rater, or the rater's superior."""
    apart = {case.subject_id, case.rater_id, case.rater_superior_id}
    if actor.effective_persons() & apart:
        return Verdict(Reason.NOT_YOURS)
    held = any(actor.holds(function, case.unit_id) for function in functions)
    return Verdict(Reason.ALLOWED if held else Reason.MISSING_DUTY)


def opens(actor: Actor, opening: OpeningAccess) -> Verdict:
    """Who holds one of the roles; nobody stands in for the appraised person."""
    own = actor.employee_id == opening.subject_id
    if actor.employee_id in opening.holders or (opening.by_anyone and not own):
        return Verdict(Reason.ALLOWED)
    others = opening.holders - {opening.subject_id}
    by_duty = any(actor.holds(function, opening.unit_id) for function in opening.functions)
    if actor.effective_persons() & others or by_duty:
        return Verdict(Reason.OWN_CASE if own else Reason.ALLOWED)
    return Verdict(Reason.NOT_YOURS)


def verifies(actor: Actor, case: CaseAccess) -> Verdict:
    """The rater, or who stands in for him; nobody says of his own days that they were so."""
    if case.rater_id not in actor.effective_persons():
        return Verdict(Reason.NOT_YOURS)
    own = actor.employee_id == case.subject_id
    return Verdict(Reason.OWN_CASE if own else Reason.ALLOWED)
