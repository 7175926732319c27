"""One page of open work in order, from one row on, forwards or backwards, without counting rows.

Each source gives its own first rows by an index; only those are merged. So a page costs the same
however long the list is, and a row that is done meanwhile moves nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy import union as united

from engine.queries.inbox_asked import Cursor, Sort
from engine.queries.inbox_rows import (
    COLUMNS,
    FEW_COLUMNS,
    IN_CASE,
    OF_PERSON,
    CountedRow,
    OpenRow,
    with_names,
)
from engine.queries.inbox_sources import KEPT, OPEN, Condition, Source
from engine.queries.people import AnyRow
from engine.store import rows
from engine.store import tables as t
from engine.store.database import Transaction

# Which of the rows are left to the reader, by id.
OpenTo = Callable[[Transaction, Sequence[AnyRow]], frozenset[str]]
# Where separation of duties leaves little, a page is short rather than slow.
ROUNDS = 4

_item, _who = t.work_item, t.employee
_MOST = bindparam("most", type_=Integer)


@dataclass(frozen=True, eq=False)
class Segment:
    """A part of the order: rows that meet `where`, by `value` and then by id."""

    where: Condition | None
    value: ColumnElement[Any] | None
    by_name: bool = False

    def order(self, *, backwards: bool) -> list[ColumnElement[Any]]:
        """What to order by."""
        keys = [key for key in (self.value, _item.c.id) if key is not None]
        return [key.desc() for key in keys] if backwards else keys

    def behind(self, *, backwards: bool) -> Condition:
        """The rows behind a place; the first condition is the one that an index starts from."""
        item_id: Any = bindparam("from_id")
        own: Condition = _item.c.id < item_id if backwards else _item.c.id > item_id
        if self.value is None:
            return own
        value: Any = bindparam("from_value", type_=self.value.type)
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
    """From which row on a list is read, in which direction, by which filters.

    `values` are what the sources name.
    """

    sources: tuple[Source, ...]
    values: Mapping[str, object] = field(default_factory=dict)
    filters: tuple[Source, ...] = ()
    sort: Sort = Sort.DUE
    cursor: Cursor | None = None
    backwards: bool = False
    only_counted: bool = False


Place = Mapping[str, object]


@dataclass(frozen=True)
class Shape:
    """What readings have in common that can share one statement: everything but the values."""

    sources: tuple[Source, ...]
    filters: tuple[Source, ...]
    segment: Segment
    behind: bool
    backwards: bool
    only_counted: bool


def page(tx: Transaction, walk: Walk, *, open_to: OpenTo | None = None, limit: int) -> list[AnyRow]:
    """Up to `limit` rows in the order of the list, also when it is read backwards."""
    found: list[AnyRow] = []
    for _ in range(ROUNDS):
        read = _read(tx, walk, limit)
        left = open_to(tx, read) if open_to and read else None
        found += [row for row in read if left is None or row.id in left]
        if len(read) < limit or len(found) >= limit:
            break
        walk = _from(walk, cursor_of(read[-1], walk.sort))
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
    found: list[AnyRow] = []
    for segment, place in _segments(walk):
        if walk.sources and len(found) < limit:
            values = {**walk.values, **(place or {}), "most": limit - len(found)}
            found += _asked(tx, walk, segment, values, behind=place is not None)
    return found


def _asked(
    tx: Transaction, walk: Walk, segment: Segment, values: Mapping[str, object], *, behind: bool
) -> Sequence[AnyRow]:
    """One segment's rows; without filters by a statement that was prepared before."""
    shape = Shape(walk.sources, walk.filters, segment, behind, walk.backwards, walk.only_counted)
    if walk.filters:
        own = {"own_agency": tx.agency_id}
        return tx.connection.execute(_written(shape), {**own, **values}).all()
    return rows.fetch(tx, _statement(shape), CountedRow if walk.only_counted else OpenRow, values)


def _segments(walk: Walk) -> Iterator[tuple[Segment, Place | None]]:
    """The parts of the order that are still to come, the first one from the cursor on."""
    segments = SEGMENTS[walk.sort]
    if walk.cursor is None:
        yield from ((segment, None) for segment in segments[:: -1 if walk.backwards else 1])
        return
    at = len(segments) - 1 if walk.cursor.value is None else 0
    value: object = walk.cursor.value
    if value is not None and walk.sort is not Sort.NAME:
        value = datetime.fromisoformat(str(value))
    yield segments[at], {"from_value": value, "from_id": walk.cursor.item_id}
    rest = segments[:at][::-1] if walk.backwards else segments[at + 1 :]
    yield from ((segment, None) for segment in rest)


@lru_cache(KEPT)
def _statement(shape: Shape) -> Select[Any]:
    return _written(shape)


def _written(shape: Shape) -> Select[Any]:
    """The rows of a segment, from a named place on where the shape says so."""
    segment, backwards = shape.segment, shape.backwards
    place = segment.behind(backwards=backwards) if shape.behind else None
    branches = [_branch(source, shape, place) for source in shape.sources]
    items = _found_items(_merged(branches).subquery("found"))
    columns: Sequence[ColumnElement[Any]] = FEW_COLUMNS if shape.only_counted else COLUMNS
    origin = items.join(t.instance, IN_CASE) if shape.only_counted else with_names(items)
    return (
        select(*columns)
        .select_from(origin)
        .where(rows.own(_item), *_within(segment, place))
        .order_by(*segment.order(backwards=backwards))
        .limit(_MOST)
    )


def _merged(branches: Sequence[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    wrapped = [select(branch.subquery().c.id) for branch in branches]
    return united(*wrapped) if wrapped[1:] else wrapped[0]


def _branch(source: Source, shape: Shape, place: Condition | None) -> Select[Any]:
    """The first rows of one source."""
    segment, filters = shape.segment, shape.filters
    of_case = source.of_case or segment.by_name or any(f.of_case for f in filters)
    origin: FromClause = _item.join(t.instance, IN_CASE) if of_case else _item
    if segment.by_name:
        origin = origin.join(_who, OF_PERSON)
    asked = (source.condition, *(found.condition for found in filters))
    branch = select(_item.c.id).select_from(origin).where(rows.own(_item), OPEN, *asked)
    if source.few or any(found.few for found in filters):
        # Whoever sorts here makes SQLite walk through everything in that order.
        return branch
    branch = branch.where(*_within(segment, place))
    return branch.order_by(*segment.order(backwards=shape.backwards)).limit(_MOST)


def _within(segment: Segment, place: Condition | None) -> list[Condition]:
    return [condition for condition in (segment.where, place) if condition is not None]


def _found_items(found: FromClause) -> FromClause:
    return found.join(_item, _item.c.id == found.c.id)
