"""What the pages of transfers show: people to choose, batches, and work without a holder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import Actor
from engine.domain.transfers import Moved
from engine.errors import Forbidden
from engine.queries.finding import is_called
from engine.queries.people import People, Person, agency_day, people, person_of
from engine.store import people as store_people
from engine.store import tables as t
from engine.store import transfers
from engine.store.database import Transaction
from engine.store.people import UnitRow
from engine.store.transfers import BatchRow, TransferRow

SHOWN = 50
MAX_CASES = 2_000


@dataclass(frozen=True)
class TransferPage:
    """People to choose from, the units they can go to, and what was confirmed lately."""

    found: tuple[Person, ...]
    more: bool
    units: tuple[UnitRow, ...]
    batches: tuple[BatchRow, ...]
    today: date


@dataclass(frozen=True)
class BatchPage:
    """A batch with the people it is about, and everybody else by id.

    Of the `confidential` cases only that they go to somebody else is told.
    """

    batch: BatchRow
    transfers: tuple[TransferRow, ...]
    people: People
    units: dict[str, str]
    subjects: dict[str, str]
    confidential: frozenset[str]


@dataclass(frozen=True)
class Orphan:
    """Open work that nobody can do: its holder is not in service, or its function has nobody."""

    item_id: str
    instance_id: str
    name: str
    due_at: datetime | None
    subject: Person
    holder: Person | None
    function: str | None


def demand_transfers(actor: Actor) -> None:
    """Raise Forbidden unless the actor transfers people."""
    verdict = can(actor, Verb.TRANSFER_PEOPLE, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.TRANSFER_PEOPLE.value, verdict.reason.value)


def transfer_page(
    tx: Transaction, actor: Actor, *, query: str, unit_id: str, now: datetime
) -> TransferPage:
    """The people in service of a unit, or with a name or NIP, by name. Raises Forbidden."""
    demand_transfers(actor)
    today = agency_day(tx, now)
    ids = _chosen(tx, query, unit_id, today) if query or unit_id else []
    found = people(tx, ids[:SHOWN], today)
    ordered = tuple(found[key] for key in ids[:SHOWN] if key in found)
    units = tuple(sorted(store_people.units(tx), key=lambda unit: unit.name))
    return TransferPage(ordered, len(ids) > SHOWN, units, transfers.confirmed(tx), today)


def _chosen(tx: Transaction, query: str, unit_id: str, day: date) -> list[str]:
    held = t.assignment
    in_unit = exists().where(
        held.c.agency_id == t.employee.c.agency_id,
        held.c.employee_id == t.employee.c.id,
        held.c.unit_id == unit_id,
        held.c.starts <= day,
        or_(held.c.ends.is_(None), held.c.ends >= day),
    )
    statement = select(t.employee.c.id).where(
        t.employee.c.agency_id == tx.agency_id, t.employee.c.active
    )
    if unit_id:
        statement = statement.where(in_unit)
    if query.strip():
        statement = statement.where(is_called(tx, query))
    found = statement.order_by(t.employee.c.name, t.employee.c.id).limit(SHOWN + 1)
    return list(tx.connection.execute(found).scalars())


def batch_page(
    tx: Transaction, actor: Actor, batch_id: str, moved: Sequence[Moved], now: datetime
) -> BatchPage:
    """A batch as it stands, with the names of everybody it moves things to, and whose cases.

    Raises Forbidden or NotFound.
    """
    demand_transfers(actor)
    batch = transfers.batch(tx, batch_id)
    rows = transfers.of_batch(tx, batch_id)
    cases = {found.instance_id for found in moved if found.instance_id}
    subjects, hidden = _subjects(tx, cases), confidential_among(tx, cases)
    ids = [*(row.employee_id for row in rows), batch.planned_by, *(one.to for one in moved)]
    names = {unit.id: unit.name for unit in store_people.units(tx)}
    units: dict[str, str] = {str(key): name for key, name in names.items()}
    known = people(tx, ids, agency_day(tx, now))
    return BatchPage(batch, rows, known, units, subjects, hidden)


def _subjects(tx: Transaction, instance_ids: set[str]) -> dict[str, str]:
    """The names of the people whom the cases are about."""
    own = t.employee.c.agency_id == t.instance.c.agency_id
    statement = (
        select(t.instance.c.id, t.employee.c.name)
        .join(t.employee, and_(own, t.employee.c.id == t.instance.c.subject_id))
        .where(
            t.instance.c.agency_id == tx.agency_id,
            t.instance.c.id.in_(sorted(instance_ids)[:MAX_CASES]),
            t.instance.c.confidential.is_(False),
        )
    )
    return {row.id: row.name for row in tx.connection.execute(statement)}


def confidential_among(tx: Transaction, instance_ids: Iterable[str]) -> frozenset[str]:
    """Those of the cases that are confidential."""
    statement = select(t.instance.c.id).where(
        t.instance.c.agency_id == tx.agency_id,
        t.instance.c.id.in_(sorted(instance_ids)[:MAX_CASES]),
        t.IS_CONFIDENTIAL,
    )
    return frozenset(tx.connection.execute(statement).scalars())


def orphans(tx: Transaction, actor: Actor, now: datetime) -> tuple[Orphan, ...]:
    """Open work without anybody who can do it, the most urgent first; nothing confidential.

    Raises Forbidden.
    """
    demand_transfers(actor)
    day = agency_day(tx, now)
    open_to_hr = _orphans(tx, day).where(t.instance.c.confidential.is_(False))
    found = tx.connection.execute(open_to_hr).all()
    holders = people(tx, [row.assignee_id for row in found], day)
    return tuple(
        Orphan(
            row.id, row.instance_id, row.step, row.due_at, person_of(row),
            holders.get(row.assignee_id), row.function,
        )
        for row in found
    )  # fmt: skip


def is_confidential_work_orphaned(tx: Transaction, actor: Actor, now: datetime) -> bool:
    """Whether nobody can do some confidential work. Raises Forbidden."""
    demand_transfers(actor)
    found = _orphans(tx, agency_day(tx, now)).where(t.IS_CONFIDENTIAL).limit(1)
    return tx.connection.execute(found).first() is not None


def _orphans(tx: Transaction, day: date) -> Select[Any]:
    item, case, subject = t.work_item, t.instance, t.employee.alias("subject")
    of_case = and_(case.c.agency_id == item.c.agency_id, case.c.id == item.c.instance_id)
    about = and_(subject.c.agency_id == item.c.agency_id, subject.c.id == case.c.subject_id)
    left = exists().where(
        t.employee.c.agency_id == item.c.agency_id,
        t.employee.c.id == item.c.assignee_id,
        t.employee.c.active.is_(False),
    )
    nobody = and_(item.c.assignee_id.is_(None), item.c.claimed_by.is_(None), ~_served(day))
    return (
        select(
            item.c.id, item.c.instance_id, item.c.name.label("step"), item.c.due_at,
            item.c.assignee_id, item.c.function, case.c.subject_id, subject.c.name, subject.c.nip,
        )
        .join(case, of_case)
        .join(subject, about)
        .where(item.c.agency_id == tx.agency_id, item.c.state == "open", or_(left, nobody))
        .order_by(item.c.due_at, item.c.id)
        .limit(SHOWN)
    )  # fmt: skip


def _served(day: date) -> ColumnElement[bool]:
    """Whether somebody in service has the function of a work item on the day."""
    item, duty = t.work_item, t.duty
    return exists().where(
        duty.c.agency_id == item.c.agency_id,
        duty.c.function == item.c.function,
        or_(duty.c.unit_id.is_(None), duty.c.unit_id == item.c.unit_id),
        duty.c.starts <= day,
        or_(duty.c.ends.is_(None), duty.c.ends >= day),
        t.employee.c.agency_id == item.c.agency_id,
        t.employee.c.id == duty.c.employee_id,
        t.employee.c.active,
    )
