"""What stands in daily logs: the entries of days, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, select, update

from engine.domain.people import EmployeeId
from engine.errors import Conflict, NotFound, StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.sealing import Sealed
from engine.store.states import CycleStatus


@dataclass(frozen=True)
class EntryRow:
    """One activity of a day; `quantity` is a decimal as text, `payload` is sealed."""

    id: str
    cycle_id: str
    employee_id: EmployeeId
    day: date
    minutes: int
    quantity: str
    planned: bool
    state: str
    revision: int
    payload: bytes
    commitment: str
    entered_at: datetime

    @property
    def sealed(self) -> Sealed:
        """The payload with its commitment, as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)


@dataclass(frozen=True)
class NoteRow:
    """What somebody said of an entry; it waits for an answer until `answered_at`, where it does."""

    id: str
    entry_id: str
    cycle_id: str
    employee_id: EmployeeId
    author_id: EmployeeId
    kind: str
    payload: bytes
    commitment: str
    at: datetime
    due_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def sealed(self) -> Sealed:
        """The payload with its commitment, as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)


@dataclass(frozen=True)
class Tally:
    """Entries of some days: how many, how many of planned work, how many verified, and minutes."""

    entries: int
    planned: int
    verified: int
    minutes: int

    def __bool__(self) -> bool:
        """Whether anything was entered."""
        return self.entries > 0


@dataclass(frozen=True)
class LateAnswer:
    """A note that waits for an answer of who rates the log now."""

    note_id: str
    rater_id: EmployeeId


_entry, _note = tables.log_entry, tables.log_note
_ENTRIES = rows.selected(_entry, EntryRow).order_by(
    _entry.c.day.desc(), _entry.c.entered_at.desc(), _entry.c.id.desc()
)
_ENTRY = _ENTRIES.where(_entry.c.id == bindparam("entry_id"))
_THESE = _ENTRIES.where(_entry.c.id.in_(bindparam("ids", expanding=True)))
_OF_DAYS = (
    _entry.c.employee_id == bindparam("employee_id"),
    _entry.c.cycle_id == bindparam("cycle_id"),
    _entry.c.day >= bindparam("first"),
    _entry.c.day <= bindparam("last"),
)
_BETWEEN = _ENTRIES.where(*_OF_DAYS)
_IN_STATE = func.count().filter(_entry.c.state == bindparam("verified"))
_TALLY = select(
    func.count(),
    func.count().filter(_entry.c.planned),
    _IN_STATE,
    func.coalesce(func.sum(_entry.c.minutes), 0),
).where(rows.own(_entry), *_OF_DAYS)
_WAITING = (
    select(_entry.c.employee_id, func.count())
    .where(
        rows.own(_entry),
        _entry.c.cycle_id == bindparam("cycle_id"),
        _entry.c.state == bindparam("state"),
        _entry.c.employee_id.in_(bindparam("ids", expanding=True)),
    )
    .group_by(_entry.c.employee_id)
)
_INSERT, _INSERT_NOTE = rows.inserted(_entry), rows.inserted(_note)
_CHANGEABLE = ("day", "minutes", "quantity", "planned", "state", "payload", "commitment")
_SAVE = (
    update(_entry)
    .where(
        rows.own(_entry),
        _entry.c.id == bindparam("of_entry"),
        _entry.c.revision == bindparam("known"),
    )
    .values({name: bindparam(f"new_{name}") for name in _CHANGEABLE})
    .values(revision=_entry.c.revision + 1)
)
_NOTES = rows.selected(_note, NoteRow).order_by(_note.c.at, _note.c.id)
_OF_ENTRY = _NOTES.where(_note.c.entry_id == bindparam("entry_id"))
_OF_LOG = _NOTES.where(
    _note.c.employee_id == bindparam("employee_id"), _note.c.cycle_id == bindparam("cycle_id")
)
_log, _cycle = tables.daily_log, tables.cycle
_LATE = (
    select(_note.c.id, _log.c.rater_id)
    .join(
        _log,
        and_(
            _log.c.agency_id == _note.c.agency_id,
            _log.c.cycle_id == _note.c.cycle_id,
            _log.c.employee_id == _note.c.employee_id,
        ),
    )
    .join(
        _cycle,
        and_(_cycle.c.agency_id == _note.c.agency_id, _cycle.c.id == _note.c.cycle_id),
    )
    .where(
        rows.own(_note),
        _note.c.answered_at.is_(None),
        _note.c.due_at > bindparam("since"),
        _note.c.due_at <= bindparam("now"),
        _log.c.rater_id.is_not(None),
        _cycle.c.status == CycleStatus.OPEN.value,
    )
    .order_by(_note.c.due_at, _note.c.id)
)
_REQUESTS = _NOTES.where(
    _note.c.answered_at.is_(None),
    _note.c.due_at.is_not(None),
    _note.c.employee_id.in_(bindparam("ids", expanding=True)),
)
_ANSWER = (
    update(_note)
    .where(
        rows.own(_note),
        _note.c.entry_id == bindparam("of_entry"),
        _note.c.answered_at.is_(None),
        _note.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .values(answered_at=bindparam("now"))
)


def add(tx: Transaction, entry: EntryRow) -> None:
    """Keep a new entry. Raises Conflict when there is one with this id."""
    rows.add_new(tx, _INSERT, [entry], known=Conflict(f"entry {entry.id} is there already"))


def find(tx: Transaction, entry_id: str) -> EntryRow | None:
    """One entry, if there is one."""
    return rows.fetch_one(tx, _ENTRY, EntryRow, {"entry_id": entry_id})


def get(tx: Transaction, entry_id: str) -> EntryRow:
    """One entry. Raises NotFound."""
    found = find(tx, entry_id)
    if found is None:
        raise NotFound("log entry", entry_id)
    return found


def these(tx: Transaction, entry_ids: Sequence[str]) -> tuple[EntryRow, ...]:
    """Those of these entries that there are, the latest day first."""
    values = {"own_agency": tx.agency_id, "ids": list(entry_ids)}
    return tuple(EntryRow(*row) for row in tx.connection.execute(_THESE, values))


def save(tx: Transaction, changed: EntryRow) -> None:
    """Write a changed entry over the revision that it carries. Raises StaleVersion."""
    values = {f"new_{name}": getattr(changed, name) for name in _CHANGEABLE}
    if rows.run(tx, _SAVE, {"of_entry": changed.id, "known": changed.revision, **values}) != 1:
        raise StaleVersion("log entry", changed.id, expected=changed.revision, actual=None)


def between(
    tx: Transaction, cycle_id: str, employee_id: EmployeeId, first: date, last: date
) -> tuple[EntryRow, ...]:
    """The entries of a log from one day to another, both included, the latest day first."""
    values = {"cycle_id": cycle_id, "employee_id": employee_id, "first": first, "last": last}
    return rows.fetch(tx, _BETWEEN, EntryRow, values)


def tally(
    tx: Transaction, cycle_id: str, employee_id: EmployeeId, first: date, last: date, *,
    verified: str,
) -> Tally:  # fmt: skip
    """The figures of a log from one day to another; `verified` is the state that counts so."""
    values = {
        "cycle_id": cycle_id, "employee_id": employee_id, "first": first, "last": last,
        "verified": verified,
    }  # fmt: skip
    found = rows.fetch_row(tx, _TALLY, values) or (0, 0, 0, 0)
    return Tally(*map(int, found))


def waiting(
    tx: Transaction, cycle_id: str, employee_ids: Sequence[EmployeeId], *, state: str
) -> dict[EmployeeId, int]:
    """How many entries of each of these people are in a state; who has none is left out."""
    values = {
        "own_agency": tx.agency_id, "cycle_id": cycle_id, "ids": list(employee_ids), "state": state,
    }  # fmt: skip
    return {row[0]: int(row[1]) for row in tx.connection.execute(_WAITING, values)}


def add_note(tx: Transaction, note: NoteRow) -> None:
    """Keep a note for good."""
    rows.add(tx, _INSERT_NOTE, [note])


def notes_of_entry(tx: Transaction, entry_id: str) -> tuple[NoteRow, ...]:
    """What was said of an entry, the oldest first."""
    return rows.fetch(tx, _OF_ENTRY, NoteRow, {"entry_id": entry_id})


def notes_of_log(tx: Transaction, cycle_id: str, employee_id: EmployeeId) -> tuple[NoteRow, ...]:
    """What was said of all entries of a log, the oldest first."""
    return rows.fetch(tx, _OF_LOG, NoteRow, {"cycle_id": cycle_id, "employee_id": employee_id})


def open_requests(tx: Transaction, employee_ids: Sequence[EmployeeId]) -> tuple[NoteRow, ...]:
    """What these people asked for and nobody answered, the oldest first."""
    values = {"own_agency": tx.agency_id, "ids": list(employee_ids)}
    return tuple(NoteRow(*row) for row in tx.connection.execute(_REQUESTS, values))


def answer_notes(tx: Transaction, entry_id: str, kinds: Sequence[str], *, now: datetime) -> int:
    """Take notes of these kinds on an entry as answered; how many waited."""
    values = {
        "own_agency": tx.agency_id, "of_entry": entry_id, "kinds": list(kinds), "now": now,
    }  # fmt: skip
    return tx.connection.execute(_ANSWER, values).rowcount


def late_answers(tx: Transaction, *, since: datetime, now: datetime) -> tuple[LateAnswer, ...]:
    """Answers that fell due after `since` and are missing in open cycles, the oldest first."""
    return rows.fetch(tx, _LATE, LateAnswer, {"since": since, "now": now})
