"""Units: added, renamed, moved, given an appraisal system, and closed with a date."""

from dataclasses import replace
from datetime import date, datetime

from engine.commands.desk import Desk
from engine.commands.organisation_changes import (
    Office,
    changing,
    checked_name,
    demand_version,
    refuse,
)
from engine.domain.actions import Action
from engine.domain.people import Actor, UnitId
from engine.store import definitions, organisation, people
from engine.store.ids import new_id
from engine.store.people import UnitRow

NEW_KIND = "unit"


def add_unit(
    desk: Desk, actor: Actor, *, name: str, parent_id: UnitId | None, now: datetime
) -> UnitId:
    """A new unit below another one, or at the top. Raises InvalidForm, NotFound or Forbidden."""
    unit = UnitRow(UnitId(new_id()), parent_id, checked_name(name), NEW_KIND)
    with changing(desk, actor, target=unit.id, now=now) as office:
        _place(office, unit)
        people.add(office.tx, [unit])
        office.note(Action.UNIT_ADDED, unit_id=unit.id, parent_id=parent_id)
    return unit.id


def change_unit(
    desk: Desk,
    actor: Actor,
    *,
    unit_id: UnitId,
    name: str,
    parent_id: UnitId | None,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Rename a unit or move it.

    Raises InvalidForm, NotFound, Forbidden, or StaleVersion when somebody changed it since.
    """
    with changing(desk, actor, target=unit_id, now=now) as office:
        known = organisation.unit(office.tx, unit_id)
        demand_version("unit", known, expected_version)
        unit = replace(known, name=checked_name(name), parent_id=parent_id)
        _place(office, unit)
        changed = office.remember("unit", unit_id, known, unit)
        if changed:
            organisation.change_unit(office.tx, unit)
            office.note(Action.UNIT_CHANGED, unit_id=unit_id, parent_id=parent_id, fields=changed)


def assign_system(
    desk: Desk,
    actor: Actor,
    *,
    unit_id: UnitId,
    system: str | None,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Let a unit and those below it be appraised by a system; None is that of the unit above.

    Appraisals that run go on as they are. Raises InvalidForm for a system that is not published,
    NotFound, Forbidden, or StaleVersion.
    """
    with changing(desk, actor, target=unit_id, now=now) as office:
        known = organisation.unit(office.tx, unit_id)
        demand_version("unit", known, expected_version)
        if system is not None and system not in definitions.published(office.tx):
            refuse({"system": "organisation.system"})
        unit = replace(known, system=system)
        if office.remember("unit", unit_id, known, unit):
            organisation.change_unit(office.tx, unit)
            office.note(Action.UNIT_SYSTEM_ASSIGNED, unit_id=unit_id, system=system)


def close_unit(desk: Desk, actor: Actor, *, unit_id: UnitId, last_day: date, now: datetime) -> None:
    """Close a unit after its last day; nobody and nothing may be left in it by then.

    Raises InvalidForm, NotFound or Forbidden.
    """
    with changing(desk, actor, target=unit_id, now=now) as office:
        known = organisation.unit(office.tx, unit_id)
        if known.closed_on is not None and known.closed_on < office.today:
            refuse({"last_day": "organisation.closed_already"})
        if last_day < office.today:
            refuse({"last_day": "organisation.past_day"})
        _is_empty_after(office, unit_id, last_day)
        unit = replace(known, closed_on=last_day)
        organisation.change_unit(office.tx, unit)
        office.remember("unit", unit_id, known, unit)
        office.note(Action.UNIT_CLOSED, unit_id=unit_id, last_day=last_day)


def _place(office: Office, unit: UnitRow) -> None:
    """The unit above is there, open, and not below. Raises InvalidForm or NotFound."""
    if unit.parent_id is None:
        return
    parent = organisation.unit(office.tx, unit.parent_id)
    if parent.closed_on is not None and parent.closed_on < office.today:
        refuse({"parent": "organisation.closed_unit"})
    above = {row.id: row.parent_id for row in people.units(office.tx)}
    current: UnitId | None = parent.id
    while current is not None:
        if current == unit.id:
            refuse({"parent": "organisation.unit_circle"})
        current = above.get(current)


def _is_empty_after(office: Office, unit_id: UnitId, last_day: date) -> None:
    posts = organisation.posts_in(office.tx, unit_id)
    staying = {row.employee_id for row in posts if row.ends is None or row.ends > last_day}
    if staying:
        refuse({"last_day": "organisation.unit_has_people"}, count=str(len(staying)))
    below = [row for row in people.units(office.tx) if row.parent_id == unit_id]
    if any(row.closed_on is None or row.closed_on > last_day for row in below):
        refuse({"last_day": "organisation.unit_has_units"})
