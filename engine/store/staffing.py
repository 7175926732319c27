"""Who holds what on a date: positions, superiors, offices, duties and substitutions."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, bindparam, case, literal, or_, select, union_all

from engine.domain.people import (
    Actor,
    Assignment,
    AssignmentKind,
    Duty,
    EmployeeId,
    PositionId,
    UnitFunction,
    UnitId,
)
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction

# Nobody in Indonesian government has so many superiors; a circle in imported data ends here.
MAX_LEVELS = 24

_assignment, _position, _duty = tables.assignment, tables.position, tables.duty
_substitution, _employee = tables.substitution, tables.employee


@dataclass(frozen=True)
class Superior:
    """One step up: the position and who holds it on the date; `level` 1 is the direct superior."""

    level: int
    position_id: PositionId
    employee_id: EmployeeId | None
    office_code: str | None


def _valid(table: Table) -> Any:
    day: Any = bindparam("day")
    return and_(table.c.starts <= day, or_(table.c.ends.is_(None), table.c.ends >= day))


# An acting official stands in for a vacant post or an absent holder, so he comes first.
_ACTING_FIRST = case(
    (_assignment.c.kind == AssignmentKind.ACTING_DAILY.value, 0),
    (_assignment.c.kind == AssignmentKind.ACTING_PERMANENT.value, 1),
    else_=2,
)
_POSTS = select(
    _assignment.c.employee_id,
    _assignment.c.position_id,
    _assignment.c.unit_id,
    _assignment.c.kind,
    _assignment.c.starts,
    _assignment.c.ends,
).where(rows.own(_assignment))
_WITHIN = _POSTS.where(
    _assignment.c.employee_id == bindparam("employee_id"),
    _assignment.c.starts <= bindparam("last"),
    or_(_assignment.c.ends.is_(None), _assignment.c.ends >= bindparam("first")),
).order_by(_assignment.c.starts, _assignment.c.id)
_HELD = _POSTS.where(_valid(_assignment))
_OF_EMPLOYEE = _HELD.where(_assignment.c.employee_id == bindparam("employee_id")).order_by(
    _ACTING_FIRST.desc(), _assignment.c.starts, _assignment.c.id
)
_HOLDERS = (
    select(_assignment.c.employee_id)
    .join(
        _position,
        and_(
            _position.c.agency_id == _assignment.c.agency_id,
            _position.c.id == _assignment.c.position_id,
        ),
    )
    .where(rows.own(_assignment), _valid(_assignment))
    .order_by(_ACTING_FIRST, _assignment.c.starts.desc(), _assignment.c.id)
)
_HOLDER = _HOLDERS.where(_position.c.id == bindparam("position_id"))
_HEAD = _HOLDERS.where(_position.c.unit_id == bindparam("unit_id"), _position.c.heads_unit)
_HEADS = _HOLDERS.where(_position.c.heads_unit).add_columns(_position.c.unit_id)
_OFFICE = _HOLDERS.where(_position.c.office_code == bindparam("office_code"))
_SUBORDINATES = _HOLDERS.where(_position.c.superior_position_id == bindparam("position_id"))
_SUBORDINATE = _SUBORDINATES.limit(1)


def assignment_on(tx: Transaction, employee_id: EmployeeId, on: date) -> Assignment | None:
    """The employee's own post on the date; a definitive one before one he only acts in."""
    result = tx.connection.execute(
        _OF_EMPLOYEE, {"own_agency": tx.agency_id, "employee_id": employee_id, "day": on}
    )
    row = result.first()
    return _as_assignment(row) if row else None


def _as_assignment(row: Any) -> Assignment:
    return Assignment(
        row.employee_id,
        row.position_id,
        row.unit_id,
        AssignmentKind(row.kind),
        row.starts,
        row.ends,
    )


def assignments_within(
    tx: Transaction, employee_id: EmployeeId, first: date, last: date
) -> tuple[Assignment, ...]:
    """Every post that the employee held on any day from `first` to `last`."""
    values = {"own_agency": tx.agency_id, "employee_id": employee_id, "first": first, "last": last}
    return tuple(_as_assignment(row) for row in tx.connection.execute(_WITHIN, values))


def holder_of(tx: Transaction, position_id: PositionId, on: date) -> EmployeeId | None:
    """Who acts in a position on the date; an acting official before the definitive holder."""
    return _first(tx, _HOLDER, on, position_id=position_id)


def head_of_unit(tx: Transaction, unit_id: UnitId, on: date) -> EmployeeId | None:
    """Who heads a unit on the date."""
    return _first(tx, _HEAD, on, unit_id=unit_id)


def heads_of_units(tx: Transaction, on: date) -> dict[UnitId, EmployeeId]:
    """Who heads each unit on the date; a unit without a head is absent."""
    found: dict[UnitId, EmployeeId] = {}
    for row in tx.connection.execute(_HEADS, {"own_agency": tx.agency_id, "day": on}):
        found.setdefault(row.unit_id, row.employee_id)
    return found


def office_holder(tx: Transaction, office_code: str, on: date) -> EmployeeId | None:
    """Who holds the office of this code on the date."""
    return _first(tx, _OFFICE, on, office_code=office_code)


def has_subordinates(tx: Transaction, position_id: PositionId, on: date) -> bool:
    """Whether anybody holds a position directly below on the date."""
    return _first(tx, _SUBORDINATE, on, position_id=position_id) is not None


def subordinates(tx: Transaction, position_id: PositionId, on: date) -> tuple[EmployeeId, ...]:
    """Everybody who holds a position directly below on the date, once each."""
    values = {"position_id": position_id, "day": on}
    return tuple(dict.fromkeys(rows.fetch_scalars(tx, _SUBORDINATES, values)))


def _first(tx: Transaction, statement: Any, on: date, **values: object) -> EmployeeId | None:
    found = rows.fetch_scalars(tx, statement, {"day": on, **values})
    return found[0] if found else None


def superiors(tx: Transaction, position_id: PositionId, on: date) -> tuple[Superior, ...]:
    """All positions above, the direct superior first, with whoever acts in each on the date."""
    found = tx.connection.execute(
        _SUPERIORS, {"own_agency": tx.agency_id, "position_id": position_id, "day": on}
    )
    chain: dict[int, Superior] = {}
    for row in found:
        chain.setdefault(row.level, Superior(*row))
    return tuple(chain.values())


def _superiors() -> Any:
    start = select(_position.c.superior_position_id.label("id"), literal(1).label("level")).where(
        rows.own(_position), _position.c.id == bindparam("position_id")
    )
    above = start.cte("above", recursive=True)
    above = above.union_all(
        select(_position.c.superior_position_id, above.c.level + 1).where(
            rows.own(_position), _position.c.id == above.c.id, above.c.level < MAX_LEVELS
        )
    )
    held = and_(
        _assignment.c.agency_id == _position.c.agency_id,
        _assignment.c.position_id == _position.c.id,
        _valid(_assignment),
    )
    return (
        select(above.c.level, _position.c.id, _assignment.c.employee_id, _position.c.office_code)
        .join(_position, and_(rows.own(_position), _position.c.id == above.c.id))
        .outerjoin(_assignment, held)
        .order_by(above.c.level, _ACTING_FIRST, _assignment.c.starts.desc(), _assignment.c.id)
    )


_SUPERIORS = _superiors()

_DUTY_HOLDERS = (
    select(_duty.c.employee_id, _duty.c.unit_id)
    .where(rows.own(_duty), _valid(_duty), _duty.c.function == bindparam("function"))
    .order_by(_duty.c.id)
)


def duty_holders(
    tx: Transaction, function: UnitFunction, on: date, *, unit_id: UnitId | None = None
) -> tuple[EmployeeId, ...]:
    """Who has the function on the date: for the given unit or for the whole agency."""
    found = tx.connection.execute(
        _DUTY_HOLDERS, {"own_agency": tx.agency_id, "function": function.value, "day": on}
    )
    return tuple(row.employee_id for row in found if row.unit_id in {None, unit_id})


_SUBSTITUTES = (
    select(_substitution.c.substitute_id)
    .where(
        rows.own(_substitution),
        _valid(_substitution),
        _substitution.c.absent_id == bindparam("absent_id"),
    )
    .order_by(_substitution.c.id)
)


def substitutes_of(tx: Transaction, absent_id: EmployeeId, on: date) -> tuple[EmployeeId, ...]:
    """Who acts for somebody on the date."""
    return rows.fetch_scalars(tx, _SUBSTITUTES, {"absent_id": absent_id, "day": on})


_ACTOR = union_all(
    select(literal("employee"), literal(""), literal(None)).where(
        rows.own(_employee), _employee.c.id == bindparam("employee_id"), _employee.c.active
    ),
    select(literal("duty"), _duty.c.function, _duty.c.unit_id).where(
        rows.own(_duty), _valid(_duty), _duty.c.employee_id == bindparam("employee_id")
    ),
    select(literal("substitution"), _substitution.c.absent_id, literal(None)).where(
        rows.own(_substitution),
        _valid(_substitution),
        _substitution.c.substitute_id == bindparam("employee_id"),
    ),
)


class _Found(NamedTuple):
    """One thing that makes a person the actor he is."""

    kind: str
    value: str
    unit: UnitId | None


def actor(
    tx: Transaction, employee_id: EmployeeId, on: date, *, session_id: str | None = None
) -> Actor:
    """The employee as an actor on the date, in one statement. Raises NotFound."""
    found = rows.fetch(tx, _ACTOR, _Found, {"employee_id": employee_id, "day": on})
    if not any(kind == "employee" for kind, _, _ in found):
        raise NotFound("employee", employee_id)
    duties = (Duty(UnitFunction(value), unit) for kind, value, unit in found if kind == "duty")
    absent = (EmployeeId(value) for kind, value, _ in found if kind == "substitution")
    return Actor(tx.agency_id, employee_id, frozenset(duties), session_id, frozenset(absent))
