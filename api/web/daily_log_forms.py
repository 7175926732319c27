"""The form of an activity: what was typed into it, and what it opens with."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from api.deps import Submitted
from api.web.survey_forms import date_in, number_in
from engine.commands.daily_log import NewEntry
from engine.domain.daily_log import Activity
from engine.domain.log_content import Piece, PieceKind
from engine.errors import Finding, InvalidForm, InvalidNumber
from engine.queries.daily_logs import EntryView, LogPage
from engine.rules.numbers import format_number, parse_number

FILE = "file"
DAY_WRONG = "organisation.day"


def new_entry(form: Submitted) -> NewEntry:
    """What the form enters. Raises InvalidForm without a day; other gaps are found later."""
    day = date_in(form, "day")
    if day is None:
        raise InvalidForm([Finding(DAY_WRONG, element_id="day")])
    activity = Activity(
        day,
        form.one("activity").replace("\r\n", "\n"),
        number_in(form, "minutes"),
        _quantity(form),
        form.one("task"),
        planned=bool(form.one("planned")),
        late_reason=form.one("late_reason").replace("\r\n", "\n"),
    )
    chosen = (form.upload.name, form.upload.content) if form.upload else None
    dropped = (int(text) for text in form.fields.get("drop", ()) if text.isdecimal())
    return NewEntry(activity, _pieces(form), chosen, frozenset(dropped))


def _quantity(form: Submitted) -> Decimal | None:
    """The number as people write it; None for anything else."""
    try:
        return parse_number(form.one("quantity"))
    except InvalidNumber:
        return None


def _pieces(form: Submitted) -> tuple[Piece, ...]:
    kinds = (PieceKind.LINK, PieceKind.PAPER)
    return tuple(Piece(kind, form.one(kind)) for kind in kinds if form.one(kind))


def filled(entry: EntryView) -> Submitted:
    """The form as an entry that is to be corrected fills it."""
    content = entry.content
    values: Mapping[str, str] = {
        "day": entry.day.isoformat(),
        "activity": content.text if content else "",
        "task": content.task if content else "",
        "minutes": str(entry.minutes),
        "quantity": format_number(entry.quantity),
        "planned": "1" if entry.planned else "",
        "late_reason": content.late_reason if content else "",
        "revision": str(entry.revision),
    }
    return Submitted({name: [value] for name, value in values.items() if value})


def empty(page: LogPage, key: str) -> Submitted:
    """The form for a new activity of today; sent twice it is one."""
    day = min(page.today, page.cycle.ends)
    return Submitted({"day": [day.isoformat()], "quantity": ["1"], "key": [key]})


def editable(page: LogPage, entry_id: str) -> EntryView | None:
    """The entry of the page that is to be corrected, where it may be."""
    every: Sequence[EntryView] = (*page.entries, *page.waiting)
    return next((e for e in every if e.id == entry_id and e.may_change and page.is_own), None)
