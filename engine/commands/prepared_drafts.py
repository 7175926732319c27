"""Drafts that an operator prepares for a rater: facts, texts and evidence, never the rating.

They lie beside the rater's own draft, which the operator never sees; only the rater takes them in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.commands.answers import acting_role, decoded, encoded, form_context
from engine.commands.desk import Desk
from engine.commands.evidence import attach
from engine.commands.notices import NewNotice, tell
from engine.commands.permissions import demand, refusals_audited, work_access
from engine.commands.steps import Step, open_step
from engine.commands.trail import Scribe
from engine.commands.work_forms import OpenForm
from engine.domain.access import Verb, WorkAccess
from engine.domain.actions import Action
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import Forbidden, InstanceHeld, NotFound, WorkItemClosed
from engine.rules.deadlines import local_date
from engine.rules.forms import (
    Form,
    answered_ratings,
    facts_only,
    initial_values,
    without_ratings,
)
from engine.rules.forms.form import blank
from engine.store import audit, drafts, instances, prepared_drafts, preparers
from engine.store.database import Transaction
from engine.store.drafts import Edition
from engine.store.instances import LoadedStep
from engine.store.prepared_drafts import PreparedRow
from engine.store.sealing import open_sealed, seal
from engine.store.states import InstanceStatus, WorkItemState

Answers = Mapping[str, object]
RATING, SEALED = "rating", "alur:confidentiality"


@dataclass(frozen=True)
class Prepared:
    """What an operator prepared for a rater; `form` and `values` hold no rating."""

    operator_id: EmployeeId
    handed_at: datetime
    taken_at: datetime | None
    form: Form
    values: Answers


def open_facts(desk: Desk, actor: Actor, *, item_id: str, language: str, now: datetime) -> OpenForm:
    """The form without its ratings, for the operator. Raises NotFound, Forbidden or Conflict."""
    with desk.store.reading(actor.agency_id) as tx:
        loaded = instances.read_with_item(tx, item_id)
        _demand(desk, tx, actor, loaded, now)
        step, form = _form(desk, tx, actor, loaded, now)
        task = next(t for t in step.execution.ready if t.task_id == loaded.item.task_id)
        role = acting_role(step, _holder(actor, loaded), loaded.item)
        context = replace(form_context(step, task, loaded.item, role), language=language)
        known = prepared_drafts.find(tx, item_id)
        asked = without_ratings(form)
        values: Answers = initial_values(asked, context)
        if known:
            values = decoded(open_sealed(loaded.instance.key, known.payload))
        return OpenForm(
            loaded.item, asked, context, values, {}, known.revision if known else 0,
            known.saved_at if known else None,
        )  # fmt: skip


def save_facts(
    desk: Desk, actor: Actor, *, item_id: str, values: Answers, edition: Edition, now: datetime
) -> int:
    """Keep what the operator typed; the new revision.

    Raises NotFound, WorkItemClosed, StaleVersion, or Forbidden, also when `values` answer a rating.
    """
    with (
        refusals_audited(desk, actor, Verb.PREPARE_FACTS, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        _demand(desk, tx, actor, loaded, now)
        _, form = _form(desk, tx, actor, loaded, now)
        if answered_ratings(form, values):
            raise Forbidden(Verb.PREPARE_FACTS.value, RATING)
        payload = seal(loaded.instance.key, encoded(facts_only(form, values)))
        row = PreparedRow(
            item_id, loaded.instance.row.id, actor.employee_id, payload, 1,
            edition.page, edition.edits, now,
        )  # fmt: skip
        return prepared_drafts.save(tx, row, edition=edition)


def attach_fact(
    desk: Desk, actor: Actor, *, item_id: str, name: str, content: bytes, now: datetime
) -> str:
    """Attach a scanned file to what is prepared; its id. Raises also InvalidFile."""
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = instances.load_for_step(tx, item_id)
        _demand(desk, tx, actor, loaded, now)
        return attach(tx, desk, actor, loaded, name=name, content=content, now=now)


def hand_over_facts(desk: Desk, actor: Actor, *, item_id: str, now: datetime) -> None:
    """Show the rater what was prepared, and tell him. Raises NotFound, Forbidden or Conflict."""
    with (
        refusals_audited(desk, actor, Verb.PREPARE_FACTS, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        _demand(desk, tx, actor, loaded, now)
        known = prepared_drafts.find(tx, item_id)
        if known is None:
            raise NotFound("prepared draft", item_id)
        if not prepared_drafts.hand_over(tx, item_id, now=now):
            return
        _note(tx, actor, loaded, Action.DRAFT_PREPARED, now, revision=known.revision)
        holder, row = loaded.item.assignee_id or loaded.item.claimed_by, loaded.instance.row
        if holder:
            key = f"{NoticeKind.PREPARED}:{item_id}:{known.revision}"
            notice = NewNotice(holder, NoticeKind.PREPARED, key, item_id, row.id)
            tell(tx, [notice], now=now)


def prepared_facts(desk: Desk, actor: Actor, *, item_id: str, now: datetime) -> Prepared | None:
    """What was handed over for the holder of the work, if anything. Raises NotFound, Forbidden."""
    with desk.store.reading(actor.agency_id) as tx:
        known = prepared_drafts.find(tx, item_id)
        if known is None or known.handed_at is None:
            return None
        loaded = instances.read_with_item(tx, item_id)
        demand(actor, Verb.COMPLETE_WORK, _access(desk, tx, loaded, now))
        _, form = _form(desk, tx, actor, loaded, now)
        values = decoded(open_sealed(loaded.instance.key, known.payload))
        return Prepared(
            known.operator_id, known.handed_at, known.taken_at, without_ratings(form), values
        )


def take_facts(desk: Desk, actor: Actor, *, item_id: str, now: datetime) -> None:
    """The holder takes what was prepared into his draft, where he has typed nothing else himself.

    Raises NotFound, Forbidden, WorkItemClosed or InstanceHeld.
    """
    with (
        refusals_audited(desk, actor, Verb.COMPLETE_WORK, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        demand(actor, Verb.COMPLETE_WORK, _access(desk, tx, loaded, now))
        _check_open(loaded)
        known = prepared_drafts.find(tx, item_id)
        if known is None or known.handed_at is None:
            raise NotFound("prepared draft", item_id)
        step, form = _form(desk, tx, actor, loaded, now)
        task = next(t for t in step.execution.ready if t.task_id == loaded.item.task_id)
        role = acting_role(step, actor, loaded.item)
        first = initial_values(form, form_context(step, task, loaded.item, role))
        key, draft = loaded.instance.key, drafts.find(tx, item_id)
        mine = draft and draft.actor_id == actor.employee_id
        own = decoded(open_sealed(key, draft.payload)) if draft and mine else first
        given = decoded(open_sealed(key, known.payload))
        values = {name: _taken(own.get(name), first.get(name), given.get(name)) for name in first}
        edition = Edition(draft.revision if draft else 0)
        payload = seal(key, encoded(values))
        drafts.save(
            tx, item_id, actor_id=actor.employee_id, payload=payload, edition=edition, now=now
        )
        prepared_drafts.take(tx, item_id, now=now)
        _note(
            tx, actor, loaded, Action.DRAFT_TAKEN, now,
            prepared_by=known.operator_id, revision=known.revision,
        )  # fmt: skip


def _taken(own: object, first: object, given: object) -> object:
    """What was prepared, unless the rater has typed something else in this place."""
    if isinstance(own, list) and isinstance(given, list) and len(own) == len(given):
        firsts = first if isinstance(first, list) and len(first) == len(own) else [None] * len(own)
        return [_taken_row(*lines) for lines in zip(own, firsts, given, strict=True)]
    return given if not blank(given) and (blank(own) or own == first) else own


def _taken_row(own: object, first: object, given: object) -> object:
    if not (isinstance(own, Mapping) and isinstance(given, Mapping)):
        return own
    began = first if isinstance(first, Mapping) else {}
    names = {**own, **given}
    return {
        name: _taken(own.get(name), began.get(name), given.get(name))
        if name in given
        else own[name]
        for name in names
    }


def _access(desk: Desk, tx: Transaction, loaded: LoadedStep, now: datetime) -> WorkAccess:
    """A work item with the operators whom its holder lets prepare it today."""
    item, row = loaded.item, loaded.instance.row
    properties = desk.definitions.get(tx, row.definition_id).properties_of(item.element_id)
    holder, today = item.assignee_id or item.claimed_by, local_date(now, desk.calendar(tx, now))
    allowed = preparers.of_rater(tx, holder, today) if holder else ()
    return replace(
        work_access(tx, row, item, properties),
        ratable=item.participation == RATING and SEALED not in properties,
        preparers=frozenset((p.operator_id, p.unit_id) for p in allowed if p.starts <= today),
    )


def _demand(desk: Desk, tx: Transaction, actor: Actor, loaded: LoadedStep, now: datetime) -> None:
    demand(actor, Verb.PREPARE_FACTS, _access(desk, tx, loaded, now))
    _check_open(loaded)


def _check_open(loaded: LoadedStep) -> None:
    item, row = loaded.item, loaded.instance.row
    if item.state != WorkItemState.OPEN:
        raise WorkItemClosed(item.id, item.state, item.closed_at)
    if row.status != InstanceStatus.RUNNING:
        raise InstanceHeld(row.id)


def _form(
    desk: Desk, tx: Transaction, actor: Actor, loaded: LoadedStep, now: datetime
) -> tuple[Step, Form]:
    row = loaded.instance.row
    scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
    step = open_step(desk, tx, loaded.instance, scribe)
    task = next((t for t in step.execution.ready if t.task_id == loaded.item.task_id), None)
    form = step.definition.form_of_task(task) if task else None
    if form is None:
        raise NotFound("form", loaded.item.element_id)
    return step, form


def _holder(actor: Actor, loaded: LoadedStep) -> Actor:
    """The role in which the form is shown is that of the rater."""
    holder = loaded.item.assignee_id or loaded.item.claimed_by or actor.employee_id
    return Actor(actor.agency_id, holder)


def _note(
    tx: Transaction, actor: Actor, loaded: LoadedStep, action: Action, now: datetime, **more: object
) -> None:
    item, row = loaded.item, loaded.instance.row
    scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
    event = scribe.event(action, item=item.id, element=item.element_id, **more)
    instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
