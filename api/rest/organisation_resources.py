"""Units and positions for programs: the tree, one of each, and what is changed there."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import cursor_of, key_of
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    Id,
    IfMatch,
    ItemId,
    PersonName,
    changing_problems,
    person_name,
    resource_router,
    version_of,
)
from engine.commands.organisation_positions import PositionDetails, add_position, change_position
from engine.commands.organisation_units import add_unit, change_unit, close_unit
from engine.domain.people import AssignmentKind, PositionId, UnitId
from engine.queries import organisation
from engine.queries.organisation_views import Holder, PositionLine, UnitLine

router = resource_router()
Name = Annotated[str, Field(max_length=400, examples=["Bidang Perizinan"])]
Title = Annotated[str, Field(max_length=400, examples=["Analis Kebijakan"])]
Code = Annotated[str, Field(max_length=40)]
Cursor = Annotated[str, Query(max_length=600, description="`next` of the page before.")]


class Unit(BaseModel):
    """A unit and how many work in it today; `system` is its own, `version` goes into If-Match."""

    id: Id
    name: Name
    parent_id: Id | None
    people: int = Field(examples=[12])
    closed_on: date | None
    system: str | None = Field(examples=["gayungan"])
    version: int = Field(examples=[1])


class Units(BaseModel):
    """The units open to the caller, each after the one above it."""

    items: list[Unit]


class HeldBy(BaseModel):
    """Somebody in a position; both days are included."""

    assignment_id: Id
    person: PersonName
    kind: AssignmentKind
    starts: date
    ends: date | None
    running: bool


class PositionOfUnit(BaseModel):
    """A position of a unit with who holds it today."""

    id: Id
    title: Title
    heads_unit: bool
    holders: list[HeldBy]


class UnitDetail(Unit):
    """One unit with 50 of its positions by title; `next` is the cursor of those behind."""

    positions: list[PositionOfUnit]
    next: str | None = None


class Position(BaseModel):
    """One position with everybody who held it; `version` goes into If-Match."""

    id: Id
    unit_id: Id
    title: Title
    superior_id: Id | None
    heads_unit: bool
    office_code: str | None = Field(examples=["sekretaris_daerah"])
    functional_level: str | None = Field(examples=["ahli_pertama"])
    holders: list[HeldBy]
    version: int = Field(examples=[1])


class UnitPlace(Body):
    """What a unit is called and which stands above it; without one it stands at the top."""

    name: Name
    parent_id: Id | None = None


class Closing(Body):
    """The last day of a unit."""

    last_day: date = Field(examples=["2026-12-31"])


class PositionPlace(Body):
    """What a position is; the codes are those of the settings."""

    title: Title
    superior_id: Id | None = None
    heads_unit: bool = False
    office_code: Code = ""
    functional_level: Code = ""


class MadeId(BaseModel):
    """The id of what was added."""

    id: Id


@router.get("/units")
def list_units(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> Units:
    """The tree of units."""
    with house.desk.store.reading(actor.agency_id) as tx:
        tree = organisation.tree(tx, actor, visitor.now)
    return Units(items=[_unit(line) for line in tree.lines])


@router.get("/units/{unit_id}")
def get_unit(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unit_id: ItemId, cursor: Cursor = ""
) -> UnitDetail:
    """One unit with a page of its positions."""
    key = key_of(cursor, 2)
    after = (key[0] or "", key[1] or "") if key else None
    with house.desk.store.reading(actor.agency_id) as tx:
        page = organisation.unit_page(tx, actor, UnitId(unit_id), visitor.now, after)
    return UnitDetail(
        **_unit(page.line).model_dump(),
        positions=[_position_of_unit(line) for line in page.positions],
        next=cursor_of(*page.after) if page.after else None,
    )


@router.post("/units", dependencies=ONCE, responses=changing_problems(), status_code=201)
def post_unit(house: TheHouse, visitor: TheVisitor, actor: TheActor, new: UnitPlace) -> MadeId:
    """Add a unit at the top or below another one."""
    parent = UnitId(new.parent_id) if new.parent_id else None
    added = add_unit(house.desk, actor, name=new.name, parent_id=parent, now=visitor.now)
    return MadeId(id=added)


@router.put(
    "/units/{unit_id}", dependencies=CHANGING, responses=changing_problems(412), status_code=204
)
def put_unit(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    unit_id: ItemId,
    place: UnitPlace,
    if_match: IfMatch = None,
) -> None:
    """Rename a unit, or put it below another one."""
    change_unit(
        house.desk,
        actor,
        unit_id=UnitId(unit_id),
        name=place.name,
        parent_id=UnitId(place.parent_id) if place.parent_id else None,
        now=visitor.now,
        expected_version=version_of(if_match),
    )


@router.post(
    "/units/{unit_id}/closing", dependencies=ONCE, responses=changing_problems(), status_code=204
)
def post_closing_of_unit(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unit_id: ItemId, closing: Closing
) -> None:
    """Close a unit after its last day; nobody may be left in it by then."""
    unit, last_day = UnitId(unit_id), closing.last_day
    close_unit(house.desk, actor, unit_id=unit, last_day=last_day, now=visitor.now)


@router.post(
    "/units/{unit_id}/positions", dependencies=ONCE, responses=changing_problems(), status_code=201
)
def post_position(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, unit_id: ItemId, new: PositionPlace
) -> MadeId:
    """Add a position to a unit."""
    unit, details = UnitId(unit_id), _details(new)
    return MadeId(
        id=add_position(house.desk, actor, unit_id=unit, details=details, now=visitor.now)
    )


@router.get("/positions/{position_id}")
def get_position(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, position_id: ItemId
) -> Position:
    """One position, who holds it and who held it."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = organisation.position_page(tx, actor, PositionId(position_id), visitor.now)
    return Position(
        id=page.position.id,
        unit_id=page.position.unit_id,
        title=page.position.title,
        superior_id=page.position.superior_position_id,
        heads_unit=page.position.heads_unit,
        office_code=page.position.office_code,
        functional_level=page.position.functional_level,
        holders=[_held_by(holder) for holder in page.holders],
        version=page.position.version,
    )


@router.put(
    "/positions/{position_id}",
    dependencies=CHANGING,
    responses=changing_problems(412),
    status_code=204,
)
def put_position(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    position_id: ItemId,
    place: PositionPlace,
    if_match: IfMatch = None,
) -> None:
    """Change a position from now on; who acts in it is given by `/people/{id}/assignments`."""
    change_position(
        house.desk,
        actor,
        position_id=PositionId(position_id),
        details=_details(place),
        now=visitor.now,
        expected_version=version_of(if_match),
    )


def _details(place: PositionPlace) -> PositionDetails:
    return PositionDetails(
        place.title,
        PositionId(place.superior_id) if place.superior_id else None,
        place.heads_unit,
        place.office_code,
        place.functional_level,
    )


def _unit(line: UnitLine) -> Unit:
    return Unit(
        id=line.unit.id,
        name=line.unit.name,
        parent_id=line.unit.parent_id,
        people=line.people,
        closed_on=line.unit.closed_on,
        system=line.unit.system,
        version=line.unit.version,
    )


def _position_of_unit(line: PositionLine) -> PositionOfUnit:
    return PositionOfUnit(
        id=line.position.id,
        title=line.position.title,
        heads_unit=line.position.heads_unit,
        holders=[_held_by(holder) for holder in line.holders],
    )


def _held_by(holder: Holder) -> HeldBy:
    return HeldBy(
        assignment_id=holder.id,
        person=person_name(holder.person),
        kind=AssignmentKind(holder.kind),
        starts=holder.starts,
        ends=holder.ends,
        running=holder.is_running,
    )
