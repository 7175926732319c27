"""What a case holds, for programs: answers of finished steps, the diagram, notes."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import cursor_of, key_of
from api.rest.resources import (
    ID_CHARACTERS,
    ONCE,
    Body,
    Id,
    ItemId,
    PersonName,
    changing_problems,
    person_name,
    resource_router,
)
from engine.commands.case_answers import AnsweredStep, case_answers
from engine.commands.comments import MAX_LETTERS, write_comment
from engine.commands.views import record_view
from engine.domain.comments import Audience
from engine.domain.standing import Standing
from engine.queries.case_diagram import case_diagram
from engine.queries.comments import case_comments
from engine.queries.diagram_views import DiagramStep
from engine.rules.numbers import to_jsonable

router = resource_router()


class AnsweredFile(BaseModel):
    """A file that belongs to the answers."""

    attachment_id: Id
    name: str = Field(examples=["SK Tim 2025.pdf"])


class Answered(BaseModel):
    """One finished step; `values` is null once its texts were erased."""

    work_item_id: Id
    element_id: str = Field(examples=["self_assessment"])
    name: str = Field(examples=["Isi penilaian diri"])
    author: PersonName | None
    on_behalf_of: PersonName | None
    at: datetime
    receipt: str = Field(examples=["7QX2M4K9"])
    signature_kind: str | None = Field(examples=["pin"])
    values: dict[str, object] | None = Field(examples=[{"confirmed": True}])
    files: list[AnsweredFile]


class Answers(BaseModel):
    """The finished steps that the caller may read, the oldest first."""

    case_id: Id
    items: list[Answered]


class Element(BaseModel):
    """One step of a diagram and where it stands in the case."""

    element_id: str = Field(examples=["rating"])
    name: str = Field(examples=["Nilai kinerja"])
    lane: str = Field(examples=["Pejabat penilai"])
    standing: Standing
    at: datetime | None
    due_at: datetime | None
    times: int = Field(examples=[1])
    opens_process: str | None = Field(examples=["appeal"])


class Diagram(BaseModel):
    """One process of a case; `flows` are the ids of the flows that were taken."""

    case_id: Id
    definition_id: str
    process: str = Field(examples=["national"])
    elements: list[Element]
    flows: list[str]


class Comment(BaseModel):
    """One note; `text` is empty once its key was destroyed."""

    id: Id
    author: PersonName | None
    text: str = Field(examples=["Bukti nomor 3 belum terbaca."])
    at: datetime
    among_officials: bool


class Comments(BaseModel):
    """Notes, the newest first; `next` is the cursor of the page behind."""

    items: list[Comment]
    next: str | None = None


class NewComment(Body):
    """A note; the appraised person always writes to everybody."""

    text: str = Field(
        min_length=1, max_length=MAX_LETTERS, examples=["Bukti nomor 3 belum terbaca."]
    )
    audience: Audience = Field(Audience.EVERYBODY, examples=["everybody"])


class CommentId(BaseModel):
    """The id of a note."""

    id: Id


class CommentQuery(BaseModel):
    """From where on."""

    model_config = ConfigDict(extra="forbid")

    cursor: str = Field("", max_length=600, description="`next` of the page before.")


@router.get("/cases/{instance_id}/answers")
def get_answers(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId
) -> Answers:
    """The answers of finished steps; a look from outside is recorded first."""
    record_view(house.desk, actor, instance_id=instance_id, now=visitor.now)
    steps = case_answers(
        house.desk, actor, instance_id=instance_id, language=visitor.language, now=visitor.now
    )
    return Answers(case_id=instance_id, items=[_answered(step) for step in steps])


@router.get("/cases/{instance_id}/diagram")
def get_diagram(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    instance_id: ItemId,
    process: Annotated[str, Query(max_length=ID_CHARACTERS)] = "",
) -> Diagram:
    """Where every step of a process stands; the main process unless another is named."""
    record_view(house.desk, actor, instance_id=instance_id, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = case_diagram(
            tx,
            actor,
            instance_id,
            process,
            charts_of=house.charts_of,
            now=visitor.now,
            language=visitor.language,
        )
    return Diagram(
        case_id=found.instance_id,
        definition_id=found.definition_id,
        process=found.process.id,
        elements=[_element(step) for step in found.steps],
        flows=list(found.flows),
    )


@router.get("/cases/{instance_id}/comments")
def list_comments(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    instance_id: ItemId,
    asked: Annotated[CommentQuery, Query()],
) -> Comments:
    """The notes that the caller may read; a look from outside is recorded first."""
    key = key_of(asked.cursor, 1)
    before = key[0] if key else None
    record_view(house.desk, actor, instance_id=instance_id, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = case_comments(tx, actor, instance_id, before_id=before, now=visitor.now)
    items = [
        Comment(
            id=row.id,
            author=person_name(row.author) if row.author else None,
            text=row.text,
            at=row.at,
            among_officials=row.among_officials,
        )
        for row in found.rows
    ]
    return Comments(items=items, next=cursor_of(found.after) if found.after else None)


@router.post(
    "/cases/{instance_id}/comments",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_comment(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId, new: NewComment
) -> CommentId:
    """Write a note."""
    written = write_comment(
        house.desk,
        actor,
        instance_id=instance_id,
        text=new.text,
        audience=new.audience,
        now=visitor.now,
    )
    return CommentId(id=written)


def _answered(step: AnsweredStep) -> Answered:
    values = to_jsonable(dict(step.values)) if step.values is not None else None
    return Answered(
        work_item_id=step.item_id,
        element_id=step.element_id,
        name=step.name,
        author=person_name(step.author) if step.author else None,
        on_behalf_of=person_name(step.on_behalf_of) if step.on_behalf_of else None,
        at=step.at,
        receipt=step.receipt,
        signature_kind=step.signature_kind,
        values=values if isinstance(values, dict) else None,
        files=[AnsweredFile(attachment_id=one.attachment_id, name=one.name) for one in step.files],
    )


def _element(step: DiagramStep) -> Element:
    return Element(
        element_id=step.element_id,
        name=step.name,
        lane=step.lane,
        standing=step.standing,
        at=step.at,
        due_at=step.due_at,
        times=step.times,
        opens_process=step.opens.id if step.opens else None,
    )
