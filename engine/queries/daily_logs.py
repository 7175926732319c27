"""A daily log as pages show it: a week of a person with its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.domain.access import Verb, can
from engine.domain.citizen_survey import satisfaction_index
from engine.domain.daily_log import AWAITING, EntryState, LogRules, NoteKind
from engine.domain.log_content import LogContent, content_of
from engine.domain.people import Actor, UnitId
from engine.errors import NotFound
from engine.queries.citizen_surveys import unit_tally
from engine.queries.people import People, Person, agency_day, people
from engine.store import log_entries, plans, sealing
from engine.store.cycles import CycleRow
from engine.store.daily_logs import LogRow
from engine.store.database import Transaction
from engine.store.log_entries import EntryRow, NoteRow, Tally
from engine.store.sealing import SealingKey, open_committed
from engine.store.states import CycleStatus

WEEK = timedelta(days=6)


@dataclass(frozen=True)
class NoteView:
    """What was said of an entry; `text` is empty once its key was destroyed."""

    kind: NoteKind
    author: Person | None
    own: bool
    text: str
    at: datetime
    due_at: datetime | None
    waits: bool


@dataclass(frozen=True)
class EntryView:
    """One activity; `content` is None once its key was destroyed."""

    id: str
    day: date
    minutes: int
    quantity: Decimal
    planned: bool
    state: EntryState
    revision: int
    content: LogContent | None
    notes: tuple[NoteView, ...]
    locked: bool

    @property
    def may_change(self) -> bool:
        """Whether its owner may still correct it."""
        return not self.locked and self.state is not EntryState.VERIFIED and bool(self.content)


@dataclass(frozen=True)
class Figures:
    """One's own performance so far: this month, the whole period, what waits, what citizens say.

    `index` from 25 to 100, None until a survey of the unit told one.
    """

    month: Tally
    period: Tally
    directions: int
    returned: int
    index: Decimal | None


@dataclass(frozen=True)
class LogPage:
    """A week of a log, from Monday to Sunday, the latest day first.

    `others` are the further periods for which one kept a log, told of one's own only.
    """

    log: LogRow
    cycle: CycleRow
    rules: LogRules
    person: Person | None
    monday: date
    today: date
    entries: tuple[EntryView, ...]
    waiting: tuple[EntryView, ...]
    figures: Figures
    results: tuple[str, ...]
    is_own: bool
    is_open: bool
    may_verify: bool
    others: tuple[CycleRow, ...] = ()

    @property
    def may_enter(self) -> bool:
        """Whether its owner may enter what he did."""
        return self.is_own and self.is_open and self.log.active

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + WEEK

    @property
    def is_this_week(self) -> bool:
        """Whether the week has not ended."""
        return self.today <= self.sunday

    @property
    def is_last_week(self) -> bool:
        """Whether no later week of the period has begun."""
        return min(self.today, self.cycle.ends) <= self.sunday

    @property
    def before(self) -> date:
        """The Monday of the week before."""
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        """The Monday of the week after."""
        return self.monday + timedelta(days=7)


def log_page(
    tx: Transaction,
    actor: Actor,
    log: LogRow,
    rules: tuple[CycleRow, LogRules],
    *,
    week_of: date | None,
    now: datetime,
) -> LogPage:
    """The week around a day; where none is given this one, or the last one of the period.

    Raises NotFound for who may not read the log.
    """
    if not can(actor, Verb.READ_LOG, log.access(tx.agency_id)):
        raise NotFound("daily log", log.employee_id)
    cycle, limits = rules
    today = agency_day(tx, now)
    latest = max(min(today, cycle.ends), cycle.starts)
    around = min(max(week_of or latest, cycle.starts), latest)
    monday = around - timedelta(days=around.weekday())
    said = _notes_by_entry(log_entries.notes_of_log(tx, cycle.id, log.employee_id))
    is_open = cycle.status == CycleStatus.OPEN
    reading = _Reading(tx, actor, log, limits if is_open else None, said, today)
    of_week = log_entries.between(tx, cycle.id, log.employee_id, monday, monday + WEEK)
    plan = plans.find(tx, cycle.id, log.employee_id)
    return LogPage(
        log, cycle, limits, reading.people.get(log.employee_id), monday, today,
        tuple(map(reading.entry, of_week)),
        _waiting_elsewhere(reading, of_week),
        _figures(reading, cycle),
        plan.results if plan else (),
        is_own=actor.employee_id == log.employee_id,
        is_open=is_open,
        may_verify=is_open and bool(can(actor, Verb.VERIFY_LOG, log.access(tx.agency_id))),
    )  # fmt: skip


class _Reading:
    """What turns stored entries of one log into those that a page shows.

    Without `limits` the period is closed, and all its months are locked.
    """

    def __init__(
        self,
        tx: Transaction,
        actor: Actor,
        log: LogRow,
        limits: LogRules | None,
        said: Mapping[str, Sequence[NoteRow]],
        today: date,
    ) -> None:
        self.tx, self.actor, self.log, self.limits, self.today = tx, actor, log, limits, today
        self.said = said
        self.key = sealing.find_key(tx, log.employee_id, period=log.cycle_id)
        authors = {note.author_id for notes in said.values() for note in notes}
        self.people: People = people(tx, {*authors, log.employee_id}, today)

    def entry(self, row: EntryRow) -> EntryView:
        """One entry with what was said of it."""
        words = _opened(self.key, row)
        return EntryView(
            row.id, row.day, row.minutes, Decimal(row.quantity), row.planned,
            EntryState(row.state), row.revision, content_of(words) if words else None,
            tuple(map(self.note, self.said.get(row.id, ()))),
            locked=self.limits is None or self.limits.is_locked(row.day, self.today),
        )  # fmt: skip

    def note(self, row: NoteRow) -> NoteView:
        """One note."""
        return NoteView(
            NoteKind(row.kind), self.people.get(row.author_id),
            row.author_id == self.actor.employee_id, _opened(self.key, row).decode(), row.at,
            row.due_at, _waits(row),
        )  # fmt: skip


def _opened(key: SealingKey | None, row: EntryRow | NoteRow) -> bytes:
    return open_committed(key, row.sealed) if key and key.key else b""


def _waits(note: NoteRow) -> bool:
    return note.answered_at is None and NoteKind(note.kind) in AWAITING


def _notes_by_entry(notes: Sequence[NoteRow]) -> Mapping[str, list[NoteRow]]:
    found: dict[str, list[NoteRow]] = {}
    for note in notes:
        found.setdefault(note.entry_id, []).append(note)
    return found


def _waiting_elsewhere(reading: _Reading, shown: Sequence[EntryRow]) -> tuple[EntryView, ...]:
    """Entries of other weeks of which something waits for an answer, the latest day first."""
    known = {row.id for row in shown}
    waiting = [
        entry_id
        for entry_id, notes in reading.said.items()
        if entry_id not in known and any(map(_waits, notes))
    ]
    return tuple(map(reading.entry, log_entries.these(reading.tx, waiting)))


def _figures(reading: _Reading, cycle: CycleRow) -> Figures:
    tx, log, verified = reading.tx, reading.log, EntryState.VERIFIED.value
    first = max(reading.today.replace(day=1), cycle.starts)
    spans = ((first, reading.today), (cycle.starts, cycle.ends))
    month, period = (
        log_entries.tally(tx, cycle.id, log.employee_id, *span, verified=verified) for span in spans
    )
    open_notes = [note.kind for notes in reading.said.values() for note in notes if _waits(note)]
    return Figures(
        month, period, open_notes.count(NoteKind.DIRECTION), open_notes.count(NoteKind.RETURN),
        unit_index(tx, cycle.id, log.unit_id),
    )  # fmt: skip


def unit_index(tx: Transaction, cycle_id: str, unit_id: UnitId) -> Decimal | None:
    """The index that citizens gave the unit; None while it runs and when too few answered."""
    tally = unit_tally(tx, cycle_id, unit_id)
    return satisfaction_index(tally) if tally and tally.is_told else None
