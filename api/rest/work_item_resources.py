"""Work items for programs: the same queries and commands as the pages."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict

from api.deps import TheActor, TheHouse, TheVisitor
from api.refusals import FormTokenWrong
from api.security import is_form_token
from engine.commands.complete import complete_work_item
from engine.commands.work_forms import open_form
from engine.errors import Finding, Invalid
from engine.queries.inbox import InboxRow, inbox
from engine.rules.numbers import from_jsonable, to_jsonable

router = APIRouter(prefix="/api/v1")


class WorkItem(BaseModel):
    """One open work item of the caller."""

    id: str
    case_id: str
    element_id: str
    name: str
    person_name: str
    period: str
    due_at: datetime | None


class WorkItems(BaseModel):
    """The caller's open work by due date."""

    items: list[WorkItem]


class WorkItemDetail(BaseModel):
    """One work item with its answers so far; `version` goes into If-Match."""

    id: str
    case_id: str
    version: int
    form: str
    values: dict[str, object]
    csrf_token: str


class Completion(BaseModel):
    """The answers of a form; numbers as {"$decimal": "1.5"}."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, object]


class Completed(BaseModel):
    """What sending gave; `held` when the case waits for a retry of an automatic step."""

    id: str
    case_id: str
    receipt: str
    completed_at: datetime
    held: bool


def form_token_header(visitor: TheVisitor, x_csrf_token: Annotated[str, Header()] = "") -> None:
    """Changing requests carry the session's token. Raises FormTokenWrong."""
    if not is_form_token(visitor.token, x_csrf_token):
        raise FormTokenWrong


@router.get("/work-items")
def list_work_items(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> WorkItems:
    """What waits for the caller."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = inbox(tx, actor, visitor.now, house.name_of(visitor.language))
    return WorkItems(items=[_work_item(row) for row in found.items])


@router.get("/work-items/{item_id}")
def get_work_item(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: str
) -> WorkItemDetail:
    """One open work item with its form and the values it opens with."""
    opened = open_form(
        house.desk, actor, item_id=item_id, language=visitor.language, now=visitor.now
    )
    return WorkItemDetail(
        id=opened.item.id,
        case_id=opened.item.instance_id,
        version=opened.item.version,
        form=opened.form.key,
        values=_object(to_jsonable(dict(opened.values))),
        csrf_token=visitor.form_token,
    )


@router.post("/work-items/{item_id}/completion", dependencies=[Depends(form_token_header)])
def complete(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: str,
    completion: Completion,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Completed:
    """Hand in the answers; the same key with the same answers gives the same receipt."""
    done = complete_work_item(
        house.desk,
        actor,
        item_id=item_id,
        answers=_object(from_jsonable(completion.answers)),
        expected_version=_version(if_match),
        key=idempotency_key,
        now=visitor.now,
    )
    return Completed(
        id=done.item_id,
        case_id=done.instance_id,
        receipt=done.receipt,
        completed_at=done.completed_at,
        held=done.held,
    )


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


def _version(if_match: str | None) -> int | None:
    """The version of an entity tag such as "3". Raises Invalid for anything else."""
    if if_match is None:
        return None
    digits = if_match.strip().strip('"')
    if not (digits.isascii() and digits.isdecimal()):
        raise Invalid([Finding("request.if_match", element_id="If-Match")])
    return int(digits)


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
