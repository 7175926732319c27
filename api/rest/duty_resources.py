"""Duties for programs: who has which, proposals, and the second person's decision."""

from datetime import date

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    Id,
    ItemId,
    PersonId,
    PersonName,
    changing_problems,
    person_name,
    resource_router,
)
from engine.commands.duties import decide_duty, end_duty, propose_duty
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.queries.accounts import duty_page

router = resource_router()


class Duty(BaseModel):
    """A duty that somebody has."""

    id: Id
    person: PersonName
    function: UnitFunction
    unit: str
    starts: date


class Proposal(BaseModel):
    """A duty that waits for a second person."""

    id: Id
    person: PersonName
    function: UnitFunction
    unit: str
    starts: date
    proposed_by: PersonName | None


class Duties(BaseModel):
    """All duties and proposals of the agency."""

    items: list[Duty]
    proposals: list[Proposal]


class NewProposal(Body):
    """A duty for somebody else, of one unit or of the whole agency."""

    employee_id: PersonId
    function: UnitFunction = Field(examples=["operator"])
    unit_id: Id | None = Field(None, examples=["0199f1c2-7b3a-7c11-8c55-2b7c00000001"])
    starts: date = Field(examples=["2026-02-02"])


class ProposalId(BaseModel):
    """The id of a proposal."""

    id: Id


class Decision(Body):
    """What the second person says."""

    confirmed: bool = Field(examples=[True])


@router.get("/duties")
def list_duties(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> Duties:
    """Who has which duty, and what waits."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = duty_page(tx, actor, visitor.now)
    held = [
        Duty(
            id=row.id,
            person=person_name(row.person),
            function=UnitFunction(row.function),
            unit=row.unit,
            starts=row.starts,
        )
        for row in page.held
    ]
    proposals = [
        Proposal(
            id=row.id,
            person=person_name(row.person),
            function=UnitFunction(row.function),
            unit=row.unit,
            starts=row.starts,
            proposed_by=person_name(row.proposed_by) if row.proposed_by else None,
        )
        for row in page.proposals
    ]
    return Duties(items=held, proposals=proposals)


@router.post("/duty-proposals", dependencies=ONCE, responses=changing_problems(), status_code=201)
def post_proposal(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, new: NewProposal
) -> ProposalId:
    """Propose a duty for somebody else."""
    proposed = propose_duty(
        house.desk,
        actor,
        employee_id=EmployeeId(new.employee_id),
        function=new.function,
        unit_id=UnitId(new.unit_id) if new.unit_id else None,
        starts=new.starts,
        now=visitor.now,
    )
    return ProposalId(id=proposed)


@router.post(
    "/duty-proposals/{proposal_id}/decision",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def post_decision(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, proposal_id: ItemId, said: Decision
) -> None:
    """Confirm what somebody else proposed, or reject it."""
    decide_duty(
        house.desk, actor, proposal_id=proposal_id, confirmed=said.confirmed, now=visitor.now
    )


@router.delete(
    "/duties/{duty_id}", dependencies=CHANGING, responses=changing_problems(), status_code=204
)
def delete_duty(house: TheHouse, visitor: TheVisitor, actor: TheActor, duty_id: ItemId) -> None:
    """End a duty at once."""
    end_duty(house.desk, actor, duty_id=duty_id, now=visitor.now)
