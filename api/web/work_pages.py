"""The page of one work item: its form, the buttons of the form, the receipt after sending."""

from typing import Annotated
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Upload
from api.web.form_answers import answers_view
from api.web.form_view import form_view
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from api.web.unsent import Refused, adds_to, notice_in_form, notice_to_copy
from engine.commands.appeals import take_over
from engine.commands.complete import complete_work_item
from engine.commands.drafts import save_draft
from engine.commands.evidence import read_evidence, store_evidence
from engine.commands.work_forms import OpenForm, any_form, open_form
from engine.domain.people import Actor
from engine.errors import Conflict, DeadlinePassed, InvalidFile, InvalidForm, KeyReused
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
    if work.lapsed_at:
        raise DeadlinePassed(item_id, work.lapsed_at)
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
    try:
        opened = _opened(house, visitor, actor, item_id)
        tried = _tried(house, visitor, actor, form, opened)
        if isinstance(tried, Response):
            return tried
        # What overtook the answers may have changed the form's numbers, or closed the step.
        opened = _opened(house, visitor, actor, item_id)
    except Conflict as error:
        return _unsent(request, house, visitor, actor, show, form, item_id, error)
    work = _work(house, visitor, actor, item_id)
    return _form_page(request, visitor, show, work, opened, refused=tried)


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


def _tried(
    house: TheHouse, visitor: TheVisitor, actor: Actor, form: Submitted, opened: OpenForm
) -> Response | Refused:
    """The button of the form, or what was typed with the reason why it was not carried out."""
    typed = dict(parse_fields(opened.form, form.fields))
    try:
        typed = _with_upload(house, visitor, actor, opened, typed, form.upload)
        return _stepped(house, visitor, actor, form, opened, typed)
    except (InvalidForm, InvalidFile, Conflict) as error:
        # The key of a form that was sent belongs to what was sent.
        key = "" if isinstance(error, KeyReused) else form.one("_key")
        return Refused(typed, key, error)


def _unsent(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: Actor,
    show: Pages,
    form: Submitted,
    item_id: str,
    error: Conflict,
) -> Response:
    """What was typed, to be copied; the receipt where it says nothing new."""
    work = _work(house, visitor, actor, item_id)
    known = any_form(house.desk, actor, item_id=item_id)
    typed = parse_fields(known.form, form.fields)
    if work.receipt and not adds_to(known.sent, typed):
        return RedirectResponse(f"/work-items/{item_id}/receipt?again=1", 303)
    notice = notice_to_copy(
        DeadlinePassed(item_id, work.lapsed_at) if work.lapsed_at else error, visitor.words
    )
    panel = answers_view(known.form, typed, visitor.language)
    return show.render(
        request, visitor, "unsent.html", notice.status, work=work, notice=notice, typed=panel
    )


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
    notice = notice_in_form(refused, visitor.words)
    wrong = refused.error if refused and isinstance(refused.error, InvalidForm) else None
    view = form_view(
        opened.form,
        refused.values if refused else opened.values,
        opened.context,
        findings=wrong.findings if wrong else (),
        steps=opened.steps,
    )
    return show.render(
        request,
        visitor,
        "work_item.html",
        notice.status if notice else 422 if wrong else 200,
        work=work,
        notice=notice,
        view=view,
        revision=opened.revision,
        saved_at=None if refused else opened.saved_at,
        key=(refused.key if refused else "") or uuid4().hex,
        signature_asked=opened.signature_asked,
        signature_error=told(wrong, visitor.language).get(SIGNATURE_FIELD, "") if wrong else "",
    )


def _work(house: TheHouse, visitor: TheVisitor, actor: Actor, item_id: str) -> WorkView:
    """The frame of the page. Raises NotFound."""
    with house.desk.store.reading(actor.agency_id) as tx:
        return work_view(
            tx,
            actor,
            item_id,
            settings_of=house.settings_of,
            now=visitor.now,
            language=visitor.language,
        )


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
