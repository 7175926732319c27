"""Checks measured figures against what is known: a sheet replaces what it says anew, or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from engine.commands.checked_sheets import Checked, RowState, checked
from engine.commands.measured_sheet import Fact, Known, read_fact
from engine.commands.sheets import SheetLine
from engine.domain.measured import FigureKind
from engine.domain.people import UnitId
from engine.store import measured_facts, people
from engine.store.database import Transaction
from engine.store.measured_facts import MeasuredRow
from engine.store.people import UnitRow

A_MONTH = timedelta(days=31)


class Slot(NamedTuple):
    """What is replaced as one: complaints of a unit and month, a person's month, a certificate."""

    owner: str | None
    part: str


@dataclass(frozen=True)
class MeasuredSheet:
    """What a sheet of figures would store, and the facts that would hold no longer."""

    checked: Checked
    kind: FigureKind
    facts: tuple[Fact, ...]
    replaced: tuple[str, ...]

    @property
    def units(self) -> frozenset[UnitId]:
        """The units about which something new is said."""
        return frozenset(fact.unit_id for fact in self.facts if fact.unit_id)


def check_measured(
    tx: Transaction, lines: Sequence[SheetLine], kind: FigureKind, today: date
) -> MeasuredSheet:
    """What the rows would store; with one bad row, nothing."""
    known = Known(people.by_nips(tx, [line.nip() for line in lines]), _units(tx), today)
    read = {line.number: read_fact(kind, line, known) for line in lines}
    facts = {number: fact for number, fact in read.items() if fact}
    if kind is not FigureKind.COMPLAINTS:
        _refuse_twice(kind, lines, facts)
    stored = _stored(tx, kind, tuple(facts.values()))
    said: dict[Slot, list[int]] = defaultdict(list)
    for number, fact in facts.items():
        said[_slot(kind, fact)].append(number)
    states: dict[int, RowState] = {}
    for slot, numbers in said.items():
        state = _state([facts[number] for number in numbers], stored.get(slot, []))
        states |= dict.fromkeys(numbers, state)
    new = [slot for slot, rows in said.items() if states[rows[0]] is not RowState.UNCHANGED]
    wanted = tuple(facts[number] for slot in new for number in said[slot])
    replaced = tuple(row.id for slot in new for row in stored.get(slot, []))
    effect = ([_said(fact) for fact in wanted], replaced)
    result = replace(checked(lines, states, effect, whole=True), replaced=len(replaced))
    return MeasuredSheet(result, kind, wanted, replaced)


def _units(tx: Transaction) -> Mapping[str, list[UnitRow]]:
    found: dict[str, list[UnitRow]] = defaultdict(list)
    for unit in people.units(tx):
        found[unit.name.lower()].append(unit)
    return found


def _slot(kind: FigureKind, fact: Fact | MeasuredRow) -> Slot:
    on = fact.on_day if isinstance(fact, MeasuredRow) else fact.on
    match kind:
        case FigureKind.COMPLAINTS:
            return Slot(fact.unit_id, f"{on:%Y-%m}")
        case FigureKind.ATTENDANCE:
            return Slot(fact.employee_id, f"{on:%Y-%m}")
        case FigureKind.TRAINING:
            return Slot(fact.employee_id, str(fact.figures["certificate"]).lower())


def _refuse_twice(kind: FigureKind, lines: Sequence[SheetLine], facts: Mapping[int, Fact]) -> None:
    """A month of a person, and a certificate, stand in one row."""
    seen: dict[Slot, int] = {}
    for line in lines:
        fact = facts.get(line.number)
        if fact is None:
            continue
        first = seen.setdefault(_slot(kind, fact), line.number)
        if first != line.number:
            column = "month" if kind is FigureKind.ATTENDANCE else "certificate"
            line.wrong(column, "measured.twice", other=str(first))


def _stored(
    tx: Transaction, kind: FigureKind, facts: Sequence[Fact]
) -> Mapping[Slot, list[MeasuredRow]]:
    """What holds about whom and what the sheet names, by what is replaced as one."""
    since, until = _days(kind, facts)
    if kind is FigureKind.COMPLAINTS:
        units = [fact.unit_id for fact in facts if fact.unit_id]
        rows = measured_facts.of_units(tx, kind.value, units, since=since, until=until)
    else:
        persons = [fact.employee_id for fact in facts if fact.employee_id]
        rows = measured_facts.of_employees(tx, kind.value, persons, since=since, until=until)
    found: dict[Slot, list[MeasuredRow]] = defaultdict(list)
    for row in rows:
        found[_slot(kind, row)].append(row)
    return found


def _days(kind: FigureKind, facts: Sequence[Fact]) -> tuple[date, date]:
    """The months of the facts; a certificate is the same one on whatever day."""
    if kind is FigureKind.TRAINING or not facts:
        return date.min, date.max
    every = [fact.on for fact in facts]
    return min(every).replace(day=1), max(every) + A_MONTH


def _state(new: Sequence[Fact], old: Sequence[MeasuredRow]) -> RowState:
    if not old:
        return RowState.NEW
    known = sorted((row.employee_id or "", row.on_day, row.body) for row in old)
    same = sorted((fact.employee_id or "", fact.on, fact.body) for fact in new) == known
    return RowState.UNCHANGED if same else RowState.CHANGED


def _said(fact: Fact) -> tuple[object, ...]:
    return (fact.unit_id, fact.employee_id, fact.on, fact.body)
