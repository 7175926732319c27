"""Which questions of a form are the rating itself: nobody but the rater sees or answers them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.rules.forms.form import CHOICES, Field, Form, Kind, Values, blank


def is_rating(found: Field) -> bool:
    """What the form says; where it says nothing, every choice counts as a rating."""
    if found.rating is not None:
        return found.rating
    return found.kind in CHOICES or found.kind is Kind.CHECKBOX


def asks_ratings(form: Form) -> bool:
    """Whether answering the form is rating: it has a rating that is not only shown."""
    every = (part for found in form.fields.values() for part in (found, *found.columns))
    return any(is_rating(part) and not part.read_only for part in every)


def without_ratings(form: Form) -> Form:
    """The form as somebody sees it who prepares facts and texts for the rater."""
    fields = {name: _stripped(found) for name, found in form.fields.items() if _stays(found)}
    return replace(
        form,
        fields=fields,
        order=tuple(fields[found.name] for found in form.order if found.name in fields),
        sections=tuple(
            replace(section, fields=tuple(name for name in section.fields if name in fields))
            for section in form.sections
            if any(name in fields for name in section.fields)
        ),
        checks=(),
        summary=(),
        beside=(),
    )


def answered_ratings(form: Form, values: Mapping[str, object]) -> tuple[str, ...]:
    """The ratings that `values` answer, by path."""
    return tuple(_answered(form, values))


def facts_only(form: Form, values: Mapping[str, object]) -> Values:
    """`values` without ratings and without what the case itself says."""
    asked = without_ratings(form)
    return {
        name: _facts(found, values[name])
        for name, found in asked.fields.items()
        if name in values and (found.columns or not found.read_only)
    }


def _facts(found: Field, value: object) -> object:
    if found.kind is not Kind.ROWS or not isinstance(value, list):
        return value
    names = {column.name for column in found.columns if not column.read_only}
    return [
        {name: item for name, item in row.items() if name in names}
        for row in value
        if isinstance(row, Mapping)
    ]


def _stays(found: Field) -> bool:
    if is_rating(found):
        return False
    return found.kind is not Kind.ROWS or any(not is_rating(column) for column in found.columns)


def _stripped(found: Field) -> Field:
    return replace(
        found,
        columns=tuple(column for column in found.columns if not is_rating(column)),
        column_order=tuple(column for column in found.column_order if not is_rating(column)),
    )


def _answered(form: Form, values: Mapping[str, object]) -> Iterator[str]:
    for name, found in form.fields.items():
        value = values.get(name)
        if is_rating(found):
            if not blank(value) and value is not False:
                yield found.path
            continue
        for row in value if found.columns and isinstance(value, list) else ():
            for column in found.columns:
                given = row.get(column.name) if isinstance(row, Mapping) else None
                if is_rating(column) and not blank(given) and given is not False:
                    yield column.path
