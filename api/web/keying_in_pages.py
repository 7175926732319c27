"""Steps that employees filled in on paper, keyed in by the operator of their unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheHouse, TheTyped, TheVisitor, Visitor
from api.house import House
from api.refusals import FormTokenWrong, NotSignedIn
from api.web.drafting import draft_refused, draft_saved, edition_of, with_chosen_file
from api.web.form_view import form_view
from api.web.opened_work import place_of
from api.web.rendering import Pages, pages
from api.web.unsent import Refused, door_with_words, given_back, notice_in_form
from engine.commands.complete import key_in
from engine.commands.keying_in import attach_scan, open_paper, save_paper
from engine.commands.work_forms import OpenForm
from engine.domain.people import Actor
from engine.errors import (
    Conflict,
    Forbidden,
    InvalidFile,
    InvalidForm,
    KeyReused,
    NotFound,
    WorkItemClosed,
)
from engine.queries.keying_in import to_key_in
from engine.queries.preparing import about
from engine.rules.forms import apply_row_operation, parse_fields

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
SEND, SAVE = "send", "save"
Answers = Mapping[str, object]


@dataclass(frozen=True)
class Visit:
    """An operator's request about one step."""

    request: Request
    house: House
    visitor: Visitor
    actor: Actor
    show: Pages
    item_id: str

    def opened(self) -> OpenForm:
        """The form. Raises NotFound, Forbidden, WorkItemClosed or InstanceHeld."""
        return open_paper(
            self.house.desk, self.actor, item_id=self.item_id,
            language=self.visitor.language, now=self.visitor.now,
        )  # fmt: skip


@router.get("/keying-in")
def papers(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    after: str = "",
) -> Response:
    """The open steps of the operator's unit that may be on paper."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found, following = to_key_in(
            tx, actor, properties_of=house.properties_of, now=visitor.now, after=after
        )
        name_of = house.name_of(visitor.language)
        rows = [
            (row, name_of(tx, row.definition_id, row.element_id, row.name)) for row in found
        ]  # fmt: skip
    onward = f"/keying-in?{urlencode({'after': following})}" if following else ""
    return show.render(request, visitor, "keying_in.html", rows=rows, next_page=onward)


@router.get("/keying-in/{item_id}")
def paper(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> Response:
    """The form with the questions about the paper; the receipt once it was sent."""
    visit = Visit(request, house, visitor, actor, show, item_id)
    try:
        return _page(visit, visit.opened())
    except WorkItemClosed:
        return RedirectResponse(f"/work-items/{item_id}/receipt?again=1", 303)


@router.post("/keying-in/{item_id}")
def paper_step(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: ThePages,
    typed: TheTyped,
    item_id: str,
) -> Response:
    """Send, save, or change rows and files; what was typed is never lost."""
    if visitor.actor is None:
        return door_with_words(request, visitor, show, typed.form)
    visit = Visit(request, house, visitor, visitor.actor, show, item_id)
    try:
        return _answered(visit, typed.form, trusted=typed.trusted)
    except (NotFound, Forbidden) as error:
        reason = error if typed.trusted else NotFound("work item", item_id)
        return given_back(request, visitor, show, typed.form, reason)
    except Conflict as error:
        return given_back(request, visitor, show, typed.form, error)


@router.post("/keying-in/{item_id}/draft")
def autosave(house: TheHouse, visitor: TheVisitor, typed: TheTyped, item_id: str) -> JSONResponse:
    """Keep what was typed; the revision and the line that says so."""
    if visitor.actor is None:
        return draft_refused(visitor, NotSignedIn())
    if not typed.trusted:
        return draft_refused(visitor, FormTokenWrong())
    try:
        found = open_paper(
            house.desk, visitor.actor, item_id=item_id, language=visitor.language, now=visitor.now
        )
        values = parse_fields(found.form, typed.form.fields)
        revision = _save(house, visitor, visitor.actor, item_id, values, typed.form)
    except (Conflict, Forbidden, NotFound) as error:
        return draft_refused(visitor, error)
    return draft_saved(visitor, revision)


def _answered(visit: Visit, form: Submitted, *, trusted: bool) -> Response:
    """The button of the form, or the form again with the reason why it was not carried out."""
    sent_before = _receipt_if_sent(visit, form)
    if sent_before:
        return sent_before
    found = visit.opened()
    typed: Answers = parse_fields(found.form, form.fields)
    if not trusted:
        return _page(visit, found, Refused(typed, "", FormTokenWrong()))
    try:
        typed = _with_upload(visit, found, typed, form)
        return _stepped(visit, form, found, typed)
    except (InvalidForm, InvalidFile, Conflict) as error:
        key = "" if isinstance(error, KeyReused) else form.one("_key")
        return _page(visit, visit.opened(), Refused(typed, key, error))


def _receipt_if_sent(visit: Visit, form: Submitted) -> Response | None:
    """A second press of Send leads to the receipt of the first."""
    try:
        visit.opened()
    except WorkItemClosed:
        if form.one("_op") == SEND:
            return RedirectResponse(f"/work-items/{visit.item_id}/receipt?again=1", 303)
        raise
    return None


def _stepped(visit: Visit, form: Submitted, found: OpenForm, values: Answers) -> Response:
    """One button of the form, carried out."""
    item_id, button = visit.item_id, form.one("_op") or SAVE
    if button == SEND:
        key_in(
            visit.house.desk,
            visit.actor,
            item_id=item_id,
            answers=values,
            key=form.one("_key") or None,
            now=visit.visitor.now,
        )
        return RedirectResponse(f"/work-items/{item_id}/receipt", 303)
    if button.startswith(("add:", "del:")):
        values = apply_row_operation(found.form, values, button)
    _save(visit.house, visit.visitor, visit.actor, item_id, values, form)
    return RedirectResponse(f"/keying-in/{item_id}{place_of(button)}", 303)


def _with_upload(visit: Visit, found: OpenForm, values: Answers, form: Submitted) -> Answers:
    def store(name: str, content: bytes) -> str:
        return attach_scan(
            visit.house.desk, visit.actor, item_id=visit.item_id, name=name, content=content,
            now=visit.visitor.now,
        )  # fmt: skip

    return with_chosen_file(found, values, form, store)


def _save(
    house: House, visitor: Visitor, actor: Actor, item_id: str, values: Answers, form: Submitted
) -> int:
    return save_paper(
        house.desk, actor, item_id=item_id, values=values, edition=edition_of(form), now=visitor.now
    )


def _page(visit: Visit, found: OpenForm, refused: Refused | None = None) -> Response:
    visitor = visit.visitor
    wrong = refused.error if refused and isinstance(refused.error, InvalidForm) else None
    values = refused.values if refused else found.values
    view = form_view(found.form, values, found.context, findings=wrong.findings if wrong else ())
    notice = notice_in_form(refused, visitor.words)
    with visit.house.desk.store.reading(visit.actor.agency_id) as tx:
        person, _ = about(tx, visit.item_id, visitor.now)
    return visit.show.render(
        visit.request,
        visitor,
        "keying_in_form.html",
        notice.status if notice else 422 if wrong else 200,
        view=view,
        opened=found,
        notice=notice,
        person=person,
        typed=refused is not None,
        key=(refused.key if refused else "") or uuid4().hex,
    )
