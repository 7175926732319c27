"""Completing a work item: one intention of a person, one transaction, one step of the case."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import orjson

from engine.commands.answers import (
    acting_role,
    checked_answers,
    encoded,
    form_context,
    keep_submission,
)
from engine.commands.confidence import close_unnamed, keep_unnamed
from engine.commands.desk import Desk
from engine.commands.incidents import open_incident
from engine.commands.papers import keep_from_paper, paper_access
from engine.commands.permissions import demand, refusals_audited, work_access
from engine.commands.proofs import Proof
from engine.commands.saving import hold_step, save_step
from engine.commands.signing import ProofAsked, proven_kind, sign_result, signing_proof
from engine.commands.steps import Step, open_step
from engine.commands.trail import Scribe
from engine.domain.access import Verb, on_behalf_of
from engine.domain.actions import Action
from engine.domain.confidence import UNNAMED, is_sealed
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import ReadyTask
from engine.errors import (
    DeadlinePassed,
    ExecutionFailed,
    InstanceHeld,
    StaleVersion,
    WorkItemClosed,
)
from engine.store import command_keys, drafts, instances, work_items
from engine.store.command_keys import CommandKeyRow
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.states import InstanceStatus, WorkItemState
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow

Answers = Mapping[str, object]


@dataclass(frozen=True)
class CompletedStep:
    """The answer to a completion; `receipt` is the number people may quote."""

    item_id: str
    instance_id: str
    receipt: str
    completed_at: datetime
    held: bool = False


def complete_work_item(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    answers: Answers,
    now: datetime,
    expected_version: int | None = None,
    key: str | None = None,
    signature_code: str | Proof | None = None,
) -> CompletedStep:
    """Hand in the answers of a work item.

    The same `key` with the same request gives the stored answer. When an automatic step fails the
    answers are kept and the case is held. Raises NotFound, Forbidden, WorkItemClosed,
    StaleVersion, InvalidForm, DeadlinePassed, InstanceHeld or KeyReused; nothing is stored then,
    but for the timers that a passed deadline fired. A step that signs takes the PIN or app code
    of who has one as `signature_code`, or the proof of a batch; wrong ones raise InvalidForm.
    """
    with refusals_audited(desk, actor, Verb.COMPLETE_WORK, target=item_id, now=now):
        sent = _Sent(item_id, answers, expected_version, key)
        try:
            return _handed_in(desk, actor, sent, None, now)
        except ProofAsked:
            proof = signing_proof(desk, actor, item_id=item_id, code=signature_code, now=now)
        return _handed_in(desk, actor, sent, proof, now)


def key_in(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    answers: Answers,
    now: datetime,
    expected_version: int | None = None,
    key: str | None = None,
) -> CompletedStep:
    """Hand in an employee's own step that he filled in and signed on paper, as his unit's operator.

    `answers` are those of the form with `paper_scan`, `paper_dated` and `paper_number`. The work
    counts as the employee's, who is told and can take it back while nobody has gone on. Otherwise
    as `complete_work_item`; raises the same errors.
    """
    with refusals_audited(desk, actor, Verb.KEY_IN_WORK, target=item_id, now=now):
        sent = _Sent(item_id, answers, expected_version, key, on_paper=True)
        return _handed_in(desk, actor, sent, None, now)


@dataclass(frozen=True)
class _Sent:
    """What was handed in; `on_paper` when the actor keyed in what somebody else has signed."""

    item_id: str
    answers: Answers
    expected_version: int | None
    key: str | None
    on_paper: bool = False


def _handed_in(
    desk: Desk, actor: Actor, sent: _Sent, proof: Proof | None, now: datetime
) -> CompletedStep:
    """The one transaction. Raises ProofAsked when the step signs and nothing was proved yet."""
    with desk.store.transaction(actor.agency_id) as tx:
        request = _digest(sent) if sent.key else ""
        known = _known_answer(tx, actor, sent.key, request)
        if known:
            return known
        done = _complete(desk, tx, actor, sent, proof, now)
        if isinstance(done, CompletedStep) and sent.key:
            _keep_answer(tx, actor, sent.key, request, done)
    if isinstance(done, DeadlinePassed):
        raise done
    return done


def _complete(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    sent: _Sent,
    proof: Proof | None,
    now: datetime,
) -> CompletedStep | DeadlinePassed:
    loaded = instances.load_for_step(tx, sent.item_id)
    item, row = loaded.item, loaded.instance.row
    scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
    step = open_step(desk, tx, loaded.instance, scribe)
    behalf = _authorised(step, actor, item, on_paper=sent.on_paper)
    _check_open(item, row, sent.expected_version)
    failure = _settled(step)
    task = _open_task(step, item, failed=failure is not None)
    if task is None:
        save_step(step)
        return DeadlinePassed(item.id, item.due_at)
    step.scribe = replace(scribe, on_behalf_of=behalf)
    if sent.on_paper:
        values, submission, facts = keep_from_paper(step, task, item, actor, sent.answers)
    else:
        (values, submission), facts = _kept(step, task, item, actor, sent.answers, proof), {}
    # What was keyed in from paper counts as done by whoever signed it.
    by = behalf if behalf and sent.on_paper else actor.employee_id
    if submission.in_confidence:
        close_unnamed(step, item, submission)
        values = {}
    else:
        _close(step, item, submission, by=by, **facts)
    done = CompletedStep(item.id, item.instance_id, submission.receipt, now)
    failure = failure or _applied(step, task, values, submission.signature_kind)
    if failure is None:
        save_step(step)
        return done
    open_incident(step, failure, submission_id=submission.id)
    hold_step(step)
    return replace(done, held=True)


def _kept(
    step: Step,
    task: ReadyTask,
    item: WorkItemRow,
    actor: Actor,
    answers: Answers,
    proof: Proof | None,
) -> tuple[Answers, SubmissionRow]:
    role = acting_role(step, actor, item)
    step.scribe = replace(step.scribe, role=role)
    values = checked_answers(step, task, answers, form_context(step, task, item, role))
    signed_by = proven_kind(step, task, actor, proof)
    if is_sealed(task.properties):
        step.scribe = replace(step.scribe, actor=UNNAMED)
        return values, keep_unnamed(step, item, values, author=actor.employee_id)
    behalf = step.scribe.on_behalf_of
    submission = keep_submission(
        step, item, values, actor=actor, on_behalf_of=behalf, signed_by=signed_by
    )
    return values, submission


def _settled(step: Step) -> ExecutionFailed | None:
    """What went wrong in the automatic steps that were due before this one."""
    try:
        step.settle()
    except ExecutionFailed as error:
        return error
    return None


def _open_task(step: Step, item: WorkItemRow, *, failed: bool) -> ReadyTask | None:
    """The task still waiting; as it was before, when a failure left nothing to look at."""
    ready = step.before.ready.values() if failed else step.execution.ready
    return next((task for task in ready if task.task_id == item.task_id), None)


def _applied(
    step: Step, task: ReadyTask, values: Answers, kind: str | None
) -> ExecutionFailed | None:
    try:
        # The timers that were due have fired already.
        step.execution.complete(task.task_id, values, in_time=True)
        step.take_kept_messages()
    except ExecutionFailed as error:
        return error
    sign_result(step, task, by=step.scribe.actor, at=step.now, kind=kind)
    return None


def _authorised(
    step: Step, actor: Actor, item: WorkItemRow, *, on_paper: bool
) -> EmployeeId | None:
    """Whom the actor stands in for, or whose paper he keys in. Raises Forbidden."""
    properties = step.definition.properties_of(item.element_id)
    if on_paper:
        demand(actor, Verb.KEY_IN_WORK, paper_access(step.tx, step.row, item, properties))
        return step.row.subject_id
    access = work_access(step.tx, step.row, item, properties)
    demand(actor, Verb.COMPLETE_WORK, access)
    return on_behalf_of(actor, access)


def _check_open(item: WorkItemRow, row: InstanceRow, expected_version: int | None) -> None:
    if item.state != WorkItemState.OPEN:
        raise WorkItemClosed(item.id, item.state, item.closed_at)
    if expected_version is not None and expected_version != item.version:
        raise StaleVersion("work item", item.id, expected=expected_version, actual=item.version)
    if row.status != InstanceStatus.RUNNING:
        raise InstanceHeld(row.id)


def _close(
    step: Step, item: WorkItemRow, submission: SubmissionRow, *, by: EmployeeId, **facts: object
) -> None:
    work_items.complete(step.tx, item.id, by=by, now=step.now)
    step.closed.add(item.task_id)
    drafts.delete_many(step.tx, [item.id])
    step.events.append(
        step.scribe.event(
            Action.WORK_COMPLETED,
            item=item.id,
            element=item.element_id,
            commitment=submission.commitment,
            submission=submission.id,
            due_at=item.due_at,
            on_time=item.due_at is None or step.now < item.due_at,
            **facts,
        )
    )


def _digest(sent: _Sent) -> str:
    head = orjson.dumps([sent.item_id, sent.expected_version])
    return sha256(head + encoded(sent.answers)).hexdigest()


def _known_answer(
    tx: Transaction, actor: Actor, key: str | None, request: str
) -> CompletedStep | None:
    if key is None:
        return None
    found = command_keys.find_answer(tx, actor.employee_id, key, request_sha256=request)
    if found is None:
        return None
    fields = orjson.loads(found)
    return CompletedStep(
        fields["item_id"],
        fields["instance_id"],
        fields["receipt"],
        datetime.fromisoformat(fields["completed_at"]),
        fields["held"],
    )


def _keep_answer(
    tx: Transaction, actor: Actor, key: str, request: str, done: CompletedStep
) -> None:
    answer = orjson.dumps(done).decode()
    command_keys.keep_answer(
        tx, CommandKeyRow(actor.employee_id, key, request, answer, done.completed_at)
    )
