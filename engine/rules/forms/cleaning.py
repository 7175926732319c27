"""One shape for values from a page, a draft or the API: typed where possible, kept where not."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from engine.errors import InvalidNumber
from engine.rules.forms.form import MAX_ROWS, NUMBERS, Field, Form, Kind, Values, blank
from engine.rules.forms.reading import type_of
from engine.rules.numbers import parse_number

# Everything below the blank except tab and line feed: databases refuse some, screens all of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)
_MAX_EXPONENT = 30
_MAX_DEPTH = 6
_MAX_SHOWN = 200
_LISTS = (Kind.ROWS, Kind.EVIDENCE, Kind.CHECKBOXES)


def cleaned(form: Form, values: Mapping[str, object]) -> Values:
    """The values of known fields: text trimmed, numbers as Decimal, nothing as None.

    What does not fit its field stays as it came, so that it can be shown again and refused.
    """
    return {name: clean(found, plain(values.get(name))) for name, found in form.fields.items()}


def plain(value: object, depth: int = 0) -> object:
    """`value` of JSON's own types only; a float, NaN or number beyond measure becomes its text."""
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is Decimal or type(value) is int:
        fits = Decimal(value).is_finite() and abs(Decimal(value).adjusted()) <= _MAX_EXPONENT
        return value if fits else f"{Decimal(value):.3E}"
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        return {clean_text(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if depth < _MAX_DEPTH and isinstance(value, list):
        return [plain(item, depth + 1) for item in value[: MAX_ROWS + 1]]
    # A float as "1.234" would read as 1234 in Indonesian notation; with its exponent it never does.
    return f"{value:e}" if isinstance(value, float) else str(value)[:_MAX_SHOWN]


def clean(found: Field, value: object) -> object:
    """One value of the field `found`; lists are never None."""
    if found.kind in _LISTS:
        return _clean_list(found, value)
    if isinstance(value, str):
        value = clean_text(value)
    if found.kind is Kind.CHECKBOX:
        return _clean_truth(value) if not blank(value) else False
    if blank(value):
        return None
    if found.kind in NUMBERS or (found.options and type_of(found.schema) in ("number", "integer")):
        return _clean_number(found, value)
    if found.kind is Kind.DATE and isinstance(value, str):
        return _clean_day(value)
    return _clean_truth(value) if type_of(found.schema) == "boolean" else value


def clean_text(text: str) -> str:
    """`text` trimmed, with plain line ends and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.isascii() and lines.isprintable():
        return lines.strip()
    return _CONTROL.sub("", lines).encode("utf-8", "replace").decode("utf-8").strip()


def _clean_list(found: Field, value: object) -> object:
    if blank(value):
        return []
    if isinstance(value, str) and found.kind is Kind.CHECKBOXES:
        return [clean_text(value)]
    if not isinstance(value, list):
        return _clean_any(value)
    # One more than allowed, so that the surplus is noticed but never worked on.
    items = value[: MAX_ROWS + 1]
    if found.kind is Kind.ROWS:
        return [_clean_row(found, item) for item in items]
    if found.kind is Kind.EVIDENCE:
        shown = [_clean_item(item) for item in items]
        return [item for item in shown if item != {}]
    return [_clean_any(item) for item in items]


def _clean_any(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def _clean_row(table: Field, row: object) -> object:
    if not isinstance(row, Mapping):
        return _clean_any(row)
    return {column.name: clean(column, row.get(column.name)) for column in table.columns}


def _clean_item(item: object) -> object:
    """One piece of evidence; {} when it names nothing, for instance an emptied link."""
    if not isinstance(item, Mapping):
        return _clean_any(item)
    texts = {str(key): _clean_any(value) for key, value in item.items()}
    kept = {key: value for key, value in texts.items() if not blank(value)}
    return kept if kept.keys() - {"kind", "note"} or "note" in kept else {}


def _clean_number(found: Field, value: object) -> object:
    if type(value) is int:
        return Decimal(value)
    if not isinstance(value, str):
        return value
    try:
        return parse_number(_without_unit(found, value))
    except InvalidNumber:
        return value


def _without_unit(found: Field, text: str) -> str:
    """People type `92 %` into a field that says %; the sign adds nothing."""
    unit = found.unit.indonesian if found.unit else "%"
    return text.removesuffix(unit).rstrip() if unit else text


def _clean_day(text: str) -> str:
    """A day as people write it (31/12/2026) in ISO form; other text stays for the validator."""
    written = _DAY.fullmatch(text)
    if written is None:
        return text
    day, month, year = (int(part) for part in written.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def _clean_truth(value: object) -> object:
    if isinstance(value, str):
        return {"true": True, "on": True, "1": True, "false": False}.get(value, value)
    return value
