"""Every error at once, at its place, in both languages, exact to the last digit."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from engine.domain.wording import finding_sentence
from engine.errors import Finding
from engine.rules.forms import Form, FormContext, validate
from tests.rules.forms.conftest import form_of, one_field

Contexts = Callable[..., FormContext]
PAPER = {"kind": "paper", "number": "900/12/2026"}
ROWS = [
    {"realisation": "92", "evidence": [PAPER]},
    {"realisation": "118", "evidence": [PAPER]},
]
RATED = [{"rating": "as_expected"}] * 3
REVIEWED = {"behaviours": RATED, "decided": "as_expected", "held_on": "2026-11-20"}


def told(findings: tuple[Finding, ...], language: str = "id") -> list[str]:
    return [finding_sentence(found, language) for found in findings]


def errors_of_answer(
    schema: object, answer: object, context: FormContext, ui: object = None
) -> list[str]:
    _, findings = validate(one_field(schema, ui), {"answer": answer}, context)
    return [found.rule for found in findings]


def test_a_complete_form_has_no_findings(self_assessment: Form, context: Contexts) -> None:
    values, findings = validate(self_assessment, {"rows": ROWS, "confirmed": "on"}, context())

    assert findings == ()
    assert values["rows"][0]["realisation"] == Decimal(92)
    assert values["obstacles"] is False


def test_all_errors_come_at_once_with_the_row_and_label(
    self_assessment: Form, context: Contexts
) -> None:
    rows = [{"realisation": "1.5", "evidence": [PAPER]}, {}]

    _, findings = validate(self_assessment, {"rows": rows, "obstacles": "on"}, context())

    assert told(findings) == [
        "Baris 1: Realisasi: pakai koma untuk desimal, misalnya 1,5; titik hanya pemisah ribuan.",
        "Baris 2: Realisasi wajib diisi.",
        "Baris 2: Bukti dukung wajib diisi.",
        "Uraian kendala wajib diisi.",
        "Isian ini benar: centang untuk melanjutkan.",
    ]
    assert [found.element_id for found in findings] == [
        "rows.0.realisation", "rows.1.realisation", "rows.1.evidence", "obstacle_text",
        "confirmed",
    ]  # fmt: skip


def test_the_same_errors_are_told_in_english(self_assessment: Form, context: Contexts) -> None:
    _, findings = validate(self_assessment, {"rows": [{}, {}]}, context("en"))

    assert "Row 1: Realisation must be filled in." in told(findings, "en")


def test_two_tables_are_told_apart_by_their_names(review: Form, context: Contexts) -> None:
    _, findings = validate(review, {**REVIEWED, "behaviours": [{}], "notes": [{}]}, context())

    assert told(findings)[0] == "Perilaku kerja, baris 1: Penilaian wajib diisi."
    assert told(findings)[-1] == "Kesepakatan, baris 1: Kesepakatan wajib diisi."


def test_a_rating_other_than_the_suggestion_needs_a_reason(review: Form, context: Contexts) -> None:
    _, missing = validate(review, {**REVIEWED, "decided": "above"}, context())
    _, short = validate(review, {**REVIEWED, "decided": "above", "override_reason": "a"}, context())
    _, agreed = validate(review, REVIEWED, context())

    assert [found.rule for found in missing] == ["form.required"]
    assert told(short) == ["Alasan perbedaan paling sedikit 50 karakter; sekarang 1."]
    assert agreed == ()


def test_a_check_across_fields_names_its_field(review: Form, context: Contexts) -> None:
    late, day = {**REVIEWED, "held_on": "2026-11-24"}, {**REVIEWED, "held_on": "2026-11-23"}

    _, findings = validate(review, late, context())

    assert [(found.element_id, told((found,))[0]) for found in findings] == [
        ("held_on", "Tanggal dialog belum tiba.")
    ]
    # 18:00 UTC is 03:00 of the next day in Jayapura: the agency's own calendar decides.
    assert validate(review, day, context())[1] == ()


def test_a_check_in_a_table_is_asked_for_each_row(review: Form, context: Contexts) -> None:
    rows = [*RATED[:1], {"rating": "below"}, *RATED[:1]]

    _, findings = validate(review, {**REVIEWED, "behaviours": rows}, context())

    assert told(findings) == [
        "Perilaku kerja, baris 2: Jelaskan nilai ini.",
        "Perilaku kerja, baris 2: Umpan balik wajib diisi.",
    ]


@pytest.mark.parametrize(
    ("rules", "typed", "error"),
    [
        ({"maximum": 109.99}, "109,99", None),
        ({"maximum": 109.99}, "109,995", "form.maximum"),
        ({"maximum": 109.99}, "109,9900000000000000001", "form.maximum"),
        ({"exclusiveMaximum": 110}, "109,99999999999999999", None),
        ({"exclusiveMaximum": 110}, "110,00", "form.exclusiveMaximum"),
        ({"minimum": 0.3}, "0,3", None),
        ({"minimum": 0.3}, "0,29999999999999999999", "form.minimum"),
        ({"exclusiveMinimum": 0}, "0", "form.exclusiveMinimum"),
        ({"multipleOf": 0.01}, "4,35", None),
        ({"multipleOf": 0.01}, "109,995", "form.places"),
        ({"multipleOf": 0.25}, "0,3", "form.multipleOf"),
        ({"const": 100}, "100,00", None),
        ({"const": 100}, "99,99999999999999999999", "form.const"),
        ({}, "1e5", "form.number.not_a_number"),
        ({}, "NaN", "form.number.not_a_number"),
        ({}, "9" * 31, "form.number.too_long"),
    ],
)
def test_numbers_are_judged_exactly(
    rules: dict[str, object], typed: str, error: str | None, context: Contexts
) -> None:
    schema = {"type": "number", "title": "Nilai", **rules}

    assert errors_of_answer(schema, typed, context()) == ([error] if error else [])


def test_a_sum_of_tenths_is_exact(context: Contexts) -> None:
    schema = {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": {"type": "object", "properties": {"weight": {"type": "number"}}},
            },
            "total": {"type": "number", "const": 0.3, "readOnly": True},
        },
    }
    ui = {"total": {"alur:compute": "sum(column(rows, 'weight'))"}}
    values, findings = validate(
        form_of(schema, ui), {"rows": [{"weight": "0,1"}, {"weight": "0,2"}]}, context()
    )

    assert values["total"] == Decimal("0.3")
    assert findings == ()


@pytest.mark.parametrize(
    "answer", [1.5, 1.234, float("nan"), Decimal("NaN"), Decimal("1E+99"), True, "1.5 kg"]
)
def test_what_is_no_exact_number_is_refused_and_never_a_float(
    answer: object, context: Contexts
) -> None:
    values, findings = validate(one_field({"type": "number"}), {"answer": answer}, context())

    assert [found.rule for found in findings] == ["form.number.not_a_number"]
    assert type(values["answer"]) in (str, bool)


@pytest.mark.parametrize(
    ("schema", "answer", "error"),
    [
        ({"type": "integer"}, "2,5", "form.type"),
        ({"type": "string", "maxLength": 3}, "abcd", "form.maxLength"),
        ({"type": "string", "pattern": "^[0-9]{18}$"}, "123", "form.pattern"),
        ({"type": "string", "format": "date"}, "2026-02-30", "form.date"),
        ({"type": "string", "enum": ["a"]}, "b", "form.enum"),
        ({"type": "string"}, {"a": 1}, "form.type"),
        ({"type": "boolean"}, "maybe", "form.type"),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1}, [], "form.required"),
        ({"type": "array", "items": {"enum": ["a"]}, "uniqueItems": True}, ["a", "a"],
         "form.uniqueItems"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, ["c"], "form.enum"),
    ],
)  # fmt: skip
def test_each_kind_of_error_has_its_sentence(
    schema: dict[str, object], answer: object, error: str, context: Contexts
) -> None:
    assert errors_of_answer(schema, answer, context()) == [error]


def test_a_form_may_word_its_own_error(context: Contexts) -> None:
    ui = {"alur:message": {"id": "Jumlah bobot harus 100.", "en": "Weights must add up to 100."}}

    _, findings = validate(
        one_field({"type": "number", "const": 100}, ui), {"answer": "90"}, context("en")
    )

    assert told(findings, "en") == ["Weights must add up to 100."]


@pytest.mark.parametrize("name", ["__proto__", "typename", "$decimal", "approved"])
def test_answers_nobody_asked_for_are_refused(
    name: str, self_assessment: Form, context: Contexts
) -> None:
    good = {"rows": ROWS, "confirmed": True}
    in_row = {**good, "rows": [{**ROWS[0], name: "1"}, ROWS[1]]}

    outside_values, outside = validate(self_assessment, {**good, name: "1"}, context())
    row_values, inside = validate(self_assessment, in_row, context())

    assert [found.rule for found in (*outside, *inside)] == ["form.unknown_answer"] * 2
    assert name not in outside_values
    assert name not in row_values["rows"][0]


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ({"kind": "file", "file_id": "0190-7"}, None),
        ({"kind": "link", "link": "https://walesi.go.id/laporan"}, None),
        ({"kind": "link", "link": "javascript:alert(1)"}, "form.evidence.link_form"),
        ({"kind": "link"}, None),
        ({"kind": "file", "note": "tanpa berkas"}, "form.evidence.file"),
        ({"kind": "paper", "note": "tanpa nomor"}, "form.evidence.paper"),
        ({"kind": "tape", "number": "1"}, "form.evidence.kind"),
        ({"kind": "paper", "number": "9" * 201}, "form.maxLength"),
        ({"kind": "paper", "number": "1", "path": "/etc"}, "form.invalid"),
        ("text", "form.evidence.kind"),
    ],
)
def test_evidence_is_a_file_a_link_or_a_paper_number(
    item: object, error: str | None, context: Contexts
) -> None:
    schema = {"type": "array", "title": "Bukti dukung"}

    found = errors_of_answer(schema, [item], context(), {"ui:widget": "evidence"})

    assert found == ([error] if error else [])
