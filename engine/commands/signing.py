"""Signs the current result version when the diagram says that a step signs it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.proofs import Proof, prove_signature, use_proof
from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.appraisal import SignatureKind
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import ReadyTask
from engine.errors import Finding, InvalidForm, TooManyAttempts
from engine.store import credentials, instances, results, work_items
from engine.store.database import Transaction
from engine.store.states import WorkItemState

SIGNS, RESULT = "alur:signs", "result"


class ProofAsked(Exception):
    """The step signs, and who completes it has set up a PIN or an app."""


def signing_proof(
    desk: Desk, actor: Actor, *, item_id: str, code: str | Proof | None, now: datetime
) -> Proof:
    """What the actor signs this work item with, when it signs and he has set up a PIN or an app.

    Never asked inside the step: it is slow on purpose, and a wrong code must stay counted.
    A delay is told beside the field as well, so that nothing typed is lost. Raises NotFound or
    InvalidForm.
    """
    with desk.store.reading(actor.agency_id) as tx:
        known = credentials.find(tx, actor.employee_id)
        if known is None or not known.signs_with_proof:
            return Proof()
        loaded = instances.read_with_item(tx, item_id)
        definition = desk.definitions.get(tx, loaded.instance.row.definition_id)
        asked = definition.properties_of(loaded.item.element_id).get(SIGNS) == RESULT
        is_open = loaded.item.state == WorkItemState.OPEN
    if not (asked and is_open):
        return Proof()
    return code if isinstance(code, Proof) else _proved(desk, actor, code=code or "", now=now)


def prove_batch(
    desk: Desk, actor: Actor, *, item_ids: Sequence[str], code: str, now: datetime
) -> Proof:
    """One proof for all signatures of a batch, asked for when any open step of it signs.

    A code of the app is used up here, so that it signs this batch and nothing after it. Raises
    InvalidForm.
    """
    with desk.store.reading(actor.agency_id) as tx:
        asked = any(_asks(desk, tx, actor, item_id) for item_id in item_ids)
    if not asked:
        return Proof()
    proof = _proved(desk, actor, code=code, now=now)
    with desk.store.transaction(actor.agency_id) as tx:
        use_proof(tx, actor.employee_id, proof)
    return replace(proof, step=None)


def _asks(desk: Desk, tx: Transaction, actor: Actor, item_id: str) -> bool:
    item = work_items.get(tx, item_id)
    definition = desk.definitions.get(tx, instances.get(tx, item.instance_id).definition_id)
    properties = definition.properties_of(item.element_id)
    return item.state == WorkItemState.OPEN and signature_asked(tx, actor, properties)


def _proved(desk: Desk, actor: Actor, *, code: str, now: datetime) -> Proof:
    try:
        return prove_signature(desk, actor, code=code, now=now)
    except TooManyAttempts as error:
        params = {"wait": str(error.wait_s)}
        finding = Finding("sign_in.wait", element_id="signature_code", params=params)
        raise InvalidForm([finding]) from error


def signature_asked(tx: Transaction, actor: Actor, properties: Mapping[str, str]) -> bool:
    """Whether the page of a step asks for the PIN or a code of the app."""
    if properties.get(SIGNS) != RESULT:
        return False
    known = credentials.find(tx, actor.employee_id)
    return known is not None and known.signs_with_proof


def proven_kind(step: Step, task: ReadyTask, actor: Actor, proof: Proof | None) -> SignatureKind:
    """How a step is signed; its proof is used up. Raises ProofAsked when it lacks one."""
    if proof is None and signature_asked(step.tx, actor, task.properties):
        raise ProofAsked
    proof = proof or Proof()
    use_proof(step.tx, actor.employee_id, proof)
    return proof.kind


def signs_result(desk: Desk, actor: Actor, *, item_id: str) -> bool:
    """Whether the step of a work item signs the result. Raises NotFound."""
    with desk.store.reading(actor.agency_id) as tx:
        loaded = instances.read_with_item(tx, item_id)
        definition = desk.definitions.get(tx, loaded.instance.row.definition_id)
        return definition.properties_of(loaded.item.element_id).get(SIGNS) == RESULT


def sign_result(
    step: Step, task: ReadyTask, *, by: EmployeeId, at: datetime, kind: str | None
) -> None:
    """Record the signature of the version in force, with its kind. Source: PP 30/2019 art. 59.

    `by` handed the step in at the instant `at`, which may lie before the step could be applied:
    the signature is his, also when somebody else had a held case tried again.
    """
    if task.properties.get(SIGNS) != RESULT:
        return
    version = step.appraisal.result_version
    kind = kind or SignatureKind.CLICK.value
    results.sign(step.tx, step.row.id, version, by=by, kind=kind, now=at)
    own = step.scribe if by == step.scribe.actor else replace(step.scribe.by_system(), actor=by)
    event = own.event(Action.SIGNATURE_GIVEN, version=version, kind=kind, signer=by)
    step.events.append(event)
