"""Writes what a step means for the appraisal: results, delivery, appeal, follow-ups, notices."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import orjson

from engine.commands.agreed_plans import store_agreed_plan
from engine.commands.decided_achievements import store_decided_achievement
from engine.commands.follow_up_records import record_follow_ups
from engine.commands.rating_figures import rating_figures
from engine.commands.roles import lookup
from engine.commands.steps import Position, Step
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent, plain
from engine.domain.people import EmployeeId
from engine.domain.process import OperationCall
from engine.rules.numbers import to_jsonable
from engine.store import (
    appraisals,
    case_records,
    outbox,
    results,
    submissions,
    work_items,
)
from engine.store.appraisals import AppraisalRow
from engine.store.case_records import CaseRecord
from engine.store.ids import new_id
from engine.store.outbox import OutboxRow
from engine.store.results import ResultRow

# Steps whose submission fixes the two ratings of a result.
DECIDING = frozenset({"rating", "takeover", "explanation", "moderation", "appeal_decision"})


def write_effects(step: Step) -> None:
    """Do what operations asked for: rows of our own at once, the rest through the outbox."""
    left: list[OutboxRow] = []
    kept: list[CaseRecord] = []
    for effect in step.execution.effects:
        match effect.operation:
            case "record_follow_up":
                record_follow_ups(step, effect)
            case "keep_record":
                kept.append(_record(step, effect))
            case "store_plan":
                store_agreed_plan(step, effect)
            case "set_achievement":
                store_decided_achievement(step, effect)
            case "offer_takeover":
                _offer_takeover(step, effect)
            case "hand_up_rating":
                continue  # done before new work was opened
            case _:
                left.append(_outbox_row(step, effect, len(left)))
    outbox.put(step.tx, left)
    if kept:
        case_records.add_many(step.tx, kept)


def _record(step: Step, effect: OperationCall) -> CaseRecord:
    """The row with its event, which holds no figures of what was said in confidence."""
    figures, row = effect.params["figures"], step.row
    about = step.appraisal.rater_id if effect.params["about"] else None
    record = CaseRecord(
        id=new_id(),
        instance_id=row.id,
        cycle_id=row.cycle_id,
        subject_id=about or row.subject_id,
        kind=str(effect.params["kind"]),
        period=str(effect.params["period"]),
        body=orjson.dumps(to_jsonable(figures), option=orjson.OPT_SORT_KEYS).decode(),
        kept_at=step.now,
    )
    event = step.scribe.by_system().event(
        Action.RECORD_KEPT,
        record=record.id,
        kind=record.kind,
        period=record.period,
        record_sha256=record.sha256,
        figures=None if row.confidential else figures,
    )
    step.events.append(event)
    return record


def _offer_takeover(step: Step, effect: OperationCall) -> None:
    """Offered to the rater's superior, never done by itself."""
    superior = step.appraisal.rater_superior_id
    if superior is None:
        return
    for item in work_items.open_of_instance(step.tx, step.row.id):
        if item.element_id == effect.params.get("element"):
            work_items.offer(step.tx, item.id, superior)
            system = step.scribe.by_system()
            step.events.append(system.event(Action.TAKEOVER_OFFERED, item=item.id, to=superior))


def _outbox_row(step: Step, effect: OperationCall, place: int) -> OutboxRow:
    payload = plain({"instance": step.row.id, **effect.params})
    key = f"{step.row.id}:{step.row.version}:{place}"
    return OutboxRow(new_id(), effect.operation, orjson.dumps(payload).decode(), key, step.now)


def write_results(step: Step, after: Position) -> None:
    """Bring the appraisal up to date; nothing is written when nothing changed.

    What runs beside it has no result.
    """
    if not step.row.is_main:
        return
    known = step.appraisal
    data = step.execution.last_data
    changed = _with_result(step, known, data)
    changed = _with_delivery(step, changed, data)
    hearing = step.definition.settings.hearing
    under_appeal = any(hearing.intersection(task.path) for task in after.ready.values())
    changed = replace(changed, appeal_open=under_appeal)
    if step.execution.completed:
        changed = replace(changed, final_at=step.now)
        system = step.scribe.by_system()
        step.events.append(system.event(Action.RESULT_FINALISED, version=changed.result_version))
    if changed != known:
        appraisals.save(step.tx, changed)


def _with_result(step: Step, known: AppraisalRow, data: Mapping[str, object]) -> AppraisalRow:
    settings = step.definition.settings
    result = lookup(data, settings.result_path)
    predicate = lookup(data, settings.predicate_path)
    if not isinstance(result, Mapping) or not isinstance(predicate, str):
        return known
    version = int(str(result["version"]))
    if version <= known.result_version:
        return known
    row = ResultRow(
        instance_id=step.row.id,
        version=version,
        source=str(result["source"]),
        result_rating=str(result["result_rating"]),
        behaviour_rating=str(result["behaviour_rating"]),
        predicate=predicate,
        local_score=_local_score(data, settings.score_path),
        decided_by=_decider(step),
        decided_at=step.now,
        figures=rating_figures(data, settings).as_text(),
    )
    results.add(step.tx, row)
    step.events.append(_versioned(step, known, row))
    return replace(
        known,
        result_version=version,
        result_rating=row.result_rating,
        behaviour_rating=row.behaviour_rating,
        predicate=predicate,
        local_score=row.local_score,
        delivered_at=None,
    )


def _local_score(data: Mapping[str, object], path: str) -> str | None:
    score = lookup(data, path)
    return str(score) if isinstance(score, Decimal) else None


def _decider(step: Step) -> EmployeeId:
    """Who submitted the last deciding step; the rating may become a result only later."""
    parts = submissions.participations(step.tx, step.row.id)
    deciders = [part.employee_id for part in parts if part.kind in DECIDING]
    return deciders[-1] if deciders else step.scribe.actor


def _versioned(step: Step, known: AppraisalRow, row: ResultRow) -> AuditEvent:
    """A consequence of the step, which may be anybody's: who decided stands in the values."""
    return step.scribe.by_system().event(
        Action.RESULT_VERSIONED,
        version=row.version,
        source=row.source,
        decided_by=row.decided_by,
        result_rating=[known.result_rating, row.result_rating],
        behaviour_rating=[known.behaviour_rating, row.behaviour_rating],
        predicate=[known.predicate, row.predicate],
        local_score=[known.local_score, row.local_score],
        figures_sha256=row.figures_sha256,
    )


def _with_delivery(step: Step, known: AppraisalRow, data: Mapping[str, object]) -> AppraisalRow:
    delivery = lookup(data, step.definition.settings.delivery_path)
    if known.delivered_at is not None or not isinstance(delivery, Mapping):
        return known
    if delivery.get("version") != known.result_version:
        return known
    received_at, kind = datetime.fromisoformat(str(delivery["received_at"])), str(delivery["kind"])
    results.deliver(step.tx, step.row.id, known.result_version, received_at=received_at, kind=kind)
    event = step.scribe.by_system().event(
        Action.RESULT_DELIVERED, version=known.result_version, received_at=received_at, kind=kind
    )
    step.events.append(event)
    return replace(known, delivered_at=received_at)
