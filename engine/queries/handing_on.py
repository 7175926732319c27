"""Who holds a task and what an actor may do about it; to whom it may go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from engine.domain.access import AgencyAccess, Verb, can, units_open_to
from engine.domain.people import Actor
from engine.domain.process import DefinitionId, InstanceId, WorkItemId
from engine.domain.separation import SIGNS
from engine.errors import Forbidden, NotFound
from engine.queries.finding import is_called
from engine.queries.inbox_rows import COLUMNS, with_names
from engine.queries.inbox_sources import OPEN, oversees
from engine.queries.people import AnyRow, Person, agency_day, people, person_of, some
from engine.queries.separations import PropertiesOf, work_of
from engine.queries.steps import NameOf
from engine.store import tables as t
from engine.store.database import Transaction

# Whether work of these roles at a step of a deployed definition decides ratings.
RatesAt = Callable[[Transaction, DefinitionId, str, str], bool]
MAX_FOUND = 8
ASKED = (
    Verb.CLAIM_WORK,
    Verb.RELEASE_WORK,
    Verb.DELEGATE_WORK,
    Verb.RETURN_WORK,
    Verb.REASSIGN_WORK,
)

Receiver = Person


@dataclass(frozen=True)
class TaskLine:
    """A task as an order names it."""

    item_id: WorkItemId
    instance_id: InstanceId
    name: str
    person: Person
    period: str
    due_at: datetime | None


@dataclass(frozen=True)
class HandingOn:
    """A task with its holder and its delegate; `may` holds what the actor can do.

    `rates` when it decides ratings, which only officials prepare.
    """

    line: TaskLine
    may: frozenset[Verb]
    holder: Person | None = None
    delegate: Person | None = None
    function: str | None = None
    rates: bool = False


def handing_on(
    tx: Transaction,
    actor: Actor,
    item_id: str,
    now: datetime,
    *,
    name_of: NameOf,
    properties_of: PropertiesOf,
    rates: RatesAt,
) -> HandingOn:
    """The task for this actor. Raises NotFound, also where there is nothing for him to do."""
    rows = rows_of(tx, [item_id])
    if not rows:
        raise NotFound("work item", item_id)
    row = rows[0]
    properties = properties_of(tx, row.definition_id, row.element_id)
    work = work_of(tx, row, properties, signs=SIGNS in properties)
    may = frozenset(verb for verb in ASKED if can(actor, verb, work))
    if row.claimed_by or row.assignee_id:
        may -= {Verb.CLAIM_WORK}
    if row.delegated_to:
        may -= {Verb.DELEGATE_WORK}
    if not may:
        raise NotFound("work item", item_id)
    held_by = row.assignee_id or row.claimed_by
    found = people(tx, [held_by, row.delegated_to], agency_day(tx, now))
    return HandingOn(
        _line(tx, row, name_of),
        may,
        found.get(held_by) if held_by else None,
        found.get(row.delegated_to) if row.delegated_to else None,
        row.function,
        rates(tx, row.definition_id, row.role, row.element_id),
    )


def task_lines(
    tx: Transaction, actor: Actor, item_ids: Sequence[str], name_of: NameOf
) -> Mapping[str, TaskLine]:
    """The open tasks among `item_ids` that the actor looks after. Raises Forbidden."""
    verdict = can(actor, Verb.REMIND_WORK, AgencyAccess(actor.agency_id))
    if not verdict or not oversees(actor):
        raise Forbidden(Verb.REMIND_WORK, verdict.reason)
    units = units_open_to(actor, Verb.REMIND_WORK)
    rows = [row for row in rows_of(tx, item_ids) if units is None or row.unit_id in units]
    return {row.id: _line(tx, row, name_of) for row in rows}


def receivers(tx: Transaction, text: str, now: datetime) -> tuple[Receiver, ...]:
    """People in service who are called so by name or NIP, by name, with their posts."""
    who = t.employee.c
    statement = (
        select(who.id)
        .where(who.agency_id == tx.agency_id, who.active, is_called(tx, text))
        .order_by(who.name, who.id)
        .limit(MAX_FOUND)
    )
    ids = list(tx.connection.execute(statement).scalars())
    return some(people(tx, ids, agency_day(tx, now)), ids)


def rows_of(tx: Transaction, item_ids: Sequence[str]) -> Sequence[AnyRow]:
    """The open work among `item_ids` with all that a list names."""
    item = t.work_item
    statement = (
        select(*COLUMNS, item.c.role)
        .select_from(with_names(item))
        .where(and_(item.c.agency_id == tx.agency_id, OPEN, item.c.id.in_(list(item_ids))))
        .order_by(item.c.due_at, item.c.id)
    )
    return tx.connection.execute(statement).all()


def _line(tx: Transaction, row: AnyRow, name_of: NameOf) -> TaskLine:
    return TaskLine(
        WorkItemId(row.id),
        InstanceId(row.instance_id),
        name_of(tx, row.definition_id, row.element_id, row.work_name),
        person_of(row),
        row.period,
        row.due_at,
    )
