"""By which appraisal system a unit is appraised, for programs."""

from typing import Annotated

from pydantic import Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    Body,
    IfMatch,
    ItemId,
    changing_problems,
    resource_router,
    version_of,
)
from engine.commands.organisation_units import assign_system
from engine.domain.people import UnitId

router = resource_router()
Code = Annotated[str, Field(max_length=40)]


class SystemOfUnit(Body):
    """By which published system a unit is appraised; without one by that of the unit above."""

    system: Code | None = Field(None, examples=["gayungan"])


@router.put(
    "/units/{unit_id}/system",
    dependencies=CHANGING,
    responses=changing_problems(412),
    status_code=204,
)
def put_system_of_unit(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    unit_id: ItemId,
    wanted: SystemOfUnit,
    if_match: IfMatch = None,
) -> None:
    """Let a unit and those below it be appraised by a system; what runs goes on as it is."""
    assign_system(
        house.desk,
        actor,
        unit_id=UnitId(unit_id),
        system=wanted.system or None,
        now=visitor.now,
        expected_version=version_of(if_match),
    )
