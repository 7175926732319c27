"""Who said something in confidence is learned by two people with a reason each, or by nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson

from engine.commands.desk import Desk
from engine.commands.heard import Voice, Words, author_of, voices
from engine.commands.permissions import case_access, demand, refusals_audited
from engine.commands.remarks import confidential_remarks
from engine.commands.sealed_reasons import sealed_reason
from engine.commands.trail import Scribe
from engine.domain.access import AgencyAccess, Reason, Verb, can
from engine.domain.actions import Action
from engine.domain.confidence import CONFIDENCE, remarks
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, Erased, Finding, Forbidden, InvalidForm, NotFound
from engine.queries.people import Person, agency_day, people
from engine.store import audit, instances, results, unmaskings, work_items
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.instances import LoadedInstance
from engine.store.sealing import get_key, open_sealed, seal
from engine.store.unmaskings import GRANTED, UnmaskingRow

SHORTEST, LONGEST = 20, 1_000
SHOWN = 100


@dataclass(frozen=True)
class Unmasking:
    """A request as those two see it; never the identity itself."""

    id: str
    instance_id: str
    subject: Person | None
    text: str
    reason: str
    asked_by: Person | None
    asked_at: datetime
    outcome: str | None
    may_decide: bool
    may_read: bool


def remark_code(text: str) -> str:
    """What names a text on a page: nothing that two texts of one person would have in common."""
    return sha256(text.strip().encode()).hexdigest()


def may_ask_identity(desk: Desk, actor: Actor, *, instance_id: str) -> bool:
    """Whether the actor may ask who said something in the case."""
    with desk.store.reading(actor.agency_id) as tx:
        row = instances.get(tx, instance_id)
        found = can(actor, Verb.ASK_IDENTITY, case_access(tx, row))
        return bool(found) and not _was_asked(tx, instance_id, actor)


def askable_remarks(
    desk: Desk, actor: Actor, *, instance_id: str, language: str, now: datetime
) -> Mapping[str, str]:
    """The texts of the case that the actor may ask about, by code; NotFound where he may not."""
    if not may_ask_identity(desk, actor, instance_id=instance_id):
        raise NotFound("case", instance_id)
    found = confidential_remarks(desk, actor, instance_id=instance_id, language=language, now=now)
    return {remark_code(text): text for one in found for text in one.texts}


def ask_identity(
    desk: Desk, actor: Actor, *, instance_id: str, remark: str, reason: str, now: datetime
) -> str:
    """Ask who wrote a text that readers of the case are told; the request's id.

    `remark` is its `remark_code`. Raises NotFound, Forbidden for who has part in the case, or
    InvalidForm for a reason of fewer than 20 letters, or a text that several people wrote.
    """
    verb = Verb.ASK_IDENTITY
    with (
        refusals_audited(desk, actor, verb, target=instance_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = _demanded(tx, actor, verb, instance_id)
        _check_reason(reason)
        text, voice = _told(tx, loaded, remark)
        payload = orjson.dumps({"reason": reason.strip(), "text": text})
        row = UnmaskingRow(
            new_id(), instance_id, voice.sent.id, actor.employee_id, now, seal(loaded.key, payload)
        )
        unmaskings.add(tx, row)
        _note(tx, loaded, actor, Action.IDENTITY_ASKED, row, now, reason)
        return row.id


def decide_identity(
    desk: Desk, actor: Actor, *, unmasking_id: str, granted: bool, reason: str, now: datetime
) -> None:
    """The inspectorate grants or refuses what the team asks, with a reason of its own.

    Raises NotFound, Forbidden for who asked himself or has part in the case, InvalidForm, or
    Conflict when it is decided.
    """
    verb = Verb.GRANT_IDENTITY
    with (
        refusals_audited(desk, actor, verb, target=unmasking_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        row = unmaskings.get(tx, unmasking_id)
        loaded = _demanded(tx, actor, verb, row.instance_id)
        if row.asked_by in actor.effective_persons():
            raise Forbidden(verb, Reason.TWO_PEOPLE)
        _check_reason(reason)
        by = actor.employee_id
        if not unmaskings.decide(tx, unmasking_id, granted=granted, by=by, now=now):
            raise Conflict(f"request {unmasking_id} is decided")
        action = Action.IDENTITY_UNMASKED if granted else Action.IDENTITY_KEPT
        _note(tx, loaded, actor, action, row, now, reason)


def read_identity(desk: Desk, actor: Actor, *, unmasking_id: str, now: datetime) -> EmployeeId:
    """Who it was, for the two who agreed on it; each look is recorded.

    Raises NotFound for everybody else and for what was not granted, Forbidden, or Erased.
    """
    verb = Verb.ASK_IDENTITY
    with (
        refusals_audited(desk, actor, verb, target=unmasking_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        row = unmaskings.get(tx, unmasking_id)
        if not _may_read(row, actor):
            raise NotFound("unmasking", unmasking_id)
        verb = verb if row.asked_by == actor.employee_id else Verb.GRANT_IDENTITY
        loaded = _demanded(tx, actor, verb, row.instance_id)
        found = (
            v for v in voices(tx, loaded.key, row.instance_id) if v.sent.id == row.submission_id
        )
        voice = next(found, None)
        if voice is None:
            raise Erased(unmasking_id)
        _note(tx, loaded, actor, Action.IDENTITY_READ, row, now)
        return author_of(loaded.key, voice.sent)


def known_unmaskings(desk: Desk, actor: Actor, *, now: datetime) -> tuple[Unmasking, ...]:
    """The own requests of the team, and all of them for the inspectorate. Raises Forbidden."""
    with desk.store.reading(actor.agency_id) as tx:
        agency = AgencyAccess(tx.agency_id)
        grants = bool(can(actor, Verb.GRANT_IDENTITY, agency))
        demand(actor, Verb.READ_IDENTITIES, agency)
        rows = unmaskings.latest(tx, limit=SHOWN)
        return tuple(
            found
            for row in rows
            if grants or row.asked_by == actor.employee_id
            for found in _shown(tx, actor, row, now)
        )


def _shown(tx: Transaction, actor: Actor, row: UnmaskingRow, now: datetime) -> Iterator[Unmasking]:
    """The request; nothing of a case in which the actor has part."""
    verb = Verb.ASK_IDENTITY if row.asked_by == actor.employee_id else Verb.GRANT_IDENTITY
    run = instances.get(tx, row.instance_id)
    if not can(actor, verb, case_access(tx, run)) or _was_asked(tx, run.id, actor):
        return
    key = get_key(tx, run.sealing_key_id)
    said = orjson.loads(open_sealed(key, row.payload)) if key.key else {"text": "", "reason": ""}
    known = people(tx, [run.subject_id, row.asked_by], agency_day(tx, now))
    is_open = row.outcome is None and row.asked_by not in actor.effective_persons()
    yield Unmasking(
        row.id,
        row.instance_id,
        known.get(run.subject_id),
        said["text"],
        said["reason"],
        known.get(row.asked_by),
        row.asked_at,
        row.outcome,
        may_decide=is_open and verb is Verb.GRANT_IDENTITY,
        may_read=_may_read(row, actor),
    )


def _may_read(row: UnmaskingRow, actor: Actor) -> bool:
    return row.outcome == GRANTED and actor.employee_id in {row.asked_by, row.decided_by}


def _demanded(tx: Transaction, actor: Actor, verb: Verb, instance_id: str) -> LoadedInstance:
    """The case, for whom has no part in it. Raises NotFound or Forbidden."""
    loaded = instances.load(tx, instance_id)
    demand(actor, verb, case_access(tx, loaded.row))
    if _was_asked(tx, instance_id, actor):
        raise Forbidden(verb, Reason.TOOK_PART)
    return loaded


def _was_asked(tx: Transaction, instance_id: str, actor: Actor) -> bool:
    """Whether the actor was himself asked in confidence."""
    asked = {
        item.assignee_id
        for item in work_items.of_instance(tx, instance_id)
        if item.participation == CONFIDENCE
    }
    return bool(asked & actor.effective_persons())


def _told(tx: Transaction, loaded: LoadedInstance, remark: str) -> tuple[str, Voice]:
    """The text with this code and who said it; only what readers of the case are told.

    Raises NotFound, or InvalidForm where several people wrote the same: nobody could be named.
    """
    is_told = any(row.delivered_at for row in results.of_instance(tx, loaded.row.id))
    said = voices(tx, loaded.key, loaded.row.id) if is_told else ()
    found = [
        (text.strip(), voice)
        for voice in said
        for name, text in voice.words.items()
        if isinstance(text, str) and remark_code(text) == remark
        if text.strip() in remarks(_beside(said, voice), name)
    ]
    if not found:
        raise NotFound("remark", remark)
    if len({voice.sent.id for _, voice in found}) > 1:
        raise InvalidForm([Finding("identity.same_text", element_id="remark")])
    return found[0]


def _beside(said: Sequence[Voice], voice: Voice) -> list[Words]:
    """What everybody said in the step of one voice."""
    return [one.words for one in said if one.sent.element_id == voice.sent.element_id]


def _check_reason(reason: str) -> None:
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        params = {"least": str(SHORTEST), "most": str(LONGEST)}
        raise InvalidForm([Finding("identity.reason", element_id="reason", params=params)])


def _note(
    tx: Transaction,
    loaded: LoadedInstance,
    actor: Actor,
    action: Action,
    row: UnmaskingRow,
    now: datetime,
    reason: str = "",
) -> None:
    run = loaded.row
    sealed = sealed_reason(loaded.key, reason.strip()) if reason else {}
    scribe = Scribe(run.id, run.definition_id, now, actor.employee_id)
    event = scribe.event(action, unmasking=row.id, asked_by=row.asked_by, **sealed)
    instances.save_head(tx, run.chain, audit.append(tx, run.chain, [event]))
