"""Positions: added to a unit, and changed; a circle in superiors is refused."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.organisation_changes import (
    Office,
    changing,
    checked_name,
    demand_version,
    refuse,
)
from engine.domain.actions import Action
from engine.domain.people import Actor, PositionId, UnitId
from engine.store import organisation, people, staffing
from engine.store.ids import new_id
from engine.store.people import PositionRow

# What settings and tables of a system refer to, such as sekretaris_daerah or ahli_pertama.
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class PositionDetails:
    """What a position is; `office_code` and `functional_level` are codes of the settings."""

    title: str
    superior_id: PositionId | None = None
    heads_unit: bool = False
    office_code: str = ""
    functional_level: str = ""


def add_position(
    desk: Desk, actor: Actor, *, unit_id: UnitId, details: PositionDetails, now: datetime
) -> PositionId:
    """A new position in a unit that is open. Raises InvalidForm, NotFound or Forbidden."""
    position = _record(PositionRow(PositionId(new_id()), unit_id, ""), details)
    with changing(desk, actor, target=position.id, now=now) as office:
        unit = organisation.unit(office.tx, unit_id)
        if unit.closed_on is not None and unit.closed_on < office.today:
            refuse({"title": "organisation.closed_unit"})
        _fits(office, position)
        people.add(office.tx, [position])
        office.note(Action.POSITION_ADDED, position_id=position.id, unit_id=unit_id)
    return position.id


def change_position(
    desk: Desk,
    actor: Actor,
    *,
    position_id: PositionId,
    details: PositionDetails,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Change a position from now on; steps that are open already stay with who has them.

    Raises InvalidForm, NotFound, Forbidden, or StaleVersion when somebody changed it since; nobody
    changes the position that he holds.
    """
    with changing(desk, actor, target=position_id, now=now) as office:
        known = people.position(office.tx, position_id)
        demand_version("position", known, expected_version)
        holders = organisation.holders_of(office.tx, position_id)
        office.not_about_himself(
            *(row.employee_id for row in holders if row.ends is None or row.ends >= office.today)
        )
        position = _record(known, details)
        _fits(office, position)
        changed = office.remember("position", position_id, known, position)
        if changed:
            organisation.change_position(office.tx, position)
            office.note(
                Action.POSITION_CHANGED, position_id=position_id, fields=changed,
                superior_id=position.superior_position_id,
            )  # fmt: skip


def _record(known: PositionRow, details: PositionDetails) -> PositionRow:
    codes = {"office_code": details.office_code, "functional_level": details.functional_level}
    refuse(
        {
            place: "organisation.code"
            for place, code in codes.items()
            if code and not CODE.fullmatch(code)
        }
    )
    return replace(
        known,
        title=checked_name(details.title, place="title"),
        superior_position_id=details.superior_id,
        heads_unit=details.heads_unit,
        office_code=details.office_code or None,
        functional_level=details.functional_level or None,
    )


def _fits(office: Office, position: PositionRow) -> None:
    """No circle in superiors, and one head for each unit. Raises InvalidForm or NotFound."""
    if position.superior_position_id is not None:
        superior = people.position(office.tx, position.superior_position_id)
        above = staffing.superiors(office.tx, superior.id, office.today)
        if position.id in {superior.id, *(step.position_id for step in above)}:
            refuse({"superior": "organisation.position_circle"})
    others = organisation.positions_of(office.tx, position.unit_id)
    heads = [row for row in others if row.heads_unit and row.id != position.id]
    if position.heads_unit and heads:
        refuse({"heads_unit": "organisation.second_head"}, title=heads[0].title)
