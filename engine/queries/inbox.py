"""The inbox of an actor: what is open for him, what others have, what he has sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.domain.access import CaseAccess, Verb, can
from engine.domain.confidence import CONFIDENCE
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.domain.process import InstanceId, WorkItemId
from engine.queries.inbox_asked import Asked, Cursor, Days, Sort, Tab
from engine.queries.inbox_done import done_page
from engine.queries.inbox_order import OpenTo, Walk, cursor_of, page
from engine.queries.inbox_sources import (
    Source,
    addressed,
    filters,
    found_cases,
    oversees,
    sources,
    values_of,
)
from engine.queries.people import AnyRow, Person, people, person_of
from engine.queries.steps import NameOf, as_drawn
from engine.store.database import Transaction

PAGE_SIZE = 20
# Beyond it a number says nothing more: "99+".
COUNTED = 100


@dataclass(frozen=True)
class InboxRow:
    """One work item in a list; `own` when it is about the actor himself.

    `holder` is named where somebody else has it; `free` when it may be claimed, `claimed` when the
    actor has claimed it, `prepared` when he only prepares the answers; `reads_case` unless he only
    looks after the unit's open tasks, or was asked in confidence.
    """

    item_id: WorkItemId
    instance_id: InstanceId
    element_id: str
    name: str
    person: Person
    own: bool
    period: str
    due_at: datetime | None
    unit: str = ""
    has_draft: bool = False
    completed_at: datetime | None = None
    receipt: str | None = None
    holder: Person | None = None
    function: str | None = None
    free: bool = False
    claimed: bool = False
    prepared: bool = False
    offered: bool = False
    reads_case: bool = True


@dataclass(frozen=True)
class Count:
    """How many rows a list has, of which none beyond `COUNTED` is looked at."""

    number: int = 0
    overdue: int = 0
    due_this_week: int = 0

    @property
    def capped(self) -> bool:
        """Whether there may be more."""
        return self.number >= COUNTED


@dataclass(frozen=True)
class Inbox:
    """One page of a list, the number of rows of each, and where the pages around it begin."""

    rows: tuple[InboxRow, ...] = ()
    counts: Mapping[Tab, Count] = field(default_factory=dict)
    after: Cursor | None = None
    before: Cursor | None = None


def inbox(
    tx: Transaction,
    actor: Actor,
    asked: Asked,
    now: datetime,
    *,
    zone: str = "UTC",
    name_of: NameOf = as_drawn,
    open_to: OpenTo | None = None,
) -> Inbox:
    """The page asked for; an empty page before the first one becomes the first one."""
    days = days_of(now, zone)
    found, after, before = _page(tx, actor, asked, days, open_to)
    if asked.before and not before:
        found, after, before = _page(tx, actor, asked.first_page(), days, open_to)
    rows = _rows(tx, actor, found, days, name_of)
    return Inbox(rows, counts(tx, actor, now, open_to=open_to), after, before)


def counts(
    tx: Transaction, actor: Actor, now: datetime, *, open_to: OpenTo | None = None
) -> Mapping[Tab, Count]:
    """How many rows each list of open work has that the actor finds in his inbox."""
    return {
        tab: _count(tx, actor, tab, now, open_to) for tab in tabs(actor) if tab in _COUNTED_TABS
    }


_COUNTED_TABS = (Tab.MINE, Tab.ROLES, Tab.WAITING)


def tabs(actor: Actor) -> tuple[Tab, ...]:
    """The lists that an actor has: who serves no function has none of functions."""
    own = [Tab.MINE, Tab.ROLES, Tab.WAITING] if actor.duties else [Tab.MINE, Tab.WAITING]
    return (*own, Tab.ALL, Tab.DONE) if oversees(actor) else (*own, Tab.DONE)


def days_of(now: datetime, zone: str) -> Days:
    """The ends of today and of the seven days from today on, by the agency's calendar."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Days(now, midnight + timedelta(days=1), midnight + timedelta(days=8))


def open_items(
    tx: Transaction,
    actor: Actor,
    name_of: NameOf = as_drawn,
    *,
    open_to: OpenTo | None = None,
    after: tuple[datetime | None, str] | None = None,
    limit: int = 50,
) -> tuple[InboxRow, ...]:
    """All that the actor may begin with, by due date; `after` is that and the id of a row before.

    Without `open_to` it is everything that is addressed to the actor.
    """
    cursor = Cursor(after[0].isoformat() if after[0] else None, after[1]) if after else None
    walk = Walk(addressed(actor), values_of(actor), cursor=cursor)
    found = page(tx, walk, open_to=open_to, limit=limit)
    return tuple(_row(tx, actor, row, name_of, {}) for row in found)


Page = tuple[Sequence[AnyRow], Cursor | None, Cursor | None]


def _page(tx: Transaction, actor: Actor, asked: Asked, days: Days, open_to: OpenTo | None) -> Page:
    """The rows of a page with the places of the pages behind and before it."""
    left_out = (*filters(asked, days), *_searched(tx, asked.search))
    if asked.tab is Tab.DONE:
        read = done_page(tx, actor, left_out, asked, limit=PAGE_SIZE + 1)
    else:
        walk = Walk(
            sources(actor, asked), values_of(actor), left_out, asked.order,
            asked.before or asked.after, backwards=asked.before is not None,
        )  # fmt: skip
        only = open_to if asked.tab in {Tab.MINE, Tab.ROLES} else None
        read = page(tx, walk, open_to=only, limit=PAGE_SIZE + 1)
    return _cut(read, asked)


def _cut(read: Sequence[AnyRow], asked: Asked) -> Page:
    """One row more than a page was read, to know whether another page follows."""
    more = len(read) > PAGE_SIZE
    if asked.before:
        found = read[-PAGE_SIZE:]
        earlier, later = more, bool(found)
    else:
        found = read[:PAGE_SIZE]
        earlier, later = asked.after is not None and bool(found), more
    sort = Sort.DUE if asked.tab is Tab.DONE else asked.order
    place = done_cursor if asked.tab is Tab.DONE else cursor_of
    return (
        found,
        place(found[-1], sort) if later else None,
        place(found[0], sort) if earlier else None,
    )


def done_cursor(row: AnyRow, _sort: Sort) -> Cursor:
    """The place of a row among what was sent."""
    return Cursor(row.at.isoformat(), row.id)


def _searched(tx: Transaction, text: str) -> Iterable[Source]:
    return [found_cases(tx, text)] if text.strip() else []


def _count(tx: Transaction, actor: Actor, tab: Tab, now: datetime, open_to: OpenTo | None) -> Count:
    walk = Walk(sources(actor, Asked(tab=tab)), values_of(actor), only_counted=True)
    only = open_to if tab in {Tab.MINE, Tab.ROLES} else None
    found = page(tx, walk, open_to=only, limit=COUNTED)
    dates = [row.due_at for row in found if row.due_at]
    late = sum(at <= now for at in dates)
    soon = sum(now < at <= now + timedelta(days=7) for at in dates)
    return Count(len(found), late, soon)


def _rows(
    tx: Transaction, actor: Actor, found: Sequence[AnyRow], days: Days, name_of: NameOf
) -> tuple[InboxRow, ...]:
    ids = {_holder_of(row) for row in found} - {actor.employee_id}
    named = people(tx, ids, days.now.date())
    return tuple(_row(tx, actor, row, name_of, named) for row in found)


def _holder_of(row: AnyRow) -> str | None:
    found: str | None = row.delegated_to or row.assignee_id or row.claimed_by
    return found


def _row(
    tx: Transaction, actor: Actor, row: AnyRow, name_of: NameOf, named: Mapping[str, Person]
) -> InboxRow:
    me = actor.employee_id
    return InboxRow(
        item_id=WorkItemId(row.id),
        instance_id=InstanceId(row.instance_id),
        element_id=row.element_id,
        name=name_of(tx, row.definition_id, row.element_id, row.work_name),
        person=person_of(row),
        own=row.subject_id == me,
        period=row.period,
        due_at=row.due_at,
        unit=row.unit_name or "",
        has_draft=row.draft_of == me,
        completed_at=getattr(row, "at", None),
        receipt=getattr(row, "receipt", None),
        holder=named.get(_holder_of(row) or ""),
        function=row.function,
        free=bool(row.function and not row.assignee_id and not row.claimed_by),
        claimed=row.claimed_by == me,
        prepared=row.delegated_to == me,
        offered=row.offered_to == me,
        reads_case=bool(can(actor, Verb.READ_CASE, _case_of(tx, row))),
    )


def _case_of(tx: Transaction, row: AnyRow) -> CaseAccess:
    """Who was asked in confidence answers, and learns nothing of the case for it."""
    is_asked = row.participation == CONFIDENCE
    people = () if is_asked else (row.assignee_id, row.claimed_by, row.offered_to, row.closed_by)
    return CaseAccess(
        tx.agency_id,
        EmployeeId(row.subject_id),
        unit_id=UnitId(row.unit_id) if row.unit_id else None,
        holders=frozenset(EmployeeId(person) for person in people if person),
    )
