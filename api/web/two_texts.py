"""Two versions of the same answers beside each other, where they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.web.form_answers import answer_in_words, title_column, ui_word
from engine.rules.forms.form import Field, Form, Kind, blank

Values = Mapping[str, object]


@dataclass(frozen=True)
class Difference:
    """One answer in both versions, in words."""

    label: str
    typed: str
    stored: str


def differences(form: Form, typed: Values, stored: Values, language: str) -> tuple[Difference, ...]:
    """The answers that are not the same; what nobody types is left out."""
    return tuple(
        found
        for field in form.fields.values()
        if not field.hidden
        for found in _of_field(field, typed.get(field.name), stored.get(field.name), language)
    )


def _of_field(field: Field, typed: object, stored: object, language: str) -> Iterator[Difference]:
    if field.kind is not Kind.ROWS:
        yield from _pair(field, field.label.in_(language), typed, stored, language)
        return
    mine, theirs = _rows(typed), _rows(stored)
    for place in range(max(len(mine), len(theirs))):
        left = mine[place] if place < len(mine) else {}
        right = theirs[place] if place < len(theirs) else {}
        named = _row_name(field, place, right or left, language)
        for column in field.columns:
            if not column.hidden:
                label = f"{named}: {column.label.in_(language)}"
                pair = left.get(column.name), right.get(column.name)
                yield from _pair(column, label, *pair, language)


def _pair(
    field: Field, label: str, typed: object, stored: object, language: str
) -> Iterator[Difference]:
    if field.read_only or typed == stored or (blank(typed) and blank(stored)):
        return
    yield Difference(
        label,
        answer_in_words(field, typed, language),
        answer_in_words(field, stored, language),
    )


def _rows(value: object) -> Sequence[Values]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _row_name(table: Field, place: int, row: Values, language: str) -> str:
    title = title_column(table.columns)
    value = row.get(title.name) if title else None
    if title is None or blank(value):
        return ui_word("row", language, number=str(place + 1))
    return answer_in_words(title, value, language)
