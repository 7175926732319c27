"""Validation: every error of a form at once, each at its place and in words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import jsonschema_rs

from engine.errors import Finding, InvalidNumber
from engine.rules.forms.form import (
    EVIDENCE_KEYS,
    Field,
    Form,
    FormContext,
    Kind,
    Settled,
    Values,
    Words,
    blank,
    field_at,
)
from engine.rules.forms.reading import type_of
from engine.rules.forms.schema_errors import path_of, rule_of
from engine.rules.forms.settling import form_functions, holds, settle
from engine.rules.forms.wording import in_language
from engine.rules.numbers import parse_number


def validate(
    form: Form, values: Mapping[str, object], context: FormContext
) -> tuple[Values, tuple[Finding, ...]]:
    """The settled values and every error, in the order of the form.

    A finding's `element_id` is the path (`rows.0.realisation`); its params hold `label` (with the
    row), `field` (without) and `place` in the context's language. Values are to be kept only when
    there is no finding.
    """
    settled = settle(form, values, context)
    found = _Errors(form, context)
    found.unknown_keys(values)
    for path, field, value in _answers(form, settled):
        found.type_of_answer(path, field, value)
    found.required(settled)
    found.schema(settled.values)
    found.checks(settled)
    return settled.values, found.in_order()


class _Errors:
    """The errors of one submission, gathered by place."""

    def __init__(self, form: Form, context: FormContext) -> None:
        self.form, self.context = form, context
        self.functions = form_functions(context)
        self.findings: list[Finding] = []
        self.settled_paths: set[str] = set()

    def add(self, rule: str, path: str, **params: str) -> None:
        """Note one error; the words of its place are looked up at the end."""
        found = Finding(rule, file=self.form.file, element_id=path, params=params)
        if found not in self.findings:
            self.findings.append(found)

    def final(self, rule: str, path: str, **params: str) -> None:
        """Note an error after which nothing else needs saying about this place."""
        self.add(rule, path, **params)
        self.settled_paths.add(path)

    def unknown_keys(self, values: Mapping[str, object]) -> None:
        """Refuse answers to questions that were not asked."""
        for name in values:
            if name not in self.form.fields:
                self.add("form.unknown_answer", str(name)[:60], name=str(name)[:60])
        for table in self.form.fields.values():
            rows = values.get(table.name) if table.kind is Kind.ROWS else None
            known = {column.name for column in table.columns}
            for place, row in enumerate(rows if isinstance(rows, list) else []):
                for name in row.keys() - known if isinstance(row, Mapping) else ():
                    path = f"{table.name}.{place}"
                    self.add("form.unknown_answer", path, name=str(name)[:60])

    def type_of_answer(self, path: str, field: Field, value: object) -> None:
        """Judge what JSON Schema sees too late or not at all: typed numbers, floats, evidence."""
        if field.kind is Kind.EVIDENCE:
            self._evidence(path, value)
        elif value is None or field.kind in (Kind.ROWS, Kind.CHECKBOXES):
            return
        elif type_of(field.schema) in ("number", "integer"):
            self._number(path, value)
        elif type(value) is not (bool if type_of(field.schema) == "boolean" else str):
            self.final("form.type", path)

    def _number(self, path: str, value: object) -> None:
        if type(value) is Decimal and value.is_finite():
            return
        reason = "number.not_a_number"
        if isinstance(value, str):
            try:
                parse_number(value)
            except InvalidNumber as error:
                reason = error.reason
        self.final(f"form.{reason}", path)

    def _evidence(self, path: str, value: object) -> None:
        for place, item in enumerate(value if isinstance(value, list) else []):
            kind = item.get("kind") if isinstance(item, Mapping) else None
            key = EVIDENCE_KEYS.get(kind) if isinstance(kind, str) else None
            if key is None:
                self.final("form.evidence.kind", f"{path}.{place}")
            elif blank(item.get(key)):
                self.final(f"form.evidence.{kind}", f"{path}.{place}.{key}")

    def required(self, settled: Settled) -> None:
        """Name every visible question that needs an answer and has none."""
        names = _names(self.context, self.form, settled)
        for path, field, value in _answers(self.form, settled, names):
            if field.kind is Kind.CHECKBOX or not blank(value):
                continue
            needed = field.required or holds(
                field.required_if, names, self.functions, unknown=False
            )
            if needed:
                self.final("form.required", path)

    def schema(self, values: Values) -> None:
        """Everything that JSON Schema says, except at places that are judged already."""
        for error in self.form.validator.iter_errors(_pruned(values)):
            path = path_of(error)
            if not self._is_settled(path):
                self._schema_error(path, error)

    def _is_settled(self, path: str) -> bool:
        return any(path == done or path.startswith(f"{done}.") for done in self.settled_paths)

    def _schema_error(self, path: str, error: jsonschema_rs.ValidationError) -> None:
        field = field_at(self.form, path)
        own = field.message if field is not None else None
        if own is not None and error.kind.name != "required":
            self._own_words(path, own)
            return
        rule, params = rule_of(error, path)
        self.add(rule, path, **params)

    def checks(self, settled: Settled) -> None:
        """The form's own rules across fields; those of a table are asked for each row."""
        names = _names(self.context, self.form, settled)
        for check in self.form.checks:
            for path in _places(check.path, self.form, settled, names):
                if holds(check.when, names, self.functions, unknown=False):
                    self._own_words(path, check.message)

    def _own_words(self, path: str, message: Words) -> None:
        self.add("form.custom", path, message_id=message.in_("id"), message_en=message.in_("en"))

    def in_order(self) -> tuple[Finding, ...]:
        """The findings in the order in which the form asks, in the language of the context."""
        order = {found.path: place for place, found in enumerate(self.form.all_fields())}
        ordered = sorted(self.findings, key=lambda found: _rank(found, order))
        return in_language(self.form, ordered, self.context.language)


def _rank(found: Finding, order: Mapping[str, int]) -> tuple[int, tuple[int, ...], int]:
    parts = (found.element_id or "").split(".")
    names = [part for part in parts if not part.isdigit()]
    numbers = tuple(int(part) for part in parts if part.isdecimal())
    table = order.get(names[0], len(order)) if names else len(order)
    return table, numbers, order.get(".".join(names[:2]), table)


def _names(context: FormContext, form: Form, settled: Settled) -> Values:
    missing: Values = {name: [] if f.kind is Kind.ROWS else None for name, f in form.fields.items()}
    return {**context.data, "acting_as": context.acting_as, **missing, **settled.values}


def _answers(
    form: Form, settled: Settled, names: Values | None = None
) -> Iterator[tuple[str, Field, object]]:
    """Every visible question with its answer; `names` is given the row at hand."""
    for name, field in form.fields.items():
        if field.path in settled.hidden:
            continue
        value = settled.values.get(name)
        yield field.path, field, value
        rows = value if field.kind is Kind.ROWS and isinstance(value, list) else []
        for place, row in enumerate(rows):
            if not isinstance(row, dict):
                continue
            if names is not None:
                names["row"] = {column.name: row.get(column.name) for column in field.columns}
            for column in field.columns:
                path = f"{name}.{place}.{column.name}"
                if path not in settled.hidden:
                    yield path, column, row.get(column.name)
        if names is not None:
            names.pop("row", None)


def _places(path: str, form: Form, settled: Settled, names: Values) -> Iterator[str]:
    field = field_at(form, path)
    if field is None or "." not in field.path:
        if field is not None and field.path not in settled.hidden:
            yield path
        return
    for place, column, _ in _answers(form, settled, names):
        if column is field:
            yield place


def _pruned(values: Values) -> Values:
    """The values without empty answers, as JSON Schema means a missing property."""
    return {name: _pruned_value(value) for name, value in values.items() if value is not None}


def _pruned_value(value: object) -> object:
    if isinstance(value, list):
        return [_pruned_value(item) for item in value]
    return _pruned(value) if isinstance(value, dict) else value
