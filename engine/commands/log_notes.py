"""What rater and employee say of an entry: directions, questions, verification, a way back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.commands.daily_log import must_be, opened_entry
from engine.commands.desk import Desk
from engine.commands.log_keeping import Keeping, open_log
from engine.commands.permissions import refusals_audited
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.daily_log import BY_EMPLOYEE, BY_RATER, EntryState, NoteKind
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import Finding, Forbidden, InvalidForm, NotFound
from engine.rules.deadlines import DeadlineRule, resolve
from engine.store import daily_logs, log_entries
from engine.store.ids import new_id
from engine.store.log_entries import EntryRow, NoteRow
from engine.store.sealing import seal_committed

MOST_LETTERS, MOST_NOTES = 2_000, 100
ACTIONS: Mapping[NoteKind, Action] = {
    NoteKind.DIRECTION: Action.DIRECTION_GIVEN,
    NoteKind.COMMENT: Action.LOG_COMMENTED,
    NoteKind.REQUEST: Action.COMMENT_REQUESTED,
}


def write_log_note(
    desk: Desk, actor: Actor, *, entry_id: str, kind: NoteKind, text: str, now: datetime
) -> str:
    """Say something of an entry, and tell the other one; the note's id.

    The rater directs or comments, the employee comments or asks for a comment, which is to be
    answered within the working days of the settings. A direction or request to the writer is
    answered by it; what was given back waits on until it is corrected or verified.
    Raises NotFound, Forbidden, Conflict or InvalidForm.
    """
    verb = Verb.KEEP_LOG if kind is NoteKind.REQUEST else Verb.READ_LOG
    with (
        refusals_audited(desk, actor, verb, target=entry_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        keeping, entry = opened_entry(desk, tx, actor, verb, entry_id, now=now)
        own = actor.employee_id == keeping.log.employee_id
        _demand_kind(keeping, kind, own=own)
        note = _noted(keeping, entry, kind, text)
        answered = NoteKind.DIRECTION if own else NoteKind.REQUEST
        log_entries.answer_notes(tx, entry.id, [answered], now=now)
        log_entries.add_note(tx, note)
        keeping.note(
            ACTIONS[kind], entry=entry.id, note=note.id, kind=kind.value, commitment=note.commitment
        )
        about = NoticeKind.LOG_QUESTION if own else NoticeKind.LOG_NOTE
        keeping.tell(keeping.log.rater_id if own else keeping.log.employee_id, about, note.id)
        return note.id


def _demand_kind(keeping: Keeping, kind: NoteKind, *, own: bool) -> None:
    """Who only reads says nothing. Raises Forbidden."""
    is_rater = not own and keeping.log.rater_id in keeping.actor.effective_persons()
    allowed = BY_EMPLOYEE if own else BY_RATER if is_rater else frozenset()
    if kind not in allowed:
        raise Forbidden(Verb.VERIFY_LOG.value, "not_yours")


def _noted(keeping: Keeping, entry: EntryRow, kind: NoteKind, text: str) -> NoteRow:
    """The note, sealed. Raises InvalidForm for none, a very long one, or one too many."""
    length = len(text.strip())
    if not 0 < length <= MOST_LETTERS:
        raise InvalidForm([Finding("daily_log.note", element_id="text")])
    if len(log_entries.notes_of_entry(keeping.tx, entry.id)) >= MOST_NOTES:
        raise InvalidForm([Finding("daily_log.too_many_notes", element_id="text")])
    sealed = seal_committed(keeping.key, text.strip().encode())
    rule = DeadlineRule("answer", keeping.rules.answer_days, "working")
    due = resolve(rule, keeping.now, keeping.calendar) if kind is NoteKind.REQUEST else None
    return NoteRow(
        new_id(), entry.id, entry.cycle_id, entry.employee_id, keeping.actor.employee_id,
        kind.value, sealed.blob, sealed.commitment, keeping.now, due,
    )  # fmt: skip


def verify_entries(
    desk: Desk,
    actor: Actor,
    *,
    cycle_id: str,
    employee_id: EmployeeId,
    entries: Mapping[str, int],
    now: datetime,
) -> int:
    """Verify entries of a log, each in the revision that was looked at; how many.

    All or none; what was verified before stays so. Also of a locked month: what the rater has not
    looked at yet changes nothing of what was entered. Raises NotFound, Forbidden, Conflict, or
    StaleVersion when one of them was corrected meanwhile.
    """
    with (
        refusals_audited(desk, actor, Verb.VERIFY_LOG, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        log = daily_logs.get(tx, cycle_id, employee_id)
        keeping = open_log(desk, tx, actor, Verb.VERIFY_LOG, log, now=now)
        looked_at = [(_of_log(keeping, key), revision) for key, revision in entries.items()]
        left = [pair for pair in looked_at if pair[0].state != EntryState.VERIFIED]
        for entry, revision in left:
            must_be(entry, revision)
            log_entries.answer_notes(tx, entry.id, [NoteKind.RETURN], now=now)
            _set_state(keeping, entry, EntryState.VERIFIED, Action.LOG_VERIFIED)
        return len(left)


def _of_log(keeping: Keeping, entry_id: str) -> EntryRow:
    entry = log_entries.get(keeping.tx, entry_id)
    if (entry.cycle_id, entry.employee_id) != (keeping.cycle.id, keeping.log.employee_id):
        raise NotFound("log entry", entry_id)
    return entry


def _set_state(keeping: Keeping, entry: EntryRow, state: EntryState, action: Action) -> None:
    changed = replace(entry, state=state.value)
    log_entries.save(keeping.tx, changed)
    keeping.note_entry(action, replace(changed, revision=entry.revision + 1))


def return_entry(
    desk: Desk, actor: Actor, *, entry_id: str, revision: int, text: str, now: datetime
) -> None:
    """Give an entry back to be corrected, and say why; also one that was verified by mistake.

    Raises NotFound, Forbidden, StaleVersion, Conflict, or InvalidForm without a reason and once
    the month is locked, when it could not be corrected any more.
    """
    with (
        refusals_audited(desk, actor, Verb.VERIFY_LOG, target=entry_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        keeping, entry = opened_entry(desk, tx, actor, Verb.VERIFY_LOG, entry_id, now=now)
        must_be(entry, revision)
        if keeping.rules.is_locked(entry.day, keeping.today):
            lock = keeping.rules.last_change(entry.day).strftime("%d-%m-%Y")
            raise InvalidForm(
                [Finding("daily_log.month_locked", element_id="text", params={"lock": lock})]
            )
        note = _noted(keeping, entry, NoteKind.RETURN, text)
        log_entries.answer_notes(tx, entry.id, [NoteKind.REQUEST], now=now)
        log_entries.add_note(tx, note)
        _set_state(keeping, entry, EntryState.RETURNED, Action.LOG_RETURNED)
        keeping.note(
            Action.LOG_COMMENTED, entry=entry.id, note=note.id, kind=note.kind,
            commitment=note.commitment,
        )  # fmt: skip
        keeping.tell(keeping.log.employee_id, NoticeKind.LOG_RETURNED, note.id)
