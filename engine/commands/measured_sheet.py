"""Reads measured figures from sheets of complaints, attendance and training, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import orjson

from engine.commands.sheets import Columns, SheetLine, cell_text
from engine.domain.measured import FigureKind, Leave, category_of
from engine.domain.people import EmployeeId, UnitId
from engine.domain.scoring import rounded
from engine.errors import InvalidNumber
from engine.rules.numbers import parse_number, to_jsonable
from engine.store.people import EmployeeRow, UnitRow

YES_OR_NO: Mapping[str, bool] = {"": False, "ya": True, "tidak": False}
MONTH_FORMATS = ("%Y-%m", "%m/%Y", "%m-%Y")
# Whoever types another century or a year ahead is told so.
OLDEST = timedelta(days=3 * 366)
MOST_DAYS = 31
MOST_HOURS = 1000
LEAVE_COLUMNS: Mapping[Leave, str] = {
    Leave.ANNUAL: "Cuti Tahunan",
    Leave.SICK: "Cuti Sakit",
    Leave.MATERNITY: "Cuti Melahirkan",
    Leave.HAJJ: "Cuti Haji",
    Leave.IMPORTANT: "Cuti Alasan Penting",
    Leave.LONG: "Cuti Besar",
    Leave.STUDY: "Tugas Belajar",
}
_LEAVE = {f"leave_{kind}": (title,) for kind, title in LEAVE_COLUMNS.items()}
COLUMNS: Mapping[FigureKind, Columns] = {
    FigureKind.COMPLAINTS: Columns(
        {
            "received": ("Tanggal Diterima", "Diterima"),
            "unit": ("Unit", "Unit Kerja"),
            "category": ("Kategori",),
            "closed": ("Tanggal Selesai", "Selesai"),
            "right_first": ("Selesai Sekali Tangani", "Benar Pertama Kali"),
            "nip": ("NIP", "NIP Petugas"),
        },
        optional=frozenset({"nip"}),
        found_by="category",
    ),
    FigureKind.ATTENDANCE: Columns(
        {
            "nip": ("NIP",),
            "month": ("Bulan",),
            "duty": ("Hari Wajib Kerja", "Hari Kerja"),
            "present": ("Hari Hadir", "Hadir"),
            "on_call": ("Hari Siaga", "Siaga"),
            **_LEAVE,
        },
        optional=frozenset({"on_call", *_LEAVE}),
    ),
    FigureKind.TRAINING: Columns(
        {
            "nip": ("NIP",),
            "course": ("Pelatihan", "Nama Pelatihan"),
            "provider": ("Penyelenggara",),
            "hours": ("JP", "Jam Pelajaran"),
            "on": ("Tanggal Selesai", "Tanggal"),
            "certificate": ("Nomor Sertifikat",),
        }
    ),
}


@dataclass(frozen=True)
class Known:
    """Who and what the rows of a sheet may name, and the day on which it is read."""

    people: Mapping[str, EmployeeRow]
    units: Mapping[str, list[UnitRow]]
    today: date


@dataclass(frozen=True)
class Fact:
    """One fact of a sheet: of a unit, a person or both."""

    unit_id: UnitId | None
    employee_id: EmployeeId | None
    on: date
    figures: Mapping[str, object]

    @property
    def body(self) -> str:
        """The figures as canonical JSON."""
        return orjson.dumps(to_jsonable(self.figures), option=orjson.OPT_SORT_KEYS).decode()


def read_fact(kind: FigureKind, line: SheetLine, known: Known) -> Fact | None:
    """What a row says; None where it is bad, with its findings noted in the line."""
    match kind:
        case FigureKind.COMPLAINTS:
            found = _complaint(line, known)
        case FigureKind.ATTENDANCE:
            found = _attendance(line, known)
        case FigureKind.TRAINING:
            found = _training(line, known)
    return None if line.findings else found


def _complaint(line: SheetLine, known: Known) -> Fact | None:
    received = _past(line, "received", known.today)
    closed = _past(line, "closed", known.today, optional=True)
    right_first = line.one_of("right_first", YES_OR_NO, False)
    unit_id = _unit(line, known)
    employee_id = _person(line, known) if line.text("nip") else None
    category = category_of(line.filled("category"))
    if received and closed and closed < received:
        line.wrong("closed", "measured.closed_before")
    if right_first and not line.text("closed"):
        line.wrong("right_first", "measured.right_while_open")
    if received is None:
        return None
    last_day = closed.isoformat() if closed else None
    figures = {"category": category, "closed": last_day, "right_first": right_first}
    return Fact(unit_id, employee_id, received, figures)


def _attendance(line: SheetLine, known: Known) -> Fact | None:
    employee_id, first = _person(line, known), _month(line, known.today)
    days = {
        key: _number(line, key, MOST_DAYS, whole=True)
        for key in line.columns.headings
        if key not in ("nip", "month")
    }
    leave = sum((days[key] for key in _LEAVE), Decimal(0))
    if leave > days["duty"]:
        line.wrong("duty", "measured.too_much_leave")
    elif days["present"] + days["on_call"] > days["duty"] - leave:
        line.wrong("present", "measured.too_present")
    return Fact(None, employee_id, first, days) if first else None


def _training(line: SheetLine, known: Known) -> Fact | None:
    employee_id, on = _person(line, known), _past(line, "on", known.today)
    figures = {
        "course": line.filled("course"),
        "provider": line.filled("provider"),
        "hours": _number(line, "hours", MOST_HOURS),
        "certificate": line.filled("certificate"),
    }
    return Fact(None, employee_id, on, figures) if on else None


def _person(line: SheetLine, known: Known) -> EmployeeId | None:
    nip = line.nip()
    if not nip and not line.findings:
        line.wrong("nip", "sheet.empty")
    elif nip and nip not in known.people:
        line.wrong("nip", "plan.unknown_nip")
    return known.people[nip].id if nip in known.people else None


def _unit(line: SheetLine, known: Known) -> UnitId | None:
    found = known.units.get(line.filled("unit").lower(), [])
    if len(found) > 1:
        line.wrong("unit", "measured.unit_twice")
    elif not found and line.text("unit"):
        line.wrong("unit", "transfer.unit_unknown")
    return found[0].id if len(found) == 1 else None


def _past(line: SheetLine, key: str, today: date, *, optional: bool = False) -> date | None:
    found = line.day(key)
    if found is None:
        if not optional and not line.text(key):
            line.wrong(key, "sheet.empty")
        return None
    if not today - OLDEST <= found <= today:
        line.wrong(key, "measured.day_outside")
    return found


def _month(line: SheetLine, today: date) -> date | None:
    """The first day of a month such as `2026-03` or `03/2026`, or of the month of a day."""
    text = line.filled("month")
    day = next(filter(None, (_as_month(text, form) for form in MONTH_FORMATS)), None)
    found = day or (line.day("month") if text else None)
    if found and not today - OLDEST <= found.replace(day=1) <= today:
        line.wrong("month", "measured.day_outside")
    return found.replace(day=1) if found else None


def _as_month(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None


def _number(line: SheetLine, key: str, most: int, *, whole: bool = False) -> Decimal:
    """A number from 0; an empty cell of a column that need not be there is 0."""
    text = cell_text(line.cells.get(key))
    if not text and key in line.columns.optional:
        return Decimal(0)
    try:
        number = parse_number(text.replace(".", ",") if _is_plain(line, key) else text)
    except InvalidNumber:
        number = Decimal(-1)
    if not 0 <= number <= most or (whole and number % 1):
        line.wrong(key, "measured.number", most=str(most))
        return Decimal(0)
    return rounded(number) if number % 1 else Decimal(int(number))


def _is_plain(line: SheetLine, key: str) -> bool:
    """Whether the cell is a number of the sheet itself, which is written with a point."""
    return isinstance(line.cells.get(key), int | float | Decimal)
