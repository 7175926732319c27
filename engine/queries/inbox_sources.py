"""Where the rows of a list come from: one condition each, which an index finds in order.

The sources of an actor name their values instead of holding them, and each is made once: so the
statements over them are written and prepared once, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select, true

from engine.domain.access import DUTIES, Verb
from engine.domain.people import Actor, Duty
from engine.queries.finding import is_called
from engine.queries.inbox_asked import Asked, Days, Due, Held, Tab
from engine.store import rows
from engine.store import tables as t
from engine.store.database import Transaction

_item, _case = t.work_item.c, t.instance.c
# In so many words, since an index of open work serves only who asks for nothing else.
OPEN = _item.state == literal_column("'open'")
Condition = ColumnElement[bool]
# Nobody has so many duties or stands in for so many at once that their sources were made anew.
KEPT = 256


# Told apart by identity: a comparison of conditions would be one more condition.
@dataclass(frozen=True, eq=False)
class Source:
    """Open work that meets `condition`; `of_case` when it speaks of the case, too.

    `few` rows are found by the condition alone; all others come in the order of an index.
    """

    condition: Condition
    of_case: bool = False
    few: bool = False


def sources(actor: Actor, asked: Asked) -> tuple[Source, ...]:
    """The sources of a list of open work for an actor, to be asked with `values_of` him."""
    match asked.tab:
        case Tab.ROLES:
            return tuple(
                _of_duty(n, duty.unit_id is not None, asked.held)
                for n, duty in enumerate(sorted_duties(actor))
            )
        case Tab.WAITING:
            return _WITH_OTHERS
        case Tab.ALL:
            return tuple(_overseen(actor, asked.held))
    return (*_OWN, *(_of_absent(n) for n in range(len(actor.substitutes_for))))


def addressed(actor: Actor) -> tuple[Source, ...]:
    """Everything that the actor may begin with: his own and what is there for his functions."""
    return (*sources(actor, Asked()), *sources(actor, Asked(tab=Tab.ROLES)))


def values_of(actor: Actor) -> Mapping[str, object]:
    """What the sources of an actor name."""
    values: dict[str, object] = {"me": actor.employee_id}
    for n, duty in enumerate(sorted_duties(actor)):
        values |= {f"function_{n}": duty.function.value, f"unit_{n}": duty.unit_id}
    absent = enumerate(sorted(actor.substitutes_for))
    return values | {f"absent_{n}": person for n, person in absent}


def sorted_duties(actor: Actor) -> list[Duty]:
    """The duties of an actor, always in the same order."""
    return sorted(actor.duties, key=lambda duty: (duty.function.value, duty.unit_id or ""))


def oversees(actor: Actor) -> bool:
    """Whether the actor looks after the work of others."""
    return any(duty.function in DUTIES[Verb.REMIND_WORK] for duty in actor.duties)


_ME: Any = bindparam("me")
# Nobody looks over the shoulder of those who work in these.
_IN_CONFIDENCE = select(_case.id).where(rows.own(t.instance), t.IS_CONFIDENTIAL)
_OWN = (
    Source(and_(_item.assignee_id == _ME, _item.delegated_to.is_(None))),
    Source(and_(_item.claimed_by == _ME, _item.delegated_to.is_(None))),
    Source(and_(_item.offered_to == _ME, _item.offered_to.is_not(None)), few=True),
    Source(_item.delegated_to == _ME),
)
_NOT_WITH_ME = or_(_item.assignee_id.is_(None), _item.assignee_id != _ME)


@lru_cache(KEPT)
def _of_absent(n: int) -> Source:
    """The work of somebody absent; nobody stands in for the appraised person."""
    absent: Any = bindparam(f"absent_{n}")
    return Source(
        and_(_item.assignee_id == absent, _item.assignee_id != _case.subject_id), of_case=True
    )


@lru_cache(KEPT)
def _of_duty(n: int, of_unit: bool, held: Held | None) -> Source:
    found = [_item.function == bindparam(f"function_{n}"), _NOT_WITH_ME]
    if of_unit:
        found.append(_item.unit_id == bindparam(f"unit_{n}"))
    if held is Held.TAKEN:
        return Source(and_(*found, _item.claimed_by.is_not(None), _item.claimed_by != _ME))
    # Said for the index: work of no function is never found here.
    return Source(and_(*found, _item.function.is_not(None), _item.claimed_by.is_(None)))


def _with_others() -> Iterator[Source]:
    """Others have the turn in cases about the actor or rated by him; or prepare for him."""
    about = select(_case.id).where(rows.own(t.instance), _case.subject_id == _ME)
    figures = t.appraisal.c
    rated = select(figures.instance_id).where(
        rows.own(t.appraisal), figures.rater_id == _ME, figures.instance_id.not_in(_IN_CONFIDENCE)
    )
    others = and_(
        _NOT_WITH_ME,
        or_(_item.claimed_by.is_(None), _item.claimed_by != _ME),
        t.IS_IN_THE_OPEN,
    )
    for cases in (about, rated):
        yield Source(and_(_item.instance_id.in_(cases), others), few=True)
    yield Source(and_(_item.assignee_id == _ME, _item.delegated_to.is_not(None)))
    yield Source(and_(_item.claimed_by == _ME, _item.delegated_to.is_not(None)))


_WITH_OTHERS = tuple(_with_others())
_OVERSEEN = and_(_item.instance_id.not_in(_IN_CONFIDENCE), t.IS_IN_THE_OPEN)


def _overseen(actor: Actor, held: Held | None) -> Iterator[Source]:
    duties = [
        (n, duty)
        for n, duty in enumerate(sorted_duties(actor))
        if duty.function in DUTIES[Verb.REMIND_WORK]
    ]
    if any(duty.unit_id is None for _, duty in duties):
        yield _everything(held)
        return
    for n, _ in duties:
        yield _of_unit(n, held)


@lru_cache(KEPT)
def _everything(held: Held | None) -> Source:
    return Source(and_(_OVERSEEN, _claims(held)))


@lru_cache(KEPT)
def _of_unit(n: int, held: Held | None) -> Source:
    of_unit = _item.unit_id == bindparam(f"unit_{n}")
    return Source(and_(of_unit, _OVERSEEN, _claims(held)))


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
    """Work on cases of persons called `text`, by name or NIP; or on the case of that number."""
    who, case = t.employee.c, t.instance.c
    called = (who.agency_id == tx.agency_id, is_called(tx, text))
    persons = select(who.id).where(*called).order_by(who.id).limit(limit)
    named = list(tx.connection.execute(persons).scalars())
    statement = select(case.id).where(
        case.agency_id == tx.agency_id, or_(case.subject_id.in_(named), case.id == text.strip())
    )
    cases = list(tx.connection.execute(statement.limit(2 * limit)).scalars())
    return Source(_item.instance_id.in_(cases), few=True)
