"""Who holds a work item: claimed, released, prepared by somebody else, given to another.

Each takes the version that the decision was made on, if the caller names one; another one stored
by now raises StaleVersion.
"""

from datetime import datetime

from engine.commands.case_data import superiors_of_case
from engine.commands.desk import Desk
from engine.commands.sealed_reasons import sealed_reason
from engine.commands.work_changes import Change, demand_fit, work_change
from engine.domain.access import Reason, Verb
from engine.domain.actions import Action
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, Forbidden, WorkItemTaken
from engine.rules.deadlines import local_date
from engine.store import (
    appraisals,
    delegations,
    populations,
    staffing,
    work_holders,
    work_items,
)
from engine.store.delegations import DelegationRow
from engine.store.ids import new_id


def claim(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take work that is there for everybody of a unit function.

    Raises NotFound, Forbidden, WorkItemClosed, or WorkItemTaken when somebody was faster.
    """
    verb, expected = Verb.CLAIM_WORK, expected_version
    with work_change(
        desk, actor, verb, item_id=item_id, now=now, expected_version=expected
    ) as change:
        _claim(change)


def _claim(change: Change) -> None:
    by = change.actor.employee_id
    if not work_holders.claim(change.tx, change.item.id, by=by, now=change.now):
        raise WorkItemTaken(change.item.id, change.item.claimed_by)
    change.note(Action.WORK_CLAIMED)


def release(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Give claimed work back to everybody of the function; its draft stays.

    Raises NotFound, Forbidden or WorkItemClosed.
    """
    verb, expected = Verb.RELEASE_WORK, expected_version
    with work_change(
        desk, actor, verb, item_id=item_id, now=now, expected_version=expected
    ) as change:
        work_holders.release(change.tx, item_id, by=actor.employee_id)
        delegations.end(change.tx, item_id, now=now)
        change.note(Action.WORK_RELEASED)


def delegate(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    to: EmployeeId,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Ask a named person to prepare the answers; the holder checks and sends them himself.

    What was typed so far goes along. Who prepared counts as having taken part in the case. Raises
    NotFound, Forbidden (also for what is the appraised person's own, for a signature, and for a
    rating that would go to no official of the case), WorkItemClosed, or WorkItemTaken when
    somebody prepares already.
    """
    verb, expected = Verb.DELEGATE_WORK, expected_version
    with work_change(
        desk, actor, verb, item_id=item_id, now=now, expected_version=expected
    ) as change:
        if to in {actor.employee_id, change.item.assignee_id}:
            raise Conflict(f"{to} holds work item {item_id} himself")
        demand_fit(change, verb, to)
        _demand_not_above(desk, change, to)
        _demand_official(desk, change, to)
        if change.item.assignee_id is None and change.item.claimed_by is None:
            work_holders.claim(change.tx, item_id, by=actor.employee_id, now=now)
        if not work_holders.delegate(change.tx, item_id, to):
            raise WorkItemTaken(item_id, change.item.delegated_to)
        row = DelegationRow(new_id(), item_id, change.row.id, to, actor.employee_id, now)
        delegations.add(change.tx, row)
        work_holders.pass_draft(change.tx, item_id, to)
        facts = sealed_reason(change.instance.key, reason)
        change.note(Action.WORK_DELEGATED, to=to, delegation=row.id, **facts)
        change.tell(to, NoticeKind.DELEGATED)


def _demand_not_above(desk: Desk, change: Change, person: EmployeeId) -> None:
    """Who prepares has taken part, so a rater could choose in this way who hears the appeal."""
    tx, holder = change.tx, change.item.assignee_id or change.actor.employee_id
    today = local_date(change.now, desk.calendar(tx, change.now))
    post = staffing.assignment_on(tx, holder, today)
    above = (
        {one.employee_id for one in staffing.superiors(tx, post.position_id, today)}
        if post
        else set()
    )
    appraisal = appraisals.find(tx, change.row.id)
    if person in above or (appraisal and person == appraisal.rater_superior_id):
        raise Forbidden(Verb.DELEGATE_WORK, Reason.ABOVE)


def _demand_official(desk: Desk, change: Change, person: EmployeeId) -> None:
    """Who prepares a rating sees and types it: only who could decide it himself."""
    if _is_rating(desk, change) and not _is_official(desk, change, person):
        raise Forbidden(Verb.DELEGATE_WORK, Reason.NOT_OFFICIAL)


def _demand_rater(desk: Desk, change: Change, person: EmployeeId) -> None:
    """A rating goes to an official of the case, or to whom another person of HR named as rater.

    So two people answer for a rater who stands not above the employee.
    """
    if not _is_rating(desk, change) or _is_official(desk, change, person):
        return
    today = local_date(change.now, desk.calendar(change.tx, change.now))
    by = change.actor.effective_persons()
    named = {
        row.named_by not in by
        for row in populations.appointments(change.tx, today)
        if row.employee_id == change.row.subject_id and row.rater_id == person
    }
    if not named:
        raise Forbidden(Verb.REASSIGN_WORK, Reason.NOT_RATER)
    if not any(named):
        raise Forbidden(Verb.REASSIGN_WORK, Reason.TWO_PEOPLE)


def _is_rating(desk: Desk, change: Change) -> bool:
    """Whether officials decide ratings in this step."""
    definition = desk.definitions.get(change.tx, change.row.definition_id)
    return definition.decides_ratings(change.item.role, change.item.element_id)


def _is_official(desk: Desk, change: Change, person: EmployeeId) -> bool:
    """Whether somebody holds a post above the appraised one or stands in for the work's holder.

    Source: PP 30/2019 art. 4, officials rate.
    """
    tx, row, item = change.tx, change.row, change.item
    calendar = desk.calendar(tx, change.now)
    today, began = local_date(change.now, calendar), local_date(row.started_at, calendar)
    above = (post.employee_id for post in superiors_of_case(tx, row, today, began=began))
    holder = item.assignee_id or change.actor.employee_id
    return person in {*above, *staffing.substitutes_of(tx, holder, today)}


def return_work(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """The prepared answers go to the holder; he may take them back himself, too.

    Raises NotFound, Forbidden, WorkItemClosed, or Conflict when nobody prepares.
    """
    verb, expected = Verb.RETURN_WORK, expected_version
    with work_change(
        desk, actor, verb, item_id=item_id, now=now, expected_version=expected
    ) as change:
        holder = change.item.assignee_id or change.item.claimed_by
        work_holders.take_back(change.tx, item_id)
        delegations.end(change.tx, item_id, now=now)
        if holder:
            work_holders.pass_draft(change.tx, item_id, holder)
        change.note(Action.WORK_RETURNED, to=holder, delegate=change.item.delegated_to)
        change.tell(holder, NoticeKind.RETURNED)


def reassign(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    to: EmployeeId,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> bool:
    """Give open work to somebody else, whoever holds it; False when it was his already.

    Never to the appraised person or one barred by separation of duties, and never what is the
    appraised person's own; a rating only to an official of the case, or to whom another person of
    HR named as the rater. Raises NotFound, Forbidden or WorkItemClosed.
    """
    verb, expected = Verb.REASSIGN_WORK, expected_version
    with work_change(
        desk, actor, verb, item_id=item_id, now=now, expected_version=expected
    ) as change:
        item = change.item
        demand_fit(change, verb, to)
        if item.assignee_id == to:
            return False
        _demand_rater(desk, change, to)
        work_items.assign(change.tx, item_id, to)
        delegations.end(change.tx, item_id, now=now)
        held_by = item.assignee_id or item.claimed_by
        facts = sealed_reason(change.instance.key, reason)
        change.note(
            Action.WORK_REASSIGNED, from_person=held_by, from_function=item.function, to=to, **facts
        )
        change.tell(to, NoticeKind.WORK_REASSIGNED)
        change.tell(held_by, NoticeKind.WORK_TAKEN_AWAY)
        return True
