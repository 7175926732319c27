"""Transfers of people of the test office, and who holds the work afterwards."""

from collections.abc import Sequence
from datetime import date, datetime

from engine.commands.transfers import (
    carry_out,
    confirm_transfers,
    plan_transfers,
    preview_transfers,
)
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.transfers import NewPost, PlannedTransfer, TransferKind
from engine.rules.deadlines import local_date
from engine.store import people, staffing, tables, transfers
from engine.store.transfers import TransferRow
from tests.cases import NOW
from tests.office import Office

TODAY = date(2026, 1, 5)


def leaving(person: str, kind: TransferKind, on: date = TODAY) -> PlannedTransfer:
    """Somebody leaves his post without a new one."""
    return PlannedTransfer(EmployeeId(person), kind, on)


def moving(
    person: str, unit: str, title: str, on: date = TODAY, kind: TransferKind = TransferKind.TRANSFER
) -> PlannedTransfer:
    """Somebody goes to a title in a unit."""
    return PlannedTransfer(EmployeeId(person), kind, on, NewPost(UnitId(unit), title))


def plan(office: Office, *planned: PlannedTransfer, by: str = "hr_officer") -> str:
    """Plan transfers as HR; the batch's id."""
    return plan_transfers(office.desk, office.actor(by, NOW), planned=planned, now=NOW)


def transfer(
    office: Office, *planned: PlannedTransfer, by: str = "hr_officer", now: datetime = NOW
) -> Sequence[TransferRow]:
    """Plan, confirm and carry out transfers; how each of them ended."""
    batch_id = plan(office, *planned, by=by)
    actor = office.actor(by, now)
    seal = preview_transfers(office.desk, actor, batch_id=batch_id, now=now).seal
    confirm_transfers(office.desk, actor, batch_id=batch_id, seal=seal, now=now)
    for row in rows(office, batch_id):
        carry_out(office.desk, office.agency_id, transfer_id=row.id, now=now)
    return rows(office, batch_id)


def rows(office: Office, batch_id: str) -> Sequence[TransferRow]:
    """The transfers of a batch."""
    with office.desk.store.reading(office.agency_id) as tx:
        return transfers.of_batch(tx, batch_id)


def orphans(office: Office, now: datetime = NOW) -> list[str]:
    """Open work that no living holder and no holder of its function can do."""
    item = tables.work_item
    with office.desk.store.reading(office.agency_id) as tx:
        on = local_date(now, office.desk.calendar(tx, now))
        serving = {row.id for row in people.active_employees(tx)}
        found = tx.connection.execute(item.select().where(item.c.state == "open")).all()
        return [
            f"{row.element_id} of {row.instance_id}"
            for row in found
            if not _held(row, serving, lambda function, unit: set(
                staffing.duty_holders(tx, UnitFunction(function), on, unit_id=unit)))
        ]  # fmt: skip


def _held(row, serving, holders_of) -> bool:
    if row.offered_to not in serving | {None} or row.delegated_to not in serving | {None}:
        return False
    if row.assignee_id:
        return row.assignee_id in serving
    if row.claimed_by not in serving | {None}:
        return False
    return bool(row.function and holders_of(row.function, row.unit_id) & serving)
