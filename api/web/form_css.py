"""Conditional fields without JavaScript: simple conditions become CSS rules with :has().

The rules hold no quotes and no markup, so that a template may escape them like any text.
"""

import re
from collections.abc import Iterator
from typing import Final

from engine.rules.expressions import Expression
from engine.rules.forms.form import Field, Form, Kind, field_at

_NAME: Final = r"(?P<name>(?:row\.)?[a-z][a-z0-9_]*)"
_VALUE: Final = r"['\"](?P<value>[A-Za-z0-9_.-]+)['\"]"
_EQUAL: Final = re.compile(rf"{_NAME}\s*(?P<sign>==|!=)\s*{_VALUE}")
_TRUTH: Final = re.compile(rf"(?P<not>not\s+)?{_NAME}")
_SWITCHES: Final = (Kind.RADIO, Kind.SELECT, Kind.CHECKBOX)


def form_css(form: Form) -> str:
    """The rules that hide what its condition does not show, ready for a style element."""
    rules = [rule for found in form.all_fields() for rule in field_rules(form, found)]
    for number, section in enumerate(form.sections):
        rules += _rules(form, section.show_if, f"[data-s={identifier(str(number))}]", None) or ()
    return "\n".join(rules)


def field_rules(form: Form, found: Field) -> tuple[str, ...]:
    """The rules for one field; none when the condition is not simple and the server decides."""
    table = found.path.partition(".")[0] if "." in found.path else None
    return _rules(form, found.show_if, f"[data-f={identifier(found.path)}]", table) or ()


def is_simple(form: Form, condition: Expression | None, table: str | None = None) -> bool:
    """Can CSS decide this condition in the browser?"""
    return condition is None or _rules(form, condition, "", table) is not None


def _rules(
    form: Form, condition: Expression | None, target: str, table: str | None
) -> tuple[str, ...] | None:
    """One rule for each part joined by `and`; parts joined by `or` share one. None: not simple."""
    if condition is None:
        return ()
    text = condition.text.strip()
    if " or " in text and " and " in text:
        return None
    rules = []
    for part in text.split(" and "):
        tests = list(_tests(form, part, table))
        if any(test is None for test in tests) or len({test[:2] for test in tests if test}) != 1:
            return None
        scope, wanted, _ = tests[0] or ("", True, "")
        if not wanted and len(tests) > 1:
            return None
        any_of = f":has({', '.join(test[2] for test in tests if test)})"
        rules.append(f"{scope}{f':not({any_of})' if wanted else any_of} {target}{{display:none}}")
    return tuple(rules)


def _tests(form: Form, part: str, table: str | None) -> Iterator[tuple[str, bool, str] | None]:
    """Scope, whether the mark must be there, and the mark itself, for each alternative."""
    for alternative in part.split(" or "):
        yield _test(form, alternative.strip(), table)


def _test(form: Form, text: str, table: str | None) -> tuple[str, bool, str] | None:
    equal, truth = _EQUAL.fullmatch(text), _TRUTH.fullmatch(text)
    found = equal or truth
    if found is None:
        return None
    in_row = found["name"].startswith("row.")
    name = found["name"].removeprefix("row.")
    path = f"{table}.{name}" if in_row else name
    switch = field_at(form, path)
    if switch is None or switch.path != path or switch.kind not in _SWITCHES or switch.read_only:
        return None
    scope = f"[data-row={table}]" if in_row else "form"
    if equal is not None:
        return scope, equal["sign"] == "==", _mark(switch, equal["value"])
    truthful = switch.schema.get("type") == "boolean"
    return (scope, not found["not"], _mark(switch, "true")) if truthful else None


def _mark(switch: Field, value: str) -> str:
    named = f"[data-c={identifier(switch.path)}]"
    inside = " option" if switch.kind is Kind.SELECT else ""
    return f"{named}{inside}[value={identifier(value)}]:checked"


def identifier(text: str) -> str:
    """`text` of letters, digits, dots, underscores and hyphens as a CSS identifier, unquoted."""
    first = f"\\3{text[0]} " if text[0].isdigit() else _escaped(text[0], "_")
    return first + "".join(_escaped(letter, "_-") for letter in text[1:])


def _escaped(letter: str, plain: str) -> str:
    return letter if letter.isalnum() or letter in plain else f"\\{letter}"
