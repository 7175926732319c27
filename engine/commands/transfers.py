"""Transfers of people: planned, looked at, confirmed, then carried out person by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NoReturn

from engine.commands.case_handover import Handover
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.transfer_steps import Agreed, apply_transfer, refusal_of
from engine.domain.access import AgencyAccess, Reason, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import SYSTEM, Actor, AgencyId, EmployeeId
from engine.domain.transfers import Moved, PlannedTransfer, Refusal, TransferState
from engine.errors import Conflict, Finding, Forbidden, InvalidForm
from engine.rules.deadlines import local_date
from engine.store import audit, organisation, people, transfers
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.transfers import BatchRow, TransferRow

MAX_TRANSFERS = 300
TRANSFERS_CHAIN = audit.object_chain("people", "transfers")


@dataclass(frozen=True)
class Consequence:
    """What one transfer would do, or why it would be refused."""

    transfer: TransferRow
    refusal: Refusal | None
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Preview:
    """What a batch would do now; `seal` changes whenever any of it does."""

    consequences: tuple[Consequence, ...]
    seal: str


class _UndoneError(Exception):
    """Ends the transaction of a preview, so that nothing of it stays."""


def plan_transfers(
    desk: Desk, actor: Actor, *, planned: Sequence[PlannedTransfer], now: datetime
) -> str:
    """Plan transfers together; the batch's id. Nothing happens before it is confirmed.

    Raises Forbidden, NotFound, or InvalidForm for none, too many or the same person twice.
    """
    with (
        refusals_audited(desk, actor, Verb.TRANSFER_PEOPLE, target="people", now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        return plan_in(tx, actor, planned, now=now)


def plan_in(
    tx: Transaction, actor: Actor, planned: Sequence[PlannedTransfer], *, now: datetime
) -> str:
    """The same as part of a command."""
    demand(actor, Verb.TRANSFER_PEOPLE, AgencyAccess(tx.agency_id))
    _check_size(planned)
    for wanted in planned:
        people.employee(tx, wanted.employee_id)
        if wanted.post:
            organisation.unit(tx, wanted.post.unit_id)
    batch = BatchRow(new_id(), actor.employee_id, now)
    rows = [_row(batch.id, n, wanted) for n, wanted in enumerate(planned, start=1)]
    transfers.plan(tx, batch, rows)
    _note(tx, Action.TRANSFER_PLANNED, actor.employee_id, now, batch=batch.id, count=len(rows))
    return batch.id


def _check_size(planned: Sequence[PlannedTransfer]) -> None:
    if not planned:
        raise InvalidForm([Finding("transfer.nobody", element_id="who")])
    if len(planned) > MAX_TRANSFERS:
        limit = {"limit": f"{MAX_TRANSFERS}"}
        raise InvalidForm([Finding("transfer.too_many", element_id="who", params=limit)])
    if len({wanted.employee_id for wanted in planned}) < len(planned):
        raise InvalidForm([Finding("transfer.twice", element_id="who")])


def _row(batch_id: str, n: int, wanted: PlannedTransfer) -> TransferRow:
    post = wanted.post if wanted.kind.moves else None
    return TransferRow(
        new_id(),
        batch_id,
        n,
        wanted.employee_id,
        wanted.kind.value,
        wanted.effective_on,
        post.unit_id if post else None,
        post.title if post else None,
    )


def preview_transfers(desk: Desk, actor: Actor, *, batch_id: str, now: datetime) -> Preview:
    """What a batch would do if it were carried out now: it is, and then everything is undone.

    Raises Forbidden or NotFound.
    """
    demand(actor, Verb.TRANSFER_PEOPLE, AgencyAccess(actor.agency_id))
    found: list[Consequence] = []
    try:
        with desk.store.transaction(actor.agency_id) as tx:
            found += _consequences(desk, tx, actor.employee_id, batch_id, now)
            _undo()
    except _UndoneError:
        pass
    return Preview(tuple(found), _seal(found))


def _undo() -> NoReturn:
    raise _UndoneError


def _consequences(
    desk: Desk, tx: Transaction, by: EmployeeId, batch_id: str, now: datetime
) -> list[Consequence]:
    batch = transfers.batch(tx, batch_id)
    rows = transfers.of_batch(tx, batch.id)
    agreed = _agreed(batch, rows)
    return [_tried(desk, tx, row, agreed, by, now) for row in rows]


def _tried(
    desk: Desk,
    tx: Transaction,
    row: TransferRow,
    agreed: Agreed,
    by: EmployeeId,
    now: datetime,
) -> Consequence:
    """One transfer carried out in this transaction; a later day is taken as if it were today."""
    today = local_date(now, desk.calendar(tx, now))
    on = max(today, row.effective_on)
    handover = Handover(desk, tx, by, now, on, since=row.effective_on)
    refusal = refusal_of(tx, row, agreed, handover.on)
    if refusal is None:
        apply_transfer(handover, row, agreed)
    return Consequence(row, refusal, tuple(handover.moved))


def _agreed(batch: BatchRow, rows: Sequence[TransferRow]) -> Agreed:
    ended = {TransferState.DONE.value, TransferState.REFUSED.value}
    leaving = frozenset(row.employee_id for row in rows if row.state not in ended)
    return Agreed(batch.planned_by, leaving)


def _seal(found: Sequence[Consequence]) -> str:
    return sha256(repr([(c.transfer.id, c.refusal, c.moved) for c in found]).encode()).hexdigest()


def confirm_transfers(desk: Desk, actor: Actor, *, batch_id: str, seal: str, now: datetime) -> None:
    """Let a batch happen as it was looked at; each transfer is carried out on its day.

    Raises Forbidden, NotFound, or Conflict when it would do something else by now.
    """
    with refusals_audited(desk, actor, Verb.TRANSFER_PEOPLE, target=batch_id, now=now):
        preview = preview_transfers(desk, actor, batch_id=batch_id, now=now)
        if any(
            c.transfer.employee_id == actor.employee_id and c.refusal is not Refusal.OWN
            for c in preview.consequences
        ):
            raise Forbidden(Verb.TRANSFER_PEOPLE, Reason.OWN_CASE)
        if preview.seal != seal:
            raise Conflict(f"transfers {batch_id} would do something else by now")
        with desk.store.transaction(actor.agency_id) as tx:
            if not transfers.confirm(tx, batch_id, now=now):
                raise Conflict(f"transfers {batch_id} are confirmed already")
            _note(tx, Action.TRANSFER_CONFIRMED, actor.employee_id, now, batch=batch_id)


def discard_transfers(desk: Desk, actor: Actor, *, batch_id: str, now: datetime) -> None:
    """Forget transfers that were planned and not confirmed.

    Raises Forbidden, NotFound, or Conflict when they are confirmed already.
    """
    with (
        refusals_audited(desk, actor, Verb.TRANSFER_PEOPLE, target=batch_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.TRANSFER_PEOPLE, AgencyAccess(tx.agency_id))
        transfers.batch(tx, batch_id)
        if not transfers.drop(tx, batch_id):
            raise Conflict(f"transfers {batch_id} are confirmed already")
        _note(tx, Action.TRANSFER_DISCARDED, actor.employee_id, now, batch=batch_id)


def carry_out(
    desk: Desk,
    agency_id: AgencyId,
    *,
    transfer_id: str,
    now: datetime,
    by: EmployeeId = SYSTEM,
) -> bool:
    """Carry out one confirmed transfer whose day has come, or note why not; whether it ended.

    Done twice it changes nothing. Raises Conflict when a case of the person changed meanwhile;
    then it is tried again later.
    """
    with desk.store.transaction(agency_id) as tx:
        row = transfers.locked(tx, transfer_id)
        today = local_date(now, desk.calendar(tx, now))
        if row.state != TransferState.WAITING or row.effective_on > today:
            return False
        batch = transfers.batch(tx, row.batch_id)
        agreed = _agreed(batch, transfers.of_batch(tx, row.batch_id))
        done = _tried(desk, tx, row, agreed, by, now)
        facts: dict[str, object] = {"batch": batch.id, "transfer": row.id, "kind": row.kind}
        facts |= {"employee_id": row.employee_id, "starts": row.effective_on}
        if done.refusal:
            transfers.refuse(tx, row.id, reason=done.refusal.value, now=now)
            _note(tx, Action.TRANSFER_REFUSED, by, now, **facts, reason=done.refusal.value)
        else:
            transfers.finish(tx, row.id, moved=len(done.moved), now=now)
            _note(tx, Action.TRANSFER_RECORDED, by, now, **facts, moved=len(done.moved))
        return True


def _note(tx: Transaction, action: Action, by: EmployeeId, now: datetime, **values: object) -> None:
    audit.append_to_chain(tx, TRANSFERS_CHAIN, [AuditEvent(action, now, by, values=values)])
