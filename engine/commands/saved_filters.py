"""Saved filters of the inbox: kept for oneself, or shared by HR with the holders of a function."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.permissions import demand
from engine.domain.access import AgencyAccess, Verb
from engine.domain.people import Actor, UnitFunction, UnitId
from engine.errors import Conflict, NotFound
from engine.store import people, saved_filters
from engine.store.ids import new_id
from engine.store.saved_filters import SavedFilterRow

MAX_NAME, MAX_QUERY, MAX_EACH = 60, 400, 30


def save_filter(
    desk: Desk,
    actor: Actor,
    *,
    name: str,
    query: str,
    for_function: UnitFunction | None = None,
    for_unit_id: UnitId | None = None,
    now: datetime,
) -> str:
    """Keep a filter under a name; its id. Only HR shares it with a function, of one unit or all.

    Raises Forbidden, NotFound for an unknown unit, or Conflict when somebody keeps too many.
    """
    row = SavedFilterRow(
        new_id(), actor.employee_id, name[:MAX_NAME], query[:MAX_QUERY], now,
        for_function.value if for_function else None, for_unit_id,
    )  # fmt: skip
    with desk.store.transaction(actor.agency_id) as tx:
        if for_function:
            demand(actor, Verb.REASSIGN_WORK, AgencyAccess(actor.agency_id))
        if for_unit_id and for_unit_id not in {unit.id for unit in people.units(tx)}:
            raise NotFound("unit", for_unit_id)
        if saved_filters.count_of(tx, actor.employee_id) >= MAX_EACH:
            raise Conflict(f"{actor.employee_id} keeps {MAX_EACH} filters already")
        saved_filters.add(tx, row)
    return row.id


def forget_filter(desk: Desk, actor: Actor, *, filter_id: str) -> None:
    """Forget a filter of one's own; HR forgets shared ones, too. Raises NotFound."""
    with desk.store.transaction(actor.agency_id) as tx:
        row = saved_filters.get(tx, filter_id)
        if row.owner_id != actor.employee_id:
            if row.for_function is None:
                raise NotFound("saved filter", filter_id)
            demand(actor, Verb.REASSIGN_WORK, AgencyAccess(actor.agency_id))
        saved_filters.remove(tx, filter_id)
