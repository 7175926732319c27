"""Evidence files: their download, and the upload in parts for lines that break."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from api.deps import TheActor, TheHouse, TheVisitor, Visitor, visitor
from api.problems import problem_of
from api.refusals import FormTokenWrong
from api.security import is_form_token
from api.web.form_answers import ui_word
from api.web.form_evidence import evidence_views
from api.web.opened_work import number
from api.web.rendering import Pages, pages
from engine.commands.evidence import read_evidence
from engine.commands.uploads import Received, add_part, begin_upload, upload_state
from engine.errors import AlurError, Conflict, InvalidFile, StaleVersion

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
MAX_NAME, MAX_NOTE = 200, 120
# Where a new piece of evidence stands among the values of a form.
PLACE = re.compile(
    r"(?P<path>[a-z][a-z0-9_]*(\.[0-9]{1,4}\.[a-z][a-z0-9_]*)?)\.(?P<number>[0-9]{1,3})"
)


async def part(request: Request, visitor: Annotated[Visitor, Depends(visitor)]) -> bytes:
    """The bytes of one part. Raises FormTokenWrong unless the header carries the form's token."""
    if not is_form_token(visitor.token, request.headers.get("x-csrf-token", "")):
        raise FormTokenWrong
    return await request.body()


@router.get("/evidence/{attachment_id}")
def evidence(house: TheHouse, visitor: TheVisitor, actor: TheActor, attachment_id: str) -> Response:
    """A stored file; always a download, never shown inside the product's own origin."""
    file = read_evidence(house.desk, actor, attachment_id=attachment_id, now=visitor.now)
    headers = {"Content-Disposition": attachment_header(file.name)}
    return Response(file.content, media_type=file.media_type, headers=headers)


@router.post("/work-items/{item_id}/uploads")
def begin(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    content: Annotated[bytes, Depends(part)],
    item_id: str,
) -> JSONResponse:
    """Announce a file; where to go on, when a part of it is there already."""
    size = number(request.headers.get("upload-length", "")) or 0
    mark = content.decode(errors="replace")[:MAX_NAME]
    name = mark.rpartition("/")[0]
    try:
        found = begin_upload(
            house.desk, actor, item_id=item_id, name=name, size=size, mark=mark, now=visitor.now
        )
    except (InvalidFile, Conflict) as error:
        return _refused(visitor, error)
    return _told(found)


@router.get("/work-items/{item_id}/uploads/{upload_id}")
def state(house: TheHouse, actor: TheActor, item_id: str, upload_id: str) -> JSONResponse:
    """How much has come."""
    return _told(upload_state(house.desk, actor, item_id=item_id, upload_id=upload_id))


@router.patch("/work-items/{item_id}/uploads/{upload_id}")
def go_on(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    content: Annotated[bytes, Depends(part)],
    item_id: str,
    upload_id: str,
) -> JSONResponse:
    """Take the next part; with the last one comes the line that stands for the file in the form."""
    start = number(request.headers.get("upload-offset", ""))
    try:
        found = add_part(
            house.desk,
            actor,
            item_id=item_id,
            upload_id=upload_id,
            start=-1 if start is None else start,
            content=content,
            now=visitor.now,
        )
    except StaleVersion as error:
        if error.noun == "upload" and error.actual is not None:
            return JSONResponse({"id": upload_id, "received": error.actual}, 409)
        return _refused(visitor, error)
    except (InvalidFile, Conflict) as error:
        return _refused(visitor, error)
    place = PLACE.fullmatch(request.headers.get("upload-place", ""))
    if found.attachment_id is None or place is None:
        return _told(found)
    item = {"kind": "file", "file_id": found.attachment_id, "note": found.name[:MAX_NOTE]}
    before: list[object] = [None] * int(place["number"])
    (piece,) = evidence_views(place["path"], [*before, item], (), visitor.language)
    shown = {"piece": piece, "words": {"remove": ui_word("remove", visitor.language)}}
    number_of = int(place["number"]) + 1
    line = show.render(request, visitor, "form/evidence_line.html", place_no=number_of, **shown)
    return _told(found, line=bytes(line.body).decode())


def _told(found: Received, **more: str) -> JSONResponse:
    shown = {"id": found.upload_id, "received": found.received, "size": found.size}
    return JSONResponse({**shown, **more})


def _refused(visitor: Visitor, error: AlurError) -> JSONResponse:
    problem = problem_of(error, visitor.words)
    return JSONResponse({"status": f"{problem.title}. {problem.detail}"}, problem.status)


def attachment_header(name: str) -> str:
    """The download header with a name in any script (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace('"', "").replace("\\", "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
