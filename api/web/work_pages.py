"""The page of one work item: its form, the buttons of the form, the receipt after sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Upload
from api.web.form_view import form_view
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from engine.commands.appeals import take_over
from engine.commands.complete import complete_work_item
from engine.commands.drafts import save_draft
from engine.commands.evidence import read_evidence, store_evidence
from engine.commands.work_forms import OpenForm, open_form
from engine.domain.people import Actor
from engine.errors import DeadlinePassed, InvalidForm, WorkItemClosed
from engine.queries.work import WorkView, work_view
from engine.rules.forms import add_evidence, apply_row_operation, parse_fields

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
SEND, SAVE, UPLOAD = "send", "save", "upload:"
FILE_FIELD = ".file"
SIGNATURE_FIELD = "signature_code"


@router.get("/work-items/{item_id}")
def work_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> Response:
    """The form with what was typed so far; the receipt once it was sent."""
    work = _work(house, visitor, actor, item_id)
    if work.receipt:
        return RedirectResponse(f"/work-items/{item_id}/receipt?again=1", 303)
    opened = _opened(house, visitor, actor, item_id)
    return _form_page(request, visitor, show, work, opened)


@router.post("/work-items/{item_id}")
def work_step(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    item_id: str,
) -> Response:
    """Send, save, or change rows and evidence; what was typed is never lost."""
    work = _work(house, visitor, actor, item_id)
    try:
        opened = _opened(house, visitor, actor, item_id)
        typed = dict(parse_fields(opened.form, form.fields))
        try:
            typed = _with_upload(house, visitor, actor, opened, typed, form.upload)
            return _stepped(house, visitor, actor, form, opened, typed)
        except InvalidForm as error:
            refused = Refused(typed, form.one("_key"), error)
            return _form_page(request, visitor, show, work, opened, refused=refused)
    except WorkItemClosed:
        if work.receipt is None:
            raise
        return RedirectResponse(f"/work-items/{item_id}/receipt?again=1", 303)


@router.get("/work-items/{item_id}/receipt")
def receipt_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
    again: bool = False,
) -> Response:
    """The number of what was sent, and whose turn it is now."""
    work = _work(house, visitor, actor, item_id)
    if work.receipt is None:
        return RedirectResponse(f"/work-items/{item_id}", 303)
    return show.render(
        request, visitor, "receipt.html", work=work, receipt=work.receipt, again=again
    )


@router.post("/work-items/{item_id}/take-over")
def taking_over(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, item_id: str
) -> Response:
    """The superior takes over a late step that was offered."""
    take_over(house.desk, actor, item_id=item_id, reason=form.one("reason"), now=visitor.now)
    return RedirectResponse(f"/work-items/{item_id}", 303)


@router.get("/evidence/{attachment_id}")
def evidence(house: TheHouse, visitor: TheVisitor, actor: TheActor, attachment_id: str) -> Response:
    """A stored file; always a download, never shown inside the product's own origin."""
    file = read_evidence(house.desk, actor, attachment_id=attachment_id, now=visitor.now)
    headers = {"Content-Disposition": _attachment(file.name)}
    return Response(file.content, media_type=file.media_type, headers=headers)


@dataclass(frozen=True)
class Refused:
    """What was typed, with the file that came with it, and why it cannot be sent so."""

    values: Mapping[str, object]
    key: str
    error: InvalidForm


def _stepped(
    house: TheHouse,
    visitor: TheVisitor,
    actor: Actor,
    form: Submitted,
    opened: OpenForm,
    values: dict[str, object],
) -> Response:
    """One button of the form, carried out."""
    item_id, button = opened.item.id, form.one("_op") or SAVE
    if button == SEND:
        complete_work_item(
            house.desk,
            actor,
            item_id=item_id,
            answers=values,
            expected_version=_number(form.one("_version")),
            key=form.one("_key") or None,
            signature_code=form.one("_signature"),
            now=visitor.now,
        )
        return RedirectResponse(f"/work-items/{item_id}/receipt", 303)
    if button != SAVE and not button.startswith(UPLOAD):
        values = apply_row_operation(opened.form, values, button)
    revision = _number(form.one("_revision")) or 0
    save_draft(
        house.desk, actor, item_id=item_id, values=values, revision=revision, now=visitor.now
    )
    return RedirectResponse(f"/work-items/{item_id}{_place(button)}", 303)


def _with_upload(
    house: TheHouse,
    visitor: TheVisitor,
    actor: Actor,
    opened: OpenForm,
    values: dict[str, object],
    upload: Upload | None,
) -> dict[str, object]:
    """A chosen file is stored whichever button was pressed, so that nobody loses it."""
    if upload is None:
        return values
    path, name = upload.field.removesuffix(FILE_FIELD), upload.name
    stored = store_evidence(
        house.desk,
        actor,
        item_id=opened.item.id,
        name=name,
        content=upload.content,
        now=visitor.now,
    )
    item = {"kind": "file", "file_id": stored, "note": name[:120]}
    return add_evidence(opened.form, values, path, item)


def _form_page(
    request: Request,
    visitor: TheVisitor,
    show: Pages,
    work: WorkView,
    opened: OpenForm,
    *,
    refused: Refused | None = None,
) -> HTMLResponse:
    view = form_view(
        opened.form,
        refused.values if refused else opened.values,
        opened.context,
        findings=refused.error.findings if refused else (),
        steps=opened.steps,
    )
    return show.render(
        request,
        visitor,
        "work_item.html",
        422 if refused else 200,
        work=work,
        view=view,
        revision=opened.revision,
        saved_at=None if refused else opened.saved_at,
        key=(refused.key if refused else "") or uuid4().hex,
        signature_asked=opened.signature_asked,
        signature_error=_signature_error(refused, visitor.language),
    )


def _signature_error(refused: Refused | None, language: str) -> str:
    """What is wrong with the PIN or code; its field stands below those of the form."""
    return told(refused.error, language).get(SIGNATURE_FIELD, "") if refused else ""


def _work(house: TheHouse, visitor: TheVisitor, actor: Actor, item_id: str) -> WorkView:
    """The frame of the page. Raises NotFound, and DeadlinePassed where the case went on alone."""
    with house.desk.store.reading(actor.agency_id) as tx:
        work = work_view(
            tx,
            actor,
            item_id,
            settings_of=house.settings_of,
            now=visitor.now,
            language=visitor.language,
        )
    if work.lapsed_at:
        raise DeadlinePassed(item_id, work.lapsed_at)
    return work


def _opened(house: TheHouse, visitor: TheVisitor, actor: Actor, item_id: str) -> OpenForm:
    return open_form(house.desk, actor, item_id=item_id, language=visitor.language, now=visitor.now)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _place(button: str) -> str:
    """The part of the form that a row or evidence button belongs to."""
    path = button.partition(":")[2]
    return (
        f"#f-{path.replace('.', '-')}" if path.replace(".", "").replace("_", "").isalnum() else ""
    )


def _attachment(name: str) -> str:
    """The download header with a name in any script (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace('"', "").replace("\\", "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
