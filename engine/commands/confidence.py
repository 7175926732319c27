"""Keeps what people say in confidence: the author inside the seal, outside it only a week."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from engine.commands.answers import encoded, receipt_number
from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.confidence import UNNAMED, week_of
from engine.domain.people import EmployeeId
from engine.rules.deadlines import Calendar, local_date, start_of_date
from engine.store import drafts, submissions, work_items
from engine.store.sealing import seal_committed
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow

Answers = Mapping[str, object]


def keep_unnamed(
    step: Step, item: WorkItemRow, values: Answers, *, author: EmployeeId
) -> SubmissionRow:
    """Store the answers for good; who gave them and when is sealed with them."""
    content = {"author": author, "at": step.now.isoformat(), "words": values}
    sealed = seal_committed(step.key, encoded(content))
    row = SubmissionRow(
        # An id by time would tell when it was sent.
        id=str(uuid4()),
        work_item_id=item.id,
        instance_id=item.instance_id,
        element_id=item.element_id,
        actor_id=UNNAMED,
        payload=sealed.blob,
        commitment=sealed.commitment,
        receipt=receipt_number(),
        at=_shown_instant(item, step.now, step.calendar),
    )
    submissions.add(step.tx, row)
    return row


def close_unnamed(step: Step, item: WorkItemRow, submission: SubmissionRow) -> None:
    """Close the work; the trail tells that somebody answered in that week."""
    work_items.complete(step.tx, item.id, by=UNNAMED, now=submission.at)
    step.closed.add(item.task_id)
    drafts.delete_many(step.tx, [item.id])
    event = step.scribe.event(
        Action.WORK_COMPLETED,
        item=item.id,
        element=item.element_id,
        commitment=submission.commitment,
        due_at=item.due_at,
        on_time=item.due_at is None or step.now < item.due_at,
    )
    step.events.append(replace(event, at=submission.at))


def _shown_instant(item: WorkItemRow, now: datetime, calendar: Calendar) -> datetime:
    """The beginning of the week, or of the work when that is later."""
    monday = week_of(local_date(now, calendar))
    return max(item.opened_at, start_of_date(monday, calendar))
