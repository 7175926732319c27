"""Opens the form of a work item as its page shows it: data of the case, draft, earlier answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.commands.answers import acting_role, decoded, form_context
from engine.commands.desk import Desk
from engine.commands.heard import words_of
from engine.commands.permissions import demand, work_access
from engine.commands.signing import RESULT, SIGNS, signature_asked
from engine.commands.steps import Step, open_step
from engine.commands.trail import Scribe
from engine.domain.access import Verb, can
from engine.domain.people import Actor
from engine.errors import InstanceHeld, NotFound, WorkItemClosed
from engine.rules.forms import Form, FormContext, initial_values
from engine.store import drafts, instances, submissions
from engine.store.drafts import DraftRow
from engine.store.sealing import SealingKey, open_committed, open_sealed
from engine.store.states import InstanceStatus, WorkItemState
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow

Answers = Mapping[str, object]
MOVES = (Verb.DELEGATE_WORK, Verb.REASSIGN_WORK)


@dataclass(frozen=True)
class EarlierStep:
    """The answers of a step before this one with their form; `name` is the step's in the page."""

    form: Form
    values: Answers
    name: str = ""


@dataclass(frozen=True)
class OpenForm:
    """A form ready to be filled in; `revision` 0 means that no draft was saved yet.

    `signs` when sending signs the result; `signature_asked` when a PIN or code is asked for it.
    `moves` when the reader may delegate or reassign the work.
    """

    item: WorkItemRow
    form: Form
    context: FormContext
    values: Answers
    steps: Mapping[str, EarlierStep]
    revision: int = 0
    saved_at: datetime | None = None
    signature_asked: bool = False
    signs: bool = False
    moves: bool = False


@dataclass(frozen=True)
class AnyForm:
    """The form of a step in whatever state, with the answers that were sent."""

    form: Form
    sent: Answers


def any_form(desk: Desk, actor: Actor, *, item_id: str) -> AnyForm:
    """The form by which typed answers are read when its step takes none any more.

    Raises NotFound or Forbidden.
    """
    with desk.store.reading(actor.agency_id) as tx:
        loaded = instances.read_with_item(tx, item_id)
        item, row = loaded.item, loaded.instance.row
        definition = desk.definitions.get(tx, row.definition_id)
        properties = definition.properties_of(item.element_id)
        demand(actor, Verb.READ_WORK, work_access(tx, row, item, properties))
        form = definition.form_of(properties)
        if form is None:
            raise NotFound("form", item.element_id)
        sent = submissions.of_item(tx, item_id)
        return AnyForm(form, _own_words(loaded.instance.key, sent, actor) if sent else {})


def _own_words(key: SealingKey, sent: SubmissionRow, actor: Actor) -> Answers:
    """What was sent; what was said in confidence to its author only."""
    if sent.in_confidence:
        return words_of(key, sent, actor.employee_id)
    return decoded(open_committed(key, sent.sealed))


def open_form(desk: Desk, actor: Actor, *, item_id: str, language: str, now: datetime) -> OpenForm:
    """The form for this actor. Raises NotFound, Forbidden, WorkItemClosed or InstanceHeld."""
    with desk.store.reading(actor.agency_id) as tx:
        loaded = instances.read_with_item(tx, item_id)
        item, row = loaded.item, loaded.instance.row
        scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
        step = open_step(desk, tx, loaded.instance, scribe)
        properties = step.definition.properties_of(item.element_id)
        access = work_access(tx, row, item, properties)
        demand(actor, Verb.READ_WORK, access)
        if item.state != WorkItemState.OPEN:
            raise WorkItemClosed(item.id, item.state, item.closed_at)
        if row.status != InstanceStatus.RUNNING:
            raise InstanceHeld(row.id)
        opened = _opened(step, actor, item, language, drafts.find(tx, item.id))
        return replace(
            opened,
            signs=properties.get(SIGNS) == RESULT,
            moves=any(can(actor, verb, access) for verb in MOVES),
            signature_asked=signature_asked(tx, actor, properties),
        )


def _opened(
    step: Step, actor: Actor, item: WorkItemRow, language: str, draft: DraftRow | None
) -> OpenForm:
    task = next((t for t in step.execution.ready if t.task_id == item.task_id), None)
    form = step.definition.form_of_task(task) if task else None
    if task is None or form is None:
        raise NotFound("form", item.element_id)
    role = acting_role(step, actor, item)
    context = replace(form_context(step, task, item, role), language=language)
    own = draft if draft and draft.actor_id == actor.employee_id else None
    values = decoded(open_sealed(step.key, own.payload)) if own else initial_values(form, context)
    return OpenForm(
        item,
        form,
        context,
        values,
        _earlier(step, context),
        draft.revision if draft else 0,
        own.saved_at if own else None,
    )


def _earlier(step: Step, context: FormContext) -> Mapping[str, EarlierStep]:
    """The answers of the steps before, each with its own form, for the panels beside this one."""
    definition, found = step.definition, {}
    names = {**definition.drawing.names, **definition.settings.names_in(context.language)}
    for element, properties in definition.properties.items():
        form, answers = definition.form_of(properties), context.data.get(element)
        if form is not None and isinstance(answers, Mapping):
            found[element] = EarlierStep(form, answers, names.get(element, ""))
    return found
