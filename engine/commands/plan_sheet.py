"""Reads performance plans from a sheet (XLSX or CSV): every bad cell at once, by row and column."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from engine.errors import Finding, InvalidFile, InvalidImport, InvalidNumber
from engine.rules.numbers import parse_number

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_ROWS = 20_000
MAX_TEXT = 500
HEADER_WITHIN = 10
# Headings of the sheets in use; the first name of each column is the one in messages.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nip": ("NIP",),
    "result_plan": ("RHK", "Rencana Hasil Kerja"),
    "kind": ("Jenis",),
    "indicator": ("Indikator", "Indikator Kinerja Individu", "IKI"),
    "target": ("Target",),
    "unit": ("Satuan",),
    "direction": ("Arah",),
}
OPTIONAL = frozenset({"direction"})
KINDS = {"utama": "main", "tambahan": "additional"}
DIRECTIONS = {"": False, "naik": False, "turun": True}
Cell = object
Value = TypeVar("Value")


@dataclass(frozen=True)
class PlanLine:
    """One indicator of a result plan; without a number the target is words and not measured."""

    result_plan: str
    kind: str
    indicator: str
    target: Decimal | None
    target_text: str
    unit: str
    inverse: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One line of the sheet, which starts counting at 1 with its first row."""

    number: int
    nip: str
    line: PlanLine


def read_plan_sheet(content: bytes, name: str) -> tuple[SheetRow, ...]:
    """All rows of the first sheet. Raises InvalidFile, or InvalidImport naming every bad cell."""
    if len(content) > MAX_BYTES:
        raise InvalidFile(name, "file.too_large")
    rows = _csv(content, name) if PurePath(name).suffix.lower() == ".csv" else _xlsx(content, name)
    if len(rows) > MAX_ROWS:
        raise InvalidFile(name, "file.too_many_rows")
    header, columns = _header(rows)
    found: list[SheetRow] = []
    findings: list[Finding] = []
    for number, cells in enumerate(rows[header + 1 :], start=header + 2):
        if any(_text(cell) for cell in cells):
            values = {
                key: cells[place] if place < len(cells) else None for key, place in columns.items()
            }
            reading = _Row(number, values)
            found.append(SheetRow(number, reading.nip(), reading.line()))
            findings.extend(reading.findings)
    if findings or not found:
        raise InvalidImport(findings or [Finding("plan.no_rows")])
    return tuple(found)


class _Row:
    """One row while it is read; collects what is wrong with its cells."""

    def __init__(self, number: int, values: Mapping[str, Cell]) -> None:
        self.number, self._values = number, values
        self.findings: list[Finding] = []

    def nip(self) -> str:
        if isinstance(self._values["nip"], float):
            # A number cell keeps 15 digits: the last three of the NIP are lost already.
            self._wrong("nip", "plan.nip_is_number")
            return ""
        return "".join(self._filled("nip").split())

    def line(self) -> PlanLine:
        target = self._target()
        return PlanLine(
            result_plan=self._filled("result_plan"),
            kind=self._one_of("kind", KINDS, "main"),
            indicator=self._filled("indicator"),
            target=target,
            target_text=self._filled("target"),
            unit=_text(self._values["unit"]) if target is None else self._filled("unit"),
            inverse=self._one_of("direction", DIRECTIONS, False),
        )

    def _target(self) -> Decimal | None:
        value = self._values["target"]
        if isinstance(value, int | float) and not isinstance(value, bool):
            # The shortest text of a float is what was typed into the cell.
            number = Decimal(str(value))
        else:
            try:
                number = parse_number(_text(value))
            except InvalidNumber:
                return None
        if number < 0:
            self._wrong("target", "plan.target_negative")
        return number

    def _filled(self, key: str) -> str:
        text = _text(self._values[key])
        if not text:
            self._wrong(key, "plan.empty")
        elif len(text) > MAX_TEXT:
            self._wrong(key, "plan.too_long")
        return text

    def _one_of(self, key: str, values: Mapping[str, Value], default: Value) -> Value:
        text = _text(self._values.get(key)).lower()
        if text not in values:
            self._wrong(key, "plan.not_one_of", choices=", ".join(filter(None, values)))
        return values.get(text, default)

    def _wrong(self, key: str, rule: str, **params: str) -> None:
        column = COLUMNS[key][0]
        place = {"row": str(self.number), "column": column}
        self.findings.append(
            Finding(rule, element_id=f"{self.number}:{column}", params=place | params)
        )


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    """The row of the headings and the place of each column, in any order."""
    headings = [[_text(cell).lower() for cell in cells] for cells in rows[:HEADER_WITHIN]]
    place = next((place for place, titles in enumerate(headings) if "nip" in titles), None)
    if place is None:
        raise InvalidImport([Finding("plan.no_header")])
    titles = headings[place]
    columns: dict[str, int] = {}
    missing = []
    for key, names in COLUMNS.items():
        places = [titles.index(name.lower()) for name in names if name.lower() in titles]
        if places:
            columns[key] = places[0]
        elif key not in OPTIONAL:
            missing.append(Finding("plan.column_missing", params={"column": names[0]}))
    if missing:
        raise InvalidImport(missing)
    return place, columns


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


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
