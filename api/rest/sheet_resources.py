"""Result sheets for programs: those of a case, making one, and its file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor, Visitor
from api.refusals import OlderEdition
from api.rest.resources import (
    ONCE,
    Id,
    ItemId,
    changing_problems,
    problems,
    resource_router,
)
from engine.commands.result_sheets import (
    Facts,
    NewSheet,
    kept_sheet,
    record_sheet,
    sheets_of_case,
)
from engine.queries.result_facts import SheetFacts, sheet_facts
from engine.store.result_sheets import SheetRow

router = resource_router()
PDF = "application/pdf"


@dataclass(frozen=True)
class SheetPress:
    """How sheets are set: the same way as from the page of a case."""

    sheet_for: Callable[[Visitor, SheetFacts, str], NewSheet]
    pdf_of: Callable[[Facts], bytes]


async def press(request: Request) -> SheetPress:
    """What this application sets sheets with."""
    found: SheetPress = request.app.state.sheet_press
    return found


ThePress = Annotated[SheetPress, Depends(press)]


class Sheet(BaseModel):
    """One sheet; made once for a version of the result, a language and an edition of the form."""

    id: Id
    version: int = Field(examples=[1])
    language: str = Field(examples=["id"])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    made_at: datetime


class Sheets(BaseModel):
    """The sheets of a case, the oldest first."""

    items: list[Sheet]


class SheetId(BaseModel):
    """The id of a sheet."""

    id: Id


@router.get("/cases/{instance_id}/sheets")
def list_sheets(house: TheHouse, actor: TheActor, instance_id: ItemId) -> Sheets:
    """The sheets that were made of a case's result."""
    found = sheets_of_case(house.desk, actor, instance_id=instance_id)
    return Sheets(items=[_sheet(row) for row in found])


@router.post(
    "/cases/{instance_id}/sheets", dependencies=ONCE, responses=changing_problems(), status_code=201
)
def post_sheet(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId, press: ThePress
) -> SheetId:
    """Make the sheet of the delivered result; one that is there already is named again."""
    with house.desk.store.reading(actor.agency_id) as tx:
        facts = sheet_facts(tx, actor, instance_id, settings_of=house.settings_of, now=visitor.now)
    sheet = press.sheet_for(visitor, facts, house.settings.public_address)
    made = record_sheet(house.desk, actor, instance_id=instance_id, sheet=sheet, now=visitor.now)
    return SheetId(id=made)


@router.get(
    "/sheets/{sheet_id}",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The file"}, **problems(409, 410)},
)
def get_sheet(house: TheHouse, actor: TheActor, sheet_id: ItemId, press: ThePress) -> Response:
    """The same bytes each time; 409 once the form of sheets has changed: make it anew."""
    sheet = kept_sheet(house.desk, actor, sheet_id=sheet_id)
    content = press.pdf_of(sheet.facts)
    if sha256(content).hexdigest() != sheet.row.pdf_sha256:
        raise OlderEdition
    headers = {"Content-Disposition": "attachment", "ETag": f'"{sheet.row.pdf_sha256}"'}
    return Response(content, media_type=PDF, headers=headers)


def _sheet(row: SheetRow) -> Sheet:
    return Sheet(
        id=row.id,
        version=row.version,
        language=row.language,
        sha256=row.pdf_sha256,
        made_at=row.made_at,
    )
