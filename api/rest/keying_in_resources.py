"""Steps that employees filled in on paper, for programs of their unit's operator."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.evidence_resources import Evidence, FileName
from api.rest.keys import TheKey
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    IfMatch,
    ItemId,
    TheContent,
    changing_problems,
    file_body,
    resource_router,
    version_of,
)
from api.rest.work_item_resources import Completed
from engine.commands.complete import key_in
from engine.commands.keying_in import attach_scan
from engine.queries.keying_in import to_key_in
from engine.rules.numbers import from_jsonable

router = resource_router()
After = Annotated[str, Query(max_length=300, description="`next` of the page before.")]


class OpenOnPaper(BaseModel):
    """An open step of an employee of the caller's unit that may be on paper."""

    id: str
    element_id: str = Field(examples=["self_assessment"])
    name: str = Field(examples=["Isi penilaian diri"])
    person_name: str
    due_at: datetime | None


class AllOnPaper(BaseModel):
    """Such steps by name of the person."""

    items: list[OpenOnPaper]
    next: str | None = None


class FromPaper(Body):
    """The answers of the form as they stand on the paper, and what proves them."""

    answers: dict[str, object] = Field(
        examples=[{"rows": [{"realisation": 98.5}], "confirmed": True}]
    )
    scans: list[str] = Field(
        min_length=1, max_length=5, description="Ids of the files that show the signed paper.",
        examples=[["01a2026f-6d3a-74f6-b682-6e8ef690dce1"]],
    )  # fmt: skip
    dated: str = Field(max_length=10, description="Date on the paper.", examples=["2026-01-05"])
    number: str = Field(
        max_length=100, description="Where the paper is kept.", examples=["Lemari 3, map 45"]
    )


@router.get("/papers")
def get_papers(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cursor: After = ""
) -> AllOnPaper:
    """What the caller may key in as operator of a unit."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found, following = to_key_in(
            tx, actor, properties_of=house.properties_of, now=visitor.now, after=cursor
        )
        name_of = house.name_of(visitor.language)
        items = [
            OpenOnPaper(
                id=row.item_id,
                element_id=row.element_id,
                name=name_of(tx, row.definition_id, row.element_id, row.name),
                person_name=row.person.name,
                due_at=row.due_at,
            )
            for row in found
        ]
    return AllOnPaper(items=items, next=following or None)


@router.post(
    "/work-items/{item_id}/scans",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
    openapi_extra=file_body("PDF, PNG or JPEG of the signed paper, up to 10 MB"),
)
def post_scan(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    content: TheContent,
    name: FileName,
) -> Evidence:
    """Attach a scan of the signed paper, or evidence that came with it, as the unit's operator."""
    stored = attach_scan(
        house.desk, actor, item_id=item_id, name=name, content=content, now=visitor.now
    )
    return Evidence(attachment_id=stored)


@router.post(
    "/work-items/{item_id}/keying-in", dependencies=CHANGING, responses=changing_problems(412)
)
def post_keying_in(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    paper: FromPaper,
    idempotency_key: TheKey = None,
    if_match: IfMatch = None,
) -> Completed:
    """Hand in what an employee signed on paper; the same key with the same gives the same receipt.

    The trail names the caller and the employee, who is told and can take it back.
    """
    answers = from_jsonable(paper.answers)
    proof = {
        "paper_scan": [{"kind": "file", "file_id": scan} for scan in paper.scans],
        "paper_dated": paper.dated,
        "paper_number": paper.number,
    }
    done = key_in(
        house.desk,
        actor,
        item_id=item_id,
        answers={**(answers if isinstance(answers, dict) else {}), **proof},
        expected_version=version_of(if_match),
        key=idempotency_key,
        now=visitor.now,
    )
    return Completed(
        id=done.item_id,
        case_id=done.instance_id,
        receipt=done.receipt,
        completed_at=done.completed_at,
        held=done.held,
    )
