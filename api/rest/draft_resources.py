"""Drafts for programs: what was typed so far, kept by revision."""

from datetime import datetime

from fastapi import Response
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    Body,
    Id,
    IfMatch,
    ItemId,
    changing_problems,
    resource_router,
    version_of,
)
from engine.commands.drafts import save_draft
from engine.commands.work_forms import open_form
from engine.rules.numbers import from_jsonable, to_jsonable

router = resource_router()
ANSWERS = {"rows": [{"realisation": {"$decimal": "98.5"}}], "confirmed": True}


class Draft(BaseModel):
    """The answers that the form opens with; `revision` 0 when no draft was saved yet."""

    work_item_id: Id
    revision: int = Field(examples=[3])
    saved_at: datetime | None
    values: dict[str, object] = Field(examples=[ANSWERS])


class NewDraft(Body):
    """Answers, complete or not; JSON numbers are read exactly."""

    values: dict[str, object] = Field(examples=[ANSWERS])


class DraftSaved(BaseModel):
    """The revision that is stored now; it is the ETag as well."""

    revision: int = Field(examples=[4])


@router.get("/work-items/{item_id}/draft")
def get_draft(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: ItemId, response: Response
) -> Draft:
    """The draft of the caller; its ETag is the revision to save over."""
    found = open_form(
        house.desk, actor, item_id=item_id, language=visitor.language, now=visitor.now
    )
    response.headers["ETag"] = f'"{found.revision}"'
    values = to_jsonable(dict(found.values))
    return Draft(
        work_item_id=found.item.id,
        revision=found.revision,
        saved_at=found.saved_at,
        values=values if isinstance(values, dict) else {},
    )


@router.put("/work-items/{item_id}/draft", dependencies=CHANGING, responses=changing_problems(412))
def put_draft(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    draft: NewDraft,
    response: Response,
    if_match: IfMatch = None,
) -> DraftSaved:
    """Save over the revision in If-Match; without it only the first draft is stored.

    So nobody writes over what somebody else has typed since.
    """
    values = from_jsonable(draft.values)
    revision = save_draft(
        house.desk,
        actor,
        item_id=item_id,
        values=values if isinstance(values, dict) else {},
        revision=version_of(if_match) or 0,
        now=visitor.now,
    )
    response.headers["ETag"] = f'"{revision}"'
    return DraftSaved(revision=revision)
