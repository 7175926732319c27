"""Conditional fields without JavaScript: simple conditions become CSS rules with :has().

The rules hold no quotes and no markup, so that a template may escape them like any text.
"""

import re
from collections.abc import Iterator
from typing import Final

from engine.rules.expressions import Expression
from engine.rules.forms.form import Field, Form, Kind, field_at

_NAME: Final = r"(?P<name>(?:row\.)?[a-z][a-z0-9_]*)"
_VALUE: Final = r"(?P<quote>['\"]?)(?P<value>[A-Za-z0-9_.-]+)(?P=quote)"
_EQUAL: Final = re.compile(rf"{_NAME}\s*(?P<sign>==|!=)\s*{_VALUE}")
_TRUTH: Final = re.compile(rf"(?P<not>not\s+)?{_NAME}")
_ANSWERED: Final = re.compile(rf"not\s+empty\({_NAME}\)")
_AMONG: Final = re.compile(rf"any_equal\({_NAME},\s*{_VALUE}\)")
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
    forms = (_EQUAL, _ANSWERED, _AMONG, _TRUTH)
    found = next((match for pattern in forms if (match := pattern.fullmatch(text))), None)
    if found is None:
        return None
    in_row = found["name"].startswith("row.")
    name = found["name"].removeprefix("row.")
    path = f"{table}.{name}" if in_row else name
    switch = field_at(form, path)
    if switch is None or switch.path != path or switch.read_only:
        return None
    told = _told(switch, found)
    return (f"[data-row={table}]" if in_row else "form", *told) if told else None


def _told(switch: Field, found: re.Match[str]) -> tuple[bool, str] | None:
    """Whether the mark must be there, and the mark; None where the switch cannot tell."""
    if found.re is _AMONG:
        return (True, _mark(switch, found["value"])) if switch.kind is Kind.CHECKBOXES else None
    if switch.kind not in _SWITCHES:
        return None
    if found.re is _ANSWERED:
        answered = f"[data-c={identifier(switch.path)}]:checked"
        return (True, answered) if switch.kind is Kind.RADIO else None
    truthful = switch.schema.get("type") == "boolean"
    if found.re is _TRUTH:
        return (not found["not"], _mark(switch, "true")) if truthful else None
    value = _literal(found)
    # A tick that is not set says nothing, so it is no "no".
    if value is None or (truthful and switch.kind is Kind.CHECKBOX):
        return None
    return found["sign"] == "==", _mark(switch, value)


def _literal(found: re.Match[str]) -> str | None:
    """The value as inputs carry it; None for a word without quotes, which is a name."""
    value = found["value"]
    if found["quote"] or value.isdecimal():
        return value
    return {"True": "true", "False": "false"}.get(value)


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
