"""Sheets are archivable documents whose texts are only ever shown; their check tells no more."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
import typst

from api.pdf import SHEETS, typeset
from api.web.qr import qr_svg
from tests.web.conftest import Seat

MADE_AT = datetime(2026, 3, 2, tzinfo=UTC)
HOSTILE = {
    "code": '#panic("x") #{1+1} #sys.inputs.data #read("/etc/passwd") #include "house.typ"',
    "markup": '*b* _i_ `raw` $x^2$ @ref <label> = Judul\n- butir\n#link("https://evil.test")[x]',
    "escapes": '\\ \\u{41} \\# // akhir /* buka ]] }} )) "; #let x = 1',
    "json": '{"predicate": "Sangat Baik"}, "words": {}, \\"',
    "letters": "Siti 😀 ꦲꦏ꧀ꦱꦫ محمد 日本 a\u202eb \u200b",
    "long": "W" * 900,
}


def sheet(text: str) -> dict[str, object]:
    """A sheet with the same text in every place that somebody typed."""
    row = [["Nama", text], ["Jabatan", text]]
    words = dict.fromkeys(
        ("title", "predicate", "decided", "signature_note", "versions", "basis", "qr_alt",
         "verify", "verify_how", "code", "annex", "annex_note"), "kata",
    )  # fmt: skip
    return {
        "language": "id", "made_on": [2026, 3, 2], "agency": text, "period": text, "person": row,
        "predicate": "Baik", "ratings": row, "decision": row,
        "versions": [["1", text, "Baik", text]] * 2, "basis": [text],
        "qr": qr_svg("https://kinerja.test/verify/X"), "address": text,
        "code": "ABCD-EFGH", "annex": row, "footer": text,
        "words": {**words, "version_columns": ["a", "b", "c", "d"]},
    }  # fmt: skip


def shown(template: str, data: dict[str, object]) -> str:
    """The words of a document, read from the same template as text."""
    inputs = {"data": json.dumps(data)}
    source = SHEETS / f"{template}.typ"
    page = typst.Compiler(source, root=SHEETS, ignore_system_fonts=True, sys_inputs=inputs).compile(
        format="html"
    )
    return unescape(re.sub(r"<[^>]+>", "\n", page.decode()))


def test_a_sheet_is_marked_as_an_archivable_and_tagged_document() -> None:
    made = typeset("result", sheet("Ani"), made_at=MADE_AT)

    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"/Lang" in made
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction)\b", made)


def test_the_same_data_make_the_same_bytes_and_others_do_not() -> None:
    first = typeset("result", sheet("Ani"), made_at=MADE_AT)

    assert typeset("result", sheet("Ani"), made_at=MADE_AT) == first
    assert typeset("result", sheet("Ana"), made_at=MADE_AT) != first


@pytest.mark.parametrize("kind", HOSTILE)
def test_typed_text_is_shown_and_never_evaluated(kind: str) -> None:
    text = HOSTILE[kind]

    made = typeset("result", sheet(text), made_at=MADE_AT)

    words = "".join(shown("result", sheet(text)).split())
    assert made.startswith(b"%PDF-1.7")
    assert words.count("".join(text.split())) >= 8
    assert "root:" not in words


@pytest.mark.parametrize("kind", HOSTILE)
def test_cards_take_typed_names_as_they_are(kind: str) -> None:
    text = HOSTILE[kind]
    card = {"name": text, "nip": "NIP", "code": "ABCD", "until": text}
    words = {"title": "Kartu", "code": "Kode", "how": text, "qr_alt": "qr"}
    data = {
        "language": "id", "made_on": [2026, 3, 2], "words": words,
        "qr": qr_svg("https://kinerja.test/activate"), "cards": [card] * 9,
    }  # fmt: skip

    assert typeset("cards", data, made_at=MADE_AT).startswith(b"%PDF-1.7")


def test_no_template_evaluates_text_or_reads_other_files() -> None:
    sources = [file.read_text() for file in SHEETS.glob("*.typ")]

    assert len(sources) >= 3
    assert not [s for s in sources if re.search(r"\beval\b|\bread\(|\bplugin\(|@preview", s)]


def test_a_letter_that_no_font_has_costs_nobody_his_sheet() -> None:
    strange = sheet("a\x00b \ufffe \ue000 \ufdfd")

    assert typeset("result", strange, made_at=MADE_AT).startswith(b"%PDF-1.7")


def test_a_sheet_puts_the_predicate_first_and_the_local_score_on_an_annex() -> None:
    data = {**sheet("Ani"), "annex": [["Nilai lokal", "88,20"]]}

    words = shown("result", data)

    assert words.index("Baik") < words.index("88,20")
    assert "88,20" not in shown("result", {**data, "annex": None})


def test_the_check_of_a_sheet_asks_for_no_seat_and_names_nobody(seat: Seat) -> None:
    page = seat.client.get("/verify/ABCD-EFGH-JKMN-PQRS")
    fields = {"code": "ABCD-EFGH-JKMN-PQRS", "nip": "198001012005011001", "predicate": "good"}

    answer = seat.post("/verify", token=seat.token("/verify"), **fields)

    assert 'value="ABCD-EFGH-JKMN-PQRS"' in page.text
    assert "Tidak cocok" in answer.text
    assert "198001012005011001" not in answer.text


def test_strange_claims_are_answered_and_guessing_has_to_wait(seat: Seat) -> None:
    token = seat.token("/verify")
    strange = ["", "<script>", "0" * 5000, "𝟘", "%00", "../../x"]

    first = [
        seat.post("/verify", token=token, code=text, nip=text, predicate=text) for text in strange
    ]
    many = [seat.post("/verify", token=token, code="0" * 16).status_code for _ in range(20)]

    assert {answer.status_code for answer in first} == {200}
    assert all("<script>" not in answer.text for answer in first)
    assert 429 in many


def test_a_file_is_checked_by_its_bytes(seat: Seat) -> None:
    files = {"file": ("lembar.pdf", b"%PDF-1.7 forged", "application/pdf")}

    answer = seat.post("/verify", token=seat.token("/verify"), code="ABCD", files=files)

    assert "Tidak cocok" in answer.text


def test_cards_can_be_had_as_a_pdf(seat: Seat) -> None:
    seat.take("hr_officer")
    units = re.findall(r'<option value="([^"]+)"', seat.client.get("/cards").text)
    pages = {unit: seat.client.get(f"/cards?unit={unit}").text for unit in units}
    found = ((unit, re.search(r'name="who" value="([^"]+)"', page)) for unit, page in pages.items())
    unit, who = next((unit, match[1]) for unit, match in found if match)

    answer = seat.post("/cards", token=seat.token("/cards"), unit=unit, who=who, more={"as": "pdf"})

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-1.7")
