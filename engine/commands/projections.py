"""Writes what a step changed for lists and jobs: work items, timers, messages, decisions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import orjson

from engine.commands.roles import CasePeople, Placement, place
from engine.commands.steps import Position, Step
from engine.commands.trail import Scribe, codes_only
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent, plain
from engine.domain.confidence import CONFIDENCE, is_sealed
from engine.domain.people import SYSTEM
from engine.domain.process import ReadyTask, StepKind, StepRecord
from engine.store import decisions, drafts, messages, timers, work_items
from engine.store.decisions import DecisionRow
from engine.store.ids import new_id
from engine.store.instances import InstanceRow
from engine.store.work_items import WorkItemRow


def write_work(step: Step, after: Position) -> None:
    """Open new work and withdraw what the case no longer waits for."""
    opened = [task for key, task in after.ready.items() if key not in step.before.ready]
    gone = set(step.before.ready) - set(after.ready) - step.closed
    if gone:
        _withdraw(step, gone)
    if opened:
        people = case_people(step)
        rows = [_work_item(step, task, people) for task in opened]
        work_items.open_many(step.tx, rows)
        step.events += [opened_event(step.scribe, row) for row in rows]


def _withdraw(step: Step, task_ids: set[str]) -> None:
    open_now = work_items.open_of_instance(step.tx, step.row.id)
    gone = [row for row in open_now if row.task_id in task_ids]
    work_items.withdraw(step.tx, [row.id for row in gone], by=SYSTEM, now=step.now)
    drafts.delete_many(step.tx, [row.id for row in gone])
    for row in gone:
        record = StepRecord(StepKind.WORK_WITHDRAWN, row.element_id, {"item": row.id})
        step.events.append(step.scribe.record(record))


def case_people(step: Step) -> CasePeople:
    """The people that the roles of a case refer to."""
    appraisal = step.appraisal
    return CasePeople(
        step.row.subject_id,
        step.row.unit_id,
        appraisal.rater_id,
        appraisal.rater_superior_id,
        appraisal.subject_left,
    )


def _work_item(step: Step, task: ReadyTask, people: CasePeople) -> WorkItemRow:
    data = step.execution.data(task.task_id)
    placement = place(
        step.tx, step.definition.settings, task, case=people, data=data, on=step.today
    )
    due_at = step.execution.due(task.task_id)
    return new_item(step.row, task, placement, due_at=due_at, now=step.now)


def new_item(
    row: InstanceRow,
    task: ReadyTask,
    placement: Placement,
    *,
    due_at: datetime | None,
    now: datetime,
) -> WorkItemRow:
    """The work item of a task that opens now."""
    return WorkItemRow(
        id=new_id(),
        instance_id=row.id,
        task_id=task.task_id,
        process_id=task.path[-1] if task.path else row.process_id,
        element_id=task.element_id,
        name=task.name,
        role=",".join(placement.roles),
        opened_at=now,
        assignee_id=placement.assignee_id,
        kept_apart=placement.kept_apart,
        function=placement.function.value if placement.function else None,
        unit_id=row.unit_id,
        due_at=due_at,
        mi_index=task.index,
        participation=CONFIDENCE
        if is_sealed(task.properties)
        else task.properties.get("alur:participation"),
    )


def opened_event(scribe: Scribe, row: WorkItemRow) -> AuditEvent:
    """What the trail says of a work item that opened."""
    values = {
        "item": row.id,
        "assignee": row.assignee_id,
        "function": row.function,
        "due_at": row.due_at,
    }
    return scribe.record(StepRecord(StepKind.WORK_OPENED, row.element_id, values))


def write_waits(step: Step, after: Position) -> None:
    """Bring the timers and awaited messages that jobs look for up to date."""
    if after.timers != step.before.timers:
        known = tuple(step.before.timers.values())
        timers.replace(step.tx, step.row.id, tuple(after.timers.values()), known=known)
    if after.awaited != step.before.awaited:
        awaited = tuple(step.before.awaited.values())
        messages.replace(step.tx, step.row.id, tuple(after.awaited.values()), known=awaited)


def write_records(step: Step) -> None:
    """Make every fact of the step an event; evaluations of tables are kept with their trace too."""
    made: list[DecisionRow] = []
    for record in step.execution.records:
        values = dict(record.values)
        if record.kind is StepKind.DECISION_MADE:
            made.append(_decision(step, record))
            # The event vouches for the kept row by its hash.
            values |= made[-1].audit_values
        step.events.append(step.scribe.record(replace(record, values=values)))
        step.events += _flagged(step, record)
    if made:
        decisions.add_many(step.tx, made)


def _flagged(step: Step, record: StepRecord) -> Iterator[AuditEvent]:
    """What stands out in the ratings, where the record is of the table that looks for it."""
    outputs = record.values.get("outputs")
    if record.element_id != step.definition.settings.fairness.flags or not isinstance(
        outputs, Mapping
    ):
        return
    if flags := outputs.get("flag"):
        yield step.scribe.by_system().event(
            Action.BIAS_FLAGGED, element=record.element_id, flags=flags, levels=outputs.get("level")
        )


def _decision(step: Step, record: StepRecord) -> DecisionRow:
    values = codes_only(record.values)
    return DecisionRow(
        id=new_id(),
        instance_id=step.row.id,
        element_id=record.element_id,
        table_id=str(values["table"]),
        table_sha256=str(values["table_sha256"]),
        body=orjson.dumps(plain(values), option=orjson.OPT_SORT_KEYS).decode(),
        at=step.now,
    )
