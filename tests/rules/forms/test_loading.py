"""A form that is not whole is refused by name, with its place, before anyone sees it."""

import copy
import json

import pytest

from engine.domain.wording import LANGUAGES, finding_sentence
from engine.errors import InvalidDefinition, Severity
from engine.rules.forms import Form, check_form, load_form
from tests.rules.forms.conftest import SELF_SCHEMA, SELF_UI, form_of, one_field


def refusals(schema: object, ui: object) -> list[tuple[str, str | None]]:
    with pytest.raises(InvalidDefinition) as refused:
        form_of(schema, ui)
    for found in refused.value.findings:
        assert found.file == "national/test-schema.json"
        assert all("{" not in finding_sentence(found, language) for language in LANGUAGES)
    return [(found.rule, found.element_id) for found in refused.value.findings]


def findings(schema: object, ui: object | None = None) -> list[str]:
    return [found.rule for found in check_form(one_field(schema, ui))]


def test_a_good_form_has_no_findings(self_assessment: Form, review: Form) -> None:
    assert check_form(self_assessment) == ()
    assert check_form(review) == ()
    assert len(self_assessment.sha256) == 64


def test_the_digest_covers_both_files() -> None:
    digests = {
        load_form("a", schema, ui).sha256
        for schema in (b'{"properties":{}}', b'{"properties": {}}')
        for ui in (b"{}", b"{ }")
    }

    assert len(digests) == 4


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"{", "form.not_json"),
        (b"[]", "form.not_object"),
        (b'{"a": 1, "a": 2}', "form.not_json"),
        (b'{"a": NaN}', "form.not_json"),
        (b'{"a": 1e9}', "form.not_json"),
        (b'{"a": ' + b"9" * 31 + b"}", "form.not_json"),
        (b'{"__proto__": {}}', "form.not_json"),
        (b'{"properties": {"typename": {}}}', "form.not_json"),
        (b"\xff\xfe{}", "form.not_json"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "form.too_deep"),
        (b"[" * 100_000, "form.not_json"),
        (b" " * 300_000, "form.file_too_large"),
    ],
)
def test_files_that_are_no_plain_json_are_refused(content: bytes, rule: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        load_form("national/test", content, b"{}")

    assert refused.value.findings[0].rule == rule


@pytest.mark.parametrize(
    ("answer", "ui", "rule"),
    [
        ({"type": "null"}, {}, "form.type_unsupported"),
        ({"type": "object"}, {}, "form.type_unsupported"),
        ({"type": ["string", "number"]}, {}, "form.type_unsupported"),
        ({"type": "string"}, {"ui:widget": "rows"}, "form.widget_refused"),
        ({"type": "string"}, {"ui:widget": "iframe"}, "form.widget_refused"),
        ({"$ref": "https://example.invalid/schema"}, {}, "form.reference_refused"),
        ({"$ref": "#/$defs/none"}, {}, "form.reference_refused"),
        ({"$ref": "#/properties/answer"}, {}, "form.reference_refused"),
        ({"type": "string", "pattern": "^(?=a)"}, {}, "form.schema_invalid"),
        ({"type": "string", "pattern": "(a)\\1"}, {}, "form.schema_invalid"),
        ({"type": "string", "maxLength": -1}, {}, "form.schema_invalid"),
        ({"type": "string"}, {"alur:showIf": "answer.__class__"}, "expression.not_allowed"),
        ({"type": "string"}, {"alur:showIf": "open('x')"}, "expression.unknown_function"),
        ({"type": "string"}, {"alur:compute": "1 +"}, "expression.syntax"),
        ({"type": "string"}, {"alur:compute": 1}, "form.wrong_shape"),
        ({"type": "number"}, {"alur:compute": "answer + 1"}, "form.cycle"),
        ({"type": "string", "enum": ["a"]}, {"alur:labels": {"b": "B"}}, "form.unknown_option"),
        ({"type": "array", "items": {"type": "object"}}, {}, "form.no_properties"),
    ],
)
def test_a_field_that_cannot_work_is_refused_by_its_path(
    answer: dict[str, object], ui: dict[str, object], rule: str
) -> None:
    found = refusals({"type": "object", "properties": {"answer": answer}}, {"answer": ui})

    assert found[0][0] == rule
    assert (found[0][1] or "answer").startswith(("answer", "properties.answer"))


@pytest.mark.parametrize("name", ["row", "case", "class", "Nilai", "a-b", "_x", "x" * 61])
def test_names_that_expressions_or_other_programs_use_are_refused(name: str) -> None:
    found = refusals({"properties": {name: {"type": "string"}}}, {})

    assert found == [("form.name_refused", name)]


def test_a_table_in_a_table_is_refused() -> None:
    inner = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}}
    outer = {"type": "array", "items": {"type": "object", "properties": {"inner": inner}}}

    found = refusals({"properties": {"rows": outer}}, {})

    assert found == [("form.rows_in_rows", "rows.inner")]


def test_circles_between_fields_are_refused_with_their_names() -> None:
    properties = {name: {"type": "number"} for name in ("a", "b", "c")}
    ui = {"a": {"alur:compute": "b"}, "b": {"alur:showIf": "c == 1"}, "c": {"alur:compute": "a"}}

    assert refusals({"properties": properties}, ui)[0][0] == "form.cycle"


def test_a_local_reference_is_followed() -> None:
    schema = {
        "$defs": {"rating": {"type": "string", "enum": ["a", "b"]}},
        "properties": {"answer": {"$ref": "#/$defs/rating", "title": "Nilai"}},
    }

    answer = form_of(schema, {}).fields["answer"]

    assert [option.value for option in answer.options] == ["a", "b"]
    assert answer.label.indonesian == "Nilai"


@pytest.mark.parametrize(
    ("schema", "ui", "rule"),
    [
        ({"type": "string"}, {}, "form.no_title"),
        ({"type": "string", "title": "Nilai"}, {}, "form.no_english"),
        ({"type": "string", "title": "<b>Nilai"}, {}, "form.text_refused"),
        ({"type": "string", "title": "{{ 7*7 }}"}, {}, "form.text_refused"),
        ({"type": "string", "title": "Nilai\u202e"}, {}, "form.text_refused"),
        ({"type": "string", "title": "Nilai", "readOnly": True}, {}, "form.no_source"),
        ({"type": "string", "title": "Nilai"}, {"ui:widget": "hidden"}, "form.no_source"),
        ({"type": "string", "enum": ['"]'], "title": "N"}, {}, "form.option_refused"),
        ({"type": "string", "title": "N"}, {"alur:showif": "1"}, "form.unknown_key"),
        ({"type": "string", "title": "N"}, {"ui:widget": "radio"}, "form.no_options"),
        ({"type": "string", "title": "N"}, {"alur:showIf": "row.a == 1"}, "form.unknown_name"),
        ({"type": "string", "title": "N"}, {"alur:showIf": "kendala"}, "form.name_outside"),
        ({"type": "string", "enum": [f"v{n}" for n in range(201)], "title": "N"}, {},
         "form.too_many_options"),
    ],
)  # fmt: skip
def test_what_would_mislead_people_is_found(
    schema: dict[str, object], ui: dict[str, object], rule: str
) -> None:
    assert rule in findings(schema, ui)


def test_missing_english_warns_and_other_findings_refuse() -> None:
    found = check_form(one_field({"type": "string", "title": "Nilai"}, {"x": 1}))

    assert {f.rule: f.severity for f in found} == {
        "form.unknown_key": Severity.ERROR,
        "form.no_title": Severity.ERROR,
        "form.no_english": Severity.WARNING,
    }


def test_too_many_fields_are_refused() -> None:
    properties = {f"f{n}": {"type": "string"} for n in range(401)}

    assert "form.too_many_fields" in [
        f.rule for f in check_form(form_of({"properties": properties}, {}))
    ]


def test_names_of_the_process_are_known_when_given() -> None:
    form = one_field({"type": "string", "title": "N"}, {"alur:showIf": "review.decided == 'a'"})

    assert "form.unknown_name" not in [f.rule for f in check_form(form, ("review",))]
    assert "form.unknown_name" in [f.rule for f in check_form(form, ("appeal",))]


def test_a_read_only_column_needs_fixed_rows() -> None:
    ui = copy.deepcopy(SELF_UI)
    del ui["rows"]["alur:rows"]

    found = {f.rule for f in check_form(form_of(SELF_SCHEMA, ui))}

    assert "form.rows_not_fixed" in found


def test_a_misspelled_column_of_a_row_rule_is_found() -> None:
    ui = json.loads(json.dumps(SELF_UI).replace("row.realisation", "row.realization"))

    assert "form.unknown_name" in {f.rule for f in check_form(form_of(SELF_SCHEMA, ui))}
