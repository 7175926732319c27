"""Reminding the holder of open work on somebody's order, and noting that its form was seen."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.recipients import of_function
from engine.commands.work_changes import Change, work_change
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.errors import NotFound
from engine.rules.deadlines import local_date
from engine.store import work_holders
from engine.store.work_items import WorkItemRow


def remind(desk: Desk, actor: Actor, *, item_id: str, now: datetime) -> bool:
    """Remind whoever holds open work; False when it was done today already.

    Raises NotFound (also when nobody is there to be reminded), Forbidden or WorkItemClosed.
    """
    with work_change(desk, actor, Verb.REMIND_WORK, item_id=item_id, now=now) as change:
        persons = _holders(desk, change)
        if not persons:
            raise NotFound("holder", item_id)
        day = local_date(now, desk.calendar(change.tx, now))
        key = f"asked:{item_id}:{day.isoformat()}"
        told = tell(
            change.tx,
            [NewNotice(p, NoticeKind.REMINDER, key, item_id, change.row.id) for p in persons],
            now=now,
        )
        if told:
            change.note(Action.WORK_REMINDED, due_at=change.item.due_at, recipients=len(persons))
        return told > 0


def _holders(desk: Desk, change: Change) -> tuple[EmployeeId, ...]:
    """The one by name; everybody of the function where nobody has claimed it."""
    item = change.item
    holder = item.delegated_to or item.assignee_id or item.claimed_by
    if holder:
        return (holder,)
    function = UnitFunction(item.function) if item.function else UnitFunction.HR
    return of_function(desk, change.tx, function, item.unit_id, now=change.now)


def note_seen(desk: Desk, actor: Actor, item: WorkItemRow, *, now: datetime) -> None:
    """Note that the form of open work was opened: from now on the step before is not recalled.

    The caller has asked whether the actor may; nothing is written the second time.
    """
    if item.seen_at is None:
        with desk.store.transaction(actor.agency_id) as tx:
            work_holders.note_seen(tx, item.id, now=now)
