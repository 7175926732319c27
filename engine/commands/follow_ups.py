"""What becomes of a follow-up: somebody takes it on, notes its progress, ends it with a proof."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.commands.answers import encoded
from engine.commands.desk import Desk
from engine.commands.evidence import media_type_of
from engine.commands.follow_up_work import OpenFollowUp, lock_follow_up, note
from engine.commands.permissions import refusals_audited
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.follow_ups import FollowUpStep
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, Finding, InvalidForm
from engine.rules.deadlines import local_date
from engine.rules.forms import validate
from engine.store import files, follow_ups, people
from engine.store.database import Transaction
from engine.store.files import FileRow
from engine.store.follow_ups import EntryRow
from engine.store.ids import new_id
from engine.store.sealing import seal_committed
from engine.store.states import FollowUpState

SHORTEST_REASON, LONGEST_TEXT, LONGEST_NUMBER = 10, 2_000, 100
Answers = Mapping[str, object]
ENDS = {
    Action.FOLLOW_UP_COMPLETED: FollowUpStep.DONE,
    Action.FOLLOW_UP_CANCELLED: FollowUpStep.CANCELLED,
}


@dataclass(frozen=True)
class Proof:
    """What shows that it was done: the number of a paper, a file (name and content), or both."""

    number: str = ""
    file: tuple[str, bytes] | None = None
    note: str = ""


def assign_follow_up(
    desk: Desk, actor: Actor, *, follow_up_id: str, to: EmployeeId, now: datetime
) -> None:
    """Say who sees to an open follow-up. Raises NotFound, Forbidden, Conflict or InvalidForm."""
    verb = Verb.MANAGE_FOLLOW_UP
    with (
        refusals_audited(desk, actor, verb, target=follow_up_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        found = _open(desk, tx, actor, verb, follow_up_id, now=now)
        if not people.employees_in_service(tx, [to]):
            raise InvalidForm([Finding("follow_up.owner", element_id="owner")])
        follow_ups.assign(tx, found.row.id, to)
        note(tx, found, actor, Action.FOLLOW_UP_ASSIGNED, owner=to)


def note_follow_up(
    desk: Desk, actor: Actor, *, follow_up_id: str, answers: Answers, now: datetime
) -> None:
    """Write down the plan, or how far it is this month.

    Raises NotFound, Forbidden, InvalidForm, or Conflict where only the end is left to write down.
    """
    verb = Verb.WORK_ON_FOLLOW_UP
    with (
        refusals_audited(desk, actor, verb, target=follow_up_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        found = _open(desk, tx, actor, verb, follow_up_id, now=now)
        if found.step is FollowUpStep.DONE:
            raise Conflict(f"follow-up {follow_up_id} has nothing more to note but its end")
        values = _checked(found, answers)
        _once_a_month(found)
        _write(tx, found, actor, Action.FOLLOW_UP_NOTED, values)


def complete_follow_up(
    desk: Desk, actor: Actor, *, follow_up_id: str, answers: Answers, proof: Proof, now: datetime
) -> None:
    """End a follow-up with its last answers and a proof.

    Raises NotFound, Forbidden, Conflict, InvalidFile, or InvalidForm naming everything at once.
    """
    verb = Verb.WORK_ON_FOLLOW_UP
    with (
        refusals_audited(desk, actor, verb, target=follow_up_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        found = _open(desk, tx, actor, verb, follow_up_id, now=now)
        if found.step is not FollowUpStep.DONE:
            raise InvalidForm([Finding("follow_up.not_yet", element_id="")])
        values = _checked(found, answers, _of_proof(proof))
        digest = _stored(desk, tx, proof, now)
        told = {"answers": values, "number": proof.number.strip(), "note": proof.note.strip()}
        failed = found.kind.has_failed(values) if found.kind.failed else None
        _end(tx, found, actor, FollowUpState.COMPLETED, failed=failed)
        _write(tx, found, actor, Action.FOLLOW_UP_COMPLETED, told, digest=digest, failed=failed)


def cancel_follow_up(
    desk: Desk, actor: Actor, *, follow_up_id: str, reason: str, now: datetime
) -> None:
    """End a follow-up that is not to be done. Raises NotFound, Forbidden, Conflict, InvalidForm."""
    verb = Verb.MANAGE_FOLLOW_UP
    with (
        refusals_audited(desk, actor, verb, target=follow_up_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        found = _open(desk, tx, actor, verb, follow_up_id, now=now)
        if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_TEXT:
            raise InvalidForm([Finding("follow_up.reason", element_id="reason")])
        told = {"reason": reason.strip()}
        _end(tx, found, actor, FollowUpState.CANCELLED)
        _write(tx, found, actor, Action.FOLLOW_UP_CANCELLED, told)


def _open(
    desk: Desk, tx: Transaction, actor: Actor, verb: Verb, follow_up_id: str, *, now: datetime
) -> OpenFollowUp:
    found = lock_follow_up(desk, tx, actor, verb, follow_up_id, now=now)
    if not found.is_open:
        raise Conflict(f"follow-up {follow_up_id} is open no more")
    return found


def _checked(found: OpenFollowUp, answers: Answers, also: tuple[Finding, ...] = ()) -> Answers:
    values, findings = validate(found.form, answers, found.context) if found.form else ({}, ())
    if findings or also:
        raise InvalidForm([*findings, *also])
    return values


def _once_a_month(found: OpenFollowUp) -> None:
    """Six monthly checkpoints are six months."""
    months = {
        local_date(entry.at, found.context.calendar).replace(day=1)
        for entry in found.entries
        if entry.step == FollowUpStep.CHECKPOINT
    }
    if found.step is FollowUpStep.CHECKPOINT and found.today.replace(day=1) in months:
        raise InvalidForm([Finding("follow_up.month", element_id="")])


def _of_proof(proof: Proof) -> tuple[Finding, ...]:
    found = []
    if not proof.number.strip() and proof.file is None:
        found.append(Finding("follow_up.proof", element_id="proof_number"))
    if len(proof.number.strip()) > LONGEST_NUMBER:
        found.append(Finding("follow_up.number", element_id="proof_number"))
    if len(proof.note) > LONGEST_TEXT:
        found.append(Finding("follow_up.note", element_id="proof_note"))
    return tuple(found)


def _stored(desk: Desk, tx: Transaction, proof: Proof, now: datetime) -> str | None:
    """The SHA-256 of the file that proves it, if there is one. Raises InvalidFile."""
    if proof.file is None:
        return None
    name, content = proof.file
    media_type, _ = media_type_of(name, content)
    digest = desk.files.put(content)
    files.keep(tx, FileRow(digest, len(content), media_type, now))
    return digest


def _end(
    tx: Transaction,
    found: OpenFollowUp,
    actor: Actor,
    state: FollowUpState,
    *,
    failed: bool | None = None,
) -> None:
    ended = replace(
        found.row, state=state.value, closed_at=found.context.now, closed_by=actor.employee_id,
        failed=failed,
    )  # fmt: skip
    follow_ups.close(tx, ended)


def _write(
    tx: Transaction,
    found: OpenFollowUp,
    actor: Actor,
    action: Action,
    told: Answers,
    *,
    digest: str | None = None,
    failed: bool | None = None,
) -> None:
    """Keep what was written down, sealed, with the event that vouches for it."""
    step = ENDS.get(action, found.step)
    sealed = seal_committed(found.key, encoded(told))
    entry = EntryRow(
        new_id(), found.row.id, step.value, actor.employee_id, found.context.now, sealed.blob,
        sealed.commitment, digest,
    )  # fmt: skip
    follow_ups.write(tx, entry)
    note(
        tx, found, actor, action, entry=entry.id, step=step.value, commitment=sealed.commitment,
        proof_sha256=digest, failed=failed,
    )  # fmt: skip
