"""Tells HR of work that nobody may do: all who serve its function are kept away, or nobody does."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice
from engine.commands.recipients import of_function
from engine.domain.confidence import is_sealed
from engine.domain.notices import NoticeKind
from engine.domain.people import UnitFunction
from engine.domain.process import DefinitionId
from engine.queries.handing_on import rows_of
from engine.queries.people import AnyRow
from engine.queries.separations import open_among
from engine.rules.deadlines import local_date
from engine.store import instances, people, staffing
from engine.store.database import Transaction
from engine.store.news import OpenedWork


def about_nobody(
    desk: Desk, tx: Transaction, opened: Sequence[OpenedWork], *, now: datetime
) -> list[NewNotice]:
    """What HR is told, once for each work item; of what is confidential nobody is told."""
    free = [work.id for work in opened if work.function and not work.assignee_id]
    groups: dict[tuple[str, str], list[AnyRow]] = defaultdict(list)
    for row in rows_of(tx, free) if free else ():
        groups[row.function, row.unit_id].append(row)
    return [
        NewNotice(person, NoticeKind.NOBODY_MAY, f"{NoticeKind.NOBODY_MAY}:{row.id}", row.id,
                  row.instance_id)
        for (function, _), rows in groups.items()
        for row in _left(desk, tx, UnitFunction(function), rows, now)
        if not _is_confidential(desk, tx, row)
        for person in of_function(desk, tx, UnitFunction.HR, row.unit_id, now=now)
    ]  # fmt: skip


def _left(
    desk: Desk, tx: Transaction, function: UnitFunction, rows: Sequence[AnyRow], now: datetime
) -> Sequence[AnyRow]:
    """The work of one function and unit that is open to none of those who serve it today."""

    def properties_of(tx: Transaction, key: DefinitionId, element: str) -> Mapping[str, str]:
        return _properties(desk, tx, key, element)

    on = local_date(now, desk.calendar(tx, now))
    holders = of_function(desk, tx, function, rows[0].unit_id, now=now)
    for holder in people.employees_in_service(tx, holders):
        actor = staffing.actor(tx, holder, on)
        may = open_among(tx, rows, actor=actor, properties_of=properties_of)
        rows = [row for row in rows if row.id not in may]
        if not rows:
            break
    return rows


def _is_confidential(desk: Desk, tx: Transaction, row: AnyRow) -> bool:
    sealed = is_sealed(_properties(desk, tx, row.definition_id, row.element_id))
    return sealed or instances.get(tx, row.instance_id).confidential


def _properties(desk: Desk, tx: Transaction, key: DefinitionId, element: str) -> Mapping[str, str]:
    """What the diagram says of a step; nothing where it is damaged, which HR hears elsewhere."""
    definition = desk.definitions.find(tx, key)
    return definition.properties_of(element) if definition else {}
