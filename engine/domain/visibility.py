"""Which answers of a case somebody may read who may read the case: nobody appeals blind, and
nobody reads what is still being decided or what a peer said in confidence.
"""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.access import CaseAccess
from engine.domain.people import Actor, EmployeeId, UnitFunction

# What peers and subordinates say is shown to the appraised person as a mean only.
CONFIDENTIAL_ROLES = frozenset({"peer", "subordinate", "public"})
WHOLE_FILE = (UnitFunction.TEAM, UnitFunction.AUDITOR)


@dataclass(frozen=True)
class Answer:
    """One finished step as far as its readers depend on it; `sealed` when given in confidence."""

    author: EmployeeId
    role: str
    at: datetime
    of_appeal: bool
    on_behalf_of: EmployeeId | None = None
    sealed: bool = False


@dataclass(frozen=True)
class Told:
    """What the employee was told: until when, whether that is all, and who hears his appeal."""

    delivered_at: datetime | None
    all_delivered: bool
    appeal_open: bool
    hearing: frozenset[EmployeeId] = frozenset()


def may_read_answer(actor: Actor, case: CaseAccess, answer: Answer, told: Told) -> bool:
    """Whether the actor, who may read the case, may read this answer in it."""
    persons = actor.effective_persons()
    if answer.sealed:
        return answer.author == actor.employee_id
    if answer.author in persons or answer.on_behalf_of == actor.employee_id:
        return True
    if answer.role in CONFIDENTIAL_ROLES:
        return False
    if actor.employee_id == case.subject_id:
        return _told_to_subject(answer, told)
    if any(actor.holds(function, case.unit_id) for function in WHOLE_FILE):
        return True
    if not answer.of_appeal:
        return True
    if case.rater_id in persons:
        return not told.appeal_open and answer.author != case.subject_id
    return case.rater_superior_id in persons or bool(persons & told.hearing)


def may_read_patterns(actor: Actor, case: CaseAccess, at: datetime, told: Told) -> bool:
    """Whether the actor, who may read the case, may read the patterns that were found in it.

    Who rates reads his own; the employee those of a result that was delivered to him.
    """
    if actor.employee_id == case.subject_id:
        return told.delivered_at is not None and at <= told.delivered_at
    readers = (UnitFunction.HR, *WHOLE_FILE)
    raters = {case.rater_id, case.rater_superior_id} | told.hearing
    return bool(actor.effective_persons() & raters) or any(
        actor.holds(function, case.unit_id) for function in readers
    )


def _told_to_subject(answer: Answer, told: Told) -> bool:
    """From its delivery on everything that led to a result; of an appeal, once it is decided."""
    if told.all_delivered and not told.appeal_open:
        return True
    if answer.of_appeal or told.delivered_at is None:
        return False
    return answer.at <= told.delivered_at
