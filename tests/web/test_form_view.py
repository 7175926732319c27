"""What staff see of a form: every input named, every error tied, nothing typed lost."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html

from api.web import form_view as module
from api.web.form_answers import answers_view
from api.web.form_css import form_css
from api.web.form_parts import FormView
from api.web.form_view import form_view
from engine.commands.work_forms import EarlierStep
from engine.domain.wording import catalogue
from engine.rules.deadlines import Calendar
from engine.rules.forms import Form, FormContext, initial_values, load_form, parse_fields, validate
from engine.rules.forms.cleaning import clean_text
from tests.rules.forms.conftest import (
    PLAN,
    REVIEW_SCHEMA,
    REVIEW_UI,
    SELF_SCHEMA,
    SELF_UI,
    form_of,
    one_field,
)

TEMPLATES = Path(module.__file__).parent.parent / "templates"
SHIPPED = sorted((TEMPLATES.parent.parent / "forms").rglob("*-schema.json"))
PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
PAGE = PAGES.from_string('{% from "form/form.html" import form %}<form>{{ form(view) }}</form>')
Show = Callable[..., html.HtmlElement]
SELF = form_of(SELF_SCHEMA, SELF_UI, "national/self_assessment")
REVIEW = form_of(REVIEW_SCHEMA, REVIEW_UI, "national/supervisor_review")


def context(language: str = "id") -> FormContext:
    return FormContext(
        data={"case": {"plan": PLAN}},
        acting_as="rater",
        now=datetime(2026, 11, 22, tzinfo=UTC),
        calendar=Calendar("Asia/Jayapura", frozenset()),
        language=language,
    )


def drawn(view: FormView) -> html.HtmlElement:
    return html.fromstring(PAGE.render(view=view))


def shown(form: Form, values: Mapping[str, object], language: str = "id") -> html.HtmlElement:
    _, findings = validate(form, values, context(language))
    return drawn(form_view(form, values, context(language), findings=findings))


def text_of(page: html.HtmlElement, identifier: str) -> str:
    return " ".join(page.get_element_by_id(identifier).text_content().split())


WRONG_SELF = {
    "rows": [
        {"realisation": "1.5", "evidence": [{"kind": "file", "file_id": "f1", "note": "a.pdf"}]},
        {"evidence": [{"kind": "link", "link": "walesi"}]},
    ],
    "obstacles": "on",
}
WRONG_REVIEW = {"behaviours": [{"rating": "below"}], "decided": "above", "notes": [{}, {}]}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("form", "values"), [(SELF, WRONG_SELF), (REVIEW, WRONG_REVIEW), (SELF, {}), (REVIEW, {})]
)
def test_every_input_has_a_label_and_every_id_is_there_once(
    form: Form, values: Mapping[str, object], language: str
) -> None:
    page = shown(form, values, language)

    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    labelled = set(page.xpath("//label/@for"))
    for element in page.xpath("//input[@type != 'hidden' or not(@type)] | //select | //textarea"):
        assert element.get("id") in labelled or element.getparent().tag == "label", element.get(
            "name"
        )
    for described in page.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_every_shipped_form_can_be_opened_and_sent_empty(file: Path, language: str) -> None:
    ui = file.with_name(file.name.replace("-schema", "-uischema"))
    form = load_form(file.name.removesuffix("-schema.json"), file.read_bytes(), ui.read_bytes())

    page = shown(form, initial_values(form, context(language)), language)

    assert len(page.xpath("//@id")) == len(set(page.xpath("//@id")))
    for link in page.xpath("//*[@role='alert']//a/@href"):
        assert page.get_element_by_id(link.removeprefix("#")) is not None
    told = " ".join(page.xpath("//*[@role='alert']//li//text()"))
    assert "{" not in told
    assert "form." not in told


@pytest.mark.parametrize(("form", "values"), [(SELF, WRONG_SELF), (REVIEW, WRONG_REVIEW)])
def test_the_summary_names_every_error_and_links_to_its_place(
    form: Form, values: Mapping[str, object]
) -> None:
    _, findings = validate(form, values, context())

    page = shown(form, values)

    (summary,) = page.xpath("//*[@role='alert']")
    assert summary.get("tabindex") == "-1"
    assert f"Ada {len(findings)} isian" in summary.text_content()
    targets = [link.get("href").removeprefix("#") for link in summary.xpath(".//a")]
    assert len(targets) == len(findings)
    assert set(targets) <= set(page.xpath("//@id"))


def test_an_error_stands_at_its_input_and_the_typed_text_stays() -> None:
    page = shown(SELF, WRONG_SELF)

    typed = page.get_element_by_id("f-rows-0-realisation")
    assert typed.get("value") == "1.5"
    assert typed.get("aria-invalid") == "true"
    assert text_of(page, typed.get("aria-describedby")).startswith("Realisasi: pakai koma")


def test_numbers_stand_in_indonesian_notation_and_case_values_are_no_inputs() -> None:
    page = shown(SELF, {"rows": [{"realisation": Decimal("1234.50")}, {"target": "1"}]})

    assert page.get_element_by_id("f-rows-0-realisation").get("value") == "1.234,5"
    assert text_of(page, "f-rows-1-target") == "120"
    assert text_of(page, "f-rows-0-achievement") == "1.234,5"
    names = page.xpath("//@name")
    assert not [name for name in names if name.endswith((".target", ".indicator_id"))]


def test_a_row_says_what_it_is_about_and_hints_are_told_once() -> None:
    schema = {"properties": {"rows": {
        "type": "array", "title": "Hasil", "items": {"type": "object", "properties": {
            "kind": {"type": "string", "title": "Jenis", "enum": ["main"], "readOnly": True},
            "indicator": {"type": "string", "title": "Indikator", "readOnly": True},
            "target": {"type": "number", "title": "Target", "readOnly": True},
            "text": {"type": "string", "title": "Uraian"},
        }},
    }}}  # fmt: skip
    ui = {"rows": {"alur:rows": "fixed", "alur:prefill": "case.plan", "items": {
        "kind": {"alur:labels": {"main": "Utama"}},
        "target": {"alur:showIf": "empty(row.indicator)"},
        "text": {"ui:help": "Cukup satu kalimat."},
    }}}  # fmt: skip

    page = shown(form_of(schema, ui), {})

    assert page.text_content().count("Cukup satu kalimat.") == 1
    assert "Jenis: Utama" in " ".join(page.text_content().split())
    assert page.xpath("//thead//th/text()") == ["Indikator", "Uraian"]
    (label,) = page.xpath("//label[@for='f-rows-1-text']")
    assert label.text_content() == "Uraian: Berkas keberatan selesai tepat waktu"
    assert page.get_element_by_id("f-rows-1-text").get("aria-describedby") == "h-f-rows-text"


def test_a_tick_in_a_table_carries_its_name_and_needs_no_second_one() -> None:
    schema = {"properties": {"rows": {
        "type": "array", "title": "Hasil", "items": {"type": "object", "properties": {
            "indicator": {"type": "string", "title": "Indikator", "readOnly": True},
            "contested": {"type": "boolean", "title": "Dipersoalkan"},
            "amount": {"type": "number", "title": "Jumlah"},
        }},
    }}}  # fmt: skip
    ui = {"rows": {"alur:rows": "fixed", "alur:prefill": "case.plan", "items": {
        "contested": {"ui:widget": "checkbox"},
    }}}  # fmt: skip

    page = shown(form_of(schema, ui), {})

    assert set(page.xpath("//tbody//td/@data-l")) == {"Jumlah"}


def test_a_part_with_nothing_but_hidden_questions_is_left_out() -> None:
    schema = {"properties": {"seen": {"type": "string"}, "kept": {"type": "string"}}}
    ui = {
        "ui:sections": [
            {"title": "Isian", "fields": ["seen"]},
            {"title": "Dicatat", "fields": ["kept"]},
        ],
        "kept": {"ui:widget": "hidden"},
    }

    page = shown(form_of(schema, ui), {})

    assert page.xpath("//h2/text()") == ["Isian"]


def test_the_first_button_saves_so_that_enter_never_deletes() -> None:
    page = shown(REVIEW, WRONG_REVIEW)

    first = page.xpath("//button")[0]
    assert (first.get("name"), first.get("value")) == ("_op", "save")
    operations = page.xpath("//button[@name='_op']/@value")
    assert {"add:notes", "del:notes.0", "del:notes.1"} <= set(operations)
    assert not [op for op in operations if op.endswith(("behaviours", "behaviours.0"))]
    assert all(button.get("formnovalidate") is not None for button in page.xpath("//button"))


def test_evidence_shows_what_is_there_and_offers_all_three_kinds() -> None:
    page = shown(SELF, WRONG_SELF)

    assert page.get_element_by_id("f-rows-0-evidence-0-file_id").get("href") == "/evidence/f1"
    assert page.get_element_by_id("f-rows-1-evidence-0-link").get("value") == "walesi"
    operations = page.xpath("//button/@value")
    assert {"upload:rows.0.evidence", "del:rows.1.evidence.0"} <= set(operations)
    assert {"rows.0.evidence.file", "rows.0.evidence.link", "rows.0.evidence.number"} <= set(
        page.xpath("//@name")
    )


@pytest.mark.parametrize("bad", ['"><script>x</script>', "javascript:alert(1)", "../../etc"])
def test_a_forged_file_id_becomes_text_and_never_a_link(bad: str) -> None:
    rows = [{"evidence": [{"kind": "file", "file_id": bad}]}]

    page = shown(SELF, {"rows": rows})

    assert not page.xpath("//script")
    assert not [href for href in page.xpath("//@href") if not href.startswith("#")]


def test_a_condition_on_a_switch_is_left_to_the_style_sheet() -> None:
    css = form_css(SELF)

    assert css == (
        "form:not(:has([data-c=obstacles][value=true]:checked)) "
        "[data-f=obstacle_text]{display:none}"
    )
    assert shown(SELF, {}).xpath("//*[@data-f='obstacle_text']")[0].get("hidden") is None


def test_other_conditions_are_decided_by_the_server_and_keep_what_was_typed() -> None:
    typed = "Alasan yang sudah ditulis panjang."

    page = shown(REVIEW, {"override_reason": typed})

    (frame,) = page.xpath("//*[@data-f='override_reason']")
    assert frame.get("hidden") is not None
    assert typed in frame.text_content()
    assert "override_reason" not in form_css(REVIEW)


def test_earlier_answers_are_told_in_words_beside_the_form() -> None:
    rows = [{"realisation": "92,5", "evidence": [{"kind": "paper", "number": "900/1"}]}]
    values, _ = validate(SELF, {"rows": rows, "confirmed": "on"}, context())

    view = form_view(REVIEW, {}, context(), steps={"self_assessment": EarlierStep(SELF, values)})

    (panel,) = view.panels
    assert panel == answers_view(SELF, values, "id")
    assert panel.facts == (("Ada kendala", "Tidak"), ("Isian ini benar", "Ya"))
    title, facts = panel.tables[0].rows[0]
    assert title == "Persentase realisasi pajak daerah"
    assert facts[2:] == (
        ("Realisasi", "92,5"),
        ("Capaian", "92,5"),
        ("Bukti dukung", "Dokumen kertas: 900/1"),
    )
    assert "Jawaban sebelumnya: Penilaian diri" in drawn(view).text_content()


def test_dates_and_options_are_told_as_people_say_them() -> None:
    values = {"decided": "above", "held_on": "2026-08-17", "notes": []}

    facts = dict(answers_view(REVIEW, values, "id").facts)

    assert facts["Penilaian akhir"] == "Di atas ekspektasi"
    assert facts["Tanggal dialog"] == "17 Agustus 2026"


def test_a_month_is_told_by_its_name() -> None:
    schema = {"properties": {"month": {"type": "string", "format": "month", "readOnly": True}}}

    view = form_view(form_of(schema, {}), {"month": "2025-12"}, context())

    assert view.sections[0].fields[0].value == "Desember 2025"


@pytest.mark.parametrize(
    ("steps", "questions", "is_open"),
    [(["first"], 3, True), (["first"], 4, False), (["first", "second"], 1, False)],
)
def test_what_a_short_step_answers_to_lies_open(
    steps: list[str], questions: int, is_open: bool
) -> None:
    asked = {f"question_{number}": {"type": "string"} for number in range(questions)}
    earlier = form_of({"properties": {"said": {"type": "string", "title": "Kata"}}}, {})
    form = form_of({"properties": asked}, {"alur:summary": steps})
    said = {step: EarlierStep(earlier, {"said": "ya"}) for step in steps}

    page = drawn(form_view(form, {}, context(), steps=said))

    panels = page.xpath("//details")
    assert [panel.get("open") is not None for panel in panels] == [is_open] * len(steps)


def test_the_english_page_holds_no_indonesian_word_of_the_form() -> None:
    page = shown(REVIEW, WRONG_REVIEW, "en")

    words = " ".join(page.text_content().split())
    assert "must be filled in" in words
    for indonesian in ("wajib", "Baris", "Hapus", "Tambah", "Pilih", "Penilaian", "karakter"):
        assert indonesian not in words


def test_errors_found_in_one_language_are_told_in_the_language_of_the_page() -> None:
    late = {**WRONG_REVIEW, "held_on": "2027-01-01"}
    _, findings = validate(REVIEW, late, context("id"))

    view = form_view(REVIEW, late, context("en"), findings=findings)

    told = [error.text for error in view.errors]
    assert "Behaviour, row 1: Feedback must be filled in." in told
    assert "That day is still to come." in told


def test_every_sentence_of_forms_is_written_in_both_languages() -> None:
    own = {code: entry for code, entry in catalogue().items() if code.startswith("form.")}

    assert len(own) > 60
    assert all(set(entry) == {"id", "en"} and all(entry.values()) for entry in own.values())


def test_what_is_shown_comes_back_unchanged_when_posted_again() -> None:
    opened = initial_values(SELF, context())
    values, _ = validate(SELF, {**opened, **WRONG_SELF}, context())

    page = shown(SELF, values)
    posted: dict[str, list[str]] = {}
    for element in page.xpath("//input[@type='hidden' or not(@type)] | //input[@checked]"):
        posted.setdefault(element.get("name"), []).append(element.get("value"))

    again = validate(SELF, parse_fields(SELF, posted), context())[0]
    assert again == values


SHOWN_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")))


@given(text=SHOWN_TEXT)
def test_any_text_is_shown_again_as_it_was_typed(text: str) -> None:
    form = form_of(
        {
            "properties": {
                "short": {"type": "string"}, "long": {"type": "string", "maxLength": 500},
                "amount": {"type": "number"}, "day": {"type": "string", "format": "date"},
            }
        },
        {},
    )  # fmt: skip
    posted = parse_fields(form, {name: [text] for name in ("short", "long", "amount", "day")})

    page = shown(form, posted)

    kept = clean_text(text)
    assert page.get_element_by_id("f-short").get("value") == kept
    assert page.get_element_by_id("f-long").text.removeprefix("\n") == kept
    assert page.get_element_by_id("f-day").get("value") == kept
    if isinstance(posted["amount"], str):
        assert page.get_element_by_id("f-amount").get("value") == kept


@given(values=st.dictionaries(st.sampled_from(["behaviours", "decided", "notes"]), st.recursive(
    st.none() | st.text() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
)))  # fmt: skip
def test_no_stored_values_break_the_page(values: dict[str, object]) -> None:
    assert shown(REVIEW, values).tag == "form"


def test_a_yes_or_no_question_offers_both_answers() -> None:
    form = one_field({"type": "boolean", "title": "Setuju"}, {"ui:widget": "radio"})

    page = shown(form, {"answer": False})

    assert page.xpath("//input[@checked]/@value") == ["false"]
    assert [label.text_content().strip() for label in page.xpath("//label")] == ["Ya", "Tidak"]
