"""What the pages of one cycle show: its head, its launch, its population and its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, func, select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import Actor, EmployeeId
from engine.domain.population import ConflictKind
from engine.errors import Forbidden, NotFound
from engine.queries.people import Person, people
from engine.queries.population import Member
from engine.queries.steps import NameOf
from engine.store import tables as t
from engine.store.database import Transaction

MOST_NAMED = 100


@dataclass(frozen=True)
class CycleHead:
    """One cycle with the counts of its cases."""

    cycle_id: str
    name: str
    starts: date
    ends: date
    status: str
    cases: int
    completed: int
    held: int
    cancelled: int

    @property
    def is_open(self) -> bool:
        """Whether appraisals may start in it."""
        return self.status == "open"

    @property
    def unfinished(self) -> int:
        """Cases that have not ended."""
        return self.cases - self.completed - self.cancelled


@dataclass(frozen=True)
class OpenStep:
    """A step of the cycle that is open for somebody."""

    element_id: str
    name: str
    open: int
    overdue: int
    latest: datetime | None


@dataclass(frozen=True)
class ConflictedPerson:
    """Somebody with what stands in the way of his appraisal."""

    person: Person
    rater: Person | None
    conflicts: tuple[ConflictKind, ...]
    possible_raters: tuple[Person, ...] = ()


def require(actor: Actor, verb: Verb) -> None:
    """Raise Forbidden unless the actor may do this in his agency."""
    verdict = can(actor, verb, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(verb.value, verdict.reason.value)


def cycle_head(tx: Transaction, cycle_id: str) -> CycleHead:
    """One cycle. Raises NotFound."""
    period, run = t.cycle, t.instance
    counts = [
        func.coalesce(func.sum(case((run.c.status == status, 1), else_=0)), 0)
        for status in ("completed", "held", "cancelled")
    ]
    same = and_(run.c.agency_id == period.c.agency_id, run.c.cycle_id == period.c.id, t.IS_MAIN)
    shown = (period.c.id, period.c.name, period.c.starts, period.c.ends, period.c.status)
    statement = (
        select(*shown, func.count(run.c.id), *counts)
        .select_from(period.outerjoin(run, same))
        .where(period.c.agency_id == tx.agency_id, period.c.id == cycle_id)
        .group_by(*shown)
    )
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("cycle", cycle_id)
    return CycleHead(*row)


def open_steps(
    tx: Transaction, cycle_id: str, now: datetime, name_of: NameOf
) -> tuple[OpenStep, ...]:
    """The steps that are open for somebody, the one with most people first."""
    item, run = t.work_item, t.instance
    same = and_(run.c.agency_id == item.c.agency_id, run.c.id == item.c.instance_id)
    late = func.sum(case((item.c.due_at <= now, 1), else_=0))
    statement = (
        select(
            item.c.element_id,
            item.c.name,
            func.min(run.c.definition_id),
            func.count(),
            late,
            func.max(item.c.due_at),
        )
        .select_from(item.join(run, same))
        .where(
            item.c.agency_id == tx.agency_id,
            item.c.state == "open",
            run.c.cycle_id == cycle_id,
            t.IS_MAIN,
        )
        .group_by(item.c.element_id, item.c.name)
        .order_by(func.count().desc(), item.c.element_id)
    )
    return tuple(
        OpenStep(element, name_of(tx, definition, element, drawn), count, overdue or 0, latest)
        for element, drawn, definition, count, overdue, latest in tx.connection.execute(statement)
    )


def conflicted(
    tx: Transaction, members: Sequence[Member], kind: ConflictKind | None, day: date
) -> tuple[ConflictedPerson, ...]:
    """People with a conflict, of one kind where it is given, with their names; at most 100."""
    found = [m for m in members if (kind in m.conflicts if kind else m.conflicts)][:MOST_NAMED]
    asked = [key for m in found for key in (m.employee_id, m.raters[0], *m.possible_raters)]
    known = people(tx, asked, day)
    return tuple(
        ConflictedPerson(
            known[m.employee_id],
            known.get(m.raters[0] or ""),
            m.conflicts,
            tuple(known[key] for key in m.possible_raters if key in known),
        )
        for m in found
        if m.employee_id in known
    )


def named(tx: Transaction, ids: Sequence[EmployeeId], day: date) -> Mapping[str, Person]:
    """People by id, for lists of the pages."""
    return people(tx, ids, day)
