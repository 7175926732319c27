"""What people may do to a running case besides forms: withdraw an appeal, take over a rating."""

from dataclasses import replace
from datetime import datetime

from engine.commands.automatic import run_automatic
from engine.commands.case_data import superior_above
from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand, refusals_audited, work_access
from engine.commands.sealed_reasons import sealed_reason
from engine.commands.steps import Step
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, WorkItemClosed
from engine.rules.deadlines import local_date
from engine.store import appraisals, audit, instances, work_items
from engine.store.database import Transaction
from engine.store.instances import LoadedStep
from engine.store.states import WorkItemState
from engine.store.work_items import WorkItemRow

WITHDRAW = "withdraw_appeal"


def withdraw_appeal(desk: Desk, actor: Actor, *, instance_id: str, now: datetime) -> None:
    """The employee takes his appeal back before it is decided; the result stands.

    Raises NotFound, Forbidden, or Conflict when no appeal is being heard.
    """
    with refusals_audited(desk, actor, Verb.WITHDRAW_APPEAL, target=instance_id, now=now):
        with desk.store.reading(actor.agency_id) as tx:
            row = instances.get(tx, instance_id)
            demand(actor, Verb.WITHDRAW_APPEAL, case_access(tx, row))

        def withdraw(step: Step) -> bool:
            taken = step.execution.receive(WITHDRAW, {"withdrawn_at": now.isoformat()})
            if taken:
                step.events.append(step.scribe.event(Action.APPEAL_WITHDRAWN))
            return taken

        by = actor.employee_id
        if not run_automatic(desk, actor.agency_id, instance_id, withdraw, by=by, now=now):
            raise Conflict(f"no appeal of {instance_id} is being heard")


def take_over(desk: Desk, actor: Actor, *, item_id: str, reason: str, now: datetime) -> None:
    """The rater's superior takes over a late rating that was offered to him.

    From then on he is the rater of the case and his own superior the next above, so that he
    cannot decide its appeal. Raises NotFound, Forbidden or WorkItemClosed.
    """
    with (
        refusals_audited(desk, actor, Verb.TAKE_OVER_WORK, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        definition = desk.definitions.get(tx, loaded.instance.row.definition_id)
        properties = definition.properties_of(loaded.item.element_id)
        access = work_access(tx, loaded.instance.row, loaded.item, properties)
        known = replace(access, case=case_access(tx, loaded.instance.row))
        demand(actor, Verb.TAKE_OVER_WORK, known)
        if loaded.item.state != WorkItemState.OPEN:
            raise WorkItemClosed(item_id, loaded.item.state, loaded.item.closed_at)
        above, moved = _reassign(desk, tx, actor, loaded, now=now)
        _note(tx, actor, loaded, above, moved, reason=reason, now=now)


def _reassign(
    desk: Desk, tx: Transaction, actor: Actor, loaded: LoadedStep, *, now: datetime
) -> tuple[EmployeeId | None, list[WorkItemRow]]:
    """Every open work of the late rater goes to the one who takes over.

    Who stands above him in the case now, and what moved besides.
    """
    row = loaded.instance.row
    appraisal = appraisals.get(tx, row.id)
    open_now = work_items.open_of_instance(tx, row.id)
    also = [i for i in open_now if i.assignee_id == appraisal.rater_id and i.id != loaded.item.id]
    for item in (loaded.item, *also):
        work_items.assign(tx, item.id, actor.employee_id)
    calendar = desk.calendar(tx, now)
    on, began = local_date(now, calendar), local_date(row.started_at, calendar)
    above = superior_above(tx, row, actor.employee_id, on, began=began)
    appraisals.save(tx, replace(appraisal, rater_id=actor.employee_id, rater_superior_id=above))
    return above, also


def _note(
    tx: Transaction,
    actor: Actor,
    loaded: LoadedStep,
    above: EmployeeId | None,
    moved: list[WorkItemRow],
    *,
    reason: str,
    now: datetime,
) -> None:
    row = loaded.instance.row
    scribe = Scribe(row.id, row.definition_id, now, actor.employee_id, "rater_superior")
    taken = scribe.event(
        Action.TAKEOVER_MADE,
        item=loaded.item.id,
        element=loaded.item.element_id,
        from_person=loaded.item.assignee_id,
        rater=actor.employee_id,
        rater_superior=above,
        **sealed_reason(loaded.instance.key, reason),
    )
    also = [
        scribe.event(
            Action.WORK_REASSIGNED,
            item=item.id,
            element=item.element_id,
            from_person=item.assignee_id,
            to=actor.employee_id,
        )
        for item in moved
    ]
    instances.save_head(tx, row.chain, audit.append(tx, row.chain, [taken, *also]))
