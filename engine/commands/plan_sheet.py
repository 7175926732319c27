"""Reads performance plans from a sheet: every bad cell at once, by row and column."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.commands.sheets import Columns, SheetLine, cell_text, read_lines, refuse_wrong
from engine.errors import InvalidNumber
from engine.rules.numbers import parse_number

COLUMNS = Columns(
    {
        "nip": ("NIP",),
        "result_plan": ("RHK", "Rencana Hasil Kerja"),
        "kind": ("Jenis",),
        "indicator": ("Indikator", "Indikator Kinerja Individu", "IKI"),
        "target": ("Target",),
        "unit": ("Satuan",),
        "direction": ("Arah",),
        "superior_result": ("RHK Atasan", "RHK yang Diintervensi", "Hasil Kerja Atasan"),
    },
    optional=frozenset({"direction", "superior_result"}),
)
KINDS: Mapping[str, str] = {"utama": "main", "tambahan": "additional"}
DIRECTIONS: Mapping[str, bool] = {"": False, "naik": False, "turun": True}


@dataclass(frozen=True)
class PlanLine:
    """One indicator of a result plan; without a number the target is words and not measured.

    `superior_result` is the result of the superior that it serves, empty where none is named.
    """

    result_plan: str
    kind: str
    indicator: str
    target: Decimal | None
    target_text: str
    unit: str
    inverse: bool = False
    superior_result: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One line of the sheet, which starts counting at 1 with its first row."""

    number: int
    nip: str
    line: PlanLine


def read_plan_sheet(content: bytes, name: str) -> tuple[SheetRow, ...]:
    """All rows of the first sheet. Raises InvalidFile, or InvalidImport naming every bad cell."""
    lines = read_lines(content, name, COLUMNS)
    found = tuple(read_plan_line(line) for line in lines)
    refuse_wrong(lines)
    return found


def read_plan_line(line: SheetLine) -> SheetRow:
    """One row; what is wrong with its cells is noted in the line."""
    nip = line.nip()
    if not nip and not line.findings:
        line.wrong("nip", "sheet.empty")
    return SheetRow(line.number, nip, _plan_line(line))


def _plan_line(line: SheetLine) -> PlanLine:
    target = _target(line)
    return PlanLine(
        result_plan=line.filled("result_plan"),
        kind=line.one_of("kind", KINDS, "main"),
        indicator=line.filled("indicator"),
        target=target,
        target_text=line.filled("target"),
        unit=line.text("unit") if target is None else line.filled("unit"),
        inverse=line.one_of("direction", DIRECTIONS, False),
        superior_result=line.text("superior_result"),
    )


def _target(line: SheetLine) -> Decimal | None:
    value = line.cells["target"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        # The shortest text of a float is what was typed into the cell.
        number = Decimal(str(value))
    else:
        try:
            number = parse_number(cell_text(value))
        except InvalidNumber:
            return None
    if number < 0:
        line.wrong("target", "plan.target_negative")
    return number
