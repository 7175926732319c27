"""Who is appraised in a cycle: filters, exclusions, named raters, declared conflicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class PopulationRow:
    """The filters of a cycle as text."""

    cycle_id: str
    filters: str
    changed_by: EmployeeId
    changed_at: datetime


@dataclass(frozen=True)
class ExclusionRow:
    """Somebody who is not appraised in a cycle; the reason is sealed under `reason_key`."""

    cycle_id: str
    employee_id: EmployeeId
    reason_sealed: bytes
    reason_key: str
    excluded_by: EmployeeId
    excluded_at: datetime


@dataclass(frozen=True)
class AppointmentRow:
    """A rater whom HR named for one person, from `starts` to `ends`, both included."""

    id: str
    employee_id: EmployeeId
    rater_id: EmployeeId
    starts: date
    ends: date | None
    named_by: EmployeeId
    named_at: datetime


@dataclass(frozen=True)
class DeclaredConflictRow:
    """Two people of whom neither may rate the other; `employee_id` is the smaller id."""

    employee_id: EmployeeId
    other_id: EmployeeId
    kind: str
    declared_by: EmployeeId
    declared_at: datetime


_population, _exclusion = tables.cycle_population, tables.population_exclusion
_named, _conflict = tables.rater_appointment, tables.declared_conflict
_POPULATION = rows.selected(_population, PopulationRow).where(
    _population.c.cycle_id == bindparam("cycle_id")
)
_EXCLUSIONS = (
    rows.selected(_exclusion, ExclusionRow)
    .where(_exclusion.c.cycle_id == bindparam("cycle_id"))
    .order_by(_exclusion.c.excluded_at, _exclusion.c.employee_id)
)
_CONFLICTS = rows.selected(_conflict, DeclaredConflictRow).order_by(
    _conflict.c.declared_at, _conflict.c.employee_id, _conflict.c.other_id
)
_APPOINTMENTS = (
    rows.selected(_named, AppointmentRow)
    .where(
        _named.c.starts <= bindparam("on"),
        or_(_named.c.ends.is_(None), _named.c.ends >= bindparam("on")),
    )
    .order_by(_named.c.named_at, _named.c.id)
)
_INSERTS: dict[type[Any], Any] = {
    PopulationRow: rows.inserted(_population),
    ExclusionRow: rows.inserted(_exclusion),
    AppointmentRow: rows.inserted(_named),
    DeclaredConflictRow: rows.inserted(_conflict),
}
_REPLACE = delete(_population).where(
    rows.own(_population), _population.c.cycle_id == bindparam("of_cycle")
)
_INCLUDE = delete(_exclusion).where(
    rows.own(_exclusion),
    _exclusion.c.cycle_id == bindparam("of_cycle"),
    _exclusion.c.employee_id == bindparam("of_person"),
)
_END = (
    update(_named)
    .where(
        rows.own(_named),
        _named.c.employee_id == bindparam("of_person"),
        or_(_named.c.ends.is_(None), _named.c.ends > bindparam("last_day")),
    )
    .values(ends=bindparam("last_day"))
)
_PAIRS = select(_conflict.c.employee_id, _conflict.c.other_id).where(rows.own(_conflict))


def find(tx: Transaction, cycle_id: str) -> PopulationRow | None:
    """The filters of a cycle, None before anybody chose."""
    return rows.fetch_one(tx, _POPULATION, PopulationRow, {"cycle_id": cycle_id})


def choose(tx: Transaction, population: PopulationRow) -> None:
    """Set the filters of a cycle."""
    rows.run(tx, _REPLACE, {"of_cycle": population.cycle_id})
    rows.add(tx, _INSERTS[PopulationRow], [population])


def exclusions(tx: Transaction, cycle_id: str) -> tuple[ExclusionRow, ...]:
    """Who is left out of a cycle."""
    return rows.fetch(tx, _EXCLUSIONS, ExclusionRow, {"cycle_id": cycle_id})


def exclude(tx: Transaction, exclusion: ExclusionRow) -> None:
    """Leave somebody out; a reason given before is replaced."""
    include(tx, exclusion.cycle_id, exclusion.employee_id)
    rows.add(tx, _INSERTS[ExclusionRow], [exclusion])


def include(tx: Transaction, cycle_id: str, employee_id: EmployeeId) -> bool:
    """Take somebody in again; False when he was not left out."""
    return rows.run(tx, _INCLUDE, {"of_cycle": cycle_id, "of_person": employee_id}) == 1


def appointments(tx: Transaction, on: date) -> tuple[AppointmentRow, ...]:
    """The named raters of a day."""
    return rows.fetch(tx, _APPOINTMENTS, AppointmentRow, {"on": on})


def name_rater(tx: Transaction, appointment: AppointmentRow, *, last_day: date) -> None:
    """Name a rater; one who was named before ends with `last_day`."""
    rows.run(tx, _END, {"of_person": appointment.employee_id, "last_day": last_day})
    rows.add(tx, _INSERTS[AppointmentRow], [appointment])


def declare_conflict(tx: Transaction, conflict: DeclaredConflictRow) -> bool:
    """Record a conflict; False when it was declared before."""
    if frozenset({conflict.employee_id, conflict.other_id}) in conflicting_pairs(tx):
        return False
    rows.add(tx, _INSERTS[DeclaredConflictRow], [conflict])
    return True


def declared_conflicts(tx: Transaction) -> Sequence[DeclaredConflictRow]:
    """Every declared conflict of the agency."""
    return rows.fetch(tx, _CONFLICTS, DeclaredConflictRow)


def conflicting_pairs(tx: Transaction) -> frozenset[frozenset[EmployeeId]]:
    """Those of whom neither may rate the other."""
    found = tx.connection.execute(_PAIRS, {"own_agency": tx.agency_id})
    return frozenset(frozenset(pair) for pair in found)
