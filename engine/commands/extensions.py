"""HR gives people more time: for one case, for a unit, or for everybody at a step of a cycle."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.commands.automatic import run_automatic
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.permissions import demand, refusals_audited
from engine.commands.sealed_reasons import sealed_reason
from engine.commands.steps import Step
from engine.domain.access import AgencyAccess, CaseAccess, Verb, WorkAccess, can
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.domain.process import InstanceId
from engine.errors import Conflict, Finding, InvalidForm
from engine.queries.extensions import Scope, TouchedItem, count_touched, touched
from engine.rules.deadlines import end_of_date, local_date
from engine.store import audit, cycles, extensions, sealing, staffing, work_items
from engine.store.database import Transaction
from engine.store.extensions import (
    ExtensionResultRow,
    ExtensionRow,
    ExtensionStatus,
    Outcome,
)
from engine.store.ids import new_id
from engine.store.sealing import open_sealed, seal
from engine.store.work_items import WorkItemRow

DUE = "alur:due"
# Nobody means a day that is further away: somebody mistyped the year.
FURTHEST = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Extending:
    """One extension while it is carried out, with its reason in clear."""

    row: ExtensionRow
    actor: Actor
    reason: str
    now: datetime


def is_fixed(definition: LoadedDefinition, element_id: str) -> bool:
    """Whether the deadline of a step comes from the law, by `[extension]` of the settings.

    An element may be drawn in several diagrams: one fixed deadline among them is enough.
    """
    table = definition.settings.other.get("extension")
    fixed = table.get("fixed", ()) if isinstance(table, dict) else ()
    tasks = definition.specs.user_tasks.items()
    return any(task.properties.get(DUE) in fixed for key, task in tasks if key[1] == element_id)


def request_extension(
    desk: Desk, actor: Actor, *, scope: Scope, due_on: date, reason: str, now: datetime
) -> str:
    """Ask for more time until the end of a day; the extension's id.

    The items are extended one by one in the background. Raises Forbidden, NotFound, InvalidForm
    for a day that is over, or Conflict for a deadline of the law and where nothing is open.
    """
    with (
        refusals_audited(desk, actor, Verb.EXTEND_DEADLINE, target=scope.cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.EXTEND_DEADLINE, AgencyAccess(tx.agency_id))
        cycle = cycles.get(tx, scope.cycle_id)
        definition = desk.definitions.get(tx, cycle.definition_id)
        if is_fixed(definition, scope.element_id):
            raise Conflict("the law sets this deadline")
        calendar = desk.calendar(tx, now)
        total = _count(tx, scope, now)
        _check_day(due_on, local_date(now, calendar))
        key = sealing.key_for(tx, actor.employee_id, period=cycle.id, now=now)
        row = ExtensionRow(
            new_id(), cycle.id, scope.element_id, scope.unit_id,
            InstanceId(scope.instance_id) if scope.instance_id else None,
            end_of_date(due_on, calendar), seal(key, reason.encode()), key.id,
            ExtensionStatus.RUNNING.value, total, actor.employee_id, now,
        )  # fmt: skip
        extensions.add(tx, row)
        values = {
            "cycle": cycle.id, "extension": row.id, "unit": row.unit_id, "case": row.instance_id,
            "due_at": row.due_at, "count": total, **sealed_reason(key, reason),
        }  # fmt: skip
        event = AuditEvent(
            Action.EXTENSION_REQUESTED, now, actor.employee_id, role="hr",
            element=scope.element_id, definition=cycle.definition_id, values=values,
        )  # fmt: skip
        audit.append_to_chain(tx, audit.object_chain("cycle", cycle.id), [event])
        return row.id


def _check_day(due_on: date, today: date) -> None:
    """Raise InvalidForm for a day that is over, or so far away that the year must be wrong."""
    if due_on < today:
        raise InvalidForm([Finding("organisation.past_day", element_id="until")])
    if due_on > today + FURTHEST:
        raise InvalidForm([Finding("organisation.far_day", element_id="until")])


def _count(tx: Transaction, scope: Scope, now: datetime) -> int:
    """How many items there are to extend. Raises Conflict for none."""
    total = count_touched(tx, scope, opened_by=now)
    if not total:
        raise Conflict("nothing of this step is open")
    return total


def carry_out_extension(
    desk: Desk, agency_id: AgencyId, extension_id: str, *, now: datetime, limit: int
) -> int:
    """Extend the next items, one case and one transaction each; how many were looked at.

    0 when it is done. Whoever was looked at has a result, so that nobody is extended twice.
    """
    with desk.store.transaction(agency_id) as tx:
        row = extensions.get(tx, extension_id)
        if row.status != ExtensionStatus.RUNNING:
            return 0
        items = touched(
            tx, scope_of(row), opened_by=row.requested_at, limit=limit,
            without_result_of=row.id,
        )  # fmt: skip
        if not items:
            extensions.finish(tx, row.id, now=now)
            return 0
        reason = open_sealed(sealing.get_key(tx, row.reason_key), row.reason_sealed).decode()
        on = local_date(now, desk.calendar(tx, now))
        extending = Extending(row, staffing.actor(tx, row.requested_by, on), reason, now)
    for item in items:
        _extend(desk, agency_id, item, extending)
    return len(items)


def scope_of(row: ExtensionRow) -> Scope:
    """What an extension is for."""
    return Scope(row.cycle_id, row.element_id, row.unit_id, row.instance_id)


def _extend(desk: Desk, agency_id: AgencyId, item: TouchedItem, extending: Extending) -> None:
    """A due timer fires first, as for every other step: what is over stays over."""

    def act(step: Step) -> bool:
        if extensions.has_result(step.tx, extending.row.id, item.item_id):
            return False
        outcome = _moved(step, work_items.get(step.tx, item.item_id), extending)
        new_due = extending.row.due_at if outcome is Outcome.EXTENDED else None
        _note(step.tx, extending.row.id, item, outcome, new_due)
        return True

    by, now = extending.row.requested_by, extending.now
    if not run_automatic(desk, agency_id, item.instance_id, act, by=by, now=now):
        with desk.store.transaction(agency_id) as tx:
            if not extensions.has_result(tx, extending.row.id, item.item_id):
                _note(tx, extending.row.id, item, Outcome.HELD, None)


def _moved(step: Step, item: WorkItemRow, extending: Extending) -> Outcome:
    """Move the due date and the timers that sit on the step by the same time."""
    new_due = extending.row.due_at
    ready = {task.task_id for task in step.execution.ready}
    if item.closed_at or item.due_at is None or item.task_id not in ready:
        return Outcome.CLOSED
    if not can(extending.actor, Verb.EXTEND_DEADLINE, _access(step, item)):
        return Outcome.OWN_CASE
    if item.due_at >= new_due:
        return Outcome.ALREADY_LATER
    for timer in step.execution.timers_on(item.task_id):
        step.execution.set_due(timer.task_id, timer.due_at + (new_due - item.due_at))
    work_items.extend(step.tx, item.id, new_due)
    step.events.append(_event(step, item, extending))
    _tell(step.tx, item, extending)
    return Outcome.EXTENDED


def _access(step: Step, item: WorkItemRow) -> WorkAccess:
    case = CaseAccess(step.tx.agency_id, step.row.subject_id, unit_id=step.row.unit_id)
    return WorkAccess(
        case, item.assignee_id, None, claimed_by=item.claimed_by, delegated_to=item.delegated_to
    )


def _event(step: Step, item: WorkItemRow, extending: Extending) -> AuditEvent:
    return AuditEvent(
        Action.DEADLINE_EXTENDED,
        extending.now,
        extending.row.requested_by,
        role="hr",
        instance=step.row.id,
        item=item.id,
        element=item.element_id,
        definition=step.row.definition_id,
        values={
            "due_at": [item.due_at, extending.row.due_at],
            "extension": extending.row.id,
            **sealed_reason(step.key, extending.reason),
        },
    )


def _tell(tx: Transaction, item: WorkItemRow, extending: Extending) -> None:
    kind = NoticeKind.DEADLINE_EXTENDED
    key = f"{kind}:{extending.row.id}:{item.id}"
    people: set[EmployeeId | None] = {item.assignee_id, item.offered_to}
    told = [NewNotice(person, kind, key, item.id, item.instance_id) for person in people if person]
    tell(tx, told, now=extending.now)


def _note(
    tx: Transaction,
    extension_id: str,
    item: TouchedItem,
    outcome: Outcome,
    new_due: datetime | None,
) -> None:
    row = ExtensionResultRow(extension_id, item.item_id, outcome.value, item.due_at, new_due)
    extensions.add_results(tx, [row])
