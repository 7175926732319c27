"""Sheets that could harm: refused before anything reads their cells, or taken as mere text."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from engine.commands.sheet_files import MAX_BYTES, MAX_ROWS, read_rows
from engine.errors import InvalidFile
from tests.commands.sheets import xlsx
from tests.security.city import Visit
from tests.security.test_file_attacks import archive

SCRIPT = "<script>alert(1)</script>"
HEADER = ["NIP", "Nama", "Jenis", "Unit", "Jabatan"]
ROW = ["199002022015022001", "Siti", "PNS", "Bidang Perizinan", "Analis"]


def with_sheet(content: bytes) -> bytes:
    """A workbook whose only sheet is this XML."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([HEADER, ROW]))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, content if name == "xl/sheet.xml" else good.read(name))
    return made.getvalue()


def cells(places: str) -> bytes:
    """A sheet with one cell at each of these places."""
    row = "".join(f'<c r="{place}"><v>1</v></c>' for place in places.split())
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData><row>{row}</row></sheetData></worksheet>'.encode()


def lying() -> bytes:
    """A workbook whose table of contents says that its bomb is small."""
    bomb = bytearray(with_sheet(b" " * 200_000_000))
    for at in (found.start() for found in re.finditer(rb"PK\x01\x02", bytes(bomb))):
        bomb[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(bomb)


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
REFUSED: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: with_sheet(b" " * 200_000_000),
    "bomb_that_lies": lying,
    "far_apart": lambda: with_sheet(cells("A1 XFD1048576")),
    "far_down": lambda: with_sheet(cells("A1 A1048576")),
    "many_columns": lambda: with_sheet(cells(" ".join(["A1"] * 100_000))),
    "far_row": lambda: with_sheet(b'<worksheet><row r="99999999999999999999"/></worksheet>'),
    "no_place": lambda: with_sheet(cells("1A")),
    "entities": lambda: with_sheet(ENTITIES),
    "broken_xml": lambda: with_sheet(b"<worksheet>"),
    "many_members": lambda: archive(*((f"xl/{n}.xml", b"") for n in range(20_000))),
    "no_workbook": lambda: archive(("a.txt", b"x")),
    "cut": lambda: xlsx([HEADER, ROW])[:300],
    "too_large": lambda: b"PK\x03\x04" + b"0" * MAX_BYTES,
    "pdf": lambda: b"%PDF-1.7",
    "html": SCRIPT.encode,
}
TEXTS: dict[str, Callable[[], bytes]] = {
    "columns": lambda: (";".join(["NIP"] * 100_000)).encode(),
    "rows": lambda: b"NIP;Nama\n" + b"1;2\n" * (MAX_ROWS + 1),
    "endless_cell": lambda: b'NIP\n"' + b"x" * 1_000_000,
    "nul": lambda: b"NIP;Nama\n\0;x",
    "latin": lambda: "NIP;Ké".encode("latin-1"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_workbook_that_could_harm_is_refused(kind: str) -> None:
    with pytest.raises(InvalidFile):
        read_rows(REFUSED[kind](), "pegawai.xlsx")


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_that_could_harm_is_refused(kind: str) -> None:
    with pytest.raises(InvalidFile):
        read_rows(TEXTS[kind](), "pegawai.csv")


def test_what_a_file_is_says_its_content() -> None:
    assert read_rows(xlsx([HEADER, ROW]), "pegawai.csv")[1] == ROW
    with pytest.raises(InvalidFile):
        read_rows(b"NIP;Nama", "pegawai.xlsx")


def send(visit: Visit, content: bytes, name: str = "pegawai.xlsx", role: str = "hr"):
    return visit.ask(
        role, "POST", "/imports", data=visit.form(role, kind="people"),
        files={"sheet": (name, content, "text/html")}, follow_redirects=False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["bomb", "far_apart", "many_columns", "entities", "pdf"])
def test_a_harmful_upload_is_told_on_the_page(visit: Visit, kind: str) -> None:
    answer = send(visit, REFUSED[kind]())

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_body_beyond_the_limit_is_not_read(visit: Visit) -> None:
    assert send(visit, b"x" * 12_000_000).status_code == 413


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "@SUM(1)", SCRIPT, "{{7*7}}"]
)
def test_formulas_and_markup_of_a_sheet_are_mere_text(visit: Visit, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    rows = f"NIP;Nama;Jenis;Unit;Jabatan\n199002022015022001;{quoted};x;{quoted};Analis"

    sent = send(visit, rows.encode(), "pegawai.csv")
    page = visit.ask("hr", "GET", sent.headers["location"]).text

    assert sent.status_code == 303
    assert SCRIPT not in page
    assert "49" not in re.findall(r"<td>(\d+)</td>", page)


def test_nobody_else_opens_a_sheet_that_was_sent(visit: Visit) -> None:
    place = send(visit, ";".join(HEADER).encode() + b"\n" + ";".join(ROW).encode(), "a.csv")
    path = place.headers["location"]

    for role in ("administrator", "foreign_hr", "auditor", "subject"):
        for method in ("GET", "POST"):
            data = {"data": visit.form(role, op="confirm", seal="")} if method == "POST" else {}
            assert visit.ask(role, method, path, **data).status_code == 404


def test_templates_have_no_formula_and_are_downloads(visit: Visit) -> None:
    for kind in ("people", "plans", "transfers"):
        for form in ("csv", "xlsx"):
            answer = visit.ask("hr", "GET", f"/imports/template?kind={kind}&form={form}")
            assert answer.status_code == 200
            assert answer.headers["content-disposition"].startswith("attachment")
            rows = read_rows(answer.content, f"x.{form}")
            assert not [cell for row in rows for cell in row if str(cell)[:1] in set("=+-@")]


def test_values_outside_the_closed_lists_lead_nowhere(visit: Visit) -> None:
    for path in ("/imports?kind=x", "/imports/template?kind=../etc", "/imports?stored=x"):
        assert visit.ask("hr", "GET", path).status_code == 404
    form = visit.form("hr", kind="king", on="yesterday", to_unit="nowhere", title=SCRIPT, who="x")
    answer = visit.ask("hr", "POST", "/people/transfers", data=form)
    assert answer.status_code == 422
    assert SCRIPT not in answer.text
    form = visit.form("hr", kind="transfer", on="2026-02-01", to_unit="x", title="y", who="x")
    assert visit.ask("hr", "POST", "/people/transfers", data=form).status_code == 404
