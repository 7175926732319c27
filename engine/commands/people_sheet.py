"""Turns a sheet of people into an organisation: one row is a person, the post and its unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.commands.desk import Desk
from engine.commands.organisation import Organisation
from engine.commands.people import Imported, import_people
from engine.commands.sheets import Columns, SheetLine, cell_text, read_lines, refuse_wrong
from engine.domain.nip import InvalidNip, parse_nip
from engine.domain.people import (
    Actor,
    AssignmentKind,
    EmployeeId,
    EmployeeKind,
    PositionId,
    UnitId,
)
from engine.errors import Finding, InvalidImport
from engine.rules.deadlines import local_date
from engine.store import people, staffing
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow, UnitRow

COLUMNS = Columns(
    {
        "nip": ("NIP",),
        "name": ("Nama",),
        "kind": ("Jenis", "Jenis Pegawai"),
        "grade": ("Golongan",),
        "unit": ("Unit", "Unit Kerja"),
        "unit_above": ("Unit Induk",),
        "post": ("Jabatan",),
        "superior": ("NIP Atasan",),
        "heads": ("Pimpinan Unit",),
        "level": ("Jenjang",),
        "office": ("Kode Jabatan",),
        "since": ("TMT",),
    },
    optional=frozenset({"grade", "unit_above", "superior", "heads", "level", "office", "since"}),
)
KINDS: Mapping[str, str] = {
    "pns": "pns",
    "cpns": "cpns",
    "pppk": "pppk",
    "pppk paruh waktu": "pppk_part_time",
}
YES: Mapping[str, bool] = {"": False, "tidak": False, "ya": True}
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


@dataclass(frozen=True)
class _Post:
    """Where a person works: what a superior's NIP leads to."""

    position_id: PositionId
    unit_id: UnitId


def import_people_sheet(
    desk: Desk, actor: Actor, *, content: bytes, name: str, now: datetime
) -> Imported:
    """Store the people of a sheet with their units and posts, or nothing.

    Superiors and units may be in the sheet or in the agency already. Raises InvalidFile, or
    InvalidImport naming every bad cell.
    """
    lines = read_lines(content, name, COLUMNS)
    with desk.store.reading(actor.agency_id) as tx:
        today = local_date(now, desk.calendar(tx, now))
        organisation = _organisation(tx, lines, today)
    refuse_wrong(lines)
    try:
        return import_people(desk, actor, people=organisation, now=now)
    except InvalidImport as refused:
        raise InvalidImport([_in_sheet(found, lines) for found in refused.findings]) from refused


def _organisation(tx: Transaction, lines: Sequence[SheetLine], today: date) -> Organisation:
    known = {unit.name.lower(): unit.id for unit in people.units(tx)}
    units = _units(lines, known)
    ids = known | {unit.name.lower(): unit.id for unit in units}
    posts = {
        line.nip(): _Post(PositionId(new_id()), ids[line.text("unit").lower()]) for line in lines
    }
    employees, positions, assignments = [], [], []
    for line in lines:
        post, employee_id = posts[line.nip()], EmployeeId(new_id())
        employees.append(_employee(line, employee_id))
        positions.append(_position(tx, line, post, posts, today))
        assignments.append(_assignment(line, employee_id, post, today))
    return Organisation(units, tuple(positions), tuple(employees), tuple(assignments))


def _units(lines: Sequence[SheetLine], known: Mapping[str, UnitId]) -> tuple[UnitRow, ...]:
    """The new units; one without a row of its own has nothing above it."""
    above: dict[str, tuple[str, str]] = {}
    for line in lines:
        name, parent = line.filled("unit"), line.text("unit_above")
        if parent or name.lower() not in above:
            above[name.lower()] = (name, parent)
        if parent:
            above.setdefault(parent.lower(), (parent, ""))
    ids = {key: known.get(key, UnitId(new_id())) for key in above}
    return tuple(
        UnitRow(ids[key], ids[parent.lower()] if parent else None, name, "unit")
        for key, (name, parent) in above.items()
        if key not in known
    )


def _employee(line: SheetLine, employee_id: EmployeeId) -> EmployeeRow:
    kind = line.one_of("kind", KINDS, "pns")
    return EmployeeRow(
        employee_id, line.nip(), line.filled("name"), kind, line.text("grade") or None
    )


def _position(
    tx: Transaction,
    line: SheetLine,
    post: _Post,
    posts: Mapping[str, _Post],
    today: date,
) -> PositionRow:
    return PositionRow(
        post.position_id,
        post.unit_id,
        line.filled("post"),
        _superior(tx, line, posts, today),
        line.text("office") or None,
        line.one_of("heads", YES, False),
        "_".join(line.text("level").lower().split()) or None,
    )


def _superior(
    tx: Transaction, line: SheetLine, posts: Mapping[str, _Post], today: date
) -> PositionId | None:
    nip = line.nip("superior")
    if not nip:
        return None
    if nip in posts:
        return posts[nip].position_id
    employee = people.employee_by_nip(tx, nip)
    held = staffing.assignment_on(tx, employee.id, today) if employee else None
    if held is None:
        line.wrong("superior", "people.superior_unknown")
        return None
    return held.position_id


def _assignment(
    line: SheetLine, employee_id: EmployeeId, post: _Post, today: date
) -> AssignmentRow:
    kind, since = AssignmentKind.DEFINITIVE, _day(line) or _appointed(line, today)
    return AssignmentRow(new_id(), employee_id, post.position_id, post.unit_id, kind, since)


def _appointed(line: SheetLine, today: date) -> date:
    """Where the sheet does not say since when: the month of appointment in the NIP."""
    kind = EmployeeKind(line.one_of("kind", KINDS, "pns"))
    try:
        nip = parse_nip(line.nip(), kind=kind, today=today)
    except InvalidNip:
        return today
    return date(nip.year, nip.month or 1, 1)


def _day(line: SheetLine) -> date | None:
    cell = line.cells.get("since")
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = cell_text(cell)
    for form in DAY_FORMATS if text else ():
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if text:
        line.wrong("since", "people.day")
    return None


_COLUMN_OF = {
    "nip": "NIP",
    "name": "Nama",
    "parent_id": "Unit Induk",
    "superior_position_id": "NIP Atasan",
    "position_id": "NIP Atasan",
}


def _in_sheet(found: Finding, lines: Sequence[SheetLine]) -> Finding:
    """The finding at the row and column of the sheet; units have no row of their own."""
    part, _, place = (found.element_id or "").partition(".")
    row, _, where = place.partition(":")
    if part == "units" or not row.isdigit():
        return found
    number = str(lines[int(row) - 1].number)
    column = _COLUMN_OF.get(where, where)
    params = {**found.params, "row": number}
    return replace(found, element_id=f"{number}:{column}", params=params)
