"""Work items for programs: the same queries and commands as the pages."""

from datetime import datetime

from fastapi import Response
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import ThePaging, cursor_of, instant_of, key_of
from api.rest.keys import TheKey
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    IfMatch,
    ItemId,
    changing_problems,
    resource_router,
    version_of,
)
from engine.commands.appeals import take_over
from engine.commands.complete import complete_work_item
from engine.commands.reminding import note_seen
from engine.commands.work_forms import open_form
from engine.queries.inbox import InboxRow, open_items
from engine.rules.numbers import from_jsonable, to_jsonable

router = resource_router()


class WorkItem(BaseModel):
    """One open work item of the caller."""

    id: str
    case_id: str
    element_id: str = Field(examples=["self_assessment"])
    name: str = Field(examples=["Isi penilaian diri"])
    person_name: str
    period: str = Field(examples=["Tahun 2025"])
    due_at: datetime | None


class WorkItems(BaseModel):
    """The caller's open work by due date; `next` is the cursor of the page behind."""

    items: list[WorkItem]
    next: str | None = None


class WorkItemDetail(BaseModel):
    """One work item with its answers so far; `version` goes into If-Match."""

    id: str
    case_id: str
    version: int
    form: str = Field(examples=["self_assessment"])
    values: dict[str, object] = Field(
        examples=[{"rows": [{"realisation": {"$decimal": "98.5"}}], "confirmed": True}]
    )
    csrf_token: str


class Completion(Body):
    """The answers of a form; JSON numbers are read exactly, {"$decimal": "1.5"} as well."""

    answers: dict[str, object] = Field(
        examples=[{"rows": [{"realisation": 98.5}], "confirmed": True}]
    )
    signature_code: str | None = Field(
        default=None,
        max_length=20,
        description="PIN or code of the app, when the step signs and the caller has set one up.",
        examples=["907351"],
    )


class Completed(BaseModel):
    """What sending gave; `held` when the case waits for a retry of an automatic step."""

    id: str
    case_id: str
    receipt: str = Field(examples=["7QX2M4K9"])
    completed_at: datetime
    held: bool


class TakeOver(Body):
    """Why the superior takes a late rating over."""

    reason: str = Field(min_length=1, max_length=2000, examples=["Penilaian terlambat dua pekan."])


@router.get("/work-items")
def list_work_items(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, paging: ThePaging
) -> WorkItems:
    """What waits for the caller."""
    key = key_of(paging.cursor, 2)
    after = (instant_of(key[0]), key[1] or "") if key else None
    names, limit = house.name_of(visitor.language), paging.limit
    with house.desk.store.reading(actor.agency_id) as tx:
        mine = house.open_to(actor)
        rows = open_items(tx, actor, names, open_to=mine, after=after, limit=limit + 1)
    shown = rows[:limit]
    more = _cursor(shown[-1]) if len(rows) > limit else None
    return WorkItems(items=[_work_item(row) for row in shown], next=more)


@router.get("/work-items/{item_id}")
def get_work_item(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: ItemId, response: Response
) -> WorkItemDetail:
    """One open work item with its form and the values it opens with; ETag is its version."""
    opened = open_form(
        house.desk, actor, item_id=item_id, language=visitor.language, now=visitor.now
    )
    note_seen(house.desk, actor, opened.item, now=visitor.now)
    response.headers["ETag"] = f'"{opened.item.version}"'
    return WorkItemDetail(
        id=opened.item.id,
        case_id=opened.item.instance_id,
        version=opened.item.version,
        form=opened.form.key,
        values=_object(to_jsonable(dict(opened.values))),
        csrf_token=visitor.form_token,
    )


@router.post(
    "/work-items/{item_id}/completion", dependencies=CHANGING, responses=changing_problems(412, 429)
)
def complete(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    completion: Completion,
    idempotency_key: TheKey = None,
    if_match: IfMatch = None,
) -> Completed:
    """Hand in the answers; the same key with the same answers gives the same receipt."""
    done = complete_work_item(
        house.desk,
        actor,
        item_id=item_id,
        answers=_object(from_jsonable(completion.answers)),
        expected_version=version_of(if_match),
        key=idempotency_key,
        signature_code=completion.signature_code,
        now=visitor.now,
    )
    return Completed(
        id=done.item_id,
        case_id=done.instance_id,
        receipt=done.receipt,
        completed_at=done.completed_at,
        held=done.held,
    )


@router.post(
    "/work-items/{item_id}/take-over",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def taking_over(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: ItemId, taken: TakeOver
) -> None:
    """Take over a late rating that was offered to the caller."""
    take_over(house.desk, actor, item_id=item_id, reason=taken.reason, now=visitor.now)


def _cursor(row: InboxRow) -> str:
    return cursor_of(row.due_at.isoformat() if row.due_at else None, row.item_id)


def _work_item(row: InboxRow) -> WorkItem:
    return WorkItem(
        id=row.item_id,
        case_id=row.instance_id,
        element_id=row.element_id,
        name=row.name,
        person_name=row.person.name,
        period=row.period,
        due_at=row.due_at,
    )


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
