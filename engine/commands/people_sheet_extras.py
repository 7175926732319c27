"""What a sheet says of people who are known already, of acting officials and of substitutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.commands.checked_sheets import RowState
from engine.commands.organisation import Organisation
from engine.commands.sheets import SheetLine
from engine.domain.people import (
    Actor,
    Assignment,
    AssignmentKind,
    EmployeeId,
    UnitId,
)
from engine.store import handovers, organisation, people, staffing
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow, SubstitutionRow

KINDS: Mapping[str, str] = {
    "pns": "pns",
    "cpns": "cpns",
    "pppk": "pppk",
    "pppk paruh waktu": "pppk_part_time",
}
YES: Mapping[str, bool] = {"": False, "tidak": False, "ya": True}
STATUSES: Mapping[str, AssignmentKind] = {
    "": AssignmentKind.DEFINITIVE,
    "definitif": AssignmentKind.DEFINITIVE,
    "plt": AssignmentKind.ACTING_PERMANENT,
    "plh": AssignmentKind.ACTING_DAILY,
}


@dataclass(frozen=True)
class Incoming:
    """What the rows for posts and substitutes can refer to: this sheet, and what is stored."""

    tx: Transaction
    organisation: Organisation
    known: Mapping[str, EmployeeRow]
    actor: Actor
    today: date

    def employee(self, nip: str) -> EmployeeId | None:
        """Who has a number: in the sheet, or in service."""
        new = next((row.id for row in self.organisation.employees if row.nip == nip), None)
        if new:
            return new
        row = self.known.get(nip) or people.by_nips(self.tx, [nip]).get(nip)
        return row.id if row and row.active else None


def is_acting(line: SheetLine) -> bool:
    """Whether a row says where somebody acts besides his own post."""
    return line.text("status").lower().rstrip(".") in {"plt", "plh"}


def compare(
    tx: Transaction,
    lines: Sequence[SheetLine],
    known: Mapping[str, EmployeeRow],
    actor: Actor,
    today: date,
) -> tuple[dict[int, RowState], list[EmployeeRow]]:
    """What rows of known people change in their record; where they work is left to transfers."""
    units = {unit.id: unit.name for unit in people.units(tx)}
    states: dict[int, RowState] = {}
    changed = []
    for line in lines:
        row = known[line.nip()]
        if not row.active:
            line.wrong("nip", "people.left")
            continue
        kind = line.one_of("kind", KINDS, row.kind)
        grade = line.text("grade") or row.grade
        wanted = replace(row, name=line.filled("name"), kind=kind, grade=grade)
        _same_post(tx, line, staffing.assignment_on(tx, row.id, today), units)
        states[line.number] = RowState.UNCHANGED if wanted == row else RowState.CHANGED
        if wanted != row and row.id == actor.employee_id:
            line.wrong("nip", "people.own_row")
        elif wanted != row and not line.findings:
            changed.append(wanted)
    return states, changed


def _same_post(
    tx: Transaction, line: SheetLine, held: Assignment | None, units: Mapping[UnitId, str]
) -> None:
    position = people.position(tx, held.position_id) if held else None
    if held is None or position is None:
        line.wrong("unit", "people.moved")
        return
    for key, value in (("unit", units[held.unit_id]), ("post", position.title)):
        if _plain(line.filled(key)) != _plain(value):
            line.wrong(key, "people.moved")
    recorded = {
        "level": (position.functional_level or "").replace("_", " "),
        "office": position.office_code or "",
        "heads": "ya" if position.heads_unit else "tidak",
    }
    for key, value in recorded.items():
        text = _plain(line.text(key))
        if text and text.replace("_", " ") != value.replace("_", " "):
            line.wrong(key, "people.post_differs")


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def acting_posts(
    incoming: Incoming, lines: Sequence[SheetLine], states: dict[int, RowState]
) -> tuple[AssignmentRow, ...]:
    """The posts that rows with Plt or Plh give, each to somebody who is known."""
    found = []
    for line in lines:
        person, position = incoming.employee(line.nip()), _position(incoming, line)
        if person is None:
            line.wrong("nip", "plan.unknown_nip")
        elif person == incoming.actor.employee_id:
            line.wrong("nip", "people.own_row")
        days = _days(line, "since", "until")
        if line.findings or person is None or position is None or days is None:
            continue
        kind = line.one_of("status", STATUSES, AssignmentKind.DEFINITIVE)
        row = AssignmentRow(new_id(), person, position.id, position.unit_id, kind.value, *days)
        if _is_recorded(incoming, row):
            states[line.number] = RowState.UNCHANGED
        else:
            found.append(row)
    return tuple(found)


def _is_recorded(incoming: Incoming, row: AssignmentRow) -> bool:
    return any(
        replace(post, id=row.id) == row
        for post in organisation.posts_of(incoming.tx, row.employee_id)
    )


def _position(incoming: Incoming, line: SheetLine) -> PositionRow | None:
    """The post that a row names by unit and title: of the sheet, or stored."""
    name, title = _plain(line.filled("unit")), _plain(line.filled("post"))
    units = [*incoming.organisation.units, *people.units(incoming.tx)]
    unit_ids = [unit.id for unit in units if _plain(unit.name) == name]
    stored = (p for unit_id in unit_ids for p in organisation.positions_of(incoming.tx, unit_id))
    every = [*incoming.organisation.positions, *stored]
    found = (p for p in every if p.unit_id in unit_ids and _plain(p.title) == title)
    position = next(found, None)
    if position is None and not line.findings:
        line.wrong("post", "people.post_unknown")
    return position


def substitutions(
    incoming: Incoming, lines: Sequence[SheetLine], states: dict[int, RowState]
) -> tuple[SubstitutionRow, ...]:
    """Who stands in for whom, as the rows of people say it."""
    found = []
    for line in lines:
        nip = line.nip("substitute")
        if not nip or line.findings:
            continue
        absent, other = incoming.employee(line.nip()), incoming.employee(nip)
        if other is None:
            line.wrong("substitute", "plan.unknown_nip")
        elif other == absent:
            line.wrong("substitute", "people.substitutes_himself")
        elif incoming.actor.employee_id in {absent, other}:
            line.wrong("substitute", "people.own_row")
        days = _days(line, "substitute_from", "substitute_until")
        if absent is None or other is None or days is None or line.findings:
            continue
        row = SubstitutionRow(new_id(), absent, other, *days)
        if not _is_known(incoming, row):
            found.append(row)
            if states.get(line.number) is RowState.UNCHANGED:
                states[line.number] = RowState.CHANGED
    return tuple(found)


def _days(line: SheetLine, first: str, last: str) -> tuple[date, date] | None:
    """Two days that must both be there, in order."""
    starts, ends = line.day(first), line.day(last)
    for key, day in ((first, starts), (last, ends)):
        if day is None and not line.text(key):
            line.wrong(key, "sheet.empty")
    if starts and ends and ends < starts:
        line.wrong(last, "people.period")
    return (starts, ends) if starts and ends else None


def _is_known(incoming: Incoming, row: SubstitutionRow) -> bool:
    recorded = handovers.substitutions_of(incoming.tx, row.absent_id, row.starts)
    return any(replace(known, id=row.id) == row for known in recorded)
