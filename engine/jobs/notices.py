"""Reminds of work before it is due and tells others when it is late; each notice goes out once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.incidents import report_unreadable
from engine.commands.notices import NewNotice, tell
from engine.commands.recipients import of_function, of_role, once_a_day
from engine.commands.trail import Scribe
from engine.domain.actions import Action
from engine.domain.notices import NoticeKind
from engine.domain.people import SYSTEM, AgencyId, UnitFunction
from engine.errors import Conflict, DefinitionDamaged
from engine.rules.deadlines import parse_duration
from engine.store import audit, instances, notices, work_items
from engine.store.database import Transaction
from engine.store.work_items import WorkItemRow

REMIND, OVERDUE = "alur:remind", "alur:overdue"
# No reminder is drawn earlier than this before the due date.
HORIZON = timedelta(days=60)
PAGE = 500


@dataclass(frozen=True)
class Notice:
    """One notice about a work item; `stage` counts the notices of an item from 1."""

    kind: NoticeKind
    action: Action
    stage: int
    recipient: str | None


Find = Callable[[WorkItemRow, Mapping[str, str], datetime], Notice | None]


def send_reminders(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Leave a reminder for every open work item whose next reminder has come; how many.

    Reminders missed while nothing ran become one.
    """
    return _send(desk, agency_id, _reminder, until=now + HORIZON, now=now)


def escalate_overdue(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Tell the role that the diagram names about every late work item, once; how many."""
    return _send(desk, agency_id, _escalation, until=now, now=now)


def _reminder(item: WorkItemRow, properties: Mapping[str, str], now: datetime) -> Notice | None:
    due = item.due_at
    if due is None or now >= due:
        return None
    moments = [due - duration for duration in _durations(properties)]
    # A moment before the work was opened is no reminder.
    passed = sum(item.opened_at < moment <= now for moment in moments)
    if passed <= item.reminded:
        return None
    recipient = item.assignee_id or item.function
    return Notice(NoticeKind.REMINDER, Action.WORK_REMINDED, passed, recipient)


def _escalation(item: WorkItemRow, properties: Mapping[str, str], now: datetime) -> Notice | None:
    kind, _, role = properties.get(OVERDUE, "").partition(":")
    last = len(_durations(properties)) + 1
    if kind != "notify" or item.due_at is None or now < item.due_at or item.reminded >= last:
        return None
    return Notice(NoticeKind.OVERDUE, Action.WORK_ESCALATED, last, role)


def _durations(properties: Mapping[str, str]) -> list[timedelta]:
    return [parse_duration(part) for part in properties.get(REMIND, "").split(",") if part.strip()]


def _send(desk: Desk, agency_id: AgencyId, find: Find, *, until: datetime, now: datetime) -> int:
    return sum(
        _sent(desk, agency_id, item, notice, now)
        for item in _items(desk, agency_id, until)
        if (notice := find(item, _properties(desk, agency_id, item, now), now))
    )


def _items(desk: Desk, agency_id: AgencyId, until: datetime) -> Iterator[WorkItemRow]:
    """Open work due until then, page by page, without holding a transaction between them."""
    last: WorkItemRow | None = None
    while True:
        with desk.store.reading(agency_id) as tx:
            page = work_items.due_page(tx, until, after=last, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]


def _properties(
    desk: Desk, agency_id: AgencyId, item: WorkItemRow, now: datetime
) -> Mapping[str, str]:
    """What the diagram says of a step; HR is shown a case whose diagram is damaged."""
    try:
        with desk.store.reading(agency_id) as tx:
            row = instances.get(tx, item.instance_id)
            definition = desk.definitions.get(tx, row.definition_id)
            return definition.properties_in(item.process_id, item.element_id)
    except DefinitionDamaged:
        report_unreadable(desk, agency_id, item.instance_id, now=now)
        return {}


def _sent(
    desk: Desk, agency_id: AgencyId, item: WorkItemRow, notice: Notice, now: datetime
) -> bool:
    try:
        with desk.store.transaction(agency_id) as tx:
            return _write(desk, tx, item, notice, now)
    except Conflict:
        # The case moved on meanwhile; the next round looks again.
        return False


def _write(desk: Desk, tx: Transaction, item: WorkItemRow, notice: Notice, now: datetime) -> bool:
    current = work_items.get(tx, item.id)
    if current.state != item.state or current.reminded >= notice.stage:
        return False
    row = instances.get(tx, item.instance_id)
    work_items.count_reminders(tx, item.id, notice.stage)
    # What was said before about the same work is overtaken.
    notices.settle(tx, [item.id], now=now)
    tell(tx, _told(desk, tx, current, notice, now), now=now)
    event = Scribe(row.id, row.definition_id, now, SYSTEM).event(
        notice.action, item=item.id, element=item.element_id, recipient=notice.recipient,
        stage=notice.stage, due_at=item.due_at,
    )  # fmt: skip
    instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
    return True


def _told(
    desk: Desk, tx: Transaction, item: WorkItemRow, notice: Notice, now: datetime
) -> list[NewNotice]:
    """The holder hears of each of his tasks; who serves a function hears once a day."""
    key = f"{notice.kind}:{item.id}:{item.due_at}:{notice.stage}"
    if item.assignee_id:
        own = [NewNotice(item.assignee_id, notice.kind, key, item.id, item.instance_id)]
    else:
        function = UnitFunction(item.function or UnitFunction.HR)
        holders = of_function(desk, tx, function, item.unit_id, now=now)
        own = once_a_day(desk, tx, holders, notice.kind, now=now)
    if notice.kind is not NoticeKind.OVERDUE:
        return own
    return own + _others(desk, tx, item, notice, now)


def _others(
    desk: Desk, tx: Transaction, item: WorkItemRow, notice: Notice, now: datetime
) -> list[NewNotice]:
    """The role of the diagram; whoever holds the work himself knows it already."""
    found = of_role(desk, tx, item.instance_id, notice.recipient or "", now=now)
    if found.by_function:
        return once_a_day(desk, tx, found.persons, NoticeKind.OTHERS_OVERDUE, now=now)
    key = f"{NoticeKind.OTHERS_OVERDUE}:{item.id}:{item.due_at}"
    return [
        NewNotice(person, NoticeKind.OTHERS_OVERDUE, key, item.id, item.instance_id)
        for person in found.persons
        if person != item.assignee_id
    ]
