"""Lists of follow-ups: one's own, those of the people one rates, and all of them for HR."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from engine.domain.access import Verb, units_open_to
from engine.domain.people import Actor
from engine.queries.finding import is_called
from engine.queries.people import AnyRow, People, Person, agency_day, people, person_of
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.states import FollowUpState

PAGE_SIZE = 50
EXPORT_PAGE = 1_000
LATE = "late"
# Those without a day come last.
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class FollowUpQuery:
    """Which follow-ups: words of the person's name or his NIP, a kind, a state or `late`."""

    name: str = ""
    kind: str = ""
    state: str = ""
    cycle_id: str = ""
    after: tuple[date, str] | None = None


@dataclass(frozen=True)
class FollowUpLine:
    """One follow-up of a list; `definition_id` names the system that describes its kind."""

    id: str
    kind: str
    state: str
    person: Person
    period: str
    definition_id: str
    created_at: datetime
    due_on: date | None
    owner: Person | None
    function: str | None
    closed_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class KindInUse:
    """A kind that follow-ups are of, in one version of a system that describes it."""

    kind: str
    definition_id: str


@dataclass(frozen=True)
class FollowUpPage:
    """One page of a list with what it may be narrowed to; `after` asks for the next one.

    A kind stands in `kinds` once for each version of a system, the one last used at the end.
    """

    rows: tuple[FollowUpLine, ...]
    after: tuple[date, str] | None = None
    kinds: tuple[KindInUse, ...] = ()
    periods: Mapping[str, str] = field(default_factory=dict)
    sees_all: bool = False


def follow_up_page(
    tx: Transaction, actor: Actor, asked: FollowUpQuery, now: datetime
) -> FollowUpPage:
    """What the actor may know of, what is due first before the rest."""
    today = agency_day(tx, now)
    rows = _lines(tx, _asked(tx, actor, asked, today).limit(PAGE_SIZE + 1), today)
    shown = rows[:PAGE_SIZE]
    more = (shown[-1].due_on or _NEVER, shown[-1].id) if len(rows) > PAGE_SIZE else None
    units = units_open_to(actor, Verb.READ_FOLLOW_UP)
    return FollowUpPage(
        shown, more, _kinds(tx, actor), _periods(tx, actor), units is None or bool(units)
    )


def every_follow_up(
    tx: Transaction, actor: Actor, asked: FollowUpQuery, now: datetime
) -> Iterator[FollowUpLine]:
    """The same without pages, for a file."""
    today = agency_day(tx, now)
    after = None
    while True:
        query = FollowUpQuery(asked.name, asked.kind, asked.state, asked.cycle_id, after)
        page = _lines(tx, _asked(tx, actor, query, today).limit(EXPORT_PAGE), today)
        yield from page
        if len(page) < EXPORT_PAGE:
            return
        after = (page[-1].due_on or _NEVER, page[-1].id)


def _known(actor: Actor) -> ColumnElement[bool] | None:
    """The rows that the actor may know of, by the rule of `reads_follow_up`; None for all."""
    units = units_open_to(actor, Verb.READ_FOLLOW_UP)
    if units is None:
        return None
    subject, persons = t.instance.c.subject_id, sorted(actor.effective_persons())
    # Whoever stands in for somebody learns nothing of what follows that person's own result.
    as_other = (
        and_(column.in_(persons), column != subject)
        for column in (t.appraisal.c.rater_id, t.follow_up.c.owner_id)
    )
    known = [subject == actor.employee_id, *as_other]
    if units:
        known.append(t.instance.c.unit_id.in_(sorted(units)))
    return or_(*known)


def _from_all(tx: Transaction, actor: Actor, *columns: Any) -> Select[Any]:
    case, figures, row = t.instance, t.appraisal, t.follow_up
    joined = row.join(
        case, and_(case.c.agency_id == row.c.agency_id, case.c.id == row.c.instance_id)
    )
    for table, column in ((t.employee, "subject_id"), (t.org_unit, "unit_id"),
                          (t.cycle, "cycle_id")):  # fmt: skip
        same = and_(table.c.agency_id == case.c.agency_id, table.c.id == case.c[column])
        joined = joined.join(table, same)
    of_case = and_(figures.c.agency_id == case.c.agency_id, figures.c.instance_id == case.c.id)
    known = _known(actor)
    statement = select(*columns).select_from(joined.outerjoin(figures, of_case))
    statement = statement.where(row.c.agency_id == tx.agency_id)
    return statement if known is None else statement.where(known)


def _asked(tx: Transaction, actor: Actor, asked: FollowUpQuery, today: date) -> Select[Any]:
    row = t.follow_up.c
    due = func.coalesce(row.due_on, _NEVER)
    statement = _from_all(
        tx, actor, t.follow_up, t.instance.c.subject_id, t.instance.c.definition_id,
        t.employee.c.name, t.employee.c.nip, t.org_unit.c.name.label("unit_name"),
        t.cycle.c.name.label("period"),
    ).order_by(due, row.id)  # fmt: skip
    conditions: list[ColumnElement[bool]] = []
    if asked.name.strip():
        conditions.append(is_called(tx, asked.name))
    if asked.kind:
        conditions.append(row.kind == asked.kind)
    if asked.cycle_id:
        conditions.append(t.instance.c.cycle_id == asked.cycle_id)
    if asked.state == LATE:
        conditions += [row.state == FollowUpState.OPEN.value, row.due_on < today]
    elif asked.state:
        conditions.append(row.state == asked.state)
    if asked.after:
        day, last = asked.after
        conditions.append(or_(due > day, and_(due == day, row.id > last)))
    return statement.where(*conditions)


def _lines(tx: Transaction, statement: Select[Any], today: date) -> tuple[FollowUpLine, ...]:
    rows = tx.connection.execute(statement).all()
    found = people(tx, [row.owner_id for row in rows], today)
    return tuple(_line(row, found, today) for row in rows)


def _line(row: AnyRow, found: People, today: date) -> FollowUpLine:
    owner = found.get(row.owner_id) if row.owner_id else None
    is_open = row.state == FollowUpState.OPEN
    late = is_open and row.due_on is not None and row.due_on < today
    return FollowUpLine(
        row.id, row.kind, row.state, person_of(row), row.period, row.definition_id,
        row.created_at, row.due_on, owner, row.function, row.closed_at, late,
    )  # fmt: skip


def _kinds(tx: Transaction, actor: Actor) -> tuple[KindInUse, ...]:
    use = (t.follow_up.c.kind, t.instance.c.definition_id)
    statement = _from_all(tx, actor, *use).group_by(*use).order_by(func.max(t.follow_up.c.id))
    return tuple(KindInUse(*row) for row in tx.connection.execute(statement))


def _periods(tx: Transaction, actor: Actor) -> dict[str, str]:
    statement = _from_all(tx, actor, t.cycle.c.id, t.cycle.c.name).distinct()
    found = {row.id: row.name for row in tx.connection.execute(statement)}
    return dict(sorted(found.items(), reverse=True))
