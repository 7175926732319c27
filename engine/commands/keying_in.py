"""What an operator types from paper until he sends it; apart from the employee's own draft."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.commands.answers import decoded, encoded, form_context
from engine.commands.desk import Desk
from engine.commands.evidence import attach
from engine.commands.papers import paper_access, paper_role
from engine.commands.permissions import demand, refusals_audited
from engine.commands.steps import open_step
from engine.commands.trail import Scribe
from engine.commands.work_forms import OpenForm
from engine.domain.access import Verb
from engine.domain.people import Actor
from engine.errors import InstanceHeld, NotFound, WorkItemClosed
from engine.rules.forms import initial_values
from engine.rules.forms.paper import with_proof
from engine.store import instances, prepared_drafts
from engine.store.database import Transaction
from engine.store.drafts import Edition
from engine.store.instances import LoadedStep
from engine.store.prepared_drafts import PreparedRow
from engine.store.sealing import open_sealed, seal
from engine.store.states import InstanceStatus, WorkItemState

Answers = Mapping[str, object]


def open_paper(desk: Desk, actor: Actor, *, item_id: str, language: str, now: datetime) -> OpenForm:
    """The form with the questions about the paper, as far as operators have typed.

    Nothing of the case beside it. Raises NotFound, Forbidden, WorkItemClosed or InstanceHeld.
    """
    with desk.store.reading(actor.agency_id) as tx:
        loaded = instances.read_with_item(tx, item_id)
        _demand(desk, tx, actor, loaded)
        item, row = loaded.item, loaded.instance.row
        scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
        step = open_step(desk, tx, loaded.instance, scribe)
        task = next((t for t in step.execution.ready if t.task_id == item.task_id), None)
        form = step.definition.form_of_task(task) if task else None
        if task is None or form is None:
            raise NotFound("form", item.element_id)
        asked = with_proof(form)
        role = paper_role(step, item)
        context = replace(form_context(step, task, item, role), language=language)
        known = prepared_drafts.find(tx, item_id)
        values: Answers = initial_values(asked, context)
        if known:
            values = decoded(open_sealed(step.key, known.payload))
        return OpenForm(
            item, asked, context, values, {}, known.revision if known else 0,
            known.saved_at if known else None,
        )  # fmt: skip


def save_paper(
    desk: Desk, actor: Actor, *, item_id: str, values: Answers, edition: Edition, now: datetime
) -> int:
    """Keep what the operator typed; the new revision.

    Raises NotFound, Forbidden, WorkItemClosed, InstanceHeld or StaleVersion.
    """
    with (
        refusals_audited(desk, actor, Verb.KEY_IN_WORK, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        _demand(desk, tx, actor, loaded)
        payload = seal(loaded.instance.key, encoded(values))
        row = PreparedRow(
            item_id, loaded.instance.row.id, actor.employee_id, payload, 1,
            edition.page, edition.edits, now,
        )  # fmt: skip
        return prepared_drafts.save(tx, row, edition=edition)


def attach_scan(
    desk: Desk, actor: Actor, *, item_id: str, name: str, content: bytes, now: datetime
) -> str:
    """Attach a file to the step: the scan, or evidence that came with it; its id.

    Raises NotFound, Forbidden, WorkItemClosed, InstanceHeld or InvalidFile.
    """
    with (
        refusals_audited(desk, actor, Verb.KEY_IN_WORK, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        _demand(desk, tx, actor, loaded)
        return attach(tx, desk, actor, loaded, name=name, content=content, now=now)


def _demand(desk: Desk, tx: Transaction, actor: Actor, loaded: LoadedStep) -> None:
    """Raise unless the actor may key in this step, and it is open."""
    item, row = loaded.item, loaded.instance.row
    properties = desk.definitions.get(tx, row.definition_id).properties_of(item.element_id)
    demand(actor, Verb.KEY_IN_WORK, paper_access(tx, row, item, properties))
    if item.state != WorkItemState.OPEN:
        raise WorkItemClosed(item.id, item.state, item.closed_at)
    if row.status != InstanceStatus.RUNNING:
        raise InstanceHeld(row.id)
