"""An employee enters what he did on a day and corrects it until the month is locked."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.evidence import EvidenceFile, media_type_of, shown_name
from engine.commands.log_keeping import Keeping, open_log
from engine.commands.permissions import refusals_audited
from engine.domain.access import Verb, can
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.daily_log import Activity, EntryState, NoteKind, findings
from engine.domain.log_content import LogContent, Piece, PieceKind, content_of, wrong_pieces
from engine.domain.people import Actor
from engine.errors import Finding, InvalidForm, NotFound, StaleVersion
from engine.rules.deadlines import local_date
from engine.store import audit, daily_logs, files, log_entries, plans, sealing
from engine.store.database import Transaction
from engine.store.files import FileRow
from engine.store.ids import new_id
from engine.store.log_entries import EntryRow
from engine.store.sealing import open_committed

# What a correction by the employee answers.
ANSWERED_BY_CORRECTING = (NoteKind.RETURN.value, NoteKind.DIRECTION.value)


@dataclass(frozen=True)
class NewEntry:
    """What is entered for a day, with its evidence: links, papers and one file (name, bytes).

    Of a corrected entry the pieces at the places in `dropped` go, all others stay.
    """

    activity: Activity
    pieces: tuple[Piece, ...] = ()
    file: tuple[str, bytes] | None = None
    dropped: frozenset[int] = frozenset()


def enter_activity(
    desk: Desk, actor: Actor, *, cycle_id: str, new: NewEntry, now: datetime, key: str = ""
) -> str:
    """Enter an activity in the own log; its id, which is `key` where one is given.

    What was entered under the same key before stays as it is. Raises NotFound where the actor
    keeps no log, Conflict, InvalidForm with every limit that is not kept, or InvalidFile.
    """
    with (
        refusals_audited(desk, actor, Verb.KEEP_LOG, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        log = daily_logs.get(tx, cycle_id, actor.employee_id)
        keeping = open_log(desk, tx, actor, Verb.KEEP_LOG, log, now=now)
        if not keeping.log.active:
            raise NotFound("daily log", actor.employee_id)
        known = log_entries.find(tx, key) if key else None
        if known and known.employee_id == actor.employee_id:
            return known.id
        content = _content(desk, keeping, new, ())
        _check(keeping, new, content, None)
        entry = _row(keeping, new, content, key or new_id())
        log_entries.add(tx, entry)
        keeping.note_entry(Action.LOG_ENTERED, entry)
        return entry.id


def correct_activity(
    desk: Desk, actor: Actor, *, entry_id: str, revision: int, new: NewEntry, now: datetime
) -> None:
    """Correct an own entry that is not verified and whose month is not locked.

    It waits for the rater anew, and what he returned or directed is answered by it. Raises
    NotFound, Forbidden, StaleVersion, Conflict, InvalidForm or InvalidFile.
    """
    with (
        refusals_audited(desk, actor, Verb.KEEP_LOG, target=entry_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        keeping, entry = opened_entry(desk, tx, actor, Verb.KEEP_LOG, entry_id, now=now)
        must_be(entry, revision)
        _changeable(keeping, entry)
        content = _content(desk, keeping, new, keeping.content(entry).pieces)
        _check(keeping, new, content, entry)
        changed = replace(
            _row(keeping, new, content, entry.id),
            revision=entry.revision, entered_at=entry.entered_at,
        )  # fmt: skip
        log_entries.save(tx, changed)
        log_entries.answer_notes(tx, entry.id, ANSWERED_BY_CORRECTING, now=now)
        keeping.note_entry(Action.LOG_CORRECTED, replace(changed, revision=entry.revision + 1))


def add_log_file(
    desk: Desk, actor: Actor, *, entry_id: str, file: tuple[str, bytes], now: datetime
) -> int:
    """Put one more file (name, bytes) to an own entry; its new revision.

    Raises NotFound, Forbidden, Conflict, InvalidForm or InvalidFile.
    """
    with (
        refusals_audited(desk, actor, Verb.KEEP_LOG, target=entry_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        keeping, entry = opened_entry(desk, tx, actor, Verb.KEEP_LOG, entry_id, now=now)
        _changeable(keeping, entry)
        before, most = keeping.content(entry), keeping.rules.most_evidence
        if len(before.pieces) >= most:
            params = {"pieces": str(most)}
            raise InvalidForm([Finding("daily_log.evidence", element_id="evidence", params=params)])
        content = replace(before, pieces=(*before.pieces, _stored(desk, keeping, *file)))
        sealed = keeping.seal(content)
        changed = replace(entry, payload=sealed.blob, commitment=sealed.commitment)
        log_entries.save(tx, changed)
        keeping.note_entry(Action.LOG_CORRECTED, replace(changed, revision=entry.revision + 1))
        return entry.revision + 1


def opened_entry(
    desk: Desk, tx: Transaction, actor: Actor, verb: Verb, entry_id: str, *, now: datetime
) -> tuple[Keeping, EntryRow]:
    """An entry as it stands once its log is locked. Raises NotFound, Forbidden or Conflict."""
    found = log_entries.get(tx, entry_id)
    log = daily_logs.get(tx, found.cycle_id, found.employee_id)
    if not can(actor, Verb.READ_LOG, log.access(tx.agency_id)):
        raise NotFound("log entry", entry_id)
    keeping = open_log(desk, tx, actor, verb, log, now=now)
    return keeping, log_entries.get(tx, entry_id)


def must_be(entry: EntryRow, revision: int) -> None:
    """Raise StaleVersion when the entry was changed since it was read."""
    if entry.revision != revision:
        raise StaleVersion("log entry", entry.id, expected=revision, actual=entry.revision)


def _changeable(keeping: Keeping, entry: EntryRow) -> None:
    rule = "daily_log.verified" if entry.state == EntryState.VERIFIED else ""
    if keeping.rules.is_locked(entry.day, keeping.today):
        rule = "daily_log.month_locked"
    if rule:
        lock = keeping.rules.last_change(entry.day).strftime("%d-%m-%Y")
        raise InvalidForm([Finding(rule, element_id="day", params={"lock": lock})])


def _content(desk: Desk, keeping: Keeping, new: NewEntry, before: Collection[Piece]) -> LogContent:
    """What the entry says now; a chosen file is kept with its bytes. Raises InvalidFile."""
    kept = tuple(piece for place, piece in enumerate(before) if place not in new.dropped)
    added = (_stored(desk, keeping, *new.file),) if new.file else ()
    activity = new.activity
    return LogContent(
        activity.text.strip(), activity.task, activity.late_reason.strip(),
        (*kept, *new.pieces, *added),
    )  # fmt: skip


def _stored(desk: Desk, keeping: Keeping, name: str, content: bytes) -> Piece:
    media_type, ending = media_type_of(name, content)
    digest = desk.files.put(content)
    files.keep(keeping.tx, FileRow(digest, len(content), media_type, keeping.now))
    return Piece(PieceKind.FILE, shown_name(name, ending), digest)


def _check(keeping: Keeping, new: NewEntry, content: LogContent, before: EntryRow | None) -> None:
    """Raise InvalidForm with everything that is wrong; `before` is what is corrected.

    Of what the rater gave back nobody is asked why he corrects it only now.
    """
    cycle, day = keeping.cycle, new.activity.day
    of_day = log_entries.between(keeping.tx, cycle.id, keeping.log.employee_id, day, day)
    others = sum(entry.minutes for entry in of_day if before is None or entry.id != before.id)
    given_back = before if before and before.state == EntryState.RETURNED else None
    entered = local_date(given_back.entered_at, keeping.calendar) if given_back else None
    whole = replace(new.activity, evidence=len(content.pieces), first_entered=entered)
    period = (cycle.starts, cycle.ends)
    found = findings(whole, keeping.rules, period, keeping.today, others)
    found += wrong_pieces(content.pieces)
    plan = plans.find(keeping.tx, cycle.id, keeping.log.employee_id)
    if content.task and content.task not in (plan.results if plan else ()):
        found.append(Finding("daily_log.task", element_id="task"))
    if found:
        raise InvalidForm(found)


def _row(keeping: Keeping, new: NewEntry, content: LogContent, entry_id: str) -> EntryRow:
    sealed, activity = keeping.seal(content), new.activity
    return EntryRow(
        entry_id, keeping.cycle.id, keeping.log.employee_id, activity.day, activity.minutes or 0,
        f"{activity.quantity:f}", activity.planned, EntryState.ENTERED.value, 1, sealed.blob,
        sealed.commitment, keeping.now,
    )  # fmt: skip


def read_log_evidence(
    desk: Desk, actor: Actor, *, entry_id: str, place: int, now: datetime
) -> EvidenceFile:
    """A file of an entry, by its place counted from 0; a look by others is noted.

    Raises NotFound, also for a piece that is no file.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        entry = log_entries.get(tx, entry_id)
        log = daily_logs.get(tx, entry.cycle_id, entry.employee_id)
        if not can(actor, Verb.READ_LOG, log.access(tx.agency_id)):
            raise NotFound("log entry", entry_id)
        key = sealing.key_for(tx, entry.employee_id, period=entry.cycle_id, now=now)
        pieces = content_of(open_committed(key, entry.sealed)).pieces
        if not 0 <= place < len(pieces) or pieces[place].kind is not PieceKind.FILE:
            raise NotFound("evidence", entry_id)
        piece = pieces[place]
        stored = files.find(tx, piece.sha256)
        if actor.employee_id != entry.employee_id:
            seen = {"entry": entry.id, "piece": place}
            event = AuditEvent(Action.FILE_VIEWED, now, actor.employee_id, values=seen)
            audit.append_to_chain(tx, log.chain, [event])
        return EvidenceFile(
            piece.text, stored.media_type if stored else "", desk.files.get(piece.sha256)
        )
