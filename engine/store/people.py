"""Units, positions and employees, and the records of who was put where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, select, update

from engine.domain.name_words import name_words
from engine.domain.people import AgencyId, Employee, EmployeeId, EmployeeKind, PositionId, UnitId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class UnitRow:
    """An organisational unit; `closed_on` is its last day.

    `system` is the appraisal system of the unit and those below it, None where it has that of the
    unit above; `version` counts the changes from 1.
    """

    id: UnitId
    parent_id: UnitId | None
    name: str
    kind: str
    closed_on: date | None = None
    system: str | None = None
    version: int = 1


@dataclass(frozen=True)
class PositionRow:
    """A position; `office_code` names offices that settings refer to, such as the secretary.

    `version` counts the changes from 1.
    """

    id: PositionId
    unit_id: UnitId
    title: str
    superior_position_id: PositionId | None = None
    office_code: str | None = None
    heads_unit: bool = False
    functional_level: str | None = None
    version: int = 1


@dataclass(frozen=True)
class EmployeeRow:
    """A civil servant as recorded."""

    id: EmployeeId
    nip: str
    name: str
    kind: str
    grade: str | None = None
    active: bool = True


@dataclass(frozen=True)
class AssignmentRow:
    """Who holds which position from `starts` to `ends`, both included."""

    id: str
    employee_id: EmployeeId
    position_id: PositionId
    unit_id: UnitId
    kind: str
    starts: date
    ends: date | None = None


@dataclass(frozen=True)
class SubstitutionRow:
    """Who acts for whom from `starts` to `ends`, both included."""

    id: str
    absent_id: EmployeeId
    substitute_id: EmployeeId
    starts: date
    ends: date


@dataclass(frozen=True)
class DutyRow:
    """Who has which unit function; without a unit it holds for the whole agency."""

    id: str
    employee_id: EmployeeId
    function: str
    unit_id: UnitId | None
    starts: date
    ends: date | None = None


@dataclass(frozen=True)
class _NameWord:
    """A word of a name."""

    word: str
    employee_id: EmployeeId


_UNITS = rows.selected(tables.org_unit, UnitRow).order_by(tables.org_unit.c.id)
_POSITION = rows.selected(tables.position, PositionRow).where(
    tables.position.c.id == bindparam("id")
)
_EMPLOYEES = rows.selected(tables.employee, EmployeeRow)
_EMPLOYEE = _EMPLOYEES.where(tables.employee.c.id == bindparam("id"))
_BY_NIP = _EMPLOYEES.where(tables.employee.c.nip == bindparam("nip"))
_ACTIVE = _EMPLOYEES.where(tables.employee.c.active).order_by(tables.employee.c.id)
# A sign-in brings only a NIP: this one read crosses agencies, by the index that each of them leads.
_EVERYWHERE = (
    select(tables.employee.c.agency_id, tables.employee.c.id)
    .where(
        tables.employee.c.agency_id.in_(select(tables.agency.c.id)),
        tables.employee.c.nip == bindparam("nip"),
        tables.employee.c.active,
    )
    .order_by(tables.employee.c.agency_id)
)
_BY_IDS = _EMPLOYEES.where(tables.employee.c.id.in_(bindparam("ids", expanding=True)))
_BY_NIPS = _EMPLOYEES.where(tables.employee.c.nip.in_(bindparam("nips", expanding=True)))
_CHANGE = (
    update(tables.employee)
    .where(rows.own(tables.employee), tables.employee.c.id == bindparam("of_employee"))
    .values(name=bindparam("new_name"), kind=bindparam("new_kind"), grade=bindparam("new_grade"))
)
_NAME_WORD = tables.employee_name_word
_NAME_WORDS = rows.inserted(_NAME_WORD)
_FORGET_NAME = delete(_NAME_WORD).where(
    rows.own(_NAME_WORD), _NAME_WORD.c.employee_id == bindparam("of_employee")
)
# SQLite allows 32,766 bound values.
_NIPS_AT_ONCE = 5_000
_INSERTS = {
    UnitRow: rows.inserted(tables.org_unit),
    PositionRow: rows.inserted(tables.position),
    EmployeeRow: rows.inserted(tables.employee),
    AssignmentRow: rows.inserted(tables.assignment),
    SubstitutionRow: rows.inserted(tables.substitution),
    DutyRow: rows.inserted(tables.duty),
}
PeopleRow = UnitRow | PositionRow | EmployeeRow | AssignmentRow | SubstitutionRow | DutyRow


def add(tx: Transaction, records: Iterable[PeopleRow]) -> None:
    """Insert records of any mix of kinds; parents must come before their children."""
    records = tuple(records)
    by_kind: dict[type[PeopleRow], list[PeopleRow]] = {}
    for record in records:
        by_kind.setdefault(type(record), []).append(record)
    for kind, statement in _INSERTS.items():
        rows.add(tx, statement, by_kind.get(kind, ()))
    _keep_names(tx, (record for record in records if isinstance(record, EmployeeRow)))


def units(tx: Transaction) -> tuple[UnitRow, ...]:
    """All units of the agency."""
    return rows.fetch(tx, _UNITS, UnitRow)


def position(tx: Transaction, position_id: PositionId) -> PositionRow:
    """One position. Raises NotFound."""
    found = rows.fetch_one(tx, _POSITION, PositionRow, {"id": position_id})
    if found is None:
        raise NotFound("position", position_id)
    return found


def employee(tx: Transaction, employee_id: EmployeeId) -> Employee:
    """One employee. Raises NotFound."""
    found = rows.fetch_one(tx, _EMPLOYEE, EmployeeRow, {"id": employee_id})
    if found is None:
        raise NotFound("employee", employee_id)
    return _employee(tx.agency_id, found)


def employee_by_nip(tx: Transaction, nip: str) -> Employee | None:
    """The employee with this NIP (18 digits)."""
    found = rows.fetch_one(tx, _BY_NIP, EmployeeRow, {"nip": nip})
    return _employee(tx.agency_id, found) if found else None


def everywhere_by_nip(tx: Transaction, nip: str) -> tuple[tuple[AgencyId, EmployeeId], ...]:
    """Agency and id of everybody in service with this NIP, asked before the agency is known."""
    found = tx.connection.execute(_EVERYWHERE, {"nip": nip})
    return tuple((AgencyId(row.agency_id), EmployeeId(row.id)) for row in found)


def employees(tx: Transaction, employee_ids: Iterable[EmployeeId]) -> dict[EmployeeId, Employee]:
    """The employees among `employee_ids` that exist, by id."""
    values = {"own_agency": tx.agency_id, "ids": list(employee_ids)}
    found = (EmployeeRow(*row) for row in tx.connection.execute(_BY_IDS, values))
    return {row.id: _employee(tx.agency_id, row) for row in found}


def by_nips(tx: Transaction, nips: Iterable[str]) -> dict[str, EmployeeRow]:
    """Who has these numbers, in service or not."""
    wanted = sorted(set(nips))
    found: dict[str, EmployeeRow] = {}
    for start in range(0, len(wanted), _NIPS_AT_ONCE):
        some = {"own_agency": tx.agency_id, "nips": wanted[start : start + _NIPS_AT_ONCE]}
        rows_found = (EmployeeRow(*row) for row in tx.connection.execute(_BY_NIPS, some))
        found |= {row.nip: row for row in rows_found}
    return found


def change_employee(tx: Transaction, employee: EmployeeRow) -> None:
    """Record another name, kind or grade of a person."""
    values = {
        "of_employee": employee.id,
        "new_name": employee.name,
        "new_kind": employee.kind,
        "new_grade": employee.grade,
    }
    rows.run(tx, _CHANGE, values)
    rows.run(tx, _FORGET_NAME, {"of_employee": employee.id})
    _keep_names(tx, [employee])


def employees_in_service(
    tx: Transaction, employee_ids: Iterable[EmployeeId]
) -> frozenset[EmployeeId]:
    """Those among `employee_ids` who are in service."""
    values = {"own_agency": tx.agency_id, "ids": list(employee_ids)}
    found = (EmployeeRow(*row) for row in tx.connection.execute(_BY_IDS, values))
    return frozenset(row.id for row in found if row.active)


def active_employees(tx: Transaction) -> tuple[EmployeeRow, ...]:
    """Everybody in service, by id."""
    return rows.fetch(tx, _ACTIVE, EmployeeRow)


def _keep_names(tx: Transaction, employees: Iterable[EmployeeRow]) -> None:
    """Keep the words by which people are found."""
    words = (_NameWord(word, who.id) for who in employees for word in sorted(name_words(who.name)))
    rows.add(tx, _NAME_WORDS, words)


def _employee(agency_id: AgencyId, row: EmployeeRow) -> Employee:
    return Employee(row.id, agency_id, row.nip, row.name, EmployeeKind(row.kind))
