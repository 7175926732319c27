"""Answers in words: numbers in Indonesian notation, options by label, dates as people say them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date

from api.web.form_parts import AnswersView, AnswerTable
from engine.commands.work_forms import EarlierStep
from engine.domain.wording import sentence
from engine.rules.forms.form import EVIDENCE_KEYS, NUMBERS, Field, Form, FormContext, Kind
from engine.rules.numbers import format_number

NOTHING: Final = "—"


def ui_word(code: str, language: str, **params: str) -> str:
    """A word of the form's own furniture: buttons, hints, kinds of evidence."""
    return sentence(f"form.ui.{code}", language, params)


def answer_in_words(found: Field, value: object, language: str) -> str:
    """One answer as a person reads it; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, list):
        parts = [_part(found, item, language) for item in value]
        return "; ".join(parts) if parts else NOTHING
    if isinstance(value, bool) and not found.options:
        return ui_word("yes" if value else "no", language)
    if found.options:
        return _option(found, value, language)
    if isinstance(value, Decimal):
        unit = found.unit.in_(language) if found.unit else ""
        return f"{format_number(value, found.places)} {unit}".rstrip()
    if found.schema.get("format") == "month":
        return _day(f"{value}-01", language, "MMMM y")
    return _day(str(value), language) if found.kind is Kind.DATE else str(value)


def answers_view(form: Form, values: Mapping[str, object], language: str) -> AnswersView:
    """The answers of a finished step, for panels and the page of a case; hidden ones are left."""
    asked = [found for found in form.fields.values() if found.name in values and not found.hidden]
    facts = tuple(
        (found.label.in_(language), answer_in_words(found, values[found.name], language))
        for found in asked
        if found.kind is not Kind.ROWS
    )
    tables = tuple(
        _table(found, values[found.name], language) for found in asked if found.kind is Kind.ROWS
    )
    return AnswersView(form.title.in_(language), facts, tables)


def summary_panels(
    form: Form, steps: Mapping[str, EarlierStep], context: FormContext
) -> tuple[AnswersView, ...]:
    """The panels that `alur:summary` asks for; a path is a step, or one answer of a step.

    Steps that share a form are told apart by their own names.
    """
    panels = []
    forms = Counter(step.form.key for step in steps.values())
    for path in form.summary:
        step, _, name = path.partition(".")
        if step in steps:
            earlier = steps[step]
            chosen = {k: value for k, value in earlier.values.items() if not name or k == name}
            panel = answers_view(earlier.form, chosen, context.language)
            shared = forms[earlier.form.key] > 1 and earlier.name
            panels.append(replace(panel, title=earlier.name) if shared else panel)
    return tuple(panels)


def _table(found: Field, rows: object, language: str) -> AnswerTable:
    listed = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    shown = (_row(found, place, row, language) for place, row in enumerate(listed))
    # A row that nobody was asked about is no answer.
    return AnswerTable(found.label.in_(language), tuple(row for row in shown if row[1]))


def _row(
    table: Field, place: int, row: Mapping[str, object], language: str
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A row without its empty answers."""
    title = title_column(table.columns)
    named = answer_in_words(title, row.get(title.name), language) if title else NOTHING
    facts = tuple(
        (column.label.in_(language), words)
        for column in table.columns
        if not column.hidden and column is not title
        if (words := answer_in_words(column, row.get(column.name), language)) != NOTHING
    )
    return (named if named != NOTHING else ui_word("row", language, number=str(place + 1))), facts


def title_column(columns: Sequence[Field]) -> Field | None:
    """The column that says what a row is about: a text that nobody types, rather no choice."""
    texts = [
        column
        for column in columns
        if column.read_only and not column.hidden and column.kind not in NUMBERS
    ]
    return next((column for column in texts if not column.options), next(iter(texts), None))


def _part(found: Field, item: object, language: str) -> str:
    if not isinstance(item, Mapping):
        return _option(found, item, language)
    kind = str(item.get("kind"))
    text = str(item.get(EVIDENCE_KEYS.get(kind, ""), ""))
    note = str(item.get("note", ""))
    if kind == "file":
        text, note = note, ""
    named = f"{ui_word(f'evidence_{kind}', language)}: {text}" if kind in EVIDENCE_KEYS else text
    return f"{named} ({note})" if note else named


def _option(found: Field, value: object, language: str) -> str:
    key = str(value).lower() if isinstance(value, bool) else str(value)
    label = next((option.label for option in found.options if option.value == key), None)
    return (label.in_(language) if label else "") or key


def _day(text: str, language: str, pattern: str = "d MMMM y") -> str:
    try:
        return format_date(date.fromisoformat(text), pattern, locale=language)
    except ValueError:
        return text
