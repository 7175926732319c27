"""How people are shown: names looked up at reading time, never stored in events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, or_, select

from engine.domain.people import SYSTEM, AssignmentKind, EmployeeId
from engine.store import rows
from engine.store import tables as t
from engine.store.database import Transaction

# SQLite allows 32,766 bound values.
AT_ONCE = 5_000


@dataclass(frozen=True)
class Person:
    """A person as a page names him; `nip` is whole here and masked by the page."""

    id: EmployeeId
    name: str
    nip: str
    position: str = ""
    unit: str = ""


People = Mapping[str, Person]
# A row of a result; the statement that asked for it names the columns.
AnyRow = Any


def people(tx: Transaction, ids: Iterable[str | None], day: date) -> People:
    """The persons with these ids, with the position each holds on `day`; unknown ids are absent."""
    wanted = sorted({found for found in ids if found and found != SYSTEM})
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), AT_ONCE):
        statement = _WITH_POSITION.where(t.employee.c.id.in_(wanted[start : start + AT_ONCE]))
        for row in tx.connection.execute(statement, {"own_agency": tx.agency_id, "day": day}):
            if row.id not in found or row.kind == AssignmentKind.DEFINITIVE:
                found[row.id] = _person(row)
    return found


def one_person(tx: Transaction, employee_id: EmployeeId, day: date) -> Person:
    """A person who is there, with the position he holds on `day`."""
    held = rows.fetch(tx, _ONE, _Held, {"employee_id": employee_id, "day": day})
    own = (row for row in held if row.kind == AssignmentKind.DEFINITIVE)
    return _person(next(own, held[0]))


def some(found: People, ids: Iterable[str | None]) -> tuple[Person, ...]:
    """Those of `ids` that were found, in order and once each."""
    return tuple(found[key] for key in dict.fromkeys(ids) if key is not None and key in found)


def person_of(row: AnyRow) -> Person:
    """The subject of a case from a row with `subject_id`, `name`, `nip` and perhaps `unit_name`."""
    unit = getattr(row, "unit_name", "")
    return Person(EmployeeId(row.subject_id), row.name, row.nip, unit=unit)


def local_day(now: datetime, zone: str) -> date:
    """The date that the agency's wall calendar shows."""
    return now.astimezone(ZoneInfo(zone)).date()


def agency_day(tx: Transaction, now: datetime) -> date:
    """Today in the zone of the transaction's agency."""
    zone = tx.connection.execute(
        select(t.agency.c.zone).where(t.agency.c.id == tx.agency_id)
    ).scalar_one_or_none()
    return local_day(now, zone or "UTC")


def _person(row: AnyRow) -> Person:
    return Person(
        EmployeeId(row.id),
        row.name,
        row.nip,
        row.title or "",
        row.unit or "",
    )


class _Held(NamedTuple):
    """A person with one of the posts that he holds on a day."""

    id: str
    name: str
    nip: str
    title: str | None
    unit: str | None
    kind: str | None


def _with_position() -> Select[Any]:
    day = bindparam("day", type_=t.assignment.c.starts.type)
    held = and_(
        t.assignment.c.agency_id == t.employee.c.agency_id,
        t.assignment.c.employee_id == t.employee.c.id,
        t.assignment.c.starts <= day,
        or_(t.assignment.c.ends.is_(None), t.assignment.c.ends >= day),
    )
    place = and_(
        t.position.c.agency_id == t.assignment.c.agency_id,
        t.position.c.id == t.assignment.c.position_id,
    )
    unit = and_(
        t.org_unit.c.agency_id == t.assignment.c.agency_id,
        t.org_unit.c.id == t.assignment.c.unit_id,
    )
    return (
        select(
            t.employee.c.id,
            t.employee.c.name,
            t.employee.c.nip,
            t.position.c.title,
            t.org_unit.c.name.label("unit"),
            t.assignment.c.kind,
        )
        .select_from(
            t.employee.outerjoin(t.assignment, held)
            .outerjoin(t.position, place)
            .outerjoin(t.org_unit, unit)
        )
        .where(rows.own(t.employee))
    )


_WITH_POSITION = _with_position()
_ONE = _WITH_POSITION.where(t.employee.c.id == bindparam("employee_id"))
