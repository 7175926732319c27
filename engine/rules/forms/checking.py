"""The check of a form before it is published: everything HR should hear, in one list."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from engine.errors import Finding, Severity
from engine.rules.expressions import Expression
from engine.rules.forms.form import CHOICES, Field, Form, Kind, Words, field_at

MAX_FIELDS: Final = 400
MAX_OPTIONS: Final = 200
_FORM_KEYS: Final = frozenset(
    {"ui:order", "ui:sections", "alur:checks", "alur:summary", "alur:beside"}
)
_FIELD_KEYS: Final = frozenset(
    {
        "ui:widget", "ui:help", "ui:help:en", "alur:showIf", "alur:requiredIf", "alur:compute",
        "alur:prefill", "alur:labels", "alur:message", "alur:unit", "alur:unit:en", "alur:places",
        "alur:rating",
    }
)  # fmt: skip
_TABLE_KEYS: Final = _FIELD_KEYS | {"alur:rows", "alur:colleagues", "items"}
_SECTION_KEYS: Final = frozenset({"title", "title:en", "help", "help:en", "fields", "alur:showIf"})
_CHECK_KEYS: Final = frozenset({"when", "field", "message"})
_OPTION_VALUE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)
_MARKUP: Final = re.compile(r"[<>]|\{\{|\{%")
# Control, format (bidi marks) and unassigned characters have no place in a label.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def check_form(form: Form, data_names: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Every finding about a loaded form; errors refuse it.

    `data_names` are the names that the process knows besides `case`; without them a name that is
    no field of the form is only a warning.
    """
    check = _FormCheck(form, data_names)
    check.sizes()
    check.keys()
    for found in form.all_fields():
        check.field(found)
    check.texts()
    check.names()
    return tuple(check.findings)


class _FormCheck:
    """The findings about one form."""

    def __init__(self, form: Form, data_names: Collection[str] | None) -> None:
        self.form, self.data_names = form, data_names
        self.findings: list[Finding] = []

    def add(self, rule: str, where: str, *, warn: bool = False, **params: str) -> None:
        """Note one finding at the path `where`."""
        severity = Severity.WARNING if warn else Severity.ERROR
        place = where or None
        self.findings.append(Finding(rule, severity, self.form.file, place, params=params))

    def sizes(self) -> None:
        """At most 400 fields, columns included."""
        count = sum(1 for _ in self.form.all_fields())
        if count > MAX_FIELDS:
            self.add("form.too_many_fields", "", limit=str(MAX_FIELDS), actual=str(count))

    def keys(self) -> None:
        """Refuse keys that mean nothing: a misspelled rule would silently not hold."""
        ui = self.form.ui
        self._unknown("", ui, _FORM_KEYS | self.form.fields.keys())
        for place, entry in enumerate(_entries(ui, "ui:sections")):
            self._unknown(f"ui:sections.{place}", entry, _SECTION_KEYS)
        for place, entry in enumerate(_entries(ui, "alur:checks")):
            self._unknown(f"alur:checks.{place}", entry, _CHECK_KEYS)
            if field_at(self.form, str(entry.get("field"))) is None:
                self.add("form.unknown_field", f"alur:checks.{place}", name=str(entry.get("field")))
        for name, found in self.form.fields.items():
            own = _entry(ui, name)
            self._unknown(name, own, _TABLE_KEYS if found.kind is Kind.ROWS else _FIELD_KEYS)
            items = _entry(own, "items")
            columns = {column.name for column in found.columns}
            self._unknown(f"{name}.items", items, columns | {"ui:order"})
            for column in columns:
                self._unknown(f"{name}.{column}", _entry(items, column), _FIELD_KEYS)

    def _unknown(self, where: str, entry: Mapping[str, object], known: Collection[str]) -> None:
        for key in entry:
            if key not in known:
                self.add("form.unknown_key", where or key, key=key[:60])

    def field(self, found: Field) -> None:
        """A field needs a source where nobody types it, and options that pages can carry."""
        table = self.form.fields[found.path.partition(".")[0]]
        from_row = table is not found and table.fixed_rows
        if found.read_only and not (found.compute or found.prefill or from_row):
            self.add("form.no_source", found.path)
        if table is not found and found.read_only and not (found.compute or table.fixed_rows):
            self.add("form.rows_not_fixed", found.path)
        if found.kind is Kind.ROWS and found.fixed_rows and found.prefill is None:
            self.add("form.no_source", found.path)
        if len(found.options) > MAX_OPTIONS:
            self.add("form.too_many_options", found.path, limit=str(MAX_OPTIONS))
        if found.kind in CHOICES and not found.options:
            self.add("form.no_options", found.path)
        for option in found.options:
            if not _OPTION_VALUE.fullmatch(option.value):
                self.add("form.option_refused", found.path, value=option.value[:60])

    def texts(self) -> None:
        """Every text is there, in both languages, and holds only what can be seen."""
        for where, text, hidden in _texts(self.form):
            if not text.indonesian.strip():
                self.add("form.no_title", where, warn=hidden)
            elif not text.english:
                self.add("form.no_english", where, warn=True, text=text.indonesian[:60])
            for shown in (text.indonesian, text.english or ""):
                if _MARKUP.search(shown) or any(_unseen(letter) for letter in shown):
                    self.add("form.text_refused", where, text=ascii(shown)[:60])

    def names(self) -> None:
        """Every name in an expression is a field, a column of the same table, or known data."""
        for where, rule, table in _expressions(self.form):
            columns = {column.name for column in table.columns} if table else set()
            for path in sorted(rule.names):
                first, _, rest = path.partition(".")
                if first == "row":
                    self._row_name(where, path, table, columns)
                elif first in self.form.fields and rest:
                    self.add("form.unknown_name", where, name=path)
                elif first not in self.form.fields and first not in ("case", "acting_as", "work"):
                    self._data_name(where, first, path)

    def _row_name(
        self, where: str, path: str, table: Field | None, columns: Collection[str]
    ) -> None:
        parts = path.split(".")
        if table is None or len(parts) != 2 or parts[1] not in columns:
            self.add("form.unknown_name", where, name=path)

    def _data_name(self, where: str, first: str, path: str) -> None:
        if self.data_names is not None and first not in self.data_names:
            self.add("form.unknown_name", where, name=path)
        elif self.data_names is None and first == path:
            self.add("form.name_outside", where, warn=True, name=path)


def _texts(form: Form) -> Iterator[tuple[str, Words, bool]]:
    yield "title", form.title, False
    for found in form.all_fields():
        yield found.path, found.label, found.hidden
        yield from ((found.path, text, False) for text in (found.help, found.message) if text)
        yield from ((found.path, option.label, found.hidden) for option in found.options)
    for place, section in enumerate(form.sections):
        for text in (section.title, section.help):
            if text:
                yield f"ui:sections.{place}", text, False
    for place, check in enumerate(form.checks):
        yield f"alur:checks.{place}", check.message, False


def _expressions(form: Form) -> Iterator[tuple[str, Expression, Field | None]]:
    """Expressions that see the form's own values; prefills see the case and its rows instead."""
    for found in form.all_fields():
        table = form.fields[found.path.partition(".")[0]] if "." in found.path else None
        for rule in (found.show_if, found.required_if, found.compute):
            if rule is not None:
                yield found.path, rule, table
    for place, section in enumerate(form.sections):
        if section.show_if is not None:
            yield f"ui:sections.{place}", section.show_if, None
    for place, check in enumerate(form.checks):
        inside = form.fields.get(check.path.partition(".")[0]) if "." in check.path else None
        yield f"alur:checks.{place}", check.when, inside


def _entries(holder: Mapping[str, object], key: str) -> Iterable[Mapping[str, object]]:
    found = holder.get(key)
    return (
        [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    )


def _entry(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = holder.get(key)
    return found if isinstance(found, Mapping) else {}


def _unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN
