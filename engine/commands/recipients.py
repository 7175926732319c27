"""Finds who is told about a case: the holders of a role or of a unit function."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice
from engine.commands.roles import CasePeople, person_in
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.rules.deadlines import local_date
from engine.store import appraisals, instances, staffing
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.states import readers_of


@dataclass(frozen=True)
class Recipients:
    """Who is told; `by_function` when the same people serve many cases that their lists show."""

    persons: tuple[EmployeeId, ...]
    by_function: bool


def of_role(
    desk: Desk, tx: Transaction, instance_id: str, role: str, *, now: datetime
) -> Recipients:
    """The holders of a role of the case's system; nobody for a role it does not know.

    No list shows a case to its named readers, so they are told of each.
    """
    row = instances.get(tx, instance_id)
    known = desk.definitions.get(tx, row.definition_id).settings.roles.get(role)
    if known is None:
        return Recipients((), by_function=False)
    if known.function:
        holders = of_function(desk, tx, known.function, row.unit_id, now=now)
        listed = known.function not in readers_of(row.readers, row.status)
        return Recipients(holders, by_function=listed)
    on = local_date(now, desk.calendar(tx, now))
    person = person_in(tx, known, _people(tx, row), {}, on)
    return Recipients((person,) if person else (), by_function=False)


def of_function(
    desk: Desk, tx: Transaction, function: UnitFunction, unit_id: str | None, *, now: datetime
) -> tuple[EmployeeId, ...]:
    """Who serves a function for a unit today."""
    on = local_date(now, desk.calendar(tx, now))
    unit = UnitId(unit_id) if unit_id else None
    return staffing.duty_holders(tx, function, on, unit_id=unit)


def once_a_day(
    desk: Desk, tx: Transaction, persons: Iterable[EmployeeId], kind: NoticeKind, *, now: datetime
) -> list[NewNotice]:
    """One notice a person and day, however many cases it is about; lists show which."""
    day = local_date(now, desk.calendar(tx, now))
    return [NewNotice(person, kind, f"{kind}:{day.isoformat()}") for person in persons]


def _people(tx: Transaction, row: InstanceRow) -> CasePeople:
    appraisal = appraisals.find(tx, row.id)
    return CasePeople(
        row.subject_id,
        row.unit_id,
        appraisal.rater_id if appraisal else None,
        appraisal.rater_superior_id if appraisal else None,
        appraisal.subject_left if appraisal else False,
    )
