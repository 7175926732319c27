"""Settling: the case's own values imposed, computed fields filled, hidden answers dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.errors import AlurError, ExpressionFailed
from engine.rules.deadlines import local_date, start_of_date
from engine.rules.evaluator import Functions
from engine.rules.expressions import FUNCTIONS, Expression
from engine.rules.forms.cleaning import clean, cleaned
from engine.rules.forms.form import Field, Form, FormContext, Kind, Settled, Values
from engine.rules.forms.reading import type_of


def initial_values(form: Form, context: FormContext) -> Values:
    """The values a form opens with: prefilled from the case, defaults, the least number of rows."""
    functions = form_functions(context)
    names = {**context.data, "acting_as": context.acting_as}
    return {
        name: _initial(
            found, prefilled(found, names, functions), names, functions, context.language
        )
        for name, found in form.fields.items()
    }


def settle(form: Form, values: Mapping[str, object], context: FormContext) -> Settled:
    """`values` as they count: nothing the client sends can change what the case itself says.

    An optional field that is empty is None; a hidden one is missing. Never raises for any values.
    """
    settling = Settling(form, cleaned(form, values), context)
    settling.impose()
    settling.run()
    return Settled(settling.values, frozenset(settling.hidden), frozenset(settling.computed))


def shown_values(
    form: Form, values: Mapping[str, object], context: FormContext
) -> tuple[Values, Settled]:
    """The values as a page shows them, with hidden answers kept in their fields, and the settled.

    A field may come back into view by a click; what was typed into it should still be there.
    """
    settling = Settling(form, cleaned(form, values), context)
    settling.impose()
    kept = {name: _copied(value) for name, value in settling.values.items()}
    settling.run()
    merged = {name: _merged(old, settling.values.get(name, old)) for name, old in kept.items()}
    settled = Settled(settling.values, frozenset(settling.hidden), frozenset(settling.computed))
    return merged, settled


def _copied(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [dict(item) if isinstance(item, dict) else item for item in value]


def _merged(old: object, new: object) -> object:
    if not (isinstance(old, list) and isinstance(new, list)):
        return new
    return [
        {**before, **after} if isinstance(before, dict) and isinstance(after, dict) else after
        for before, after in zip(old, new, strict=True)
    ]


def form_functions(context: FormContext) -> Functions:
    """The functions that expressions of forms may call, bound to the moment and the calendar."""
    today = local_date(context.now, context.calendar)
    return {
        **FUNCTIONS,
        "today": today.isoformat,
        "now": context.now.isoformat,
        "instant": lambda text: _instant(text, context),
    }


def holds(
    rule: Expression | None, names: Mapping[str, object], functions: Functions, *, unknown: bool
) -> bool:
    """Is the condition true? `unknown` answers for one that cannot be told while answers miss."""
    if rule is None:
        return unknown
    try:
        return bool(rule.evaluate(names, functions))
    except ExpressionFailed:
        return unknown


def prefilled(found: Field, names: Mapping[str, object], functions: Functions) -> object:
    """What the case says for `found`; nothing when the case does not know it."""
    source = found.prefill
    if source is None:
        return None
    if source.expression is None:
        return source.literal
    try:
        return source.expression.evaluate(names, functions)
    except ExpressionFailed:
        return None


@dataclass
class Settling:
    """One pass over the fields of a form, in the order of what depends on what."""

    form: Form
    values: Values
    context: FormContext
    hidden: set[str] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.functions = form_functions(self.context)
        self.names: Values = {**self.context.data, "acting_as": self.context.acting_as}

    def impose(self) -> None:
        """Put the case's values over whatever was sent, and fix the number of rows."""
        for name, found in self.form.fields.items():
            if found.imposed:
                self.values[name] = clean(found, prefilled(found, self.names, self.functions))
            elif found.fixed_rows:
                self.values[name] = self._imposed_rows(found, self.values[name])

    def run(self) -> None:
        """Hide and compute, field by field."""
        conditions = {
            name: section.show_if for section in self.form.sections for name in section.fields
        }
        self.names |= self.values
        for found in self.form.order:
            shown = holds(conditions[found.name], self.names, self.functions, unknown=True)
            if not (shown and holds(found.show_if, self.names, self.functions, unknown=True)):
                self._hide(found)
                continue
            if found.compute is not None:
                self.values[found.name] = self._computed(found)
                self.computed.add(found.path)
            if found.kind is Kind.ROWS:
                self._run_rows(found)
            self.names[found.name] = self.values[found.name]

    def _imposed_rows(self, table: Field, sent: object) -> list[object]:
        sources = prefilled(table, self.names, self.functions)
        rows = sent if isinstance(sent, list) else []
        result: list[object] = []
        for place, source in enumerate(sources if isinstance(sources, list) else []):
            given = rows[place] if place < len(rows) else None
            row = dict(given) if isinstance(given, Mapping) else {}
            names = {**self.names, "row": source}
            for column in table.columns:
                if column.read_only and column.compute is None:
                    row[column.name] = _cell(
                        column, source, names, self.functions, self.context.language
                    )
                row.setdefault(column.name, clean(column, None))
            result.append(row)
        return result

    def _run_rows(self, table: Field) -> None:
        rows = self.values[table.name]
        for place, row in enumerate(rows if isinstance(rows, list) else []):
            if not isinstance(row, dict):
                continue
            self.names["row"] = {column.name: row.get(column.name) for column in table.columns}
            for column in table.column_order:
                self._run_cell(column, row, f"{table.name}.{place}.{column.name}")
        self.names.pop("row", None)

    def _run_cell(self, column: Field, row: Values, path: str) -> None:
        seen = self.names["row"]
        if not holds(column.show_if, self.names, self.functions, unknown=True):
            row.pop(column.name, None)
            self.hidden.add(path)
        elif column.compute is not None:
            row[column.name] = self._computed(column)
            self.computed.add(path)
        if isinstance(seen, dict):
            seen[column.name] = row.get(column.name)

    def _hide(self, found: Field) -> None:
        self.values.pop(found.name, None)
        self.names[found.name] = [] if found.kind is Kind.ROWS else None
        self.hidden.add(found.path)

    def _computed(self, found: Field) -> object:
        if found.compute is None:
            return None
        try:
            result = found.compute.evaluate(self.names, self.functions)
        except ExpressionFailed:
            # Usual while answers are still missing: nothing can be computed yet.
            return None
        kept = isinstance(result, str | bool | Decimal | int)
        return clean(found, result) if kept else None


def _initial(
    found: Field,
    source: object,
    names: Mapping[str, object],
    functions: Functions,
    language: str,
) -> object:
    if found.kind is not Kind.ROWS:
        return clean(found, found.schema.get("default") if source is None else source)
    sources = source if isinstance(source, list) else []
    if not sources and not found.fixed_rows:
        least = found.schema.get("minItems", 0)
        sources = [{}] * (least if isinstance(least, int) else 0)
    return [
        {
            column.name: _cell(column, each, {**names, "row": each}, functions, language)
            for column in found.columns
        }
        for each in sources
    ]


def _cell(
    column: Field,
    source: object,
    names: Mapping[str, object],
    functions: Functions,
    language: str,
) -> object:
    """The first value of a cell: its own prefill, or the source's value of the same name.

    What is only shown comes in the reader's language where the source has it, as `title_en`.
    """
    value = prefilled(column, names, functions)
    if value is None and isinstance(source, Mapping):
        # Names of other fields end in `_id`; what stands under the own name is Indonesian.
        translates = column.read_only and language != "id"
        translated = source.get(f"{column.name}_{language}") if translates else None
        value = translated or source.get(column.name)
    if value is None:
        value = column.schema.get("default")
    if type_of(column.schema) == "string" and isinstance(value, Mapping | list):
        value = None
    return clean(column, value)


def _instant(text: object, context: FormContext) -> str:
    """The start of a local day as an ISO instant."""
    try:
        return start_of_date(date.fromisoformat(str(text)), context.calendar).isoformat()
    except (ValueError, OverflowError, AlurError) as error:
        raise ExpressionFailed("expression.wrong_argument", function="instant") from error
