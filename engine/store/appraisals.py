"""Appraisals in figures: what lists of cases show without opening an instance."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from engine.domain.people import EmployeeId, UnitId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class AppraisalRow:
    """One appraisal; `local_score` is a decimal as text, `result_version` 0 before any result.

    Once the subject has left the service (`subject_left`), HR does what was his to do.
    """

    instance_id: str
    cycle_id: str
    employee_id: EmployeeId
    unit_id: UnitId
    rater_id: EmployeeId | None = None
    rater_superior_id: EmployeeId | None = None
    result_version: int = 0
    result_rating: str | None = None
    behaviour_rating: str | None = None
    predicate: str | None = None
    local_score: str | None = None
    appeal_open: bool = False
    delivered_at: datetime | None = None
    final_at: datetime | None = None
    subject_left: bool = False


_appraisal = tables.appraisal
_ONE = rows.selected(_appraisal, AppraisalRow).where(
    _appraisal.c.instance_id == bindparam("instance_id")
)
_OF_EMPLOYEE = (
    rows.selected(_appraisal, AppraisalRow)
    .where(_appraisal.c.employee_id == bindparam("employee_id"))
    .order_by(_appraisal.c.cycle_id.desc())
)
_PREDICATES = (
    select(_appraisal.c.predicate, func.count())
    .where(
        rows.own(_appraisal),
        _appraisal.c.cycle_id == bindparam("cycle_id"),
        _appraisal.c.unit_id == bindparam("unit_id"),
        _appraisal.c.predicate.is_not(None),
    )
    .group_by(_appraisal.c.predicate)
)
_INSERT = rows.inserted(_appraisal)
# Who is appraised, and where, stays; a column that is not written leaves its indexes alone.
_IDENTITY = {"instance_id", "cycle_id", "employee_id", "unit_id"}
_CHANGEABLE = [field.name for field in fields(AppraisalRow) if field.name not in _IDENTITY]
_SAVE = (
    update(_appraisal)
    .where(rows.own(_appraisal), _appraisal.c.instance_id == bindparam("of_instance"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGEABLE})
)


def add(tx: Transaction, appraisal: AppraisalRow) -> None:
    """Record the appraisal of a new instance."""
    rows.add(tx, _INSERT, [appraisal])


def add_many(tx: Transaction, new: Sequence[AppraisalRow]) -> None:
    """Record the appraisals of new instances."""
    rows.add(tx, _INSERT, new)


def find(tx: Transaction, instance_id: str) -> AppraisalRow | None:
    """The appraisal of an instance, if the instance is one."""
    return rows.fetch_one(tx, _ONE, AppraisalRow, {"instance_id": instance_id})


def get(tx: Transaction, instance_id: str) -> AppraisalRow:
    """The appraisal of an instance. Raises NotFound."""
    found = find(tx, instance_id)
    if found is None:
        raise NotFound("appraisal", instance_id)
    return found


def of_employee(tx: Transaction, employee_id: EmployeeId) -> tuple[AppraisalRow, ...]:
    """All appraisals of an employee."""
    return rows.fetch(tx, _OF_EMPLOYEE, AppraisalRow, {"employee_id": employee_id})


def count_predicates(tx: Transaction, *, cycle_id: str, unit_id: UnitId) -> dict[str, int]:
    """How many results of each predicate a unit has in a cycle so far."""
    values = {"own_agency": tx.agency_id, "cycle_id": cycle_id, "unit_id": unit_id}
    found = tx.connection.execute(_PREDICATES, values)
    return {row[0]: row[1] for row in found}


def save(tx: Transaction, appraisal: AppraisalRow) -> None:
    """Write a changed appraisal, made with `dataclasses.replace`. Raises NotFound."""
    values = {f"new_{name}": getattr(appraisal, name) for name in _CHANGEABLE}
    if rows.run(tx, _SAVE, {"of_instance": appraisal.instance_id, **values}) != 1:
        raise NotFound("appraisal", appraisal.instance_id)
