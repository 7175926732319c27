"""Taking back what one handed in, while nobody has gone on with it: the trail tells."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.bpmn.run import Execution
from engine.commands.answers import encoded, opened_submission
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited, work_access
from engine.commands.projections import write_waits
from engine.commands.steps import Position, Step, open_step, position_of, step_context
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.people import SYSTEM, Actor
from engine.domain.process import StepKind, StepRecord
from engine.errors import Forbidden, NotFound, NotRecallable
from engine.store import (
    appraisals,
    audit,
    drafts,
    instances,
    outbox,
    results,
    submissions,
    work_holders,
    work_items,
)
from engine.store.database import Transaction
from engine.store.drafts import Edition
from engine.store.ids import new_id
from engine.store.instances import InstanceRow, LoadedStep
from engine.store.sealing import open_sealed, seal
from engine.store.states import InstanceStatus, WorkItemState
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow

# What follows from a step by itself, and can be undone with it; anything else means that somebody,
# or the time, has gone on.
CONSEQUENCES = frozenset(
    {
        Action.BIAS_FLAGGED,
        Action.DECISION_EVALUATED,
        Action.GATEWAY_TAKEN,
        Action.MESSAGE_RECEIVED,
        Action.OPERATION_DONE,
        Action.PROCESS_ENDED,
        Action.RESULT_VERSIONED,
        Action.WORK_OPENED,
    }
)


@dataclass(frozen=True)
class Consequences:
    """What the step brought about: work that it opened, a version of the result."""

    opened: tuple[WorkItemRow, ...]
    made_result: bool


@dataclass(frozen=True)
class Recallable:
    """A step that can be taken back: what was sent, what followed, the position before it."""

    step: Step
    submission: SubmissionRow
    found: Consequences
    after: Position


def recall(desk: Desk, actor: Actor, *, item_id: str, now: datetime) -> str:
    """Open the work again as it was before it was handed in; its new id.

    The answers become its draft; as they were handed in they stay with the work item that is
    withdrawn. Raises NotFound, Forbidden, or NotRecallable when the next one has looked at his
    work, the time or the case has gone on, a signature was given or something was sent out.
    """
    verb = Verb.RECALL_WORK
    with (
        refusals_audited(desk, actor, verb, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        known = _recallable(desk, tx, actor, loaded, now=now)
        again = _undo(loaded.item, known)
        _save(known, again)
        return again.id


def may_recall(desk: Desk, tx: Transaction, actor: Actor, item_id: str, *, now: datetime) -> bool:
    """Whether the page offers it, by all that the command asks under its lock."""
    loaded = instances.read_with_item(tx, item_id)
    try:
        _recallable(desk, tx, actor, loaded, now=now)
    except (Forbidden, NotFound, NotRecallable):
        return False
    return True


def _recallable(
    desk: Desk, tx: Transaction, actor: Actor, loaded: LoadedStep, *, now: datetime
) -> Recallable:
    """The step to be taken back. Raises NotFound, Forbidden or NotRecallable."""
    item, row = loaded.item, loaded.instance.row
    properties = desk.definitions.get(tx, row.definition_id).properties_of(item.element_id)
    demand(actor, Verb.RECALL_WORK, work_access(tx, row, item, properties))
    submission = submissions.of_item(tx, item.id)
    if submission is None:
        raise NotFound("submission", item.id)
    found = _untouched(tx, loaded, now=now)
    if any(effect.is_begun for effect in outbox.keyed(tx, _effects_of(row))):
        raise NotRecallable(item.id, "sent_out")
    scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
    step = open_step(desk, tx, loaded.instance, scribe)
    return Recallable(step, submission, found, _earlier(step, item, found))


def _effects_of(row: InstanceRow) -> str:
    """How the keys of the effects of the last step begin."""
    return f"{row.id}:{row.version - 1}:"


def _untouched(tx: Transaction, loaded: LoadedStep, *, now: datetime) -> Consequences:
    """What followed from the step, with which nobody has gone on. Raises NotRecallable."""
    item, row = loaded.item, loaded.instance.row
    since = _events_since(tx, item)
    if row.status != InstanceStatus.RUNNING or item.state != WorkItemState.COMPLETED:
        raise NotRecallable(item.id, "ended")
    if any(event["action"] not in CONSEQUENCES for event in since):
        raise NotRecallable(item.id, "moved_on")
    if item.due_at is not None and item.due_at <= now:
        raise NotRecallable(item.id, "deadline_passed")
    ids = {e["values"]["item"] for e in since if e["action"] == Action.WORK_OPENED}
    opened = tuple(work_items.get(tx, key) for key in sorted(ids))
    if any(_is_touched(tx, work) for work in opened):
        raise NotRecallable(item.id, "touched")
    made = any(event["action"] == Action.RESULT_VERSIONED for event in since)
    return Consequences(opened, made)


def _events_since(tx: Transaction, item: WorkItemRow) -> Sequence[Mapping[str, Any]]:
    events = [json.loads(event.body) for event in audit.events_of(tx, item.instance_id)]
    sent = [
        n
        for n, event in enumerate(events)
        if event["action"] == Action.WORK_COMPLETED and event.get("item") == item.id
    ]
    if not sent:
        raise NotRecallable(item.id, "moved_on")
    return events[sent[-1] + 1 :]


def _is_touched(tx: Transaction, work: WorkItemRow) -> bool:
    begun = work.seen_at or work.claimed_by or work.delegated_to or work.reminded
    closed = work.state != WorkItemState.OPEN
    return bool(closed or begun or drafts.find(tx, work.id))


def _earlier(step: Step, item: WorkItemRow, found: Consequences) -> Position:
    """The position before the step, when it differs by this work only. Raises NotRecallable."""
    blob = instances.previous_blob(step.tx, step.row.id)
    if blob is None:
        raise NotRecallable(item.id, "moved_on")
    context = step_context(step.tx, step.definition, step.row, calendar=step.calendar, now=step.now)
    before = position_of(
        Execution.load(step.definition.specs, open_sealed(step.key, blob), context)
    )
    gone = before.ready.keys() - step.before.ready.keys()
    new = step.before.ready.keys() - before.ready.keys()
    if gone != {item.task_id} or new != {work.task_id for work in found.opened}:
        raise NotRecallable(item.id, "moved_on")
    return before


def _undo(item: WorkItemRow, known: Recallable) -> WorkItemRow:
    """The rows of the step: what it opened goes, what it closed opens, nothing is sent out."""
    step, tx = known.step, known.step.tx
    if not outbox.call_off(tx, _effects_of(step.row)):
        raise NotRecallable(item.id, "sent_out")
    work_holders.undo(tx, [work.id for work in known.found.opened], by=SYSTEM, now=step.now)
    work_holders.undo(tx, [item.id], by=step.scribe.actor, now=step.now)
    again = replace(
        item, id=new_id(), state=WorkItemState.OPEN.value, closed_at=None, closed_by=None,
        delegated_to=None, version=1,
    )  # fmt: skip
    work_items.open_many(tx, [again])
    typed = seal(step.key, encoded(opened_submission(step.key, known.submission)))
    drafts.save(
        tx, again.id, actor_id=step.scribe.actor, payload=typed, edition=Edition(0), now=step.now
    )
    return again


def _save(known: Recallable, again: WorkItemRow) -> None:
    step, submission = known.step, known.submission
    version = _without_result(step, known.found, known.after)
    recalled = step.scribe.event(
        Action.WORK_RECALLED, item=submission.work_item_id, element=again.element_id,
        submission=submission.id, again=again.id, result_version=version,
    )  # fmt: skip
    withdrawn = [
        step.scribe.record(StepRecord(StepKind.WORK_WITHDRAWN, work.element_id, {"item": work.id}))
        for work in known.found.opened
    ]
    write_waits(step, known.after)
    chain = audit.append(step.tx, step.row.chain, [recalled, *withdrawn])
    blob = instances.previous_blob(step.tx, step.row.id)
    instances.save_step(
        step.tx, step.row, chain=chain, status=InstanceStatus.RUNNING, blob=blob, now=step.now
    )


def _without_result(step: Step, found: Consequences, after: Position) -> int:
    """The appraisal as it was before the step; the version of the result that is in force then."""
    known = step.appraisal
    versions = results.of_instance(step.tx, step.row.id)
    hearing = step.definition.settings.hearing
    changed = replace(
        known, appeal_open=any(hearing.intersection(task.path) for task in after.ready.values())
    )
    if found.made_result:
        results.take_back(step.tx, step.row.id, versions[-1].version)
        last = versions[-2] if versions[1:] else None
        changed = replace(
            changed,
            result_version=last.version if last else 0,
            result_rating=last.result_rating if last else None,
            behaviour_rating=last.behaviour_rating if last else None,
            predicate=last.predicate if last else None,
            local_score=last.local_score if last else None,
            delivered_at=last.delivered_at if last else None,
        )
    if changed != known:
        appraisals.save(step.tx, changed)
    return changed.result_version
