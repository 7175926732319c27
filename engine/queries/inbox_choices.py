"""What the filters of the inbox can be set to, and the filters that were saved before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import Actor
from engine.domain.process import DefinitionId
from engine.store import saved_filters
from engine.store import tables as t
from engine.store.database import Transaction

MAX_PERIODS, MAX_UNITS = 24, 500


@dataclass(frozen=True)
class SavedFilter:
    """A saved filter as a link; `shared` by HR with a function, `own` when one may forget it."""

    id: str
    name: str
    query: str
    shared: bool
    own: bool


@dataclass(frozen=True)
class Choices:
    """Periods, kinds of tasks and units by id."""

    periods: Mapping[str, str]
    tasks: Mapping[str, str]
    units: Mapping[str, str]


# The names of the user tasks of a deployed definition, by id.
TasksOf = Callable[[Transaction, DefinitionId], Mapping[str, str]]


def choices(tx: Transaction, actor: Actor, tasks_of: TasksOf) -> Choices:
    """The newest periods, the tasks of their diagrams, and the units if the actor serves any."""
    period, unit = t.cycle.c, t.org_unit.c
    newest = (
        select(period.id, period.name, period.definition_id)
        .where(period.agency_id == tx.agency_id)
        .order_by(period.starts.desc(), period.id.desc())
        .limit(MAX_PERIODS)
    )
    found = tx.connection.execute(newest).all()
    named = select(unit.id, unit.name).where(unit.agency_id == tx.agency_id).order_by(unit.name)
    rows = tx.connection.execute(named.limit(MAX_UNITS)).all() if actor.duties else []
    return Choices(
        {row.id: row.name for row in found},
        _tasks(tx, {row.definition_id for row in found}, tasks_of),
        {row.id: row.name for row in rows},
    )


def _tasks(tx: Transaction, definitions: set[str], tasks_of: TasksOf) -> dict[str, str]:
    names: dict[str, str] = {}
    for key in sorted(definitions):
        names |= tasks_of(tx, DefinitionId(key))
    return dict(sorted(names.items(), key=lambda pair: pair[1].lower()))


def filters_of(tx: Transaction, actor: Actor) -> tuple[SavedFilter, ...]:
    """The actor's own saved filters, then those shared with a function that he holds."""
    hr = bool(can(actor, Verb.REASSIGN_WORK, AgencyAccess(actor.agency_id)))
    held = {(duty.function.value, duty.unit_id) for duty in actor.duties}
    mine = saved_filters.own(tx, actor.employee_id)
    shared = [
        row
        for row in (saved_filters.shared(tx) if actor.duties else ())
        if hr or any(f == row.for_function and row.for_unit_id in {None, u} for f, u in held)
    ]
    return tuple(
        SavedFilter(row.id, row.name, row.query, bool(row.for_function), hr or row in mine)
        for row in (*mine, *shared)
    )
