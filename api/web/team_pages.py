"""Rating many people on one page: a row each, every row the work item of its own person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheHouse, TheTyped, TheVisitor, Typed, Visitor
from api.problems import Problem
from api.web.form_answers import answers_view
from api.web.form_parts import AnswersView
from api.web.opened_work import opened, work_frame
from api.web.rendering import Pages, pages
from api.web.team_posted import (
    OPEN,
    SEND,
    SEND_ALL,
    Desk,
    TriedRow,
    keep_for_writer,
    kept_row,
    posted_rows,
    stepped,
)
from api.web.team_rows import TeamRow, columns_of, team_css, team_row, with_same_texts
from api.web.told_errors import told
from api.web.two_texts import differences
from api.web.unsent import adds_to, door_with_words, notice_in_form, notice_to_copy
from engine.commands.work_forms import any_form
from engine.errors import Conflict, Forbidden, InvalidForm, NotFound
from engine.queries.team_ratings import OpenRating, TeamPage, team_page
from engine.rules.forms import parse_fields

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
ADDRESS = "/team/ratings"
NOT_TYPED = (*(f":{name}" for name in ("_version", "_revision", "_key", "_edits", "_ready")),)


@dataclass(frozen=True)
class Result:
    """What became of one row that left the page: its number, or what was typed, to be copied."""

    name: str
    number: str = ""
    again: bool = False
    notice: Problem | None = None
    typed: AnswersView | None = None


@dataclass(frozen=True)
class Shown:
    """What a page shows beside its rows."""

    status: int = 200
    tried: Mapping[str, TriedRow] | None = None
    results: tuple[Result, ...] = ()
    signature_error: str = ""
    rows_left: int = 0


@router.get(ADDRESS)
def ratings(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
) -> Response:
    """The people who wait to be rated by this person, twenty on a page."""
    return _page(request, Desk(house, visitor, actor, Submitted({})), show, Shown())


@router.post(ADDRESS)
def ratings_step(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, typed: TheTyped
) -> Response:
    """Save or send rows; what was typed is never lost."""
    if visitor.actor is None:
        return _signed_out(request, house, visitor, show, typed)
    desk = Desk(house, visitor, visitor.actor, typed.form)
    try:
        tried = stepped(desk, posted_rows(typed.form), trusted=typed.trusted)
    except InvalidForm as error:
        return _unsigned(request, desk, show, error)
    results = tuple(_result(desk, row) for row in tried if row.sent or row.gone)
    failed = any(row.failed for row in tried)
    if not failed and desk.verb not in (SEND, SEND_ALL):
        return RedirectResponse(_leads_to(request, desk), 303)
    by_item = {row.item_id: row for row in tried if not row.sent and not row.gone}
    status = _status(tried, visitor) if failed else 200
    return _page(request, desk, show, Shown(status, by_item, results))


def _leads_to(request: Request, desk: Desk) -> str:
    if desk.verb == OPEN and desk.item_id.replace("-", "").isalnum():
        return f"/work-items/{desk.item_id}"
    place = f"#p-{desk.item_id}" if desk.item_id.replace("-", "").isalnum() else ""
    return f"{_address(request)}{place}"


def _address(request: Request) -> str:
    asked = {key: request.query_params.get(key, "") for key in ("cycle", "step", "after")}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{ADDRESS}?{query}" if query else ADDRESS


def _page(request: Request, desk: Desk, show: Pages, shown: Shown) -> Response:
    house, visitor = desk.house, desk.visitor
    asked = request.query_params
    with house.desk.store.reading(desk.actor.agency_id) as tx:
        found = team_page(
            tx, desk.actor, visitor.now, name_of=house.name_of(visitor.language),
            cycle_id=asked.get("cycle", ""), step=asked.get("step", ""),
            after=asked.get("after", ""),
        )  # fmt: skip
    rows = _rows(desk, found, shown.tried or {})
    form = rows[0].opened.form if rows else None
    return show.render(
        request,
        visitor,
        "team_ratings.html",
        shown.status,
        page=found,
        rows=with_same_texts(rows),
        columns=[c.label.in_(visitor.language) for c in columns_of(form)] if form else [],
        css=team_css(form) if form else "",
        words=rows[0].view.words if rows else {},
        signs=any(row.opened.signs for row in rows),
        signature_asked=any(row.opened.signature_asked for row in rows),
        signature_error=shown.signature_error,
        results=shown.results,
        address=_address(request),
        next_page=_next(found),
    )


def _next(found: TeamPage) -> str:
    if not found.after or found.step is None:
        return ""
    return f"{ADDRESS}?{urlencode({'step': found.step.key, 'after': found.after})}"


def _rows(desk: Desk, found: TeamPage, tried: Mapping[str, TriedRow]) -> list[TeamRow]:
    rows = []
    for rating in found.rows:
        try:
            form = opened(desk.house, desk.visitor, desk.actor, rating.item_id)
        except (Conflict, Forbidden, NotFound):
            # Held, or closed between two readings: such a row has no form to fill in.
            continue
        known = tried.get(rating.item_id)
        row = known and replace(known, opened=form)
        rows.append(_row(desk, rating, row or kept_row(desk, form, uuid4().hex)))
    return rows


def _row(desk: Desk, rating: OpenRating, tried: TriedRow) -> TeamRow:
    opened_form, refused, visitor = tried.opened, tried.refused, desk.visitor
    if opened_form is None:
        raise NotFound("work item", rating.item_id)
    wrong = refused.error if refused and isinstance(refused.error, InvalidForm) else None
    values = tried.values if tried.values is not None else opened_form.values
    row = team_row(
        rating, opened_form, values, tried.key or uuid4().hex, wrong.findings if wrong else ()
    )
    compared = (opened_form.form, values, opened_form.values, visitor.language)
    return replace(
        row,
        typed=refused is not None and wrong is None,
        ready=tried.ready,
        notice=notice_in_form(refused, visitor.words),
        both=differences(*compared) if refused and refused.overtaken else (),
    )


def _result(desk: Desk, row: TriedRow) -> Result:
    """The number of a row that was sent now or before; else what was typed in it."""
    visitor = desk.visitor
    try:
        work = work_frame(desk.house, visitor, desk.actor, row.item_id)
        name = work.subject.name
        if row.sent:
            return Result(name, row.sent.receipt)
        known = any_form(desk.house.desk, desk.actor, item_id=row.item_id)
    except (NotFound, Forbidden) as error:
        return Result("", notice=notice_to_copy(row.gone or error, visitor.words))
    fields = next(r.fields for r in posted_rows(desk.form) if r.item_id == row.item_id)
    typed = parse_fields(known.form, fields)
    if work.receipt and not adds_to(known.sent, typed):
        return Result(name, work.receipt.number, again=True)
    notice = notice_to_copy(row.gone or NotFound("work item", row.item_id), visitor.words)
    return Result(name, notice=notice, typed=answers_view(known.form, typed, visitor.language))


def _status(tried: Sequence[TriedRow], visitor: Visitor) -> int:
    refused = [row.refused for row in tried if row.refused]
    notices = [notice_in_form(found, visitor.words) for found in refused]
    return next((notice.status for notice in notices if notice), 422 if refused else 200)


def _unsigned(request: Request, desk: Desk, show: Pages, error: InvalidForm) -> Response:
    """Nothing was sent: the PIN or the code was wrong. What was typed is a draft now."""
    saving = replace(desk, form=Submitted({**desk.form.fields, "_op": ["save"]}))
    tried = stepped(saving, posted_rows(desk.form), trusted=True)
    by_item = {row.item_id: row for row in tried if not row.gone}
    results = tuple(_result(desk, row) for row in tried if row.gone)
    words = told(error, desk.visitor.language).get("signature_code", "")
    return _page(request, desk, show, Shown(422, by_item, results, words))


def _signed_out(
    request: Request, house: House, visitor: Visitor, show: Pages, typed: Typed
) -> Response:
    if keep_for_writer(house, visitor, typed):
        return RedirectResponse("/sign-in?kept", 303)
    own = {
        name: values for name, values in typed.form.fields.items() if not name.endswith(NOT_TYPED)
    }
    return door_with_words(request, visitor, show, Submitted(own))
