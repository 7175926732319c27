"""Tables as XLSX and CSV files; no text in them is ever taken for a formula.

The only door to xlsxwriter. A file depends on its rows and on `made_at` alone, so that its hash can
be audited and compared.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

Cell = str | int | Decimal | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MAX_TEXT = 32_767
MAX_NAME = 31
# What spreadsheets take for the beginning of a formula, also behind spaces and in full width.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")  # noqa: RUF001 (the look-alikes are the point)
# XML 1.0 cannot hold these, however they are written.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Column:
    """One column: its heading and its width in characters."""

    title: str
    width: int = 20


@dataclass(frozen=True)
class SheetTable:
    """One sheet; `rows` may be a generator and are read once."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class _Formats:
    heading: Any
    text: Any
    guarded: Any
    day: Any


def workbook(tables: Sequence[SheetTable], *, made_at: datetime) -> bytes:
    """An XLSX file with a sheet for each table; rows are written as they come."""
    output = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with Workbook(output, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        formats = _formats(book)
        for name, table in zip(_names(tables), tables, strict=True):
            _write_sheet(book.add_worksheet(name), table, formats)
    return output.getvalue()


def csv_of(table: SheetTable) -> bytes:
    """The table as CSV in UTF-8 with the marks that an Indonesian Excel expects: BOM and `;`."""
    return b"".join(_csv_lines(table))


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return _FORMULA.match(text) is not None


def _csv_lines(table: SheetTable) -> Iterator[bytes]:
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL)
    line.write(_BOM)
    headings: list[Cell] = [column.title for column in table.columns]
    for row in [headings], table.rows:
        for cells in row:
            writer.writerow([_csv_cell(cell) for cell in cells])
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()


def _csv_cell(cell: Cell) -> str:
    """Text that might be a formula is led by an apostrophe; a decimal has its comma."""
    match cell:
        case None:
            return ""
        case str():
            text = _UNWRITABLE.sub("", cell)
            return f"'{text}" if starts_formula(text) else text
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}".replace(".", ",")
    return str(cell)


def _formats(book: Workbook) -> _Formats:
    return _Formats(
        heading=book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        text=book.add_format({"num_format": "@"}),
        guarded=book.add_format({"num_format": "@", "quote_prefix": True}),
        day=book.add_format({"num_format": "dd/mm/yyyy"}),
    )


def _names(tables: Sequence[SheetTable]) -> list[str]:
    """Names that Excel accepts, each used once."""
    names: list[str] = []
    for number, table in enumerate(tables, start=1):
        name = _NAME.sub(" ", table.name).strip(" '")[:MAX_NAME].strip(" '") or f"{number}"
        if name.lower() in {taken.lower() for taken in names}:
            name = f"{name[: MAX_NAME - 6]} ({number})"
        names.append(name)
    return names


def _write_sheet(sheet: Any, table: SheetTable, formats: _Formats) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, _xlsx_text(column.title), formats.heading)
    sheet.freeze_panes(1, 0)
    for line, cells in enumerate(table.rows, start=1):
        for place, cell in enumerate(cells):
            _write_cell(sheet, line, place, cell, formats)


def _write_cell(sheet: Any, line: int, place: int, cell: Cell, formats: _Formats) -> None:
    match cell:
        case None:
            return
        case str():
            text = _xlsx_text(cell)
            kind = formats.guarded if starts_formula(text) else formats.text
            sheet.write_string(line, place, text, kind)
        case date():
            sheet.write_datetime(line, place, cell, formats.day)
        case int() | Decimal():
            sheet.write_number(line, place, cell)


def _xlsx_text(text: str) -> str:
    return _UNWRITABLE.sub("", text)[:MAX_TEXT]
