"""The results of a period as XLSX or CSV, with the columns that the agency chose."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from api.workbooks import CSV, XLSX, Cell, Column, SheetTable, csv_of, workbook
from engine.commands.exports import ExportedFile, chosen_columns, record_export
from engine.domain.access import Verb
from engine.queries import cycle_views
from engine.queries.exports import ExportColumn, Value, results, with_marks

router = APIRouter(prefix="/cycles/{cycle_id}")
ThePages = Annotated[Pages, Depends(pages)]
# Codes that have words of their own, by column.
WORDS = {
    ExportColumn.KIND: "employee_kind",
    ExportColumn.RESULT_RATING: "rating",
    ExportColumn.BEHAVIOUR_RATING: "rating",
    ExportColumn.PREDICATE: "predicate",
    ExportColumn.RESULT_STATE: "result_state",
    ExportColumn.STATUS: "case_state",
}


@router.get("/export")
def export_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
) -> HTMLResponse:
    """The columns to choose from; those of the last export are chosen."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXPORT_RESULTS)
        head = cycle_views.cycle_head(tx, cycle_id)
        chosen = chosen_columns(tx)
    order = (*chosen, *(column for column in ExportColumn if column not in chosen))
    return show.render(
        request, visitor, "cycle_export.html", cycle=head, columns=order, chosen=set(chosen),
    )  # fmt: skip


@router.post("/export")
def export(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, cycle_id: str
) -> Response:
    """The file; its columns, number of rows and hash are in the trail before it is sent."""
    columns = with_marks(_columns(form.fields.get("column", [])))
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXPORT_RESULTS)
        head = cycle_views.cycle_head(tx, cycle_id)
        counted = Counted(results(tx, cycle_id, columns), columns, say)
        titles = tuple(Column(say.label("export_column", name)) for name in columns)
        table = SheetTable(head.name, titles, counted)
        as_csv = form.one("form") == "csv"
        content = csv_of(table) if as_csv else workbook([table], made_at=visitor.now)
    ending = "csv" if as_csv else "xlsx"
    file = ExportedFile(columns, ending, counted.rows, sha256(content).hexdigest())
    record_export(house.desk, actor, cycle_id=cycle_id, file=file, now=visitor.now)
    name = f'attachment; filename="predikat.{ending}"'
    return Response(
        content, media_type=CSV if as_csv else XLSX, headers={"Content-Disposition": name}
    )


class Counted:
    """The rows of an export in words, counted while they are written."""

    def __init__(
        self,
        found: Iterator[tuple[Value, ...]],
        columns: tuple[ExportColumn, ...],
        say: Phrasing,
    ) -> None:
        """The rows that were found, not yet read."""
        self._found, self._columns, self._say = found, columns, say
        self.rows = 0

    def __iter__(self) -> Iterator[list[Cell]]:
        """Each row as the file holds it."""
        for row in self._found:
            self.rows += 1
            pairs = zip(self._columns, row, strict=True)
            yield [self._cell(column, value) for column, value in pairs]

    def _cell(self, column: ExportColumn, value: Value) -> Cell:
        if column in WORDS:
            return self._say.label(WORDS[column], str(value)) if value else ""
        if column is ExportColumn.APPEAL_OPEN:
            return self._say.label("appeal_mark", "open") if value else ""
        if column is ExportColumn.LOCAL_SCORE:
            return Decimal(str(value)) if value else None
        return _plain(value, self._say)


def _plain(value: Value, say: Phrasing) -> Cell:
    if isinstance(value, datetime):
        day: date = say.day_of(value)
        return day
    return value


def _columns(chosen: list[str]) -> tuple[ExportColumn, ...]:
    """The chosen columns in the order of the form; NIP and predicate when none is known."""
    known = set(ExportColumn)
    found = tuple(ExportColumn(name) for name in dict.fromkeys(chosen) if name in known)
    return found or (ExportColumn.NIP, ExportColumn.PREDICATE)
