"""Evidence files for programs: sent whole or in parts over lines that break, and read."""

from typing import Annotated

from fastapi import Header, Query, Response
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    FILE,
    ONCE,
    Body,
    Id,
    ItemId,
    TheContent,
    changing_problems,
    file_body,
    resource_router,
)
from engine.commands.evidence import MAX_BYTES, read_evidence, store_evidence
from engine.commands.uploads import Received, add_part, begin_upload, upload_state

router = resource_router()
MAX_NAME = 200
FileName = Annotated[
    str,
    Query(min_length=1, max_length=MAX_NAME, description="As people see it.", examples=["SK.pdf"]),
]
Offset = Annotated[int, Header(ge=0, le=MAX_BYTES, description="How many bytes came before.")]


class Evidence(BaseModel):
    """A stored file; its id goes into the answers as `file_id`."""

    attachment_id: Id


class NewUpload(Body):
    """A file that is going to come in parts; `mark` tells files of one name apart."""

    name: str = Field(min_length=1, max_length=MAX_NAME, examples=["SK Tim 2025.pdf"])
    size: int = Field(ge=1, le=MAX_BYTES, examples=[2_400_000])
    mark: str = Field("", max_length=MAX_NAME, examples=["2025-12-30T08:15:00Z"])


class Upload(BaseModel):
    """How much has come, in bytes; the attachment is there once the file is whole."""

    upload_id: Id
    received: int = Field(examples=[1_048_576])
    size: int = Field(examples=[2_400_000])
    attachment_id: str | None


@router.post(
    "/work-items/{item_id}/evidence",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
    openapi_extra=file_body("PDF, PNG, JPEG, DOCX or XLSX, up to 10 MB"),
)
def post_evidence(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    content: TheContent,
    name: FileName,
) -> Evidence:
    """Attach a whole file to an open work item."""
    stored = store_evidence(
        house.desk, actor, item_id=item_id, name=name, content=content, now=visitor.now
    )
    return Evidence(attachment_id=stored)


@router.post(
    "/work-items/{item_id}/uploads",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_upload(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: ItemId, new: NewUpload
) -> Upload:
    """Announce a file; what came of it before is not sent again."""
    found = begin_upload(
        house.desk,
        actor,
        item_id=item_id,
        name=new.name,
        size=new.size,
        mark=new.mark,
        now=visitor.now,
    )
    return _upload(found)


@router.get("/work-items/{item_id}/uploads/{upload_id}")
def get_upload(house: TheHouse, actor: TheActor, item_id: ItemId, upload_id: ItemId) -> Upload:
    """Where to go on."""
    return _upload(upload_state(house.desk, actor, item_id=item_id, upload_id=upload_id))


@router.patch(
    "/work-items/{item_id}/uploads/{upload_id}",
    dependencies=CHANGING,
    responses=changing_problems(),
    openapi_extra=file_body("the next part, up to 1 MiB"),
)
def patch_upload(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    upload_id: ItemId,
    content: TheContent,
    upload_offset: Offset,
) -> Upload:
    """Send the next part; 409 when it does not begin where the last one ended."""
    found = add_part(
        house.desk,
        actor,
        item_id=item_id,
        upload_id=upload_id,
        start=upload_offset,
        content=content,
        now=visitor.now,
    )
    return _upload(found)


@router.get(
    "/evidence/{attachment_id}",
    response_class=Response,
    responses={200: {"content": {FILE: {}}, "description": "The file in its own media type"}},
)
def get_evidence(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, attachment_id: ItemId
) -> Response:
    """A file of a case; a look from outside is recorded first."""
    file = read_evidence(house.desk, actor, attachment_id=attachment_id, now=visitor.now)
    headers = {"Content-Disposition": "attachment"}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _upload(found: Received) -> Upload:
    return Upload(
        upload_id=found.upload_id,
        received=found.received,
        size=found.size,
        attachment_id=found.attachment_id,
    )
