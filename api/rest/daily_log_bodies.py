"""What programs send to daily logs and get of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.rest.resources import Body, Id, PersonId, PersonName, person_name
from engine.commands.daily_log import NewEntry
from engine.domain.daily_log import Activity, EntryState, NoteKind
from engine.domain.log_content import Piece, PieceKind
from engine.queries.daily_logs import EntryView, LogPage, NoteView
from engine.queries.staff_logs import StaffLine

Text = Annotated[str, Field(max_length=2_000)]


class NewActivity(Body):
    """What was done on a day; `task` is a result of the plan as it is written there, or empty."""

    day: date
    text: Text = Field(examples=["Memeriksa berkas izin usaha"])
    minutes: int = Field(examples=[90])
    quantity: Decimal = Field(examples=[3])
    task: Text = ""
    planned: bool = False
    late_reason: Text = ""
    links: list[Text] = Field(default=[], max_length=20)
    papers: list[Text] = Field(default=[], max_length=20)


class NewEntryBody(NewActivity):
    """An activity of the own log in a period."""

    cycle_id: Id


class Correction(NewActivity):
    """The activity as it is to stand; pieces of evidence at the places in `dropped` go."""

    revision: int = Field(ge=1, examples=[1])
    dropped: list[int] = Field(default=[], max_length=20)


class EntryId(BaseModel):
    """The activity that was entered."""

    id: Id


class Revision(BaseModel):
    """The revision that an activity has now."""

    revision: int


class Evidence(BaseModel):
    """A piece of evidence; what a link leads to is not sealed."""

    kind: PieceKind
    text: str


class Note(BaseModel):
    """What was said of an activity; `waits` for an answer, of a request until `due_at`."""

    kind: NoteKind
    author: PersonName | None
    text: str
    at: datetime
    due_at: datetime | None
    waits: bool


class Entry(BaseModel):
    """One activity; `text` is empty once it was erased."""

    id: Id
    day: date
    text: str
    minutes: int
    quantity: Decimal
    task: str
    planned: bool
    late_reason: str
    state: EntryState
    revision: int
    locked: bool
    evidence: list[Evidence]
    notes: list[Note]


class Log(BaseModel):
    """A week of a log; figures of the month and of the period so far."""

    cycle_id: Id
    employee_id: PersonId
    monday: date
    entries: list[Entry]
    entries_this_month: int
    minutes_this_month: int
    planned: int
    verified: int
    open_directions: int
    survey_index: Decimal | None


class LogLine(BaseModel):
    """Whose log the caller reads, and what waits in it."""

    cycle_id: Id
    employee: PersonName | None
    unverified: int
    requests: int
    may_verify: bool


class Logs(BaseModel):
    """The logs that are kept under the caller."""

    items: list[LogLine]


class LogQuery(BaseModel):
    """Any day of the week that is asked for; this week where none is given."""

    model_config = ConfigDict(extra="forbid")

    week: date | None = None


class LookedAt(Body):
    """An activity in the revision that was looked at."""

    id: Id
    revision: int = Field(ge=1, examples=[1])


class Verification(Body):
    """What is to be verified, all or nothing."""

    entries: list[LookedAt] = Field(min_length=1, max_length=500)


class Verified(BaseModel):
    """How many activities were verified by it."""

    count: int


class NewNote(Body):
    """The rater directs or comments; the employee comments or asks for a comment."""

    kind: NoteKind = Field(examples=["comment"])
    text: Text = Field(examples=["Utamakan berkas yang paling lama menunggu."])


class NoteId(BaseModel):
    """The note that was written."""

    id: Id


class GivenBack(Body):
    """Why an activity is to be corrected."""

    revision: int = Field(ge=1, examples=[1])
    text: Text = Field(examples=["Jumlah berkasnya belum sesuai."])


def new_entry(new: NewActivity, dropped: frozenset[int] = frozenset()) -> NewEntry:
    """The activity with its references, as commands take it."""
    links = (Piece(PieceKind.LINK, text) for text in new.links)
    papers = (Piece(PieceKind.PAPER, text) for text in new.papers)
    activity = Activity(
        new.day, new.text, new.minutes, new.quantity, new.task, new.planned, new.late_reason
    )
    return NewEntry(activity, (*links, *papers), dropped=dropped)


def log_of(page: LogPage) -> Log:
    """A week of a log."""
    figures = page.figures
    return Log(
        cycle_id=page.cycle.id,
        employee_id=page.log.employee_id,
        monday=page.monday,
        entries=[_entry(entry) for entry in page.entries],
        entries_this_month=figures.month.entries,
        minutes_this_month=figures.month.minutes,
        planned=figures.period.planned,
        verified=figures.period.verified,
        open_directions=figures.directions,
        survey_index=figures.index,
    )


def _entry(entry: EntryView) -> Entry:
    content = entry.content
    return Entry(
        id=entry.id,
        day=entry.day,
        text=content.text if content else "",
        minutes=entry.minutes,
        quantity=entry.quantity,
        task=content.task if content else "",
        planned=entry.planned,
        late_reason=content.late_reason if content else "",
        state=entry.state,
        revision=entry.revision,
        locked=entry.locked,
        evidence=[
            Evidence(kind=piece.kind, text=piece.text)
            for piece in (content.pieces if content else ())
        ],
        notes=[_note(note) for note in entry.notes],
    )


def _note(note: NoteView) -> Note:
    return Note(
        kind=note.kind,
        author=person_name(note.author) if note.author else None,
        text=note.text,
        at=note.at,
        due_at=note.due_at,
        waits=note.waits,
    )


def line_of(line: StaffLine) -> LogLine:
    """A line of the list of logs."""
    return LogLine(
        cycle_id=line.log.cycle_id,
        employee=person_name(line.person) if line.person else None,
        unverified=line.unverified,
        requests=line.requests,
        may_verify=line.may_verify,
    )
