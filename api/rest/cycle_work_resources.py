"""The run of a cycle, for programs: who holds what, more time, closing and opening again."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    ID_CHARACTERS,
    ONCE,
    Body,
    Id,
    ItemId,
    Reason,
    changing_problems,
    resource_router,
)
from engine.commands.closing import close_cycle, reopen_cycle
from engine.commands.extensions import is_fixed, request_extension
from engine.domain.access import Verb
from engine.domain.people import UnitId
from engine.queries import cycle_views, holdups
from engine.queries.extensions import Scope, count_touched
from engine.store import cycles, extensions
from engine.store.closings import Handling
from engine.store.extensions import ExtensionStatus, Outcome

router = resource_router()
SHOWN = 200
OptionalId = Annotated[str | None, Field(max_length=ID_CHARACTERS)]


class UnitHoldup(BaseModel):
    """The open steps of a unit's cases."""

    unit_id: Id
    name: str = Field(examples=["Bidang Pendidikan"])
    open: int = Field(examples=[31])
    overdue: int = Field(examples=[4])
    oldest: datetime | None


class UnitHoldups(BaseModel):
    """Every unit with open steps, the one with most late ones first."""

    items: list[UnitHoldup]


class PersonHoldup(BaseModel):
    """The open steps that one person or function holds."""

    employee_id: str | None
    name: str
    function: str | None = Field(examples=["hr"])
    open: int = Field(examples=[7])
    overdue: int = Field(examples=[2])
    oldest: datetime | None


class PersonHoldups(BaseModel):
    """Who holds the open steps of a unit's cases."""

    unit_id: Id
    items: list[PersonHoldup]


class ExtensionScope(BaseModel):
    """A step of a cycle, for everybody, one unit or one case."""

    model_config = ConfigDict(extra="forbid")

    element_id: str = Field(max_length=ID_CHARACTERS, examples=["self_assessment"])
    unit_id: OptionalId = Field(None, examples=[None])
    case_id: OptionalId = Field(None, examples=[None])


class ExtensionPreview(BaseModel):
    """How many open work items an extension would touch; `fixed` deadlines are the law's."""

    work_items: int = Field(examples=[42])
    fixed: bool


class NewExtension(ExtensionScope):
    """More time until the end of a day, and why."""

    due_on: date = Field(examples=["2026-02-27"])
    reason: Reason


class Extension(BaseModel):
    """One extension and what came of it."""

    id: Id
    element_id: str = Field(examples=["self_assessment"])
    unit_id: str | None
    case_id: str | None
    due_at: datetime
    status: ExtensionStatus
    total: int = Field(examples=[42])
    outcomes: dict[Outcome, int] = Field(examples=[{"extended": 41, "closed": 1}])
    requested_at: datetime


class Extensions(BaseModel):
    """The newest extensions of a cycle, at most 200."""

    items: list[Extension]


class NewId(BaseModel):
    """The id of what was made."""

    id: Id


class Closing(Body):
    """What becomes of unfinished cases, and why the cycle ends."""

    handling: Handling = Field(examples=["go_on"])
    reason: Reason


class Reopening(Body):
    """Why the cycle is opened again."""

    reason: Reason


@router.get("/cycles/{cycle_id}/holdups")
def list_holdups(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId
) -> UnitHoldups:
    """Who holds what, by unit."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        found = holdups.by_unit(tx, cycles.get(tx, cycle_id).id, visitor.now)
    return UnitHoldups(items=[UnitHoldup(**vars(row)) for row in found])


@router.get("/cycles/{cycle_id}/holdups/{unit_id}")
def get_holdups(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, unit_id: ItemId
) -> PersonHoldups:
    """Who holds the open steps of one unit."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        cycle = cycles.get(tx, cycle_id)
        found = holdups.by_person(tx, cycle.id, UnitId(unit_id), visitor.now)
    return PersonHoldups(unit_id=unit_id, items=[PersonHoldup(**vars(row)) for row in found])


@router.get("/cycles/{cycle_id}/extensions")
def list_extensions(house: TheHouse, actor: TheActor, cycle_id: ItemId) -> Extensions:
    """What was extended, the newest first."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        rows = extensions.of_cycle(tx, cycles.get(tx, cycle_id).id)[:SHOWN]
        outcomes = {row.id: extensions.outcomes(tx, row.id) for row in rows}
    items = [
        Extension(
            id=row.id,
            element_id=row.element_id,
            unit_id=row.unit_id,
            case_id=row.instance_id,
            due_at=row.due_at,
            status=ExtensionStatus(row.status),
            total=row.total,
            outcomes=outcomes[row.id],
            requested_at=row.requested_at,
        )
        for row in rows
    ]
    return Extensions(items=items)


@router.get("/cycles/{cycle_id}/extension-preview")
def get_extension_preview(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    cycle_id: ItemId,
    asked: Annotated[ExtensionScope, Query()],
) -> ExtensionPreview:
    """Whom an extension would touch, before it is asked for."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXTEND_DEADLINE)
        definition = house.desk.definitions.get(tx, cycles.get(tx, cycle_id).definition_id)
        fixed = is_fixed(definition, asked.element_id)
        count = count_touched(tx, _scope(cycle_id, asked), opened_by=visitor.now)
    return ExtensionPreview(work_items=count, fixed=fixed)


@router.post(
    "/cycles/{cycle_id}/extensions",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_extension(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, new: NewExtension
) -> NewId:
    """Give more time; each work item is extended in the background."""
    asked = request_extension(
        house.desk,
        actor,
        scope=_scope(cycle_id, new),
        due_on=new.due_on,
        reason=new.reason,
        now=visitor.now,
    )
    return NewId(id=asked)


@router.post(
    "/cycles/{cycle_id}/closing", dependencies=ONCE, responses=changing_problems(), status_code=201
)
def post_closing(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, closing: Closing
) -> NewId:
    """Close a cycle: nothing new starts in it."""
    closed = close_cycle(
        house.desk,
        actor,
        cycle_id=cycle_id,
        handling=closing.handling,
        reason=closing.reason,
        now=visitor.now,
    )
    return NewId(id=closed)


@router.post(
    "/cycles/{cycle_id}/reopening",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def post_reopening(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, opening: Reopening
) -> None:
    """Open a closed cycle again; somebody else than who closed it."""
    reopen_cycle(house.desk, actor, cycle_id=cycle_id, reason=opening.reason, now=visitor.now)


def _scope(cycle_id: str, asked: ExtensionScope) -> Scope:
    unit_id = UnitId(asked.unit_id) if asked.unit_id else None
    return Scope(cycle_id, asked.element_id, unit_id, asked.case_id)
