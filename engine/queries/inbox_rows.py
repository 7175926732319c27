"""What is read of each work item in a list: what a row of the page names, or enough to count."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import FromClause, and_

from engine.store import tables as t

_item, _case, _who = t.work_item, t.instance, t.employee
IN_CASE = and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id)
OF_PERSON = and_(_who.c.agency_id == _case.c.agency_id, _who.c.id == _case.c.subject_id)
COLUMNS = (
    _item.c.id,
    _item.c.instance_id,
    _item.c.element_id,
    _item.c.name.label("work_name"),
    _item.c.due_at,
    _item.c.opened_at,
    _item.c.assignee_id,
    _item.c.function,
    _item.c.unit_id,
    _item.c.offered_to,
    _item.c.claimed_by,
    _item.c.claimed_at,
    _item.c.delegated_to,
    _item.c.kept_apart,
    _item.c.participation,
    _item.c.closed_by,
    _case.c.subject_id,
    _case.c.definition_id,
    _case.c.cycle_id,
    _who.c.name,
    _who.c.nip,
    t.org_unit.c.name.label("unit_name"),
    t.cycle.c.name.label("period"),
    t.draft.c.actor_id.label("draft_of"),
)
# What counting needs.
FEW_COLUMNS = (
    _item.c.id,
    _item.c.instance_id,
    _item.c.element_id,
    _item.c.due_at,
    _item.c.assignee_id,
    _item.c.function,
    _item.c.unit_id,
    _item.c.offered_to,
    _item.c.claimed_by,
    _item.c.delegated_to,
    _item.c.kept_apart,
    _case.c.subject_id,
    _case.c.definition_id,
)


class OpenRow(NamedTuple):
    """The values of `COLUMNS`."""

    id: str
    instance_id: str
    element_id: str
    work_name: str
    due_at: datetime | None
    opened_at: datetime
    assignee_id: str | None
    function: str | None
    unit_id: str | None
    offered_to: str | None
    claimed_by: str | None
    claimed_at: datetime | None
    delegated_to: str | None
    kept_apart: str | None
    participation: str | None
    closed_by: str | None
    subject_id: str
    definition_id: str
    cycle_id: str
    name: str
    nip: str
    unit_name: str | None
    period: str
    draft_of: str | None


class CountedRow(NamedTuple):
    """The values of `FEW_COLUMNS`."""

    id: str
    instance_id: str
    element_id: str
    due_at: datetime | None
    assignee_id: str | None
    function: str | None
    unit_id: str | None
    offered_to: str | None
    claimed_by: str | None
    delegated_to: str | None
    kept_apart: str | None
    subject_id: str
    definition_id: str


def with_names(items: FromClause) -> FromClause:
    """Work items with everything that a row of the page names."""
    drafts, unit, period, item = t.draft, t.org_unit, t.cycle, _item.c
    in_period = and_(period.c.agency_id == _case.c.agency_id, period.c.id == _case.c.cycle_id)
    typed = and_(drafts.c.agency_id == item.agency_id, drafts.c.work_item_id == item.id)
    return (
        items.join(_case, IN_CASE)
        .join(_who, OF_PERSON)
        .join(period, in_period)
        .outerjoin(unit, and_(unit.c.agency_id == item.agency_id, unit.c.id == item.unit_id))
        .outerjoin(drafts, typed)
    )
