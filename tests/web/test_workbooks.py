"""Files for spreadsheets: what people wrote arrives as text, whatever it looks like."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from python_calamine import CalamineWorkbook

from api.workbooks import Cell, Column, SheetTable, csv_of, starts_formula, workbook

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LEADS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\u00a0=",
    "\u3000＝",
)
BODIES = ("1+1", 'HYPERLINK("http://x";"y")', "cmd|'/c calc'!A0", "SUM(1;2)")
FORMULAS = [lead + body for lead in LEADS for body in BODIES]
HARMLESS = ("Siti Aminah", "4=2+2", "a@b.id", "198609262015051001", "0012", "'=1", "")


def a_table(rows: Iterable[tuple[Cell, ...]], *titles: str, name: str = "Predikat") -> SheetTable:
    return SheetTable(name, tuple(Column(title) for title in titles or ("A",)), rows)


def read_back(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def sheet_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_workbook_is_text_and_stays_text_when_it_is_edited(text: str) -> None:
    content = workbook([a_table([(text,)])], made_at=MADE_AT)

    xml = sheet_xml(content)
    assert "<f>" not in xml
    assert re.search(r'<c r="A2" s="\d+" t="(inlineStr|s)"', xml)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    kind = re.search(r'<c r="A2" s="(\d+)"', xml)
    assert kind
    cells = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    assert cells
    style = re.findall(r"<xf .*?>", cells.group())[int(kind.group(1))]
    assert 'quotePrefix="1"' in style


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_csv_file_is_led_by_an_apostrophe(text: str) -> None:
    content = csv_of(a_table([(text, "after")], "A", "B"))

    assert csv_rows(content)[1] == [f"'{text}", "after"]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_written_as_it_is(text: str) -> None:
    table = a_table([(text, "after")], "A", "B")

    assert not starts_formula(text)
    assert csv_rows(csv_of(table))[1][0] == text
    assert read_back(workbook([table], made_at=MADE_AT))[1] == [text, "after"]


def test_headings_are_no_formulas_either() -> None:
    table = a_table([("x",)], "=1+1")

    assert csv_rows(csv_of(table))[0] == ["'=1+1"]
    assert "<f>" not in sheet_xml(workbook([table], made_at=MADE_AT))


def test_links_and_numbers_in_text_stay_text() -> None:
    texts = ("http://example.invalid/a", "mailto:a@b.id", "198609262015051001", "1e5", "TRUE")

    content = workbook([a_table([(text,) for text in texts])], made_at=MADE_AT)

    assert [row[0] for row in read_back(content)[1:]] == list(texts)
    assert "hyperlink" not in sheet_xml(content)


def test_numbers_and_days_keep_their_kind() -> None:
    row = (Decimal("86.50"), -3, date(2026, 1, 31), None, "-")
    table = a_table([row], "A", "B", "C", "D", "E")

    assert read_back(workbook([table], made_at=MADE_AT))[1] == [
        86.5,
        -3.0,
        date(2026, 1, 31),
        "",
        "-",
    ]
    assert csv_rows(csv_of(table))[1] == ["86,50", "-3", "2026-01-31", "", "'-"]


def test_characters_that_no_sheet_can_hold_are_left_out() -> None:
    text = "a\x00b\x08c\ud800d\ufffee"

    table = a_table([(text,)])

    assert read_back(workbook([table], made_at=MADE_AT))[1] == ["abcde"]
    assert csv_rows(csv_of(table))[1] == ["abcde"]


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    content = workbook([a_table([("x" * 40_000,)])], made_at=MADE_AT)

    assert read_back(content)[1] == ["x" * 32_767]


def test_quotes_separators_and_lines_stay_inside_their_cell() -> None:
    row = ('a "quoted"; one', "two\r\nlines, three")

    assert csv_rows(csv_of(a_table([row], "A", "B")))[1] == list(row)


def test_names_of_sheets_are_made_fit_and_kept_apart() -> None:
    names = ("Rekap [2026]: a/b?*\\", "rekap  2026   a b", "", "'", "x" * 60, "X" * 60)

    content = workbook([a_table([], name=name) for name in names], made_at=MADE_AT)

    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert len(found) == len({name.lower() for name in found}) == len(names)
    assert all(len(name) <= 31 for name in found)


def test_the_same_rows_at_the_same_instant_are_the_same_file() -> None:
    files = {
        sha256(workbook([a_table([("x", 1)], "A", "B")], made_at=MADE_AT)).digest()
        for _ in range(2)
    }

    assert len(files) == 1


def test_rows_are_read_once_and_may_come_from_a_generator() -> None:
    rows = ((f"{number}", number) for number in range(2_000))

    content = workbook([a_table(rows, "A", "B")], made_at=MADE_AT)

    assert read_back(content)[-1] == ["1999", 1999.0]
