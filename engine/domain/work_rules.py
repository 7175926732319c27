"""Who may do, prepare, claim, delegate and move a work item."""

from collections.abc import Set as AbstractSet

from engine.domain.access_objects import Reason, Verdict, WorkAccess
from engine.domain.people import Actor, EmployeeId, UnitFunction


def prepares(actor: Actor, work: WorkAccess) -> Verdict:
    """The holder, or the one whom he asked to prepare the answers."""
    if actor.employee_id == work.delegated_to:
        return separated(actor, work, on_behalf_of=None)
    return works(actor, work)


def prepares_facts(actor: Actor, work: WorkAccess) -> Verdict:
    """An operator whom the holder of a rating named, while he is operator of that unit.

    Never in the own case, and never for a signature or a sealed step: those are not `ratable`.
    """
    named = any(
        person == actor.employee_id and actor.holds(UnitFunction.OPERATOR, unit)
        for person, unit in work.preparers
    )
    if not named or not work.ratable or work.signs:
        return Verdict(Reason.NOT_YOURS)
    if actor.employee_id == work.case.subject_id:
        return Verdict(Reason.OWN_CASE)
    return separated(actor, work, on_behalf_of=None)


def keys_in(actor: Actor, work: WorkAccess) -> Verdict:
    """An operator of the appraised person's unit, for a step of that person that may be on paper.

    Never the own step, never a signature, never in a case in which he or whom he stands in for
    rates or decides.
    """
    subject = work.case.subject_id
    if not actor.holds(UnitFunction.OPERATOR, work.case.unit_id):
        return Verdict(Reason.MISSING_DUTY)
    if actor.employee_id == subject:
        return Verdict(Reason.OWN_CASE)
    if not work.on_paper or work.signs or work.assignee_id != subject:
        return Verdict(Reason.NOT_YOURS)
    if actor.effective_persons() & {work.case.rater_id, work.case.rater_superior_id}:
        return Verdict(Reason.TOOK_PART)
    return separated(actor, work, on_behalf_of=subject)


def delegates(actor: Actor, work: WorkAccess) -> Verdict:
    """The holder may, unless nobody else may do it at all."""
    verdict = works(actor, work)
    return Verdict(Reason.PERSONAL) if verdict and work.is_personal else verdict


def returns(actor: Actor, work: WorkAccess) -> Verdict:
    """The delegate gives it back, or the holder takes it back."""
    return _allowed_if(work.delegated_to is not None and bool(prepares(actor, work)))


def releases(actor: Actor, work: WorkAccess) -> Verdict:
    """Only who claimed it; others have it reassigned."""
    return _allowed_if(actor.employee_id == work.claimed_by)


def recalls(actor: Actor, work: WorkAccess) -> Verdict:
    """Only who handed it in, while such work is still his; what happened since, the trail tells."""
    return _allowed_if(actor.employee_id == work.closed_by and _is_his(actor, work))


def _allowed_if(yes: bool) -> Verdict:
    return Verdict(Reason.ALLOWED if yes else Reason.NOT_YOURS)


def claims(actor: Actor, work: WorkAccess) -> Verdict:
    """Only work of a function is there to be claimed; whether it still is, the store decides."""
    if work.assignee_id is not None or work.function is None or work.sealed:
        return Verdict(Reason.NOT_YOURS)
    if not actor.holds(work.function, work.case.unit_id):
        return Verdict(Reason.NOT_YOURS)
    return separated(actor, work, on_behalf_of=None)


def oversees(actor: Actor, functions: frozenset[UnitFunction], work: WorkAccess) -> Verdict:
    """Whether he holds one of the functions for the unit; nobody oversees the own case."""
    if not any(actor.holds(function, work.case.unit_id) for function in functions):
        return Verdict(Reason.MISSING_DUTY)
    own = actor.employee_id == work.case.subject_id
    return Verdict(Reason.OWN_CASE if own else Reason.ALLOWED)


def extends(actor: Actor, functions: frozenset[UnitFunction], work: WorkAccess) -> Verdict:
    """Nobody gives more time to himself, as the appraised person or as the one who is late."""
    late = {work.assignee_id, work.claimed_by, work.delegated_to}
    if actor.effective_persons() & {work.case.subject_id, *late}:
        return Verdict(Reason.OWN_CASE)
    return oversees(actor, functions, work)


def moves(actor: Actor, functions: frozenset[UnitFunction], work: WorkAccess) -> Verdict:
    """What is the appraised person's own to do stays with him."""
    verdict = oversees(actor, functions, work)
    own = work.assignee_id == work.case.subject_id
    return Verdict(Reason.PERSONAL) if verdict and own else verdict


def may_be_given(work: WorkAccess, person: EmployeeId) -> Verdict:
    """Whether work may go to a person: never to the appraised one or one barred by separation."""
    if person == work.case.subject_id:
        return Verdict(Reason.OWN_CASE)
    return _apart({person}, work)


def on_behalf_of(actor: Actor, work: WorkAccess) -> EmployeeId | None:
    """Whom the actor stands in for when doing this work; None for himself or by duty.

    Nobody stands in for the appraised person: to accept a result or to appeal is a right of his
    own, not a duty of his post. Nor does anybody speak for who was asked in confidence.
    """
    if work.sealed or work.assignee_id in (None, actor.employee_id, work.case.subject_id):
        return None
    return work.assignee_id if work.assignee_id in actor.substitutes_for else None


def works(actor: Actor, work: WorkAccess) -> Verdict:
    """By name, in somebody's place, or by duty while nobody else has claimed it."""
    behalf = on_behalf_of(actor, work)
    own = behalf is not None or work.assignee_id == actor.employee_id
    if not _is_his(actor, work):
        return Verdict(Reason.NOT_YOURS)
    if not own and work.claimed_by not in {None, *actor.effective_persons()}:
        return Verdict(Reason.CLAIMED)
    return separated(actor, work, on_behalf_of=behalf)


def _is_his(actor: Actor, work: WorkAccess) -> bool:
    """By name, in somebody's place, or by duty, whoever has claimed it."""
    if work.assignee_id == actor.employee_id or on_behalf_of(actor, work) is not None:
        return True
    by_duty = work.function is not None and actor.holds(work.function, work.case.unit_id)
    return by_duty and not work.sealed


def separated(actor: Actor, work: WorkAccess, *, on_behalf_of: EmployeeId | None) -> Verdict:
    """Separation of duties holds for the acting person and for the one he stands in for."""
    persons = {actor.employee_id} | ({on_behalf_of} if on_behalf_of else set())
    if work.apart_from_subject and work.case.subject_id in persons:
        return Verdict(Reason.OWN_CASE)
    return _apart(persons, work)


def _apart(persons: AbstractSet[EmployeeId], work: WorkAccess) -> Verdict:
    """Whether none of them took part before or is the one whom the case has named."""
    if persons & work.barred:
        return Verdict(Reason.TOOK_PART)
    return Verdict(Reason.NAMED if work.named in persons else Reason.ALLOWED)
