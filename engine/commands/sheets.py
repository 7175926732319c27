"""Reads the first sheet of an XLSX or CSV file into rows by column heading, and checks cells."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from engine.errors import Finding, InvalidFile, InvalidImport

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_ROWS = 20_000
MAX_TEXT = 500
HEADER_WITHIN = 10
NIP = "nip"
Cell = object
Value = TypeVar("Value")


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of sheet: headings in use by key, the first one in messages.

    Every kind has the column `nip`, by which the row of the headings is found.
    """

    headings: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()


@dataclass
class SheetLine:
    """One row while it is read; collects what is wrong with its cells."""

    number: int
    columns: Columns
    cells: Mapping[str, Cell]
    findings: list[Finding] = field(default_factory=list)

    def nip(self, key: str = NIP) -> str:
        """The digits of a number typed with or without spaces; empty where the cell is."""
        if isinstance(self.cells.get(key), float):
            # A number cell keeps 15 digits: the last three of the NIP are lost already.
            self.wrong(key, "sheet.nip_is_number")
            return ""
        return "".join(self.text(key).split())

    def text(self, key: str) -> str:
        """The text of a cell with single spaces."""
        text = cell_text(self.cells.get(key))
        if len(text) > MAX_TEXT:
            self.wrong(key, "sheet.too_long")
        return text

    def filled(self, key: str) -> str:
        """The text of a cell that must not be empty."""
        text = self.text(key)
        if not text:
            self.wrong(key, "sheet.empty")
        return text

    def one_of(self, key: str, values: Mapping[str, Value], default: Value) -> Value:
        """What the text of a cell stands for."""
        text = cell_text(self.cells.get(key)).lower()
        if text not in values:
            self.wrong(key, "sheet.not_one_of", choices=", ".join(filter(None, values)))
        return values.get(text, default)

    def wrong(self, key: str, rule: str, **params: str) -> None:
        """Note a finding about a cell."""
        column = self.columns.headings[key][0]
        place = {"row": str(self.number), "column": column}
        self.findings.append(
            Finding(rule, element_id=f"{self.number}:{column}", params=place | params)
        )


def read_lines(content: bytes, name: str, columns: Columns) -> tuple[SheetLine, ...]:
    """The rows below the headings that are not empty, counted as the sheet counts them.

    Raises InvalidFile, or InvalidImport when headings or rows are missing.
    """
    if len(content) > MAX_BYTES:
        raise InvalidFile(name, "file.too_large")
    rows = _csv(content, name) if PurePath(name).suffix.lower() == ".csv" else _xlsx(content, name)
    if len(rows) > MAX_ROWS:
        raise InvalidFile(name, "file.too_many_rows")
    header, places = _header(rows, columns)
    found = tuple(
        SheetLine(number, columns, {key: _at(cells, place) for key, place in places.items()})
        for number, cells in enumerate(rows[header + 1 :], start=header + 2)
        if any(cell_text(cell) for cell in cells)
    )
    if not found:
        raise InvalidImport([Finding("sheet.no_rows")])
    return found


def refuse_wrong(lines: Sequence[SheetLine]) -> None:
    """Raise InvalidImport with what was noted about any line."""
    findings = [finding for line in lines for finding in line.findings]
    if findings:
        raise InvalidImport(findings)


def cell_text(cell: Cell) -> str:
    """The text of a cell; a whole number without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None


def _header(rows: Sequence[Sequence[Cell]], columns: Columns) -> tuple[int, dict[str, int]]:
    """The row of the headings and the place of each column, in any order."""
    headings = [[cell_text(cell).lower() for cell in cells] for cells in rows[:HEADER_WITHIN]]
    header = next((place for place, titles in enumerate(headings) if NIP in titles), None)
    if header is None:
        raise InvalidImport([Finding("sheet.no_header")])
    titles = headings[header]
    places: dict[str, int] = {}
    missing = []
    for key, names in columns.headings.items():
        found = [titles.index(name.lower()) for name in names if name.lower() in titles]
        if found:
            places[key] = found[0]
        elif key not in columns.optional:
            missing.append(Finding("sheet.column_missing", params={"column": names[0]}))
    if missing:
        raise InvalidImport(missing)
    return header, places


def _csv(content: bytes, name: str) -> list[list[Cell]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFile(name, "file.not_utf8") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise InvalidFile(name, "file.unreadable") from error


def _xlsx(content: bytes, name: str) -> list[list[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise InvalidFile(name, "file.too_large")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (zipfile.BadZipFile, CalamineError) as error:
        raise InvalidFile(name, "file.unreadable") from error
