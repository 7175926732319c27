"""Changes of units, positions and posts, and what each was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId, PositionId, UnitId
from engine.errors import NotFound, StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.people import (
    AssignmentRow,
    EmployeeRow,
    PositionRow,
    SubstitutionRow,
    UnitRow,
)

_unit, _position, _assignment = tables.org_unit, tables.position, tables.assignment
_substitution, _employee, _change = tables.substitution, tables.employee, tables.organisation_change


@dataclass(frozen=True)
class ChangeRow:
    """One field that was changed: what it was, what it became, by whom and when."""

    id: str
    noun: str
    object_id: str
    field: str
    was: str | None
    became: str | None
    changed_by: EmployeeId
    changed_at: datetime


_UNIT = rows.selected(_unit, UnitRow).where(_unit.c.id == bindparam("unit_id"))
_CHANGE_UNIT = (
    update(_unit)
    .where(
        rows.own(_unit), _unit.c.id == bindparam("of_unit"), _unit.c.version == bindparam("seen")
    )
    .values(
        name=bindparam("new_name"),
        parent_id=bindparam("new_parent"),
        closed_on=bindparam("new_end"),
        system=bindparam("new_system"),
        version=_unit.c.version + 1,
    )
)
_OF_UNIT = (
    rows.selected(_position, PositionRow)
    .where(_position.c.unit_id == bindparam("unit_id"))
    .order_by(_position.c.heads_unit.desc(), _position.c.title, _position.c.id)
)
_CHANGE_POSITION = (
    update(_position)
    .where(
        rows.own(_position),
        _position.c.id == bindparam("of_position"),
        _position.c.version == bindparam("seen"),
    )
    .values(
        title=bindparam("new_title"),
        superior_position_id=bindparam("new_superior"),
        office_code=bindparam("new_office"),
        heads_unit=bindparam("new_heads"),
        functional_level=bindparam("new_level"),
        version=_position.c.version + 1,
    )
)
_EMPLOYEE = rows.selected(_employee, EmployeeRow).where(_employee.c.id == bindparam("employee_id"))
_POSTS = rows.selected(_assignment, AssignmentRow).order_by(
    _assignment.c.starts.desc(), _assignment.c.id
)
_POST = _POSTS.where(_assignment.c.id == bindparam("assignment_id"))
_OF_EMPLOYEE = _POSTS.where(_assignment.c.employee_id == bindparam("employee_id"))
_OF_POSITION = _POSTS.where(_assignment.c.position_id == bindparam("position_id"))
_IN_UNIT = _POSTS.where(_assignment.c.unit_id == bindparam("unit_id"))
_END_POST = (
    update(_assignment)
    .where(rows.own(_assignment), _assignment.c.id == bindparam("of_assignment"))
    .values(ends=bindparam("last"))
)
_SUBSTITUTIONS = rows.selected(_substitution, SubstitutionRow).order_by(
    _substitution.c.starts.desc(), _substitution.c.id
)
_SUBSTITUTION = _SUBSTITUTIONS.where(_substitution.c.id == bindparam("substitution_id"))
_FROM = _SUBSTITUTIONS.where(_substitution.c.ends >= bindparam("day"))
_END_SUBSTITUTION = (
    update(_substitution)
    .where(rows.own(_substitution), _substitution.c.id == bindparam("of_substitution"))
    .values(ends=bindparam("last"))
)
_KEEP = rows.inserted(_change)
_CHANGES = (
    rows.selected(_change, ChangeRow)
    .where(_change.c.object_id == bindparam("object_id"))
    .order_by(_change.c.changed_at.desc(), _change.c.id.desc())
    .limit(bindparam("limit"))
)


def unit(tx: Transaction, unit_id: UnitId) -> UnitRow:
    """One unit. Raises NotFound."""
    found = rows.fetch_one(tx, _UNIT, UnitRow, {"unit_id": unit_id})
    if found is None:
        raise NotFound("unit", unit_id)
    return found


def change_unit(tx: Transaction, unit: UnitRow) -> None:
    """Give a unit its new name, place, last day and system.

    Raises StaleVersion when its version is no longer the stored one.
    """
    values = {
        "of_unit": unit.id,
        "new_name": unit.name,
        "new_parent": unit.parent_id,
        "new_end": unit.closed_on,
        "new_system": unit.system,
        "seen": unit.version,
    }
    if rows.run(tx, _CHANGE_UNIT, values) != 1:
        raise StaleVersion("unit", unit.id, expected=unit.version, actual=None)


def positions_of(tx: Transaction, unit_id: UnitId) -> tuple[PositionRow, ...]:
    """The positions of a unit, the heading one first."""
    return rows.fetch(tx, _OF_UNIT, PositionRow, {"unit_id": unit_id})


def change_position(tx: Transaction, position: PositionRow) -> None:
    """Give a position what it is from now on; it stays in its unit.

    Raises StaleVersion when its version is no longer the stored one.
    """
    values = {
        "of_position": position.id,
        "new_title": position.title,
        "new_superior": position.superior_position_id,
        "new_office": position.office_code,
        "new_heads": position.heads_unit,
        "new_level": position.functional_level,
        "seen": position.version,
    }
    if rows.run(tx, _CHANGE_POSITION, values) != 1:
        raise StaleVersion("position", position.id, expected=position.version, actual=None)


def employee_record(tx: Transaction, employee_id: EmployeeId) -> EmployeeRow:
    """One employee as recorded, in service or not. Raises NotFound."""
    found = rows.fetch_one(tx, _EMPLOYEE, EmployeeRow, {"employee_id": employee_id})
    if found is None:
        raise NotFound("employee", employee_id)
    return found


def post(tx: Transaction, assignment_id: str) -> AssignmentRow:
    """One assignment. Raises NotFound."""
    found = rows.fetch_one(tx, _POST, AssignmentRow, {"assignment_id": assignment_id})
    if found is None:
        raise NotFound("assignment", assignment_id)
    return found


def posts_of(tx: Transaction, employee_id: EmployeeId) -> tuple[AssignmentRow, ...]:
    """Every post that a person ever had, the newest first."""
    return rows.fetch(tx, _OF_EMPLOYEE, AssignmentRow, {"employee_id": employee_id})


def holders_of(tx: Transaction, position_id: PositionId) -> tuple[AssignmentRow, ...]:
    """Everybody who ever had a position, the newest first."""
    return rows.fetch(tx, _OF_POSITION, AssignmentRow, {"position_id": position_id})


def posts_in(tx: Transaction, unit_id: UnitId) -> tuple[AssignmentRow, ...]:
    """Everybody who ever had a post in a unit, the newest first."""
    return rows.fetch(tx, _IN_UNIT, AssignmentRow, {"unit_id": unit_id})


def end_post(tx: Transaction, assignment_id: str, *, last_day: date) -> None:
    """Let an assignment end with a day."""
    rows.run(tx, _END_POST, {"of_assignment": assignment_id, "last": last_day})


def substitution(tx: Transaction, substitution_id: str) -> SubstitutionRow:
    """One substitution. Raises NotFound."""
    values = {"substitution_id": substitution_id}
    found = rows.fetch_one(tx, _SUBSTITUTION, SubstitutionRow, values)
    if found is None:
        raise NotFound("substitution", substitution_id)
    return found


def substitutions_from(tx: Transaction, on: date) -> tuple[SubstitutionRow, ...]:
    """Every substitution of the agency that has not ended before the day, the newest first."""
    return rows.fetch(tx, _FROM, SubstitutionRow, {"day": on})


def end_substitution(tx: Transaction, substitution_id: str, *, last_day: date) -> None:
    """Let a substitution end with a day."""
    rows.run(tx, _END_SUBSTITUTION, {"of_substitution": substitution_id, "last": last_day})


def keep_changes(tx: Transaction, changes: Sequence[ChangeRow]) -> None:
    """Remember what something was before it was changed."""
    rows.add(tx, _KEEP, changes)


def changes_of(tx: Transaction, object_id: str, *, limit: int = 50) -> tuple[ChangeRow, ...]:
    """What a unit, a position or the agency was before, the last change first."""
    return rows.fetch(tx, _CHANGES, ChangeRow, {"object_id": object_id, "limit": limit})
