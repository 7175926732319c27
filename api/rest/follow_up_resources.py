"""What follows results, for programs: the list, one of them, and what is done about it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Base64Bytes, BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import Paging, cursor_of, key_of
from api.rest.resources import (
    ID_CHARACTERS,
    ONCE,
    Body,
    Id,
    ItemId,
    PersonId,
    PersonName,
    Reason,
    changing_problems,
    person_name,
    resource_router,
)
from engine.commands.evidence import MAX_BYTES
from engine.commands.follow_up_work import read_follow_up
from engine.commands.follow_ups import (
    Proof,
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    note_follow_up,
)
from engine.domain.people import EmployeeId
from engine.queries.follow_ups import FollowUpLine, FollowUpQuery, follow_up_page
from engine.rules.numbers import from_jsonable, to_jsonable

router = resource_router()
MAX_NAME = 200
# Base64 writes three bytes as four letters.
MAX_ENCODED = MAX_BYTES // 3 * 4 + 4
CHANGED = changing_problems()
Answers = Annotated[
    dict[str, object],
    Field(description="The answers of the form that comes next.", examples=[{"hours": 12}]),
]


class FollowUp(BaseModel):
    """One follow-up; `owner` is None while only a function is to see to it."""

    id: Id
    kind: str = Field(examples=["training_mandatory"])
    state: str = Field(examples=["open"])
    person: PersonName
    period: str
    due_on: date | None
    late: bool
    owner: PersonName | None
    function: str | None = Field(examples=["hr"])
    closed_at: datetime | None


class FollowUps(BaseModel):
    """Follow-ups, what is due first before the rest; `next` is the cursor of the page behind."""

    items: list[FollowUp]
    next: str | None = None


class Entry(BaseModel):
    """What was written down at one step; `answers` are those of its form."""

    step: str = Field(examples=["plan"])
    at: datetime
    written_by: Id
    answers: Mapping[str, object]
    file_sha256: str | None


class FollowUpDetail(BaseModel):
    """One follow-up with what was written down; `next_step` says what comes next."""

    id: Id
    kind: str
    state: str
    case_id: Id
    due_on: date | None
    owner_id: Id | None
    next_step: str | None = Field(examples=["checkpoint"])
    entries: list[Entry]


class FollowUpFilter(Paging):
    """Which follow-ups."""

    q: str = Field("", max_length=80, description="Part of the person's name, or his NIP.")
    kind: str = Field("", max_length=ID_CHARACTERS)
    state: str = Field("", max_length=20, description="open, late, completed or cancelled.")
    cycle_id: str = Field("", max_length=ID_CHARACTERS)


class Owner(Body):
    """Who sees to it."""

    employee_id: PersonId


class Noted(Body):
    """The plan, or how far it is this month."""

    answers: Answers


class ProofFile(Body):
    """A file with its content in Base64; what it is, its content says and not its name."""

    name: str = Field(min_length=1, max_length=MAX_NAME, examples=["Sertifikat.pdf"])
    content: Base64Bytes = Field(
        max_length=MAX_ENCODED,
        description="PDF, PNG, JPEG, DOCX or XLSX, up to 10 MB",
        examples=["JVBERi0xLjcgc2VydGlmaWthdA=="],
    )


class Finished(Body):
    """The last answers, with what proves it: the number of a paper, a file, or both."""

    answers: Answers
    proof_number: str = Field("", max_length=100, examples=["800/12/2026"])
    proof_file: ProofFile | None = None
    note: str = Field("", max_length=2000)


class Cancellation(Body):
    """Why it is not to be done."""

    reason: Reason


@router.get("/follow-ups")
def list_follow_ups(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[FollowUpFilter, Query()]
) -> FollowUps:
    """The follow-ups that the caller may know of; 50 a page."""
    key = key_of(asked.cursor, 2)
    after = (_day(key[0]), key[1] or "") if key else None
    query = FollowUpQuery(asked.q, asked.kind, asked.state, asked.cycle_id, after)
    with house.desk.store.reading(actor.agency_id) as tx:
        page = follow_up_page(tx, actor, query, visitor.now)
    following = cursor_of(page.after[0].isoformat(), page.after[1]) if page.after else None
    return FollowUps(items=[_follow_up(line) for line in page.rows], next=following)


def _day(text: str | None) -> date:
    """The day of a cursor; a place that means nothing is the beginning."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return date.min


def _follow_up(line: FollowUpLine) -> FollowUp:
    return FollowUp(
        id=line.id,
        kind=line.kind,
        state=line.state,
        person=person_name(line.person),
        period=line.period,
        due_on=line.due_on,
        late=line.is_late,
        owner=person_name(line.owner) if line.owner else None,
        function=line.function,
        closed_at=line.closed_at,
    )


@router.get("/follow-ups/{follow_up_id}")
def get_follow_up(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, follow_up_id: ItemId
) -> FollowUpDetail:
    """One follow-up with what was written down about it."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = read_follow_up(house.desk, tx, actor, follow_up_id, now=visitor.now)
    row = found.row
    entries = [
        Entry(
            step=entry.step,
            at=entry.at,
            written_by=entry.written_by,
            answers=_plain(found.said(entry)),
            file_sha256=entry.file_sha256,
        )
        for entry in found.entries
    ]
    return FollowUpDetail(
        id=row.id,
        kind=row.kind,
        state=row.state,
        case_id=row.instance_id,
        due_on=row.due_on,
        owner_id=row.owner_id,
        next_step=found.step.value if found.is_open else None,
        entries=entries,
    )


@router.post(
    "/follow-ups/{follow_up_id}/owner", dependencies=ONCE, responses=CHANGED, status_code=204
)
def post_owner(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, follow_up_id: ItemId, owner: Owner
) -> None:
    """Say who sees to it."""
    to = EmployeeId(owner.employee_id)
    assign_follow_up(house.desk, actor, follow_up_id=follow_up_id, to=to, now=visitor.now)


@router.post(
    "/follow-ups/{follow_up_id}/notes", dependencies=ONCE, responses=CHANGED, status_code=204
)
def post_follow_up_note(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, follow_up_id: ItemId, noted: Noted
) -> None:
    """Write down the plan, or how far it is this month."""
    answers = _answers(noted.answers)
    note_follow_up(house.desk, actor, follow_up_id=follow_up_id, answers=answers, now=visitor.now)


@router.post(
    "/follow-ups/{follow_up_id}/completion", dependencies=ONCE, responses=CHANGED, status_code=204
)
def post_follow_up_completion(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, follow_up_id: ItemId, end: Finished
) -> None:
    """End it with its last answers and a proof."""
    file = (end.proof_file.name, end.proof_file.content) if end.proof_file else None
    proof = Proof(end.proof_number, file, end.note)
    complete_follow_up(
        house.desk, actor, follow_up_id=follow_up_id, answers=_answers(end.answers), proof=proof,
        now=visitor.now,
    )  # fmt: skip


@router.post(
    "/follow-ups/{follow_up_id}/cancellation",
    dependencies=ONCE,
    responses=CHANGED,
    status_code=204,
)
def post_follow_up_cancellation(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    follow_up_id: ItemId,
    cancelled: Cancellation,
) -> None:
    """End what is not to be done."""
    cancel_follow_up(
        house.desk, actor, follow_up_id=follow_up_id, reason=cancelled.reason, now=visitor.now
    )


def _plain(said: Mapping[str, object]) -> Mapping[str, object]:
    found = to_jsonable(said)
    return found if isinstance(found, Mapping) else {}


def _answers(given: dict[str, object]) -> Mapping[str, object]:
    found = from_jsonable(given)
    return found if isinstance(found, Mapping) else {}
