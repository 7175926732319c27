"""What a page posts, as values: names such as rows.0.rating, and the buttons that change rows."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.errors import Finding, InvalidForm
from engine.rules.forms.cleaning import clean, clean_text
from engine.rules.forms.form import (
    EVIDENCE_KEYS,
    MAX_EVIDENCE,
    MAX_ROWS,
    Field,
    Form,
    Kind,
    Values,
    field_at,
)

Posted = Mapping[str, Sequence[str]]
ROW_MARK: Final = "_row"
_MAX_INDEX_DIGITS: Final = 4


def parse_fields(form: Form, fields: Posted) -> Values:
    """The values of the posted `fields`; text that is no number stays text, other names are left.

    A new link or paper number of an evidence list (`evidence.link`) becomes an item of it.
    """
    indices = _indices(fields)
    return {
        name: _parsed(found, name, fields, indices)
        for name, found in form.fields.items()
        if not _is_shown_only(found)
    }


def apply_row_operation(form: Form, values: Mapping[str, object], op: str) -> Values:
    """`values` after a button: `add:rows`, `del:rows.1`, `del:rows.0.evidence.2`.

    A full table stays as it is. Raises InvalidForm for anything that no button says.
    """
    verb, _, path = op.partition(":")
    parts = path.split(".")
    target = ".".join(parts[:-1]) if verb == "del" else path
    found = field_at(form, target)
    if found is None or verb not in ("add", "del") or not _may_change(found, target):
        raise _refused(op)
    items = list_at(values, target)
    if verb == "add":
        return _with_row(found, values, target, items)
    if not parts[-1].isdecimal() or int(parts[-1]) >= len(items):
        raise _refused(op)
    place = int(parts[-1])
    return replaced(values, target, [*items[:place], *items[place + 1 :]])


def add_evidence(
    form: Form, values: Mapping[str, object], path: str, item: Mapping[str, str]
) -> Values:
    """`values` with one more piece of evidence at `path`, for instance a file just stored.

    Raises InvalidForm when there is no such list in the form or no room left in it.
    """
    found = field_at(form, path)
    items = list_at(values, path)
    if found is None or found.kind is not Kind.EVIDENCE or len(items) >= MAX_EVIDENCE:
        raise _refused(f"upload:{path}")
    return replaced(values, path, [*items, dict(item)])


def list_at(values: Mapping[str, object], path: str) -> list[object]:
    """The list at `path`; empty when there is none."""
    found: object = values
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return []
    return found if isinstance(found, list) else []


def replaced(values: Mapping[str, object], path: str, new: list[object]) -> Values:
    """`values` with the list at `path` replaced; nothing of `values` itself is changed."""
    first, *rest = path.split(".")
    result = dict(values)
    if not rest:
        result[first] = new
        return result
    rows = list_at(values, first)
    place, column = int(rest[0]), rest[1]
    row = rows[place] if place < len(rows) else None
    if not isinstance(row, Mapping):
        raise _refused(path)
    result[first] = [*rows[:place], {**row, column: new}, *rows[place + 1 :]]
    return result


def _parsed(found: Field, name: str, fields: Posted, indices: Mapping[str, list[int]]) -> object:
    if found.kind is Kind.ROWS:
        return [
            {
                column.name: _parsed(column, f"{name}.{place}.{column.name}", fields, indices)
                for column in found.columns
                if not _is_shown_only(column)
            }
            for place in _places(found, indices.get(name, []))[: MAX_ROWS + 1]
        ]
    if found.kind is Kind.EVIDENCE:
        return _parsed_evidence(name, fields, indices)
    if found.kind is Kind.CHECKBOXES:
        return [clean_text(text) for text in fields.get(name, ())]
    return clean(found, next(iter(fields.get(name, ())), None))


def _places(found: Field, posted: Sequence[int]) -> Sequence[int]:
    """The rows to read: those posted; of fixed rows also those before them that said nothing.

    A row of ticks or choices that nobody touched is not posted, and no other may take its place.
    """
    return range(max(posted) + 1) if found.fixed_rows and posted else posted


def _parsed_evidence(name: str, fields: Posted, indices: Mapping[str, list[int]]) -> list[object]:
    keys = ("kind", *EVIDENCE_KEYS.values(), "note")
    items: list[object] = [
        {
            key: clean_text(fields[f"{name}.{place}.{key}"][0])
            for key in keys
            if fields.get(f"{name}.{place}.{key}")
        }
        for place in indices.get(name, [])[: MAX_EVIDENCE + 1]
    ]
    for kind in ("link", "paper"):
        typed = clean_text(next(iter(fields.get(f"{name}.{EVIDENCE_KEYS[kind]}", ())), ""))
        if typed:
            items.append({"kind": kind, EVIDENCE_KEYS[kind]: typed})
    return items


def _indices(fields: Posted) -> Mapping[str, list[int]]:
    """The row numbers posted under each list, in their order."""
    seen: dict[str, set[int]] = {}
    for name in fields:
        parts = name.split(".")
        for place, part in enumerate(parts[1:-1], start=1):
            if part.isascii() and part.isdigit() and len(part) <= _MAX_INDEX_DIGITS:
                seen.setdefault(".".join(parts[:place]), set()).add(int(part))
    return {name: sorted(numbers) for name, numbers in seen.items()}


def _is_shown_only(found: Field) -> bool:
    """Is the value never asked for, only shown? Tables with fixed rows still ask in their cells."""
    return found.read_only or found.hidden


def _may_change(found: Field, path: str) -> bool:
    in_row = any(part.isdigit() for part in path.split("."))
    if found.kind is Kind.EVIDENCE:
        return in_row == ("." in found.path) and not found.read_only
    return found.kind is Kind.ROWS and not (found.fixed_rows or found.read_only or in_row)


def _with_row(found: Field, values: Mapping[str, object], path: str, items: list[object]) -> Values:
    most = found.schema.get("maxItems", MAX_ROWS)
    if found.kind is Kind.EVIDENCE or (isinstance(most, int) and len(items) >= most):
        return dict(values)
    row = {
        column.name: clean(column, column.schema.get("default"))
        for column in found.columns
        if not _is_shown_only(column)
    }
    return replaced(values, path, [*items, row])


def _refused(op: str) -> InvalidForm:
    return InvalidForm([Finding("form.operation_refused", params={"operation": op[:80]})])
