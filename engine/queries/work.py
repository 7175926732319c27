"""The frame of a work item's page: whose case, which step, and what was sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.domain.access import Verb, can
from engine.domain.appraisal import SignatureKind
from engine.domain.confidence import CONFIDENCE
from engine.domain.people import Actor
from engine.domain.process import InstanceId, WorkItemId
from engine.errors import NotFound
from engine.queries.case_heads import any_case_head, work_access
from engine.queries.case_views import CaseHead, OpenWork, StepLine
from engine.queries.people import AnyRow, Person, agency_day, people
from engine.queries.steps import SettingsOf, open_work, stage_lines, work_rows
from engine.store import tables as t
from engine.store.database import Transaction

# What was sent and recalled is no answer any more.
TAKEN_BACK = "withdrawn"


@dataclass(frozen=True)
class Receipt:
    """The proof that answers were sent; `next_item_id` is the actor's next work in the case.

    `signature_kind` is what a result was signed with, where the step signed one; `keyed_in_by` the
    operator who keyed in what the employee had signed on paper.
    """

    number: str
    completed_at: datetime
    next_item_id: WorkItemId | None = None
    signature_kind: str | None = None
    keyed_in_by: Person | None = None


@dataclass(frozen=True)
class WorkView:
    """One work item in its case; `receipt` once its answers were sent.

    `lapsed_at` is the date after which the case went on without any answers. Who does a task by
    duty may neither read the case nor its trail: `reads_case`, `reads_trail`.
    """

    item_id: WorkItemId
    instance_id: InstanceId
    name: str
    version: int
    subject: Person
    period: str
    state: str
    steps: tuple[StepLine, ...]
    open_work: tuple[OpenWork, ...]
    takeover_offered: bool = False
    reads_case: bool = False
    reads_trail: bool = False
    lapsed_at: datetime | None = None
    receipt: Receipt | None = None


def work_view(
    tx: Transaction,
    actor: Actor,
    item_id: str,
    *,
    settings_of: SettingsOf,
    now: datetime,
    language: str = "id",
) -> WorkView:
    """The frame for this actor. Raises NotFound, also where he may not know of it."""
    instance_id = _instance_of(tx, item_id)
    head, rows = any_case_head(tx, instance_id, now), work_rows(tx, instance_id)
    row = next(found for found in rows if found.id == item_id)
    sent = _sent(tx, item_id)
    typist = _typist(sent)
    if not _may_know(actor, head, row) and actor.employee_id != typist:
        raise NotFound("work item", item_id)
    settings = settings_of(tx, head.definition_id)
    stages = settings.stages_of(head.process_id)
    ids = [value for found in rows for value in (found.assignee_id, found.closed_by)]
    names = people(tx, [*ids, typist], agency_day(tx, now))
    waiting = open_work(rows, names, settings, actor, head.access, language)
    return WorkView(
        item_id=WorkItemId(item_id),
        instance_id=head.instance_id,
        name=settings.names_in(language).get(row.element_id, row.name),
        version=row.version,
        subject=head.subject,
        period=head.period,
        state=head.state,
        steps=stage_lines(stages, rows, names, ended=head.state == "completed"),
        open_work=waiting,
        takeover_offered=row.state == "open" and row.offered_to == actor.employee_id,
        reads_case=bool(can(actor, Verb.READ_CASE, head.access)),
        reads_trail=bool(can(actor, Verb.READ_TRAIL, head.access)),
        lapsed_at=_lapsed_at(row),
        receipt=None
        if row.state == TAKEN_BACK or _is_of_another(actor, row)
        else _receipt(sent, names.get(typist or ""), waiting),
    )


def _instance_of(tx: Transaction, item_id: str) -> str:
    found = tx.connection.execute(
        select(t.work_item.c.instance_id).where(
            t.work_item.c.agency_id == tx.agency_id, t.work_item.c.id == item_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("work item", item_id)
    return str(found)


def _lapsed_at(row: AnyRow) -> datetime | None:
    late = row.due_at is not None and row.closed_at is not None and row.closed_at >= row.due_at
    found: datetime | None = row.due_at if row.state == "withdrawn" and late else None
    return found


def _may_know(actor: Actor, head: CaseHead, row: AnyRow) -> bool:
    """Who may read the case or do the work; whoever it is offered to holds it already."""
    work = work_access(head.access, row)
    return bool(can(actor, Verb.READ_CASE, head.access) or can(actor, Verb.READ_WORK, work))


def _sent(tx: Transaction, item_id: str) -> AnyRow | None:
    sent = t.submission
    return tx.connection.execute(
        select(sent.c.receipt, sent.c.at, sent.c.signature_kind, sent.c.actor_id).where(
            sent.c.agency_id == tx.agency_id, sent.c.work_item_id == item_id
        )
    ).one_or_none()


def _is_of_another(actor: Actor, row: AnyRow) -> bool:
    """Whether somebody else was asked in confidence."""
    return bool(row.participation == CONFIDENCE and row.assignee_id != actor.employee_id)


def _typist(sent: AnyRow | None) -> str | None:
    """Who keyed in what the employee had signed on paper."""
    on_paper = sent is not None and sent.signature_kind == SignatureKind.WET_SCANNED
    return str(sent.actor_id) if sent is not None and on_paper else None


def _receipt(
    sent: AnyRow | None, keyed_in_by: Person | None, waiting: tuple[OpenWork, ...]
) -> Receipt | None:
    if sent is None:
        return None
    following = next((w.item_id for w in waiting if w.mine), None)
    return Receipt(sent.receipt, sent.at, following, sent.signature_kind, keyed_in_by)
