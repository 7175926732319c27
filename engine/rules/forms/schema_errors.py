"""What each error of JSON Schema is called in our sentences, and where it belongs."""

from collections.abc import Mapping
from decimal import Decimal

import jsonschema_rs

from engine.rules.numbers import format_number

_LIMITED = frozenset(
    {
        "minLength", "maxLength", "minItems", "maxItems",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    }
)  # fmt: skip
_PLAIN = frozenset({"enum", "pattern", "uniqueItems", "type", "required"})


def path_of(error: jsonschema_rs.ValidationError) -> str:
    """The dotted path of the answer that `error` is about; a missing one is named itself."""
    parts = [str(part) for part in error.instance_path]
    if error.kind.name == "required":
        parts.append(str(error.kind.as_dict()["property"]))
    return ".".join(parts)


def rule_of(error: jsonschema_rs.ValidationError, path: str) -> tuple[str, Mapping[str, str]]:
    """The code of the sentence about `error`, with the limits it speaks of."""
    name, details = error.kind.name, error.kind.as_dict()
    if name in _LIMITED:
        limit = format_number(Decimal(str(details["limit"])))
        actual = len(error.instance) if isinstance(error.instance, str | list) else ""
        if name == "minItems" and actual == 0:
            return "form.required", {}
        return f"form.{name}", {"limit": limit, "actual": str(actual)}
    if name == "multipleOf":
        return _step(Decimal(str(details["multiple_of"])))
    if name == "const":
        return _constant(details["expected_value"])
    if name == "format" and details.get("format") == "date":
        return "form.date", {}
    if name == "pattern" and path.endswith(".link"):
        return "form.evidence.link_form", {}
    return (f"form.{name}" if name in _PLAIN else "form.invalid"), {}


def _step(step: Decimal) -> tuple[str, Mapping[str, str]]:
    places = -step.adjusted()
    if places > 0 and step == Decimal(1).scaleb(-places):
        return "form.places", {"places": str(places)}
    return "form.multipleOf", {"step": format_number(step)}


def _constant(expected: object) -> tuple[str, Mapping[str, str]]:
    if expected is True:
        return "form.must_tick", {}
    number = isinstance(expected, int | float) and not isinstance(expected, bool)
    shown = format_number(Decimal(str(expected))) if number else str(expected)
    return "form.const", {"expected": shown}
