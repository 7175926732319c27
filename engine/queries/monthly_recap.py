"""What is known of people in a month: the predicate in force, an open appeal, what was recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import orjson
from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_

from engine.domain.local_score import attendance
from engine.domain.measured import FigureKind, Leave
from engine.domain.monthly_recap import NO_PREDICATE, Month
from engine.domain.people import EmployeeId
from engine.domain.process import DefinitionId
from engine.queries.finding import is_called
from engine.queries.people import AnyRow
from engine.rules.numbers import from_jsonable
from engine.store import measured_facts
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.states import InstanceStatus


@dataclass(frozen=True)
class MonthFacts:
    """One person: his newest appraisal begun by then, and what holds of him in the month.

    `version` of the result of cycle `cycle_id` gives the predicate; `values` are what records of
    the month hold, by kind of record and name, the oldest first.
    """

    employee_id: EmployeeId
    definition_id: DefinitionId
    predicate: str = NO_PREDICATE
    cycle_id: str | None = None
    version: int = 0
    under_appeal: bool = False
    values: Mapping[tuple[str, str], tuple[Decimal, ...]] = field(default_factory=dict)
    attendance: Decimal | None = None


@dataclass(frozen=True)
class PersonOfMonth:
    """Who stands in the recap, by name."""

    id: EmployeeId
    name: str
    nip: str
    unit: str


def people_of_month(
    tx: Transaction,
    month: Month,
    until: datetime,
    *,
    after: tuple[str, str] | None,
    limit: int,
    name: str = "",
) -> tuple[PersonOfMonth, ...]:
    """Whoever has an appraisal that began by then, by name; `after` is a name and an id.

    Of a frozen month also those whose appraisal was cancelled since: payroll was told of them.
    """
    who, case, unit = t.employee, t.instance, t.org_unit
    of_person = and_(case.c.agency_id == who.c.agency_id, case.c.subject_id == who.c.id)
    of_unit = and_(unit.c.agency_id == case.c.agency_id, unit.c.id == case.c.unit_id)
    statement = (
        select(who.c.id, who.c.name, who.c.nip, unit.c.name.label("unit"), case.c.started_at)
        .select_from(who.join(case, of_person).join(unit, of_unit))
        .where(
            who.c.agency_id == tx.agency_id,
            *_begun(until),
            or_(_NOT_CANCELLED, _was_told_of(month)),
        )
        .order_by(who.c.name, who.c.id, case.c.started_at.desc())
    )
    if name.strip():
        statement = statement.where(is_called(tx, name))
    if after:
        statement = statement.where(tuple_(who.c.name, who.c.id) > after)
    found: dict[str, PersonOfMonth] = {}
    for row in tx.connection.execute(statement):
        if len(found) == limit and row.id not in found:
            break
        found.setdefault(row.id, PersonOfMonth(row.id, row.name, row.nip, row.unit))
    return tuple(found.values())


_NOT_CANCELLED = t.instance.c.status != InstanceStatus.CANCELLED.value


def _was_told_of(month: Month) -> ColumnElement[bool]:
    who, line = t.employee, t.recap_line
    return exists().where(
        line.c.agency_id == who.c.agency_id,
        line.c.month == month.code,
        line.c.employee_id == who.c.id,
    )


def _begun(until: datetime) -> tuple[ColumnElement[bool], ...]:
    return t.IS_MAIN, t.instance.c.started_at < until


def facts_of_month(
    tx: Transaction, month: Month, until: datetime, employee_ids: Sequence[EmployeeId]
) -> tuple[MonthFacts, ...]:
    """What holds of these people; `until` is the instant at which the month ends."""
    cases = _cases(tx, until, employee_ids)
    versions = _versions(tx, [row.id for row in cases])
    records, present = _records(tx, month, employee_ids), _attendance(tx, month, employee_ids)
    of_person: dict[EmployeeId, list[AnyRow]] = {}
    for row in cases:
        of_person.setdefault(row.subject_id, []).append(row)
    return tuple(
        _facts(rows, versions, until, records.get(who, {}), present.get(who))
        for who, rows in of_person.items()
    )


def _facts(
    rows: Sequence[AnyRow],
    versions: Mapping[str, Sequence[AnyRow]],
    until: datetime,
    values: Mapping[tuple[str, str], tuple[Decimal, ...]],
    present: Decimal | None,
) -> MonthFacts:
    """The predicate of the newest period whose result had been received by then.

    A version that corrects it afterwards takes its place: the month is told anew.
    """
    newest = rows[0]
    plain = MonthFacts(newest.subject_id, newest.definition_id, values=values, attendance=present)
    for row in rows:
        known = versions.get(row.id, ())
        if known and known[0].delivered_at < until:
            last = known[-1]
            return MonthFacts(
                plain.employee_id, plain.definition_id, last.predicate, row.cycle_id,
                last.version, bool(row.appeal_open), values, present,
            )  # fmt: skip
    return plain


def _cases(
    tx: Transaction, until: datetime, employee_ids: Sequence[EmployeeId]
) -> Sequence[AnyRow]:
    """The appraisals of these people begun by then, the newest period first."""
    case, year, figures = t.instance, t.cycle, t.appraisal
    of_year = and_(year.c.agency_id == case.c.agency_id, year.c.id == case.c.cycle_id)
    of_case = and_(figures.c.agency_id == case.c.agency_id, figures.c.instance_id == case.c.id)
    statement = (
        select(
            case.c.id, case.c.subject_id, case.c.definition_id, case.c.cycle_id,
            figures.c.appeal_open,
        )
        .select_from(case.join(year, of_year).join(figures, of_case))
        .where(
            case.c.agency_id == tx.agency_id,
            case.c.subject_id.in_(employee_ids),
            *_begun(until),
            _NOT_CANCELLED,
        )
        .order_by(case.c.subject_id, year.c.ends.desc(), case.c.started_at.desc())
    )  # fmt: skip
    return tx.connection.execute(statement).all()


def _versions(tx: Transaction, case_ids: Sequence[str]) -> dict[str, list[AnyRow]]:
    """The received versions of each result, the first before the rest."""
    made = t.result_version
    statement = (
        select(made.c.instance_id, made.c.version, made.c.predicate, made.c.delivered_at)
        .where(
            made.c.agency_id == tx.agency_id,
            made.c.instance_id.in_(case_ids),
            made.c.delivered_at.is_not(None),
        )
        .order_by(made.c.instance_id, made.c.version)
    )
    found: dict[str, list[AnyRow]] = {}
    for row in tx.connection.execute(statement):
        found.setdefault(row.instance_id, []).append(row)
    return found


def _records(
    tx: Transaction, month: Month, employee_ids: Sequence[EmployeeId]
) -> dict[EmployeeId, dict[tuple[str, str], tuple[Decimal, ...]]]:
    """The numbers in the records of the month; nothing that was said in confidence."""
    kept, case = t.case_record, t.instance
    of_case = and_(case.c.agency_id == kept.c.agency_id, case.c.id == kept.c.instance_id)
    statement = (
        select(kept.c.subject_id, kept.c.kind, kept.c.body)
        .select_from(kept.join(case, of_case))
        .where(
            kept.c.agency_id == tx.agency_id,
            kept.c.subject_id.in_(employee_ids),
            kept.c.period == month.code,
            case.c.confidential.is_(False),
        )
        .order_by(kept.c.kept_at, kept.c.id)
    )
    found: dict[EmployeeId, dict[tuple[str, str], tuple[Decimal, ...]]] = {}
    for row in tx.connection.execute(statement):
        held = found.setdefault(row.subject_id, {})
        held[row.kind, ""] = (*held.get((row.kind, ""), ()), Decimal(1))
        for name, value in _numbers(row.body):
            held[row.kind, name] = (*held.get((row.kind, name), ()), value)
    return found


def _numbers(body: str) -> Iterator[tuple[str, Decimal]]:
    found = from_jsonable(orjson.loads(body))
    for name, value in found.items() if isinstance(found, dict) else ():
        if isinstance(value, Decimal):
            yield name, value


def _attendance(
    tx: Transaction, month: Month, employee_ids: Sequence[EmployeeId]
) -> dict[EmployeeId, Decimal]:
    """Days present and on call per hundred days of duty without authorised leave."""
    found: dict[EmployeeId, Decimal] = {}
    for row in measured_facts.of_employees(
        tx, FigureKind.ATTENDANCE, employee_ids, since=month.first, until=month.last
    ):
        days = {name: value for name, value in row.figures.items() if isinstance(value, Decimal)}
        leave = sum((days.get(f"leave_{kind}", Decimal(0)) for kind in Leave), Decimal(0))
        came = days.get("present", Decimal(0)) + days.get("on_call", Decimal(0))
        share = attendance(days.get("duty", Decimal(0)), leave, came)
        if share is not None and row.employee_id:
            found[row.employee_id] = share
    return found
