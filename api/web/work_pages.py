"""The page of one work item: its form, the buttons of the form, the receipt after sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheTyped, TheVisitor, Visitor
from api.refusals import FormTokenWrong, TypedBefore
from api.web.beside_panels import with_panels_beside
from api.web.drafting import with_chosen_file
from api.web.form_answers import answers_view
from api.web.form_view import form_view
from api.web.inbox_pages import next_task
from api.web.opened_work import GO, Tab, number, opened, place_of, tab_address, tabs, work_frame
from api.web.prepared_view import prepared_view
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from api.web.two_texts import differences
from api.web.unsent import (
    Refused,
    adds_to,
    given_back,
    notice_in_form,
    notice_to_copy,
    signed_out,
)
from engine.commands.appeals import take_over
from engine.commands.complete import complete_work_item
from engine.commands.drafts import save_draft
from engine.commands.evidence import store_evidence
from engine.commands.kept_forms import forget_answers, kept_answers
from engine.commands.recall import may_recall
from engine.commands.reminding import note_seen
from engine.commands.signing import signs_result
from engine.commands.work_forms import OpenForm, any_form
from engine.domain.people import Actor
from engine.errors import (
    Conflict,
    DeadlinePassed,
    Forbidden,
    InvalidFile,
    InvalidForm,
    KeyReused,
    NotFound,
    StaleVersion,
)
from engine.rules.forms import apply_row_operation, parse_fields

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
SEND, SAVE, UPLOAD = "send", "save", "upload:"
SIGNATURE_FIELD = "signature_code"


@dataclass(frozen=True)
class Visit:
    """Somebody's request about one work item."""

    request: Request
    house: House
    visitor: Visitor
    actor: Actor
    show: Pages
    item_id: str

    def opened(self) -> OpenForm:
        """The form. Raises NotFound, Forbidden, WorkItemClosed or InstanceHeld."""
        return opened(self.house, self.visitor, self.actor, self.item_id)


@router.get("/work-items/{item_id}")
def work_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> Response:
    """The form with what was typed so far; the receipt once sent, the case while it is offered."""
    work = work_frame(house, visitor, actor, item_id)
    if work.lapsed_at:
        raise DeadlinePassed(item_id, work.lapsed_at)
    if work.receipt:
        return RedirectResponse(f"/work-items/{item_id}/receipt?again=1", 303)
    if work.takeover_offered:
        # Whoever it is offered to decides that beside the case, before the form is his.
        return RedirectResponse(f"/cases/{work.instance_id}", 303)
    visit = Visit(request, house, visitor, actor, show, item_id)
    form = visit.opened()
    note_seen(house.desk, actor, form.item, now=visitor.now)
    kept = kept_answers(house.desk, actor, item_id=item_id)
    if kept is None:
        return _form_page(visit, form)
    refused = Refused(kept.values, "", TypedBefore(), overtaken=kept.revision != form.revision)
    return _form_page(visit, form, refused)


@router.post("/work-items/{item_id}")
def work_step(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: ThePages,
    typed: TheTyped,
    item_id: str,
) -> Response:
    """Send, save, or change rows and evidence; what was typed is never lost."""
    if visitor.actor is None:
        return signed_out(request, house, visitor, show, typed, item_id)
    visit = Visit(request, house, visitor, visitor.actor, show, item_id)
    try:
        return _answered(visit, typed.form, trusted=typed.trusted)
    except (NotFound, Forbidden) as error:
        reason = error if typed.trusted else NotFound("work item", item_id)
        return given_back(request, visitor, show, typed.form, reason)


@router.post("/work-items/{item_id}/stored-draft")
def stored_draft(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, item_id: str
) -> Response:
    """Let go of words that were kept, for the draft that is stored."""
    work_frame(house, visitor, actor, item_id)
    forget_answers(house.desk, actor, item_id=item_id)
    return RedirectResponse(f"/work-items/{item_id}", 303)


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
    work = work_frame(house, visitor, actor, item_id)
    if work.receipt is None:
        return RedirectResponse(f"/work-items/{item_id}", 303)
    shown = work.receipt.keyed_in_by or signs_result(house.desk, actor, item_id=item_id)
    signed = work.receipt.signature_kind if shown else ""
    with house.desk.store.reading(actor.agency_id) as tx:
        recallable = may_recall(house.desk, tx, actor, item_id, now=visitor.now)
    return show.render(
        request,
        visitor,
        "receipt.html",
        work=work,
        tabs=tabs(work),
        receipt=work.receipt,
        signed=signed,
        again=again,
        recallable=recallable,
        next_task=next_task(request, house, visitor, actor),
    )


@router.post("/work-items/{item_id}/take-over")
def taking_over(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, item_id: str
) -> Response:
    """The superior takes over a late step that was offered."""
    take_over(house.desk, actor, item_id=item_id, reason=form.one("reason"), now=visitor.now)
    return RedirectResponse(f"/work-items/{item_id}", 303)


def _answered(visit: Visit, form: Submitted, *, trusted: bool) -> Response:
    """The button carried out, or the form again with the reason why not."""
    try:
        found = visit.opened()
        if not trusted:
            typed = parse_fields(found.form, form.fields)
            return _form_page(visit, found, Refused(typed, "", FormTokenWrong()))
        tried = _tried(visit, form, found)
        if isinstance(tried, Response):
            return tried
        # What overtook the answers may have changed the form's numbers, or closed the step.
        return _form_page(visit, visit.opened(), tried)
    except Conflict as error:
        return _unsent(visit, form, error)


def _tried(visit: Visit, form: Submitted, found: OpenForm) -> Response | Refused:
    """The button of the form, or what was typed with the reason why it was not carried out."""
    typed: Mapping[str, object] = parse_fields(found.form, form.fields)
    try:
        typed = _with_upload(visit, found, typed, form)
        return _stepped(visit, form, found, typed)
    except (InvalidForm, InvalidFile, Conflict) as error:
        # The key of a form that was sent belongs to what was sent.
        key = "" if isinstance(error, KeyReused) else form.one("_key")
        overtaken = isinstance(error, StaleVersion) and error.noun == "draft"
        return Refused(typed, key, error, overtaken)


def _unsent(visit: Visit, form: Submitted, error: Conflict) -> Response:
    """What was typed, to be copied; the receipt where it says nothing new."""
    visitor, item_id = visit.visitor, visit.item_id
    work = work_frame(visit.house, visitor, visit.actor, item_id)
    known = any_form(visit.house.desk, visit.actor, item_id=item_id)
    typed = parse_fields(known.form, form.fields)
    if work.receipt and not adds_to(known.sent, typed):
        return RedirectResponse(f"/work-items/{item_id}/receipt?again=1", 303)
    lapsed = DeadlinePassed(item_id, work.lapsed_at) if work.lapsed_at else error
    notice = notice_to_copy(lapsed, visitor.words)
    panel = answers_view(known.form, typed, visitor.language)
    return visit.show.render(
        visit.request,
        visitor,
        "unsent.html",
        notice.status,
        work=work,
        notice=notice,
        typed=panel,
    )


def _stepped(
    visit: Visit, form: Submitted, found: OpenForm, values: Mapping[str, object]
) -> Response:
    """One button of the form, carried out."""
    item_id, button = visit.item_id, form.one("_op") or SAVE
    if button == SEND:
        complete_work_item(
            visit.house.desk,
            visit.actor,
            item_id=item_id,
            answers=values,
            expected_version=number(form.one("_version")),
            key=form.one("_key") or None,
            signature_code=form.one("_signature"),
            now=visit.visitor.now,
        )
        return RedirectResponse(f"/work-items/{item_id}/receipt", 303)
    leads_to = next((tab for tab in Tab if button == f"{GO}{tab.value}"), None)
    if button != SAVE and leads_to is None and not button.startswith(UPLOAD):
        values = apply_row_operation(found.form, values, button)
    save_draft(
        visit.house.desk,
        visit.actor,
        item_id=item_id,
        values=values,
        revision=number(form.one("_revision")) or 0,
        page=form.one("_key"),
        edits=number(form.one("_edits")) or 0,
        now=visit.visitor.now,
    )
    address = tab_address(item_id, leads_to or Tab.FORM)
    return RedirectResponse(f"{address}{'' if leads_to else place_of(button)}", 303)


def _with_upload(
    visit: Visit, found: OpenForm, values: Mapping[str, object], form: Submitted
) -> Mapping[str, object]:

    def store(name: str, content: bytes) -> str:
        return store_evidence(
            visit.house.desk, visit.actor, item_id=visit.item_id, name=name, content=content,
            now=visit.visitor.now,
        )  # fmt: skip

    return with_chosen_file(found, values, form, store)


def _form_page(visit: Visit, found: OpenForm, refused: Refused | None = None) -> HTMLResponse:
    visitor = visit.visitor
    work = work_frame(visit.house, visitor, visit.actor, visit.item_id)
    notice = notice_in_form(refused, visitor.words)
    wrong = refused.error if refused and isinstance(refused.error, InvalidForm) else None
    values = refused.values if refused else found.values
    findings = wrong.findings if wrong else ()
    view = form_view(found.form, values, found.context, findings=findings, steps=found.steps)
    view = with_panels_beside(visit.house, visitor, visit.actor, found, view)
    compared = (found.form, values, found.values, visitor.language)
    prepared = prepared_view(visit.house, visitor, visit.actor, visit.item_id)
    return visit.show.render(
        visit.request,
        visitor,
        "work_item.html",
        notice.status if notice else 422 if wrong else 200,
        work=work,
        tabs=tabs(work),
        notice=notice,
        view=view,
        opened=found,
        prepared=prepared,
        typed=refused is not None,
        both=differences(*compared) if refused and refused.overtaken else (),
        key=(refused.key if refused else "") or uuid4().hex,
        signature_error=told(wrong, visitor.language).get(SIGNATURE_FIELD, "") if wrong else "",
    )
