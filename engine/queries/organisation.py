"""Units and positions as the administration sees them: who heads what, who held it when."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from engine.domain.access import AgencyAccess, Verb, can, units_open_to
from engine.domain.people import Actor, EmployeeId, PositionId, UnitId
from engine.errors import Forbidden, NotFound
from engine.queries.organisation_views import (
    Change,
    Holder,
    PositionLine,
    PositionPage,
    Tree,
    UnitLine,
    UnitPage,
)
from engine.queries.people import People, agency_day, people
from engine.queries.unit_systems import systems_of_units
from engine.store import agencies, organisation
from engine.store import people as store_people
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.organisation import ChangeRow
from engine.store.people import AssignmentRow, PositionRow, UnitRow

PAGE_SIZE = 50


def tree(tx: Transaction, actor: Actor, now: datetime) -> Tree:
    """All units that the actor may see, each below the one above it. Raises Forbidden."""
    may_change = _demand_reading(actor)
    today = agency_day(tx, now)
    lines = _lines(tx, today)
    own = units_open_to(actor, Verb.READ_ORGANISATION)
    if own is not None:
        lines = tuple(line for line in lines if line.unit.id in own)
    return Tree(
        agencies.current(tx), lines, _changes(tx, tx.agency_id, today), may_change=may_change
    )


def unit_page(
    tx: Transaction,
    actor: Actor,
    unit_id: UnitId,
    now: datetime,
    after: tuple[str, str] | None = None,
) -> UnitPage:
    """One unit with a page of its positions. Raises Forbidden and NotFound."""
    may_change = _demand_reading(actor)
    today = agency_day(tx, now)
    lines = _lines(tx, today)
    line = _visible(actor, {line.unit.id: line for line in lines}.get(unit_id), unit_id)
    units = {row.unit.id: row.unit for row in lines}
    below = _within(lines, unit_id)
    positions = _positions(tx, unit_id, after)
    shown = positions[:PAGE_SIZE]
    more = (shown[-1].title, str(shown[-1].id)) if len(positions) > PAGE_SIZE else None
    held = _holders(tx, [row.id for row in shown], today)
    return UnitPage(
        line,
        units.get(line.unit.parent_id) if line.unit.parent_id else None,
        tuple(row for row in below if row.unit.parent_id == unit_id),
        tuple(PositionLine(row, held.get(row.id, ())) for row in shown),
        more,
        tuple(row for row in lines if row not in (line, *below) and not row.is_closed),
        _changes(tx, unit_id, today),
        systems_of_units(tx).of(unit_id),
        may_change=may_change,
    )


def position_page(
    tx: Transaction,
    actor: Actor,
    position_id: PositionId,
    now: datetime,
    superior_unit: UnitId | None = None,
) -> PositionPage:
    """One position; `superior_unit` is where a superior is looked for. Raises as `unit_page`."""
    may_change = _demand_reading(actor)
    today = agency_day(tx, now)
    position = store_people.position(tx, position_id)
    lines = _lines(tx, today)
    known = {line.unit.id: line for line in lines}
    line = _visible(actor, known.get(position.unit_id), position.unit_id)
    superior = (
        store_people.position(tx, position.superior_position_id)
        if position.superior_position_id
        else None
    )
    chosen = superior_unit or (superior.unit_id if superior else position.unit_id)
    held = _holders(tx, [superior.id], today) if superior else {}
    return PositionPage(
        position,
        line.unit,
        PositionLine(superior, held.get(superior.id, ())) if superior else None,
        known[chosen].unit if chosen in known else None,
        _over_time(tx, organisation.holders_of(tx, position_id), today),
        tuple(row for row in lines if not row.is_closed),
        tuple(row for row in organisation.positions_of(tx, chosen) if row.id != position_id),
        _changes(tx, position_id, today),
        may_change=may_change,
    )


def _demand_reading(actor: Actor) -> bool:
    """Whether the actor may change what he may read. Raises Forbidden."""
    agency = AgencyAccess(actor.agency_id)
    verdict = can(actor, Verb.READ_ORGANISATION, agency)
    if not verdict:
        raise Forbidden(Verb.READ_ORGANISATION, verdict.reason)
    return bool(can(actor, Verb.MANAGE_ORGANISATION, agency))


def _visible(actor: Actor, line: UnitLine | None, unit_id: UnitId) -> UnitLine:
    own = units_open_to(actor, Verb.READ_ORGANISATION)
    if line is None or (own is not None and line.unit.id not in own):
        raise NotFound("unit", unit_id)
    return line


def _lines(tx: Transaction, today: date) -> tuple[UnitLine, ...]:
    """Every unit after the one above it, by name."""
    rows, counts = store_people.units(tx), _headcounts(tx, today)
    below: dict[UnitId | None, list[UnitRow]] = {}
    for row in sorted(rows, key=lambda row: row.name.lower(), reverse=True):
        below.setdefault(row.parent_id, []).append(row)
    waiting = [(row, 0) for row in below.get(None, [])]
    lines = []
    while waiting:
        row, depth = waiting.pop()
        closed = row.closed_on is not None and row.closed_on < today
        lines.append(UnitLine(row, depth, counts.get(row.id, 0), closed))
        waiting += [(inner, depth + 1) for inner in below.get(row.id, [])]
    return tuple(lines)


def _within(lines: tuple[UnitLine, ...], unit_id: UnitId) -> tuple[UnitLine, ...]:
    """All lines below a unit: they follow it and stand deeper."""
    place = next(n for n, line in enumerate(lines) if line.unit.id == unit_id)
    found = []
    for line in lines[place + 1 :]:
        if line.depth <= lines[place].depth:
            break
        found.append(line)
    return tuple(found)


def _headcounts(tx: Transaction, today: date) -> Mapping[str, int]:
    held = t.assignment.c
    statement = (
        select(held.unit_id, func.count(held.employee_id.distinct()))
        .where(
            held.agency_id == tx.agency_id,
            held.starts <= today,
            or_(held.ends.is_(None), held.ends >= today),
        )
        .group_by(held.unit_id)
    )
    return {row.unit_id: row[1] for row in tx.connection.execute(statement)}


def _positions(
    tx: Transaction, unit_id: UnitId, after: tuple[str, str] | None
) -> tuple[PositionRow, ...]:
    place = t.position.c
    statement = (
        select(*(place[name] for name in PositionRow.__dataclass_fields__))
        .where(place.agency_id == tx.agency_id, place.unit_id == unit_id)
        .order_by(place.title, place.id)
        .limit(PAGE_SIZE + 1)
    )
    if after:
        title, last = after
        later = or_(place.title > title, and_(place.title == title, place.id > last))
        statement = statement.where(later)
    return tuple(PositionRow(*row) for row in tx.connection.execute(statement))


def _holders(
    tx: Transaction, positions: Iterable[PositionId], today: date
) -> dict[str, tuple[Holder, ...]]:
    """Who holds the positions today, acting officials first."""
    held = t.assignment.c
    statement = (
        select(*(held[name] for name in AssignmentRow.__dataclass_fields__))
        .where(
            held.agency_id == tx.agency_id,
            held.position_id.in_(list(positions)),
            held.starts <= today,
            or_(held.ends.is_(None), held.ends >= today),
        )
        .order_by(held.kind, held.starts, held.id)
    )
    rows = [AssignmentRow(*row) for row in tx.connection.execute(statement)]
    found = people(tx, (row.employee_id for row in rows), today)
    by_position: dict[str, tuple[Holder, ...]] = {}
    for row in rows:
        earlier = by_position.get(row.position_id, ())
        by_position[row.position_id] = (*earlier, _holder(row, found, today))
    return by_position


def _over_time(tx: Transaction, rows: tuple[AssignmentRow, ...], today: date) -> tuple[Holder, ...]:
    found = people(tx, (row.employee_id for row in rows), today)
    return tuple(_holder(row, found, today) for row in rows)


def _holder(row: AssignmentRow, found: People, today: date) -> Holder:
    running = row.ends is None or row.ends >= today
    return Holder(row.id, found[row.employee_id], row.kind, row.starts, row.ends, running)


def _changes(tx: Transaction, object_id: str, today: date) -> tuple[Change, ...]:
    rows = organisation.changes_of(tx, object_id)
    who = people(tx, (row.changed_by for row in rows), today)
    names = _referred(tx, rows)
    return tuple(
        Change(
            row.field,
            names.get(row.was or "", row.was or ""),
            names.get(row.became or "", row.became or ""),
            who.get(EmployeeId(row.changed_by)),
            row.changed_at,
        )
        for row in rows
    )


def _referred(tx: Transaction, rows: tuple[ChangeRow, ...]) -> Mapping[str, str]:
    """The names of units and positions that changes speak of, by id."""
    tables = {"parent_id": (t.org_unit, "name"), "superior_position_id": (t.position, "title")}
    found: dict[str, str] = {}
    for field, (table, column) in tables.items():
        ids = {value for row in rows if row.field == field for value in (row.was, row.became)}
        wanted = sorted(value for value in ids if value)
        if wanted:
            statement = select(table.c.id, table.c[column]).where(
                table.c.agency_id == tx.agency_id, table.c.id.in_(wanted)
            )
            found |= {row.id: row[1] for row in tx.connection.execute(statement)}
    return found
