"""Accounts of a unit for programs: who has set a password, and new activation cards."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    Body,
    ItemId,
    PersonId,
    PersonName,
    changing_problems,
    person_name,
    resource_router,
)
from engine.commands.activation import issue_cards
from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.queries.accounts import card_page

router = resource_router()
MAX_CARDS = 500


class Account(BaseModel):
    """A person of the unit; `active` once a password was set."""

    person: PersonName
    active: bool


class Accounts(BaseModel):
    """The people of a unit by name."""

    items: list[Account]


class NewCards(Body):
    """Who of the unit gets a card; nobody makes one for himself."""

    employee_ids: list[PersonId] = Field(min_length=1, max_length=MAX_CARDS)


class Card(BaseModel):
    """A code in clear, told this once; with the whole NIP it sets a password."""

    employee_id: PersonId
    code: str = Field(examples=["7QX2-M4K9-0T3B"])
    expires_at: datetime


class Cards(BaseModel):
    """The cards; a card that was made before for one of these people works no more."""

    items: list[Card]


@router.get("/units/{unit_id}/accounts")
def list_accounts(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unit_id: ItemId
) -> Accounts:
    """Who of a unit has an account that works."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = card_page(tx, actor, unit_id, visitor.now)
    members = [(person_name(member.person), member.is_active) for member in page.members]
    return Accounts(items=[Account(person=person, active=active) for person, active in members])


# Without a key: what is kept under one would hold the codes, which nobody else may know.
@router.post(
    "/units/{unit_id}/cards", dependencies=CHANGING, responses=changing_problems(), status_code=201
)
def post_cards(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unit_id: ItemId, new: NewCards
) -> Cards:
    """Make cards with new codes; asked again, it makes other ones."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = card_page(tx, actor, unit_id, visitor.now)
    there = {member.person.id for member in page.members if not member.is_self}
    chosen = [EmployeeId(one) for one in dict.fromkeys(new.employee_ids)]
    unknown = next((one for one in chosen if one not in there), None)
    if unknown is not None:
        raise NotFound("employee", unknown)
    codes = issue_cards(house.desk, actor, employee_ids=chosen, now=visitor.now)
    cards = [
        Card(employee_id=one.employee_id, code=one.code, expires_at=one.expires_at) for one in codes
    ]
    return Cards(items=cards)
