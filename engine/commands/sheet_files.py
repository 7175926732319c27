"""Reads the bytes of an XLSX or CSV file into rows of cells; formulas are text, never executed."""

import csv
import io
import re
import zipfile
from pathlib import PurePath
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from engine.errors import InvalidFile

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_MEMBERS = 2_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
CHUNK = 1 << 16
ZIP = b"PK\x03\x04"
# All that reading cells needs; pictures, macros and links to other files stay behind.
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|xl/(_rels/)?[^/]*\.(xml|xml\.rels)|xl/worksheets/[^/]*\.xml"
)
SHEET = re.compile(r"xl/([^/]+/)?[^/]*sheet[^/]*\.xml", re.IGNORECASE)
PLACE = re.compile(r"([A-Z]{1,7})([0-9]{1,10})")
Cell = object


def read_rows(content: bytes, name: str) -> list[list[Cell]]:
    """The rows of the first sheet; what a file is says its content, not its name.

    Raises InvalidFile for other files, and for those with too many bytes, rows or columns.
    """
    if len(content) > MAX_BYTES:
        raise InvalidFile(name, "file.too_large")
    rows = _xlsx(content, name) if content.startswith(ZIP) else _csv(content, name)
    if len(rows) > MAX_ROWS:
        raise InvalidFile(name, "file.too_many_rows")
    if any(len(row) > MAX_COLUMNS for row in rows):
        raise InvalidFile(name, "file.too_many_columns")
    return rows


def _csv(content: bytes, name: str) -> list[list[Cell]]:
    if PurePath(name).suffix.lower() not in {".csv", ".txt"} or b"\0" in content:
        raise InvalidFile(name, "file.unreadable")
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
        book = CalamineWorkbook.from_filelike(io.BytesIO(_unpacked(content, name)))
        return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (zipfile.BadZipFile, CalamineError, EOFError, NotImplementedError) as error:
        raise InvalidFile(name, "file.unreadable") from error
    except (RuntimeError, ValueError, IndexError, OSError) as error:
        # Encrypted members, sizes that are no numbers, a book without sheets.
        raise InvalidFile(name, "file.unreadable") from error


def _unpacked(content: bytes, name: str) -> bytes:
    """The workbook packed anew from what was counted while it was unpacked.

    The reader of the cells never sees the file itself, whose table of contents may lie about sizes.
    """
    clean = io.BytesIO()
    left = MAX_UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(clean, "w") as made:
        entries = given.infolist()
        if len(entries) > MAX_MEMBERS or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
            raise InvalidFile(name, "file.too_large")
        for member in {entry.filename: entry for entry in entries}.values():
            if NEEDED.fullmatch(member.filename):
                part = _member(given, member, left, name)
                left -= len(part)
                if SHEET.fullmatch(member.filename):
                    _measure(part, name)
                made.writestr(member.filename, part)
    return clean.getvalue()


def _member(given: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, name: str) -> bytes:
    with given.open(member) as opened:
        part = opened.read(left + 1)
    if len(part) > left:
        raise InvalidFile(name, "file.too_large")
    return part


def _measure(part: bytes, name: str) -> None:
    """Refuse a sheet whose cells stand so far apart that the area between fills the memory."""
    parser = expat.ParserCreate()
    cells = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells
        kind = tag.rpartition(":")[2]
        if kind == "row":
            cells = 0
            _check_row(attributes.get("r", "1"), name)
        elif kind == "c":
            cells += 1
            place = PLACE.fullmatch(attributes.get("r", "A1"))
            if place is None:
                raise InvalidFile(name, "file.unreadable")
            _check_row(place[2], name)
            if max(cells, _column(place[1])) > MAX_COLUMNS:
                raise InvalidFile(name, "file.too_many_columns")

    def refuse(*_given: object) -> None:
        raise InvalidFile(name, "file.unreadable")

    parser.StartElementHandler = start
    parser.EntityDeclHandler = parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise InvalidFile(name, "file.unreadable") from error


def _check_row(number: str, name: str) -> None:
    if not number.isdecimal() or int(number) > MAX_ROWS:
        raise InvalidFile(name, "file.too_many_rows")


def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found
