"""The recap of a month for payroll: shown, frozen, taken along as a file, corrected afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.i18n import N_
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from api.workbooks import CSV, XLSX, Cell, Column, SheetTable, csv_of, workbook
from engine.commands.exports import record_recap_export
from engine.commands.monthly_recap import (
    Correction,
    RecapPage,
    corrections,
    freeze_month,
    recap_page,
    whole_month,
)
from engine.domain.code_words import Titles
from engine.domain.monthly_recap import NO_PREDICATE, Month, RecapLine
from engine.domain.process import DefinitionId
from engine.errors import InvalidForm, NotFound
from engine.queries.people import local_day
from engine.store import cycles
from engine.store.database import Transaction

router = APIRouter(prefix="/recap")
ThePages = Annotated[Pages, Depends(pages)]
LONGEST, MONTHS_SHOWN = 80, 13
CORRECTED = "corrections"
NO_RESULT, VERSION = N_("no predicate yet"), N_("%(period)s, version %(number)s")
RECORDED, NOT_RECORDED = N_("recorded"), N_("no record")


@dataclass(frozen=True)
class Words:
    """How a line is said to one reader; `periods` are the names of periods by id.

    `codes` are the words for codes of the table that made a line, by the line's definition.
    """

    say: Phrasing
    periods: Mapping[str, str]
    codes: Mapping[str, Mapping[str, Titles]]

    def predicate(self, line: RecapLine) -> str:
        """The predicate in force, or that there is none."""
        if line.predicate == NO_PREDICATE:
            return self.say.words(NO_RESULT)
        return self.say.label("predicate", line.predicate)

    def source(self, line: RecapLine) -> str:
        """Which result the predicate comes from."""
        if line.cycle_id is None:
            return "–"
        period = self.periods.get(line.cycle_id, line.cycle_id)
        return self.say.words(VERSION, period=period, number=str(line.version))

    def figure(self, line: RecapLine, key: str) -> str:
        """A figure as people write it."""
        value = line.figures.get(key)
        return self.say.number(Decimal(value)) if value is not None else "–"

    def rests_on(self, line: RecapLine, key: str) -> str:
        """Whether a figure was recorded, or stands for what nobody recorded."""
        return self.say.words(RECORDED if key in line.recorded else NOT_RECORDED)

    def outcomes(self, line: RecapLine) -> Iterator[Cell]:
        """The same for a sheet: numbers as numbers."""
        codes = self.codes.get(line.definition_id, {})
        for value in line.outcome.values():
            yield self.say.title(codes[value]) if value in codes else _number(value)

    def outcome(self, line: RecapLine | None) -> str:
        """What the table makes of the month: its percentage, or whatever else it says."""
        if line is None:
            return "–"
        codes = self.codes.get(line.definition_id, {})
        return ", ".join(_shown(self.say, value, codes) for value in line.outcome.values())


def _shown(say: Phrasing, value: str, codes: Mapping[str, Titles]) -> str:
    try:
        return say.number(Decimal(value))
    except ArithmeticError:
        return say.title(codes[value]) if value in codes else value


def words_for(house: House, say: Phrasing, tx: Transaction, lines: Iterable[RecapLine]) -> Words:
    """How these lines are said to this reader."""
    codes = {}
    for definition_id in {line.definition_id for line in lines}:
        settings = house.settings_of(tx, DefinitionId(definition_id))
        codes[definition_id] = settings.codes.of(settings.recap.table if settings.recap else "")
    return Words(say, {cycle.id: cycle.name for cycle in cycles.every(tx)}, codes)


def _lines(page: RecapPage) -> Iterator[RecapLine]:
    return (line for _, line in page.rows)


def _both(found: Iterable[Correction]) -> Iterator[RecapLine]:
    return (line for one in found for line in (one.told, one.today) if line)


def month_of(code: str, now: datetime, zone: str) -> Month:
    """The month that is asked for; the last one that is over where none is. Raises NotFound."""
    try:
        return Month.of(code) if code else Month(local_day(now, zone).replace(day=1)).before
    except ValueError as error:
        raise NotFound("month", code) from error


@router.get("")
def recap(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    month: str = "",
    q: str = "",
    name: str = "",
    after: str = "",
    done: str = "",
) -> HTMLResponse:
    """The people of a month by name, and whose source each figure is."""
    asked, say = month_of(month, visitor.now, visitor.zone), _say(visitor)
    with house.desk.store.reading(actor.agency_id) as tx:
        page = recap_page(
            house.desk, tx, actor, asked, now=visitor.now, name=q[:LONGEST],
            after=(name, after) if after else None,
        )  # fmt: skip
        words = words_for(house, say, tx, _lines(page))
    return show.render(
        request, visitor, "recap.html", page=page, words=words, query=q, done=done, errors={},
        months=_months(asked, visitor.now, visitor.zone), next_page=_next(page, q),
    )  # fmt: skip


@router.get("/corrections")
def corrected(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    month: str = "",
) -> HTMLResponse:
    """Where payroll would be told otherwise today than when the month was frozen."""
    asked, say = month_of(month, visitor.now, visitor.zone), _say(visitor)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = corrections(house.desk, tx, actor, asked, now=visitor.now)
        words = words_for(house, say, tx, _both(found))
    return show.render(
        request, visitor, "recap_corrections.html", month=asked, rows=found, words=words
    )


@router.post("/freezing")
def freeze(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Keep what payroll is told of a month that is over."""
    asked = month_of(form.one("month"), visitor.now, visitor.zone)
    try:
        freeze_month(house.desk, actor, month=asked, now=visitor.now)
    except InvalidForm as error:
        with house.desk.store.reading(actor.agency_id) as tx:
            page = recap_page(house.desk, tx, actor, asked, now=visitor.now)
            words = words_for(house, _say(visitor), tx, _lines(page))
        return show.render(
            request, visitor, "recap.html", 422, page=page, words=words, query="", done="",
            errors=told(error, visitor.language), next_page=_next(page, ""),
            months=_months(asked, visitor.now, visitor.zone),
        )  # fmt: skip
    return RedirectResponse(f"/recap?month={asked.code}&done=frozen", 303)


@router.post("/export")
def export(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """The month, or its corrections, as XLSX or CSV; the hash is in the trail before it is sent."""
    asked, say = month_of(form.one("month"), visitor.now, visitor.zone), _say(visitor)
    what = CORRECTED if form.one("what") == CORRECTED else "recap"
    with house.desk.store.reading(actor.agency_id) as tx:
        if what == CORRECTED:
            found = corrections(house.desk, tx, actor, asked, now=visitor.now)
            table = _corrections_sheet(asked, found, words_for(house, say, tx, _both(found)))
        else:
            page = whole_month(house.desk, tx, actor, asked, now=visitor.now)
            table = _sheet(page, words_for(house, say, tx, _lines(page)))
    as_csv = form.one("form") == "csv"
    content = csv_of(table) if as_csv else workbook([table], made_at=visitor.now)
    record_recap_export(
        house.desk, actor, month=asked.code, kind=what, sha256=sha256(content).hexdigest(),
        now=visitor.now,
    )  # fmt: skip
    ending, media_type = ("csv", CSV) if as_csv else ("xlsx", XLSX)
    name = f'attachment; filename="rekap-{asked.code}-{what}.{ending}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": name})


def _sheet(page: RecapPage, words: Words) -> SheetTable:
    _, keys = words.say.words, list(page.figures)
    titles = ["NIP", _("Employee"), _("Unit"), _("Performance predicate"), _("Source"),
              _("Under appeal")]  # fmt: skip
    for key in keys:
        titles += [words.say.title(page.figures[key]), _("Source")]
    columns = tuple(Column(title) for title in (*titles, _("Percentage for payroll")))
    return SheetTable(page.month.code, columns, _cells(page, keys, words))


def _cells(page: RecapPage, keys: list[str], words: Words) -> Iterator[list[Cell]]:
    for person, line in page.rows:
        figures: list[Cell] = []
        for key in keys:
            figures += [_number(line.figures.get(key, "")), words.rests_on(line, key)]
        appeal = words.say.label("appeal_mark", "open") if line.under_appeal else ""
        yield [
            person.nip, person.name, person.unit, words.predicate(line), words.source(line),
            appeal, *figures, *words.outcomes(line),
        ]  # fmt: skip


def _number(value: str) -> Cell:
    try:
        return Decimal(value)
    except ArithmeticError:
        return value


def _corrections_sheet(month: Month, found: tuple[Correction, ...], words: Words) -> SheetTable:
    _ = words.say.words
    titles = ("NIP", _("Employee"), _("Unit"), _("Told then: predicate"), _("Told then"),
              _("Today: predicate"), _("Today"))  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.person.nip, one.person.name, one.person.unit,
            words.predicate(one.told) if one.told else "", words.outcome(one.told),
            words.predicate(one.today) if one.today else "", words.outcome(one.today),
        ]
        for one in found
    ]  # fmt: skip
    return SheetTable(month.code, tuple(Column(title) for title in titles), rows)


def _months(asked: Month, now: datetime, zone: str) -> list[Month]:
    """The months to choose from: the latest, and the one that is shown."""
    found = [Month(local_day(now, zone).replace(day=1))]
    while len(found) < MONTHS_SHOWN:
        found.append(found[-1].before)
    return found if asked in found else [*found, asked]


def _next(page: RecapPage, query: str) -> str | None:
    if page.after is None:
        return None
    values = {"month": page.month.code, "q": query, "name": page.after[0], "after": page.after[1]}
    return f"/recap?{urlencode(values)}"


def _say(visitor: Visitor) -> Phrasing:
    return Phrasing(visitor.words, visitor.zone, visitor.now)
