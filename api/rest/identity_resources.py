"""Who said something in confidence, for programs: asked for, agreed to by a second, then read."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    Id,
    ItemId,
    PersonName,
    changing_problems,
    person_name,
    problems,
    resource_router,
)
from engine.commands.unmasking import (
    LONGEST,
    SHORTEST,
    Unmasking,
    ask_identity,
    askable_remarks,
    decide_identity,
    known_unmaskings,
    read_identity,
)
from engine.queries.people import Person, agency_day, people

router = resource_router()
CODE = 64
WHY = Field(
    max_length=LONGEST,
    description=f"At least {SHORTEST} letters.",
    examples=["Ancaman terhadap rekan kerja yang harus ditindaklanjuti."],
)


class Remark(BaseModel):
    """A text that readers of the case are told; its code names it, and nobody."""

    code: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
    text: str


class Remarks(BaseModel):
    """The texts of a case that may be asked about."""

    items: list[Remark]


class Question(Body):
    """Which text, and why somebody has to know who wrote it."""

    remark: str = Field(
        max_length=CODE,
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    reason: str = WHY


class RequestId(BaseModel):
    """The id of a request."""

    id: Id


class Agreement(Body):
    """Whether the second person agrees, with a reason of his own."""

    granted: bool
    reason: str = WHY


class IdentityRequest(BaseModel):
    """A request as those two see it; never the identity itself."""

    id: Id
    case_id: Id
    subject: PersonName | None
    text: str
    reason: str
    asked_by: PersonName | None
    asked_at: datetime
    outcome: str | None = Field(examples=["granted"])
    may_decide: bool
    may_read: bool


class IdentityRequests(BaseModel):
    """The own requests of the team, and all of them for the inspectorate; the newest 100."""

    items: list[IdentityRequest]


class Identity(BaseModel):
    """Who it was."""

    person: PersonName


@router.get("/cases/{instance_id}/remarks", responses=problems(403))
def list_remarks(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId
) -> Remarks:
    """The texts of a case that the caller may ask about; not there for who has part in it."""
    texts = askable_remarks(
        house.desk, actor, instance_id=instance_id, language=visitor.language, now=visitor.now
    )
    return Remarks(items=[Remark(code=code, text=text) for code, text in texts.items()])


@router.post(
    "/cases/{instance_id}/identity-requests",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_identity_request(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, instance_id: ItemId, asked: Question
) -> RequestId:
    """Ask who wrote a text; a second person has to agree before anybody learns it."""
    found = ask_identity(
        house.desk, actor, instance_id=instance_id, remark=asked.remark, reason=asked.reason,
        now=visitor.now,
    )  # fmt: skip
    return RequestId(id=found)


@router.get("/identity-requests", responses=problems(403))
def list_identity_requests(
    house: TheHouse, visitor: TheVisitor, actor: TheActor
) -> IdentityRequests:
    """What was asked, and what waits for the second person."""
    found = known_unmaskings(house.desk, actor, now=visitor.now)
    return IdentityRequests(items=[_request(one) for one in found])


@router.post(
    "/identity-requests/{unmasking_id}/decision",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def post_identity_decision(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unmasking_id: ItemId, decided: Agreement
) -> None:
    """Grant or refuse what somebody else asks."""
    decide_identity(
        house.desk, actor, unmasking_id=unmasking_id, granted=decided.granted,
        reason=decided.reason, now=visitor.now,
    )  # fmt: skip


# Without a key of repetition: the answer under it would be kept, and the name with it.
@router.post(
    "/identity-requests/{unmasking_id}/reading",
    dependencies=CHANGING,
    responses=changing_problems(410),
)
def post_identity_reading(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unmasking_id: ItemId
) -> Identity:
    """Who it was, for the two who agreed on it; each look is recorded."""
    person = read_identity(house.desk, actor, unmasking_id=unmasking_id, now=visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = people(tx, [person], agency_day(tx, visitor.now))[person]
    return Identity(person=person_name(found))


def _request(found: Unmasking) -> IdentityRequest:
    return IdentityRequest(
        id=found.id,
        case_id=found.instance_id,
        subject=_name(found.subject),
        text=found.text,
        reason=found.reason,
        asked_by=_name(found.asked_by),
        asked_at=found.asked_at,
        outcome=found.outcome,
        may_decide=found.may_decide,
        may_read=found.may_read,
    )


def _name(person: Person | None) -> PersonName | None:
    return person_name(person) if person else None
