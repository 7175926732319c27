"""Loading: two files become a checked Form with its compiled validator, or are refused whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from typing import Final

import jsonschema_rs

from engine.errors import Finding, InvalidDefinition
from engine.rules.expressions import Expression
from engine.rules.forms.form import (
    EVIDENCE_KEYS,
    EVIDENCE_TEXTS,
    MAX_EVIDENCE,
    MAX_ROWS,
    MAX_TEXT,
    NOTE_LENGTH,
    Field,
    Form,
    Kind,
    Section,
    Words,
)
from engine.rules.forms.jsontext import read_object
from engine.rules.forms.reading import Reader, words

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
# The rules of the dialect itself, read from the copy inside the library: nothing is fetched.
_META: Final = jsonschema_rs.Draft202012Validator({"$ref": _DIALECT}, offline=True)
_EVIDENCE_ITEM: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": list(EVIDENCE_KEYS)},
        "note": {"type": "string", "maxLength": NOTE_LENGTH},
        **{key: {"type": "string", "maxLength": most} for key, most in EVIDENCE_TEXTS.items()},
        "link": {"type": "string", "maxLength": EVIDENCE_TEXTS["link"],
                 "pattern": r"^https?://[^\s<>\"]+$"},
    },
}  # fmt: skip


def load_form(key: str, schema_bytes: bytes, ui_bytes: bytes, *, file: str | None = None) -> Form:
    """The form `key` of the two files. Raises InvalidDefinition with every finding at once.

    `file` names the schema in findings; `key` is "<system>/<form>" or just the form's name.
    """
    named = file or f"{key}-schema.json"
    schema = read_object(schema_bytes, named)
    ui = read_object(ui_bytes, named.replace("-schema.json", "-uischema.json"))
    _check_dialect(schema, named)
    reader = Reader(schema, ui)
    fields = reader.fields()
    sections = reader.sections(fields)
    checks = reader.checks()
    fields = {name: _with_order(found, reader) for name, found in fields.items()}
    order = _sorted(fields, _dependencies(fields, sections), reader, "")
    validator = None if reader.findings else _validator(schema, fields, reader)
    if validator is None:
        raise InvalidDefinition([replace(found, file=named) for found in reader.findings])
    return Form(
        key=key,
        schema=schema,
        ui=ui,
        sha256=sha256(schema_bytes + b"\0" + ui_bytes).hexdigest(),
        file=named,
        title=words(schema, "title") or Words(""),
        fields=fields,
        sections=sections,
        order=order,
        checks=checks,
        summary=_paths(ui, "alur:summary"),
        beside=_paths(ui, "alur:beside"),
        validator=validator,
    )


def _paths(ui: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = ui.get(key)
    return tuple(str(path) for path in found) if isinstance(found, list) else ()


def _check_dialect(schema: Mapping[str, object], file: str) -> None:
    if schema.get("$schema", _DIALECT) != _DIALECT:
        raise InvalidDefinition([Finding("form.wrong_dialect", file=file)])
    findings = [
        Finding(
            "form.schema_invalid",
            file=file,
            element_id=".".join(str(part) for part in error.instance_path) or None,
            params={"detail": error.message[:160]},
        )
        for error in _META.iter_errors(schema)
    ]
    if findings:
        raise InvalidDefinition(findings)


def _validator(
    schema: Mapping[str, object], fields: Mapping[str, Field], reader: Reader
) -> jsonschema_rs.Draft202012Validator | None:
    try:
        return jsonschema_rs.Draft202012Validator(
            _for_answers(schema, fields),
            validate_formats=True,
            # The engine without look-around: matching time stays linear in the text.
            pattern_options=jsonschema_rs.RegexOptions(),
            offline=True,
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        reader.refuse("form.schema_invalid", "", detail=str(error).partition("\n")[0][:160])
        return None


def _for_answers(schema: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, object]:
    """The schema as answers are judged by: our own rules say what is required and what evidence is.

    Hidden and conditional fields may be missing, which the keyword `required` cannot know.
    """
    properties = {name: _for_answer(found) for name, found in fields.items()}
    kept = {key: value for key, value in schema.items() if key != "required"}
    return {**kept, "type": "object", "properties": properties, "additionalProperties": False}


def _for_answer(found: Field) -> dict[str, object]:
    schema = dict(found.schema)
    if found.kind is Kind.EVIDENCE:
        most = schema.get("maxItems", MAX_EVIDENCE)
        return {**schema, "items": _EVIDENCE_ITEM, "maxItems": most}
    if found.kind is Kind.ROWS:
        columns = {column.name: column for column in found.columns}
        items = schema.get("items")
        judged = _for_answers(items if isinstance(items, Mapping) else {}, columns)
        judged.pop("$ref", None)
        return {**schema, "items": judged, "maxItems": schema.get("maxItems", MAX_ROWS)}
    if schema.get("type") == "string" and not found.options:
        return {**schema, "maxLength": schema.get("maxLength", MAX_TEXT)}
    return schema


def _with_order(found: Field, reader: Reader) -> Field:
    if not found.columns:
        return found
    columns = {column.name: column for column in found.columns}
    needs = {
        name: _first_names(_rules(column), "row.") & columns.keys()
        for name, column in columns.items()
    }
    return replace(found, column_order=_sorted(columns, needs, reader, f"{found.path}."))


def _dependencies(
    fields: Mapping[str, Field], sections: Iterable[Section]
) -> dict[str, frozenset[str]]:
    needs = {
        name: _first_names([rule for part in (found, *found.columns) for rule in _rules(part)])
        for name, found in fields.items()
    }
    for section in sections:
        if section.show_if is not None:
            for name in section.fields:
                needs[name] |= _first_names([section.show_if])
    return {name: found & fields.keys() for name, found in needs.items()}


def _rules(found: Field) -> list[Expression]:
    return [rule for rule in (found.show_if, found.compute) if rule is not None]


def _first_names(rules: Iterable[Expression], prefix: str = "") -> frozenset[str]:
    return frozenset(
        path.removeprefix(prefix).partition(".")[0]
        for rule in rules
        for path in rule.names
        if path.startswith(prefix)
    )


def _sorted(
    fields: Mapping[str, Field],
    needs: Mapping[str, Iterable[str]],
    reader: Reader,
    prefix: str,
) -> tuple[Field, ...]:
    try:
        return tuple(fields[name] for name in TopologicalSorter(needs).static_order())
    except CycleError as error:
        around = [f"{prefix}{name}" for name in error.args[1]]
        reader.refuse("form.cycle", around[0], fields=" → ".join(around))
        return ()
