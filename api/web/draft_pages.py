"""Saving while somebody types: only small pieces come back, nothing that he is typing in."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from api.deps import House, Submitted, TheHouse, TheTyped, TheVisitor, Visitor
from api.i18n import N_
from api.refusals import FormTokenWrong, NotSignedIn
from api.web.drafting import draft_refused, draft_saved
from api.web.form_parts import FieldView, FormView
from api.web.form_view import form_view
from api.web.opened_work import number, opened
from api.web.rendering import Pages, pages
from api.web.unsent import kept_for_writer
from engine.commands.drafts import save_draft
from engine.domain.people import Actor
from engine.errors import Conflict, Forbidden, NotFound
from engine.rules.forms import parse_fields

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
KEPT = N_("You are signed out. What you typed is kept for you: sign in again and open the task.")
NOT_KEPT = N_("You are signed out, and this is not stored. Copy what you still need.")
OVERTAKEN = N_("Another window stored a draft of this task. Press Save draft to see both.")


@router.post("/work-items/{item_id}/draft")
def autosave(house: TheHouse, visitor: TheVisitor, typed: TheTyped, item_id: str) -> JSONResponse:
    """Keep a draft; the revision, the line that says so, and the figures that follow from it."""
    if visitor.actor is None:
        kept = kept_for_writer(house, visitor, typed, item_id)
        return draft_refused(visitor, NotSignedIn(), KEPT if kept else NOT_KEPT)
    if not typed.trusted:
        return draft_refused(visitor, FormTokenWrong())
    try:
        return _saved(house, visitor, visitor.actor, typed.form, item_id)
    except Conflict as error:
        overtaken = getattr(error, "noun", "") == "draft"
        return draft_refused(visitor, error, OVERTAKEN if overtaken else "")
    except (NotFound, Forbidden) as error:
        return draft_refused(visitor, error)


def _saved(
    house: House, visitor: Visitor, actor: Actor, form: Submitted, item_id: str
) -> JSONResponse:
    found = opened(house, visitor, actor, item_id)
    values = parse_fields(found.form, form.fields)
    revision = save_draft(
        house.desk,
        actor,
        item_id=item_id,
        values=values,
        revision=number(form.one("_revision")) or 0,
        page=form.one("_key"),
        edits=number(form.one("_edits")) or 0,
        now=visitor.now,
    )
    fields = list(_fields(form_view(found.form, values, found.context)))
    return draft_saved(
        visitor,
        revision,
        {field.id: field.value for field in fields if field.widget == "output"},
        {field.id: field.hidden for field in fields if field.decided_here},
    )


def _fields(view: FormView) -> Iterator[FieldView]:
    for section in view.sections:
        for field in section.fields:
            yield field
            for row in field.table.rows if field.table else ():
                yield from (*row.cells, *row.wide)
