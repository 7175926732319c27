"""Drafts for raters: whom a rater allows, what an operator fills in, and what the rater takes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheTyped, TheVisitor, Visitor
from api.refusals import FormTokenWrong, NotSignedIn
from api.web.drafting import draft_refused, draft_saved, edition_of, with_chosen_file
from api.web.form_view import form_view
from api.web.opened_work import place_of
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from api.web.unsent import Refused, door_with_words, given_back, notice_in_form
from engine.commands.prepared_drafts import (
    attach_fact,
    hand_over_facts,
    open_facts,
    save_facts,
    take_facts,
)
from engine.commands.preparers import allow_preparer, end_preparer
from engine.commands.work_forms import OpenForm
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, Forbidden, InvalidFile, InvalidForm, NotFound
from engine.queries.preparing import about, preparers_page, to_prepare
from engine.rules.forms import apply_row_operation, parse_fields

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
HAND_OVER, SAVE, UPLOAD = "hand-over", "save", "upload:"


@router.get("/team/preparers")
def preparers(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> Response:
    """Whom this rater lets prepare drafts."""
    return _preparers(request, house, visitor, actor, show, {})


@router.post("/team/preparers")
def allow(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Allow an operator of the own unit, from a day to a day."""
    starts, ends = _day(form.one("starts")), _day(form.one("ends"))
    try:
        allow_preparer(
            house.desk, actor, operator_id=EmployeeId(form.one("operator")),
            starts=starts, ends=ends, now=visitor.now,
        )  # fmt: skip
    except InvalidForm as error:
        return _preparers(request, house, visitor, actor, show, told(error, visitor.language), form)
    return RedirectResponse("/team/preparers", 303)


@router.post("/team/preparers/{preparer_id}/end")
def end(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, preparer_id: str
) -> Response:
    """Take the permission back."""
    end_preparer(house.desk, actor, preparer_id=preparer_id, now=visitor.now)
    return RedirectResponse("/team/preparers", 303)


@router.get("/preparing")
def preparing(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    after: str = "",
) -> Response:
    """The ratings for which this operator may prepare."""
    with house.desk.store.reading(actor.agency_id) as tx:
        rows, following = to_prepare(tx, actor, visitor.now, after=after)
    onward = f"/preparing?{urlencode({'after': following})}" if following else ""
    return show.render(request, visitor, "preparing.html", rows=rows, next_page=onward)


@router.get("/preparing/{item_id}")
def facts(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> Response:
    """The form without its ratings."""
    return _facts(request, house, visitor, show, _opened(house, visitor, actor, item_id))


@router.post("/preparing/{item_id}")
def facts_step(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: ThePages,
    typed: TheTyped,
    item_id: str,
) -> Response:
    """Save, hand over, or change evidence; what was typed is never lost."""
    form, actor = typed.form, visitor.actor
    if actor is None:
        return door_with_words(request, visitor, show, form)
    try:
        found = _opened(house, visitor, actor, item_id)
        if typed.trusted:
            return _stepped(house, visitor, actor, found, form)
        refused = Refused(parse_fields(found.form, form.fields), "", FormTokenWrong())
    except (NotFound, Forbidden) as error:
        reason = error if typed.trusted else NotFound("work item", item_id)
        return given_back(request, visitor, show, form, reason)
    except (Conflict, InvalidFile, InvalidForm) as error:
        try:
            found = _opened(house, visitor, actor, item_id)
        except Conflict:
            return given_back(request, visitor, show, form, error)
        refused = Refused(parse_fields(found.form, form.fields), "", error)
    return _facts(request, house, visitor, show, found, refused)


@router.post("/preparing/{item_id}/draft")
def autosave(house: TheHouse, visitor: TheVisitor, typed: TheTyped, item_id: str) -> JSONResponse:
    """Keep what was typed; the revision and the line that says so."""
    if visitor.actor is None:
        return draft_refused(visitor, NotSignedIn())
    if not typed.trusted:
        return draft_refused(visitor, FormTokenWrong())
    try:
        found = _opened(house, visitor, visitor.actor, item_id)
        values = _values(found, typed.form)
        revision = _save(house, visitor, visitor.actor, found, values, typed.form)
    except (Conflict, Forbidden, NotFound) as error:
        return draft_refused(visitor, error)
    return draft_saved(visitor, revision)


@router.post("/work-items/{item_id}/prepared")
def take(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, item_id: str
) -> Response:
    """The rater takes what was prepared into his own draft."""
    take_facts(house.desk, actor, item_id=item_id, now=visitor.now)
    return RedirectResponse(f"/work-items/{item_id}", 303)


def _opened(house: House, visitor: Visitor, actor: Actor, item_id: str) -> OpenForm:
    return open_facts(
        house.desk, actor, item_id=item_id, language=visitor.language, now=visitor.now
    )


def _values(found: OpenForm, form: Submitted) -> Mapping[str, object]:
    """What was posted; what the form does not ask an operator goes along to be refused."""
    own = parse_fields(found.form, form.fields)
    tops = {name.partition(".")[0] for name in form.fields if not name.startswith("_")}
    foreign = tops - own.keys() - found.form.fields.keys() - {"csrf_token"}
    return {**own, **{name: form.one(name) for name in sorted(foreign) if form.one(name)}}


def _save(
    house: House,
    visitor: Visitor,
    actor: Actor,
    found: OpenForm,
    values: Mapping[str, object],
    form: Submitted,
) -> int:
    return save_facts(
        house.desk,
        actor,
        item_id=found.item.id,
        values=values,
        edition=edition_of(form),
        now=visitor.now,
    )


def _stepped(
    house: House, visitor: Visitor, actor: Actor, found: OpenForm, form: Submitted
) -> Response:
    item_id, button = found.item.id, form.one("_op") or SAVE

    def store(name: str, content: bytes) -> str:
        return attach_fact(
            house.desk, actor, item_id=item_id, name=name, content=content, now=visitor.now
        )

    values = with_chosen_file(found, _values(found, form), form, store)
    if button.startswith(("add:", "del:")):
        values = apply_row_operation(found.form, values, button)
    _save(house, visitor, actor, found, values, form)
    if button == HAND_OVER:
        hand_over_facts(house.desk, actor, item_id=item_id, now=visitor.now)
        return RedirectResponse("/preparing", 303)
    return RedirectResponse(f"/preparing/{item_id}{place_of(button)}", 303)


def _facts(
    request: Request,
    house: House,
    visitor: Visitor,
    show: Pages,
    found: OpenForm,
    refused: Refused | None = None,
) -> Response:
    wrong = refused.error if refused and isinstance(refused.error, InvalidForm) else None
    values = refused.values if refused else found.values
    view = form_view(found.form, values, found.context, findings=wrong.findings if wrong else ())
    notice = notice_in_form(refused, visitor.words)
    if visitor.actor is None:
        raise NotSignedIn
    with house.desk.store.reading(visitor.actor.agency_id) as tx:
        person, rater = about(tx, found.item.id, visitor.now)
    return show.render(
        request, visitor, "preparing_form.html", notice.status if notice else 422 if wrong else 200,
        view=view, opened=found, notice=notice, key=uuid4().hex, typed=refused is not None,
        person=person,
        rater=rater,
    )  # fmt: skip


def _preparers(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    errors: Mapping[str, str],
    form: Submitted | None = None,
) -> Response:
    with house.desk.store.reading(actor.agency_id) as tx:
        page = preparers_page(tx, actor, visitor.now)
    typed = {name: form.one(name) if form else "" for name in ("operator", "starts", "ends")}
    return show.render(
        request, visitor, "team_preparers.html", 422 if errors else 200,
        page=page, errors=errors, typed=typed,
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
