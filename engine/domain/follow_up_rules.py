"""Who reads, works on and manages what follows a result; everybody else learns nothing of it."""

from engine.domain.access_objects import FollowUpAccess, Reason, Verdict
from engine.domain.people import Actor, UnitFunction

Functions = frozenset[UnitFunction]


def reads_follow_up(actor: Actor, thing: FollowUpAccess, functions: Functions) -> Verdict:
    """The person himself, his rater, who sees to it, and the function that looks after all."""
    others = {thing.rater_id, thing.owner_id} - {thing.subject_id}
    known = _is_own(actor, thing) or bool(actor.effective_persons() & others)
    return Verdict(Reason.ALLOWED) if known else _by_function(actor, thing, functions)


def works_on_follow_up(actor: Actor, thing: FollowUpAccess, functions: Functions) -> Verdict:
    """Who sees to it, also for himself; of the function, nobody for himself."""
    for_owner = thing.owner_id != thing.subject_id and thing.owner_id in actor.effective_persons()
    if for_owner or actor.employee_id == thing.owner_id:
        return Verdict(Reason.ALLOWED)
    return manages_follow_up(actor, thing, functions)


def manages_follow_up(actor: Actor, thing: FollowUpAccess, functions: Functions) -> Verdict:
    """The function that looks after all, and nobody for himself."""
    held = _by_function(actor, thing, functions)
    return Verdict(Reason.OWN_CASE) if held and _is_own(actor, thing) else held


def _is_own(actor: Actor, thing: FollowUpAccess) -> bool:
    return actor.employee_id == thing.subject_id


def _by_function(actor: Actor, thing: FollowUpAccess, functions: Functions) -> Verdict:
    held = any(actor.holds(function, thing.unit_id) for function in functions)
    return Verdict(Reason.ALLOWED if held else Reason.NOT_YOURS)
