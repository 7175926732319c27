"""Turns the rows of a sheet into lines by column heading, and checks their cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from engine.commands.sheet_files import Cell, read_rows
from engine.errors import Finding, InvalidImport

MAX_TEXT = 500
HEADER_WITHIN = 10
NIP = "nip"
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of sheet: headings in use by key, the first one in messages.

    `found_by` is the column by which the row of the headings is found.
    """

    headings: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    found_by: str = NIP


@dataclass(frozen=True)
class Matching:
    """Which column of a sheet means what: the row of the headings and places, counted from 0."""

    header: int
    places: Mapping[str, int]


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

    def day(self, key: str) -> date | None:
        """The day in a cell; None where it is empty or no day."""
        cell = self.cells.get(key)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = cell_text(cell)
        for form in DAY_FORMATS if text else ():
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        if text:
            self.wrong(key, "people.day")
        return None

    def wrong(self, key: str, rule: str, **params: str) -> None:
        """Note a finding about a cell; a cell that is read twice has it once."""
        column = self.columns.headings[key][0]
        place = {"row": str(self.number), "column": column}
        found = Finding(rule, element_id=f"{self.number}:{column}", params=place | params)
        if found not in self.findings:
            self.findings.append(found)


def read_lines(content: bytes, name: str, columns: Columns) -> tuple[SheetLine, ...]:
    """The rows below the headings that are not empty, counted as the sheet counts them.

    Raises InvalidFile, or InvalidImport when headings or rows are missing.
    """
    rows = read_rows(content, name)
    matching = guess(rows, columns)
    if matching is None:
        raise InvalidImport([Finding("sheet.no_header")])
    return lines_of(rows, columns, matching)


def guess(rows: Sequence[Sequence[Cell]], columns: Columns) -> Matching | None:
    """The matching that the headings suggest, complete or not; None where no row has the column."""
    found = [[cell_text(cell).lower() for cell in cells] for cells in rows[:HEADER_WITHIN]]
    names = {name.lower() for name in columns.headings[columns.found_by]}
    header = next((place for place, titles in enumerate(found) if names & set(titles)), None)
    if header is None:
        return None
    titles = found[header]
    places: dict[str, int] = {}
    for key, known in columns.headings.items():
        at = [titles.index(name.lower()) for name in known if name.lower() in titles]
        if at:
            places[key] = at[0]
    return Matching(header, places)


def missing(columns: Columns, matching: Matching) -> list[Finding]:
    """A finding for each column that must be there and is not."""
    return [
        Finding("sheet.column_missing", element_id=key, params={"column": names[0]})
        for key, names in columns.headings.items()
        if key not in matching.places and key not in columns.optional
    ]


def lines_of(
    rows: Sequence[Sequence[Cell]], columns: Columns, matching: Matching
) -> tuple[SheetLine, ...]:
    """The rows below the headings that are not empty. Raises InvalidImport without any."""
    findings = missing(columns, matching)
    if findings:
        raise InvalidImport(findings)
    places = matching.places
    found = tuple(
        SheetLine(number, columns, {key: _at(cells, place) for key, place in places.items()})
        for number, cells in enumerate(rows[matching.header + 1 :], start=matching.header + 2)
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
