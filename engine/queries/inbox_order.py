"""One page of open work in order, from one row on, forwards or backwards, without counting rows.

Each source gives its own first rows by an index; only those are merged. So a page costs the same
however long the list is, and a row that is done meanwhile moves nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select, and_, func, or_, select
from sqlalchemy import union as united

from engine.queries.inbox_asked import Cursor, Sort
from engine.queries.inbox_sources import OPEN, Condition, Source
from engine.queries.people import AnyRow
from engine.store import tables as t
from engine.store.database import Transaction

# Which of the rows are left to the reader, by id.
OpenTo = Callable[[Transaction, Sequence[AnyRow]], frozenset[str]]
# Where separation of duties leaves little, a page is short rather than slow.
ROUNDS = 4

_item, _case, _who = t.work_item, t.instance, t.employee
_IN_CASE = and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id)
_OF_PERSON = and_(_who.c.agency_id == _case.c.agency_id, _who.c.id == _case.c.subject_id)
COLUMNS = (
    _item.c.id,
    _item.c.instance_id,
    _item.c.element_id,
    _item.c.name.label("work_name"),
    _item.c.due_at,
    _item.c.opened_at,
    _item.c.assignee_id,
    _item.c.function,
    _item.c.unit_id,
    _item.c.offered_to,
    _item.c.claimed_by,
    _item.c.claimed_at,
    _item.c.delegated_to,
    _case.c.subject_id,
    _case.c.definition_id,
    _case.c.cycle_id,
    _who.c.name,
    _who.c.nip,
    t.org_unit.c.name.label("unit_name"),
    t.cycle.c.name.label("period"),
    t.draft.c.actor_id.label("draft_of"),
)
# What counting needs.
FEW_COLUMNS = (
    _item.c.id,
    _item.c.instance_id,
    _item.c.element_id,
    _item.c.due_at,
    _item.c.assignee_id,
    _item.c.function,
    _item.c.unit_id,
    _item.c.offered_to,
    _item.c.claimed_by,
    _item.c.delegated_to,
    _case.c.subject_id,
    _case.c.definition_id,
)


@dataclass(frozen=True)
class Segment:
    """A part of the order: rows that meet `where`, by `value` and then by id."""

    where: Condition | None
    value: ColumnElement[Any] | None
    by_name: bool = False

    def order(self, *, backwards: bool) -> list[ColumnElement[Any]]:
        """What to order by."""
        keys = [key for key in (self.value, _item.c.id) if key is not None]
        return [key.desc() for key in keys] if backwards else keys

    def behind(self, value: object, item_id: str, *, backwards: bool) -> Condition:
        """The rows behind a place; the first condition is the one that an index starts from."""
        own = _item.c.id < item_id if backwards else _item.c.id > item_id
        if self.value is None:
            return own
        start = self.value <= value if backwards else self.value >= value
        further = self.value < value if backwards else self.value > value
        return and_(start, or_(further, own))


_BY_DUE = (
    Segment(_item.c.due_at.is_not(None), _item.c.due_at),
    Segment(_item.c.due_at.is_(None), None),
)
SEGMENTS = {
    Sort.DUE: _BY_DUE,
    Sort.OPENED: (Segment(None, _item.c.opened_at),),
    Sort.NAME: (Segment(None, func.lower(_who.c.name), by_name=True),),
}


@dataclass(frozen=True)
class Walk:
    """From which row on a list is read, in which direction, by which filters."""

    sources: Sequence[Source]
    filters: Sequence[Source] = ()
    sort: Sort = Sort.DUE
    cursor: Cursor | None = None
    backwards: bool = False
    only_counted: bool = False


def page(tx: Transaction, walk: Walk, *, open_to: OpenTo | None = None, limit: int) -> list[AnyRow]:
    """Up to `limit` rows in the order of the list, also when it is read backwards."""
    found: list[AnyRow] = []
    for _ in range(ROUNDS):
        rows = _read(tx, walk, limit)
        left = open_to(tx, rows) if open_to and rows else None
        found += [row for row in rows if left is None or row.id in left]
        if len(rows) < limit or len(found) >= limit:
            break
        walk = _from(walk, cursor_of(rows[-1], walk.sort))
    found = found[:limit]
    return found[::-1] if walk.backwards else found


def cursor_of(row: AnyRow, sort: Sort) -> Cursor:
    """The place of a row in an order."""
    value = {Sort.DUE: row.due_at, Sort.OPENED: row.opened_at, Sort.NAME: row.name.lower()}[sort]
    text = value.isoformat() if isinstance(value, datetime) else value
    return Cursor(text, row.id)


def _from(walk: Walk, cursor: Cursor) -> Walk:
    return replace(walk, cursor=cursor)


def _read(tx: Transaction, walk: Walk, limit: int) -> list[AnyRow]:
    rows: list[AnyRow] = []
    for segment, place in _segments(walk):
        if walk.sources and len(rows) < limit:
            statement = _statement(tx, walk, segment, place, limit - len(rows))
            rows += tx.connection.execute(statement).all()
    return rows


def _segments(walk: Walk) -> Iterator[tuple[Segment, Condition | None]]:
    """The parts of the order that are still to come, the first one from the cursor on."""
    segments = SEGMENTS[walk.sort]
    if walk.cursor is None:
        yield from ((segment, None) for segment in segments[:: -1 if walk.backwards else 1])
        return
    at = len(segments) - 1 if walk.cursor.value is None else 0
    value: object = walk.cursor.value
    if value is not None and walk.sort is not Sort.NAME:
        value = datetime.fromisoformat(str(value))
    segment = segments[at]
    yield segment, segment.behind(value, walk.cursor.item_id, backwards=walk.backwards)
    rest = segments[:at][::-1] if walk.backwards else segments[at + 1 :]
    yield from ((segment, None) for segment in rest)


def _statement(
    tx: Transaction, walk: Walk, segment: Segment, place: Condition | None, limit: int
) -> Select[Any]:
    ids = _merged([_branch(tx, walk, source, segment, place, limit) for source in walk.sources])
    found = ids.subquery("found")
    items = _found_items(found)
    columns: Sequence[ColumnElement[Any]] = FEW_COLUMNS if walk.only_counted else COLUMNS
    origin = items.join(_case, _IN_CASE) if walk.only_counted else with_names(items)
    return (
        select(*columns)
        .select_from(origin)
        .where(_item.c.agency_id == tx.agency_id, *_within(segment, place))
        .order_by(*segment.order(backwards=walk.backwards))
        .limit(limit)
    )


def _merged(branches: Sequence[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    wrapped = [select(branch.subquery().c.id) for branch in branches]
    return united(*wrapped) if wrapped[1:] else wrapped[0]


def _branch(
    tx: Transaction,
    walk: Walk,
    source: Source,
    segment: Segment,
    place: Condition | None,
    limit: int,
) -> Select[Any]:
    """The first rows of one source."""
    of_case = source.of_case or segment.by_name or any(f.of_case for f in walk.filters)
    origin: FromClause = _item.join(_case, _IN_CASE) if of_case else _item
    if segment.by_name:
        origin = origin.join(_who, _OF_PERSON)
    asked = (source.condition, *(found.condition for found in walk.filters))
    branch = (
        select(_item.c.id)
        .select_from(origin)
        .where(_item.c.agency_id == tx.agency_id, OPEN, *asked)
    )
    if source.few or any(found.few for found in walk.filters):
        # Whoever sorts here makes SQLite walk through everything in that order.
        return branch
    branch = branch.where(*_within(segment, place))
    return branch.order_by(*segment.order(backwards=walk.backwards)).limit(limit)


def _within(segment: Segment, place: Condition | None) -> list[Condition]:
    return [condition for condition in (segment.where, place) if condition is not None]


def _found_items(found: FromClause) -> FromClause:
    return found.join(_item, _item.c.id == found.c.id)


def with_names(items: FromClause) -> FromClause:
    """Work items with everything that a row of the page names."""
    drafts, unit, period, item = t.draft, t.org_unit, t.cycle, _item.c
    in_period = and_(period.c.agency_id == _case.c.agency_id, period.c.id == _case.c.cycle_id)
    typed = and_(drafts.c.agency_id == item.agency_id, drafts.c.work_item_id == item.id)
    return (
        items.join(_case, _IN_CASE)
        .join(_who, _OF_PERSON)
        .join(period, in_period)
        .outerjoin(unit, and_(unit.c.agency_id == item.agency_id, unit.c.id == item.unit_id))
        .outerjoin(drafts, typed)
    )
