"""Where the rows of a list come from: one condition each, which an index finds in order."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, literal_column, or_, select, true

from engine.domain.access import DUTIES, Verb
from engine.domain.people import Actor, Duty, EmployeeId
from engine.queries.inbox_asked import Asked, Days, Due, Held, Tab
from engine.store import tables as t
from engine.store.database import Transaction

_item, _case = t.work_item.c, t.instance.c
# In so many words, since an index of open work serves only who asks for nothing else.
OPEN = _item.state == literal_column("'open'")
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Source:
    """Open work that meets `condition`; `of_case` when it speaks of the case, too.

    `few` rows are found by the condition alone; all others come in the order of an index.
    """

    condition: Condition
    of_case: bool = False
    few: bool = False


def sources(actor: Actor, asked: Asked) -> tuple[Source, ...]:
    """The sources of a list of open work for an actor."""
    match asked.tab:
        case Tab.ROLES:
            return tuple(_of_duty(actor, duty, asked.held) for duty in sorted_duties(actor))
        case Tab.WAITING:
            return tuple(_with_others(actor))
        case Tab.ALL:
            return tuple(_overseen(actor, asked.held))
    return tuple(_own(actor))


def addressed(actor: Actor) -> tuple[Source, ...]:
    """Everything that the actor may begin with: his own and what is there for his functions."""
    return (*_own(actor), *sources(actor, Asked(tab=Tab.ROLES)))


def sorted_duties(actor: Actor) -> list[Duty]:
    """The duties of an actor, always in the same order."""
    return sorted(actor.duties, key=lambda duty: (duty.function.value, duty.unit_id or ""))


def oversees(actor: Actor) -> bool:
    """Whether the actor looks after the work of others."""
    return any(duty.function in DUTIES[Verb.REMIND_WORK] for duty in actor.duties)


def _own(actor: Actor) -> Iterator[Source]:
    me = actor.employee_id
    yield Source(and_(_item.assignee_id == me, _item.delegated_to.is_(None)))
    yield Source(and_(_item.claimed_by == me, _item.delegated_to.is_(None)))
    yield Source(and_(_item.offered_to == me, _item.offered_to.is_not(None)), few=True)
    yield Source(_item.delegated_to == me)
    for absent in sorted(actor.substitutes_for):
        # Nobody stands in for the appraised person.
        yield Source(
            and_(_item.assignee_id == absent, _item.assignee_id != _case.subject_id), of_case=True
        )


def _of_duty(actor: Actor, duty: Duty, held: Held | None) -> Source:
    found = [_item.function == duty.function.value, _not_with(actor.employee_id)]
    if duty.unit_id is not None:
        found.append(_item.unit_id == duty.unit_id)
    if held is Held.TAKEN:
        return Source(
            and_(*found, _item.claimed_by.is_not(None), _item.claimed_by != actor.employee_id)
        )
    # Said for the index: work of no function is never found here.
    return Source(and_(*found, _item.function.is_not(None), _item.claimed_by.is_(None)))


def _not_with(person: EmployeeId) -> Condition:
    return or_(_item.assignee_id.is_(None), _item.assignee_id != person)


def _with_others(actor: Actor) -> Iterator[Source]:
    """Others have the turn in cases about the actor or rated by him; or prepare for him."""
    me = actor.employee_id
    about = select(_case.id).where(_case.agency_id == actor.agency_id, _case.subject_id == me)
    figures = t.appraisal.c
    rated = select(figures.instance_id).where(
        figures.agency_id == actor.agency_id, figures.rater_id == me
    )
    others = and_(_not_with(me), or_(_item.claimed_by.is_(None), _item.claimed_by != me))
    for cases in (about, rated):
        yield Source(and_(_item.instance_id.in_(cases), others), few=True)
    yield Source(and_(_item.assignee_id == me, _item.delegated_to.is_not(None)))
    yield Source(and_(_item.claimed_by == me, _item.delegated_to.is_not(None)))


def _overseen(actor: Actor, held: Held | None) -> Iterator[Source]:
    duties = [d for d in sorted_duties(actor) if d.function in DUTIES[Verb.REMIND_WORK]]
    extra = _claims(held)
    if any(duty.unit_id is None for duty in duties):
        yield Source(extra)
        return
    for duty in duties:
        yield Source(and_(_item.unit_id == duty.unit_id, extra))


def _claims(held: Held | None) -> Condition:
    if held is None:
        return true()
    if held is Held.TAKEN:
        return _item.claimed_by.is_not(None)
    return and_(_item.function.is_not(None), _item.claimed_by.is_(None))


def filters(asked: Asked, days: Days) -> Iterator[Source]:
    """What the reader leaves out; applied to every source."""
    if asked.element_id:
        yield Source(_item.element_id == asked.element_id)
    if asked.unit_id:
        yield Source(_item.unit_id == asked.unit_id)
    if asked.cycle_id:
        yield Source(_case.cycle_id == asked.cycle_id, of_case=True)
    if asked.due:
        yield Source(_due(asked.due, days))


def _due(due: Due, days: Days) -> Condition:
    """`due_at` is the first instant that is too late, so a day ends with the next midnight."""
    at = _item.due_at
    match due:
        case Due.OVERDUE:
            return at <= days.now
        case Due.TODAY:
            return and_(at > days.now, at <= days.tomorrow)
        case Due.WEEK:
            return and_(at > days.now, at <= days.in_a_week)
        case Due.LATER:
            return at > days.in_a_week
    return at.is_(None)


def found_cases(tx: Transaction, text: str, *, limit: int = 200) -> Source:
    """Work on cases of persons whose name holds `text` or whose NIP begins so; or on that case."""
    who, case = t.employee.c, t.instance.c
    typed = text.strip()
    digits = typed.replace(" ", "")
    matches = who.name.icontains(typed, autoescape=True)
    if digits.isascii() and digits.isdecimal():
        matches = who.nip.startswith(digits)
    persons = (
        select(who.id).where(who.agency_id == tx.agency_id, matches).order_by(who.id).limit(limit)
    )
    named = list(tx.connection.execute(persons).scalars())
    statement = select(case.id).where(
        case.agency_id == tx.agency_id, or_(case.subject_id.in_(named), case.id == typed)
    )
    cases = list(tx.connection.execute(statement.limit(2 * limit)).scalars())
    return Source(_item.instance_id.in_(cases), few=True)
