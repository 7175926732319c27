"""Turns a sheet of people into an organisation: one row is a person, the post and its unit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.commands.checked_sheets import Checked, checked
from engine.commands.desk import Desk
from engine.commands.organisation import Known, Organisation, check_organisation
from engine.commands.people import Imported, import_people
from engine.commands.people_sheet_extras import (
    KINDS,
    YES,
    Incoming,
    acting_posts,
    compare,
    is_acting,
    substitutions,
)
from engine.commands.sheets import Columns, SheetLine, read_lines
from engine.domain.nip import InvalidNip, parse_nip
from engine.domain.people import (
    Actor,
    AssignmentKind,
    EmployeeId,
    EmployeeKind,
    PositionId,
    UnitId,
)
from engine.errors import Finding, InvalidImport, errors_of
from engine.rules.deadlines import local_date
from engine.store import people, staffing
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow, UnitRow

COLUMNS = Columns(
    {
        "nip": ("NIP", "NIP Baru"),
        "name": ("Nama", "Nama Pegawai", "Nama Lengkap"),
        "kind": ("Jenis", "Jenis Pegawai", "Status Kepegawaian"),
        "grade": ("Golongan", "Gol/Ruang"),
        "unit": ("Unit", "Unit Kerja"),
        "unit_above": ("Unit Induk",),
        "post": ("Jabatan",),
        "superior": ("NIP Atasan",),
        "heads": ("Pimpinan Unit",),
        "level": ("Jenjang",),
        "office": ("Kode Jabatan",),
        "since": ("TMT", "TMT Jabatan"),
        "status": ("Status Jabatan",),
        "until": ("Sampai",),
        "substitute": ("NIP Pengganti",),
        "substitute_from": ("Pengganti Mulai",),
        "substitute_until": ("Pengganti Sampai",),
    },
    optional=frozenset(
        {
            "grade", "unit_above", "superior", "heads", "level", "office", "since", "status",
            "until", "substitute", "substitute_from", "substitute_until",
        }
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _Post:
    """Where a person works: what a superior's NIP leads to."""

    position_id: PositionId
    unit_id: UnitId


@dataclass(frozen=True)
class PeopleSheet:
    """What a sheet of people would store: new rows, and people whose record changes."""

    checked: Checked
    organisation: Organisation
    changed: tuple[EmployeeRow, ...]


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
        sheet = check_people(tx, lines, actor, today)
    if sheet.checked.findings:
        raise InvalidImport(sheet.checked.findings)
    return import_people(desk, actor, people=sheet.organisation, changed=sheet.changed, now=now)


def check_people(
    tx: Transaction, lines: Sequence[SheetLine], actor: Actor, today: date
) -> PeopleSheet:
    """What the good rows of a sheet would store; every bad one has its findings.

    A row that leans on a bad one, as below a superior of the sheet, is bad too.
    """
    known = people.by_nips(tx, [line.nip() for line in lines])
    main = [line for line in lines if not is_acting(line)]
    new = [line for line in main if line.nip() not in known]
    _refuse_twice(main)
    organisation = _consistent(tx, new, today)
    states, changed = compare(tx, [m for m in main if m.nip() in known], known, actor, today)
    more = Incoming(tx, organisation, known, actor, today)
    acting = acting_posts(more, [line for line in lines if is_acting(line)], states)
    stand_ins = substitutions(more, main, states)
    whole = replace(
        organisation,
        assignments=(*organisation.assignments, *acting),
        substitutions=stand_ins,
    )
    effect = [changed, len(acting), len(stand_ins), [unit.name for unit in organisation.units]]
    result = checked(lines, states, effect)
    bad = {line.nip() for line in main if line.findings}
    return PeopleSheet(
        result, _without(whole, known, bad), tuple(row for row in changed if row.nip not in bad)
    )


def _refuse_twice(main: Sequence[SheetLine]) -> None:
    counted = Counter(line.nip() for line in main)
    for line in main:
        if line.nip() and counted[line.nip()] > 1:
            line.wrong("nip", "people.nip_twice")


def _consistent(tx: Transaction, new: Sequence[SheetLine], today: date) -> Organisation:
    """The organisation of the rows that are right, each leaning on right ones only."""
    good = [line for line in new if not line.findings]
    while True:
        organisation = _organisation(tx, good, today)
        own = {row.id for row in organisation.units}
        above = {row.superior_position_id for row in organisation.positions}
        units = frozenset(row.id for row in people.units(tx))
        known = Known(units, frozenset(p for p in above if p), frozenset(), frozenset())
        for found in errors_of(check_organisation(organisation, known, today)):
            _note(found, good)
        if not any(line.findings for line in good):
            return organisation
        good = [line for line in good if not line.findings]
        if not own and not good:
            return Organisation()


def _note(found: Finding, lines: Sequence[SheetLine]) -> None:
    """Put a finding to the line of the sheet that it is about; one about a unit to all of them."""
    part, _, place = (found.element_id or "").partition(".")
    row, _, where = place.partition(":")
    key = _COLUMN_OF.get(where, where)
    key = key if key in COLUMNS.headings else "nip"
    of_line = part != "units" and row.isdigit()
    for line in [lines[int(row) - 1]] if of_line else lines:
        rest = {name: value for name, value in found.params.items() if name != "row"}
        line.wrong(key, found.rule, **rest)


def _without(whole: Organisation, known: Mapping[str, EmployeeRow], bad: set[str]) -> Organisation:
    """What stays when people are left out whose row turned out bad last."""
    gone = {row.id for row in whole.employees if row.nip in bad}
    gone |= {row.id for nip, row in known.items() if nip in bad}
    return replace(
        whole,
        employees=tuple(row for row in whole.employees if row.id not in gone),
        assignments=tuple(row for row in whole.assignments if row.employee_id not in gone),
        substitutions=tuple(
            row for row in whole.substitutions if not gone & {row.absent_id, row.substitute_id}
        ),
    )


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
    kind, since = AssignmentKind.DEFINITIVE, line.day("since") or _appointed(line, today)
    return AssignmentRow(new_id(), employee_id, post.position_id, post.unit_id, kind, since)


def _appointed(line: SheetLine, today: date) -> date:
    """Where the sheet does not say since when: the month of appointment in the NIP."""
    kind = EmployeeKind(line.one_of("kind", KINDS, "pns"))
    try:
        nip = parse_nip(line.nip(), kind=kind, today=today)
    except InvalidNip:
        return today
    return date(nip.year, nip.month or 1, 1)


_COLUMN_OF = {
    "parent_id": "unit_above",
    "superior_position_id": "superior",
    "position_id": "superior",
}
