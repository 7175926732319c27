"""Transfers of people for programs: planned together, looked at, confirmed."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    ONCE,
    Body,
    Id,
    ItemId,
    PersonId,
    changing_problems,
    resource_router,
)
from engine.commands.transfers import (
    MAX_TRANSFERS,
    Consequence,
    confirm_transfers,
    plan_transfers,
    preview_transfers,
)
from engine.domain.people import EmployeeId, UnitId
from engine.domain.transfers import (
    Moved,
    MoveReason,
    NewPost,
    PlannedTransfer,
    Refusal,
    TransferKind,
    TransferState,
)
from engine.errors import Finding, InvalidForm
from engine.queries.transfers import batch_page, confidential_among
from engine.store.transfers import TransferRow

router = resource_router()
MAX_TITLE = 200
SEAL = "^[0-9a-f]{64}$"


class Post(Body):
    """Where somebody goes."""

    unit_id: Id
    title: str = Field(min_length=1, max_length=MAX_TITLE, examples=["Analis Kebijakan"])


class NewTransfer(Body):
    """One person's transfer; a new post only where the kind brings one."""

    employee_id: PersonId
    kind: TransferKind = Field(examples=["retirement"])
    effective_on: date = Field(examples=["2026-02-01"])
    post: Post | None = Field(None, examples=[None])


class NewTransfers(Body):
    """Transfers that happen together."""

    transfers: list[NewTransfer] = Field(min_length=1, max_length=MAX_TRANSFERS)


class BatchId(BaseModel):
    """The id of a batch."""

    id: Id


class Consequences(BaseModel):
    """One thing that goes to somebody else, to a unit function, or ends; no ids if confidential."""

    reason: MoveReason
    case_id: str | None
    work_item_id: str | None
    to: str | None
    function: str | None
    count: int = Field(examples=[1])


class Transfer(BaseModel):
    """One transfer with what it would do; after the confirmation with what became of it."""

    id: Id
    employee_id: PersonId
    kind: TransferKind
    effective_on: date
    state: TransferState
    refusal: str | None = Field(examples=["transfer.own"])
    moved: int = Field(examples=[4])
    consequences: list[Consequences]


class Batch(BaseModel):
    """A batch; `seal` is there as long as it waits for its confirmation."""

    id: Id
    planned_at: datetime
    confirmed_at: datetime | None
    seal: str | None
    transfers: list[Transfer]


class BatchConfirmation(Body):
    """The seal of what was looked at; 409 when it would do something else by now."""

    seal: str = Field(pattern=SEAL, examples=["3f" * 32])


@router.post("/transfer-batches", dependencies=ONCE, responses=changing_problems(), status_code=201)
def post_batch(house: TheHouse, visitor: TheVisitor, actor: TheActor, new: NewTransfers) -> BatchId:
    """Plan transfers; nothing happens before the batch is confirmed."""
    planned = [_planned(one, place) for place, one in enumerate(new.transfers)]
    return BatchId(id=plan_transfers(house.desk, actor, planned=planned, now=visitor.now))


@router.get("/transfer-batches/{batch_id}")
def get_batch(house: TheHouse, visitor: TheVisitor, actor: TheActor, batch_id: ItemId) -> Batch:
    """What a batch would do now, or what became of it."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = batch_page(tx, actor, batch_id, [], visitor.now)
    seal, would = None, {}
    if page.batch.confirmed_at is None:
        preview = preview_transfers(house.desk, actor, batch_id=batch_id, now=visitor.now)
        seal, would = preview.seal, {one.transfer.id: one for one in preview.consequences}
    moved = [one for found in would.values() for one in found.moved]
    with house.desk.store.reading(actor.agency_id) as tx:
        hidden = confidential_among(tx, {one.instance_id for one in moved if one.instance_id})
    return Batch(
        id=page.batch.id,
        planned_at=page.batch.planned_at,
        confirmed_at=page.batch.confirmed_at,
        seal=seal,
        transfers=[_transfer(row, would.get(row.id), hidden) for row in page.transfers],
    )


@router.post(
    "/transfer-batches/{batch_id}/confirmation",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def post_batch_confirmation(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    batch_id: ItemId,
    confirmation: BatchConfirmation,
) -> None:
    """Let a batch happen; each transfer is carried out on its day in the background."""
    confirm_transfers(house.desk, actor, batch_id=batch_id, seal=confirmation.seal, now=visitor.now)


def _planned(one: NewTransfer, place: int) -> PlannedTransfer:
    """What is asked for. Raises InvalidForm where a new post is missing or too much."""
    if one.kind.moves is not (one.post is not None):
        raise InvalidForm([Finding("transfer.no_unit", element_id=f"transfers.{place}.post")])
    post = NewPost(UnitId(one.post.unit_id), one.post.title) if one.post else None
    return PlannedTransfer(EmployeeId(one.employee_id), one.kind, one.effective_on, post)


def _transfer(row: TransferRow, would: Consequence | None, hidden: frozenset[str]) -> Transfer:
    refusal: str | Refusal | None = would.refusal if would else row.refusal
    return Transfer(
        id=row.id,
        employee_id=row.employee_id,
        kind=TransferKind(row.kind),
        effective_on=row.effective_on,
        state=TransferState(row.state),
        refusal=refusal,
        moved=len(would.moved) if would else row.moved,
        consequences=[_moved(one, hidden) for one in would.moved] if would else [],
    )


def _moved(one: Moved, hidden: frozenset[str]) -> Consequences:
    is_hidden = one.instance_id in hidden
    return Consequences(
        reason=one.reason,
        case_id=None if is_hidden else one.instance_id,
        work_item_id=None if is_hidden else one.item_id,
        to=one.to,
        function=one.function,
        count=one.count,
    )
