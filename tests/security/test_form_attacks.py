"""The attack corpus of forms: each is refused by the name of its rule, or shown as plain words."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InvalidDefinition
from engine.rules.forms import check_form, load_form
from tests.office import ROOT

TITLES = {"title": "Isian", "title:en": "Field"}
TEXT = {"type": "string", **TITLES}
RESERVED = (
    "__proto__", "__class__", "__builtins__", "typename", "constructor", "case", "acting_as", "row",
    "None", "_key", "_op", "_version", "_revision", "csrf_token",
    "rows.0.x", "", "a b", "a-b", "ａ", "Ａ", "a" * 500, "$ref", "<b>", "9", "²",
)  # fmt: skip
PATTERNS = ("^(a+)+$", "^(a|aa)+$", "^([a-zA-Z0-9])*b$", "(.*)*x", "^(?:.*,){30}x")
LABELS = (
    "Kirim\u202etes", "Kir\u200bim", "<button>Kirim</button>", "Nama\x00", "\u2066Kirim",
    "K\ufeffirim",
)  # fmt: skip


def met(schema: dict[str, Any], ui: dict[str, Any] | None = None) -> set[str]:
    """The rules that refuse a form or warn of it."""
    full = {"title": "Formulir", "title:en": "Form", "type": "object", **schema}
    try:
        form = load_form("national/test", dumped(full), dumped(ui or {}))
        return {finding.rule for finding in check_form(form)}
    except InvalidDefinition as refused:
        return {finding.rule for finding in refused.findings}


def dumped(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def field(schema: dict[str, Any], ui: dict[str, Any] | None = None) -> set[str]:
    return met({"properties": {"answer": {**TITLES, **schema}}}, {"answer": ui or {}})


@pytest.mark.parametrize("name", RESERVED)
def test_a_field_cannot_take_a_name_that_something_else_uses(name: str) -> None:
    assert met({"properties": {name: TEXT}}) & {
        "form.name_refused", "form.not_json", "form.name_outside",
    }  # fmt: skip


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/x", "https://contoh.go.id/x", "file:///etc/passwd", "//host/x", "x.json",
     "#", "#/", "#/properties/answer", "#/$defs/a", "urn:x", "http://169.254.169.254/"],
)  # fmt: skip
def test_a_reference_leads_nowhere_outside_and_not_in_circles(target: str) -> None:
    defs = {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}
    properties = {"answer": {**TITLES, "$ref": target}}

    assert "form.reference_refused" in met({"$defs": defs, "properties": properties})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_cannot_hold_the_server(pattern: str) -> None:
    schema = {"properties": {"answer": {**TEXT, "pattern": pattern, "maxLength": 10_000}}}
    form = load_form("national/test", dumped({"type": "object", **schema}), b"{}")

    began = time.process_time()
    form.validator.is_valid({"answer": "a" * 9_999 + "!"})

    # Backtracking would take longer than the universe has existed, not a few seconds.
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("schema", "ui", "rules"),
    [
        ({"type": "string", "pattern": "(?<x>a)\\k<x>"}, {}, {"form.schema_invalid"}),
        ({"type": "string", "enum": [f"v{n}" for n in range(500)]}, {}, {"form.too_many_options"}),
        ({"type": "string", "enum": ["v" * 9] * 100_000}, {}, {"form.file_too_large"}),
        ({"type": "string"}, {"ui:widget": "html"}, {"form.widget_refused"}),
        ({"type": "string"}, {"ui:widget": "SCRIPT"}, {"form.widget_refused"}),
        ({"type": "string"}, {"ui:onclick": "alert(1)"}, {"form.unknown_key"}),
        ({"type": "string"}, {"alur:compute": "__import__('os')"}, set()),
        ({"type": "string"}, {"alur:showIf": "(lambda: 1)()"}, set()),
        ({"type": "string"}, {"alur:compute": "9**9**9"}, set()),
        ({"type": "boolean"}, {"ui:widget": "hidden"}, {"form.no_source"}),
        ({"type": "string", "format": "uri"}, {"ui:widget": "iframe"}, {"form.widget_refused"}),
        ({"type": "number", "multipleOf": 0}, {}, {"form.schema_invalid"}),
    ],
)
def test_a_field_that_could_harm_is_refused(
    schema: dict[str, Any], ui: dict[str, Any], rules: set[str]
) -> None:
    found = field(schema, ui)

    assert found
    assert rules <= found


def test_ten_thousand_fields_are_refused() -> None:
    many = {f"f{n}": {"type": "string"} for n in range(10_000)}

    assert met({"properties": many}) & {"form.too_many_fields", "form.file_too_large"}
    assert "form.too_many_fields" in met(
        {"properties": {name: many[name] for name in list(many)[:1_000]}}
    )


@pytest.mark.parametrize("label", LABELS)
def test_a_label_that_could_pass_for_something_else_is_refused(label: str) -> None:
    assert field({"type": "string", "title": label}) & {"form.text_refused", "form.not_json"}


FORMS = sorted((ROOT / "forms").glob("*/*-schema.json"))


@pytest.mark.parametrize("file", FORMS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_no_form_of_ours_has_an_unseen_field_that_its_sender_could_set(file: Path) -> None:
    ui = file.with_name(file.name.replace("-schema.json", "-uischema.json"))
    form = load_form("any/form", file.read_bytes(), ui.read_bytes())

    fields = [*form.fields.values(), *(c for f in form.fields.values() for c in f.columns)]

    assert [found.path for found in fields if found.hidden and not found.read_only] == []
