"""A whole organisation before it is stored, and everything that is wrong with it at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from engine.domain.nip import InvalidNip, nip_warnings, parse_nip
from engine.domain.people import AssignmentKind, EmployeeKind, UnitFunction
from engine.errors import Finding, Severity
from engine.store.people import (
    AssignmentRow,
    DutyRow,
    EmployeeRow,
    PeopleRow,
    PositionRow,
    SubstitutionRow,
    UnitRow,
)

MAX_NAME = 200
Row = TypeVar("Row", UnitRow, PositionRow)


@dataclass(frozen=True)
class Organisation:
    """Units, positions and people that come in together; ids are given by whoever made it."""

    units: tuple[UnitRow, ...] = ()
    positions: tuple[PositionRow, ...] = ()
    employees: tuple[EmployeeRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    substitutions: tuple[SubstitutionRow, ...] = ()
    duties: tuple[DutyRow, ...] = ()

    def rows(self) -> Iterator[PeopleRow]:
        """Everything, each unit and position after the one above it."""
        yield from _downwards(self.units, lambda unit: unit.parent_id)
        yield from _downwards(self.positions, lambda position: position.superior_position_id)
        yield from self.employees
        yield from self.assignments
        yield from self.substitutions
        yield from self.duties


@dataclass(frozen=True)
class Known:
    """What the agency has already: ids that may be referred to, numbers that are taken."""

    units: frozenset[str] = frozenset()
    positions: frozenset[str] = frozenset()
    employees: frozenset[str] = frozenset()
    nips: frozenset[str] = frozenset()


def check_organisation(people: Organisation, known: Known, today: date) -> tuple[Finding, ...]:
    """All findings; `element_id` is "list.row:column" with rows counted from 1."""
    found = [
        *_references(people, known),
        *_circles("units", "parent_id", [(row.id, row.parent_id) for row in people.units]),
        *_circles(
            "positions",
            "superior_position_id",
            [(row.id, row.superior_position_id) for row in people.positions],
        ),
        *_employees(people.employees, known, today),
        *_periods(people),
        *_own_superiors(people),
    ]
    return tuple(found)


def _wrong(part: str, row: int, where: str, rule: str, **params: str) -> Finding:
    return Finding(rule, element_id=f"{part}.{row}:{where}", params={"row": str(row), **params})


def _employees(rows: Sequence[EmployeeRow], known: Known, today: date) -> Iterator[Finding]:
    taken = Counter(row.nip for row in rows)
    for number, row in enumerate(rows, start=1):
        if not row.name.strip() or len(row.name) > MAX_NAME:
            yield _wrong("employees", number, "name", "people.name")
        if row.kind not in set(EmployeeKind):
            yield _wrong("employees", number, "kind", "people.kind")
            continue
        if taken[row.nip] > 1 or row.nip in known.nips:
            yield _wrong("employees", number, "nip", "people.nip_twice")
        yield from _nip(number, row, today)


def _nip(number: int, row: EmployeeRow, today: date) -> Iterator[Finding]:
    kind = EmployeeKind(row.kind)
    try:
        warnings = nip_warnings(parse_nip(row.nip, kind=kind, today=today), kind)
    except InvalidNip as error:
        yield _wrong("employees", number, "nip", error.problem.value)
        return
    for warning in warnings:
        finding = _wrong("employees", number, "nip", warning.value)
        yield replace(finding, severity=Severity.WARNING)


def _references(people: Organisation, known: Known) -> Iterator[Finding]:
    """Every id that is referred to exists, here or in the agency already."""
    units = known.units | {row.id for row in people.units}
    positions = known.positions | {row.id for row in people.positions}
    employees = known.employees | {row.id for row in people.employees}
    wanted: tuple[tuple[str, Sequence[PeopleRow], Mapping[str, frozenset[str]]], ...] = (
        ("units", people.units, {"parent_id": units}),
        ("positions", people.positions, {"unit_id": units, "superior_position_id": positions}),
        (
            "assignments",
            people.assignments,
            {"employee_id": employees, "position_id": positions, "unit_id": units},
        ),
        ("substitutions", people.substitutions,
         {"absent_id": employees, "substitute_id": employees}),
        ("duties", people.duties, {"employee_id": employees, "unit_id": units}),
    )  # fmt: skip
    for part, rows, columns in wanted:
        for number, row in enumerate(rows, start=1):
            for column, ids in columns.items():
                value = getattr(row, column)
                if value is not None and value not in ids:
                    yield _wrong(part, number, column, "people.unknown", column=column)


def _circles(
    part: str, column: str, parents: Sequence[tuple[str, str | None]]
) -> Iterator[Finding]:
    """A unit or position that is above itself; `parents` are ids with the id above each."""
    above = dict(parents)
    for number, (own, parent) in enumerate(parents, start=1):
        seen, current = {own}, parent
        while current is not None and current not in seen:
            seen.add(current)
            current = above.get(current)
        if current == own:
            yield _wrong(part, number, column, "people.circle")


def _periods(people: Organisation) -> Iterator[Finding]:
    parts: tuple[tuple[str, Sequence[AssignmentRow | SubstitutionRow | DutyRow]], ...] = (
        ("assignments", people.assignments),
        ("substitutions", people.substitutions),
        ("duties", people.duties),
    )
    for part, rows in parts:
        for number, row in enumerate(rows, start=1):
            if row.ends is not None and row.ends < row.starts:
                yield _wrong(part, number, "ends", "people.period")
    for number, duty in enumerate(people.duties, start=1):
        if duty.function not in set(UnitFunction):
            yield _wrong("duties", number, "function", "people.function")
    for number, row in enumerate(people.assignments, start=1):
        if row.kind not in set(AssignmentKind):
            yield _wrong("assignments", number, "kind", "people.assignment_kind")


def _own_superiors(people: Organisation) -> Iterator[Finding]:
    """Nobody holds a post and the one above it, nor stands in for himself.

    Acting in the post above is common and allowed: the rater is then found one step higher.
    """
    above = {row.id: row.superior_position_id for row in people.positions}
    held = {
        (row.employee_id, row.position_id)
        for row in people.assignments
        if row.kind == AssignmentKind.DEFINITIVE
    }
    for number, row in enumerate(people.assignments, start=1):
        pair = (row.employee_id, above.get(row.position_id))
        if row.kind == AssignmentKind.DEFINITIVE and pair in held:
            yield _wrong("assignments", number, "position_id", "people.rates_himself")
    for number, substitution in enumerate(people.substitutions, start=1):
        if substitution.absent_id == substitution.substitute_id:
            yield _wrong("substitutions", number, "substitute_id", "people.substitutes_himself")


def _downwards(rows: Sequence[Row], above: Callable[[Row], str | None]) -> Iterator[Row]:
    """Rows in an order in which nothing refers to a later one; there are no circles by now."""
    waiting: set[str] = {row.id for row in rows}
    left = list(rows)
    while left:
        ready = [row for row in left if above(row) not in waiting]
        yield from ready
        waiting -= {row.id for row in ready}
        left = [row for row in left if row.id in waiting]
