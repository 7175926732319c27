"""From the two JSON objects of a form to its fields; gathers every finding on the way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from keyword import iskeyword
from typing import Final

from engine.errors import Finding, UnsafeExpression
from engine.rules.expressions import FUNCTIONS, Expression, compile_expression
from engine.rules.forms.form import NUMBERS, Check, Field, Kind, Option, Prefill, Section, Words

FORM_FUNCTIONS: Final = frozenset({*FUNCTIONS, "today", "now", "instant"})
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
# Names of our own, names that libraries take for their own, and the token of every page's form.
RESERVED: Final = frozenset(
    {"row", "acting_as", "case", "work", "typename", "constructor", "prototype", "csrf_token"}
)
YES_NO: Final = (
    Option("true", Words("Ya", "Yes")),
    Option("false", Words("Tidak", "No")),
)
_WIDGETS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "string": {
        "text": Kind.TEXT, "textarea": Kind.TEXTAREA, "date": Kind.DATE,
        "radio": Kind.RADIO, "select": Kind.SELECT,
    },
    "number": {"decimal": Kind.DECIMAL, "radio": Kind.RADIO, "select": Kind.SELECT},
    "integer": {"decimal": Kind.INTEGER, "radio": Kind.RADIO, "select": Kind.SELECT},
    "boolean": {"checkbox": Kind.CHECKBOX, "radio": Kind.RADIO},
    "array": {
        "rows": Kind.ROWS, "evidence": Kind.EVIDENCE, "file": Kind.EVIDENCE,
        "checkboxes": Kind.CHECKBOXES, "checkbox": Kind.CHECKBOXES,
    },
}  # fmt: skip
_LONG_TEXT: Final = 200
_MANY_OPTIONS: Final = 5
_MAX_REFERENCES: Final = 4
_MAX_PLACES: Final = 6


@dataclass
class Reader:
    """Reads one form; `findings` grow, reading never stops at the first."""

    schema: Mapping[str, object]
    ui: Mapping[str, object]
    findings: list[Finding] = field(default_factory=list)

    def fields(self) -> dict[str, Field]:
        """The fields of the form by name, in the order they are shown."""
        return self._properties(self.schema, self.ui, "", in_rows=False)

    def sections(self, fields: Mapping[str, Field]) -> tuple[Section, ...]:
        """The sections; fields that no section names come last, without a heading."""
        read = []
        for place, entry in enumerate(_list(self.ui, "ui:sections")):
            where = f"ui:sections.{place}"
            if not isinstance(entry, Mapping):
                self.refuse("form.wrong_shape", where, expected="object")
                continue
            names = tuple(str(name) for name in _list(entry, "fields"))
            for name in names:
                if name not in fields:
                    self.refuse("form.unknown_field", where, name=name)
            shown = tuple(name for name in names if name in fields)
            condition = self.expression(entry, "alur:showIf", where)
            read.append(Section(words(entry, "title"), words(entry, "help"), shown, condition))
        placed = {name for section in read for name in section.fields}
        rest = tuple(name for name in fields if name not in placed)
        return (*read, Section(None, None, rest)) if rest else tuple(read)

    def checks(self) -> tuple[Check, ...]:
        """The rules across fields."""
        read = []
        for place, entry in enumerate(_list(self.ui, "alur:checks")):
            where = f"alur:checks.{place}"
            if not isinstance(entry, Mapping):
                self.refuse("form.wrong_shape", where, expected="object")
                continue
            when = self.expression(entry, "when", where)
            message = words(entry, "message")
            if when is None or message is None or not isinstance(entry.get("field"), str):
                self.refuse("form.check_incomplete", where)
                continue
            read.append(Check(when, str(entry["field"]), message))
        return tuple(read)

    def refuse(self, rule: str, where: str, **params: str) -> None:
        """Note a finding at the path `where`."""
        self.findings.append(Finding(rule, element_id=where or None, params=params))

    def expression(self, holder: Mapping[str, object], key: str, where: str) -> Expression | None:
        """The compiled expression under `key`, or None; a refused one becomes a finding."""
        text = holder.get(key)
        if text is None:
            return None
        if not isinstance(text, str):
            self.refuse("form.wrong_shape", f"{where} {key}", expected="text")
            return None
        try:
            return compile_expression(text, FORM_FUNCTIONS)
        except UnsafeExpression as error:
            params = {name: str(value) for name, value in error.params.items()}
            self.refuse(error.code, f"{where} {key}".strip(), **params)
            return None

    def resolved(self, schema: object, where: str, depth: int = 0) -> Mapping[str, object]:
        """`schema` with its local reference followed; other references are refused."""
        if not isinstance(schema, Mapping):
            self.refuse("form.wrong_shape", where, expected="object")
            return {}
        target = schema.get("$ref")
        if target is None:
            return schema
        found: object = self.schema
        for part in str(target).removeprefix("#/").split("/"):
            found = found.get(part) if isinstance(found, Mapping) else None
        if not str(target).startswith("#/") or found is None or depth > _MAX_REFERENCES:
            self.refuse("form.reference_refused", where, reference=str(target)[:80])
            return {}
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return {**self.resolved(found, where, depth + 1), **own}

    def _properties(
        self, schema: Mapping[str, object], ui: Mapping[str, object], prefix: str, *, in_rows: bool
    ) -> dict[str, Field]:
        properties = schema.get("properties")
        if not isinstance(properties, Mapping):
            self.refuse("form.no_properties", prefix.rstrip("."))
            return {}
        required = _list(schema, "required")
        read = {}
        for name in self._ordered(properties, ui, prefix):
            path = f"{prefix}{name}"
            if not NAME.fullmatch(name) or name in RESERVED or iskeyword(name):
                self.refuse("form.name_refused", path, name=name[:60])
                continue
            own_ui = ui.get(name, {})
            if not isinstance(own_ui, Mapping):
                self.refuse("form.wrong_shape", path, expected="object")
                own_ui = {}
            found = self._field(path, self.resolved(properties[name], path), own_ui, in_rows)
            if found is not None:
                read[name] = replace(found, required=name in required)
        return read

    def _ordered(
        self, properties: Mapping[str, object], ui: Mapping[str, object], prefix: str
    ) -> list[str]:
        order = [str(name) for name in _list(ui, "ui:order") if name != "*"]
        for name in order:
            if name not in properties:
                self.refuse("form.unknown_field", f"{prefix}ui:order", name=name)
        known = [name for name in dict.fromkeys(order) if name in properties]
        return known + [name for name in properties if name not in known]

    def _field(
        self, path: str, schema: Mapping[str, object], ui: Mapping[str, object], in_rows: bool
    ) -> Field | None:
        kind = self._kind(path, schema, ui)
        if kind is None:
            return None
        if kind is Kind.ROWS and in_rows:
            self.refuse("form.rows_in_rows", path)
            return None
        hidden = ui.get("ui:widget") == "hidden"
        columns: tuple[Field, ...] = ()
        if kind is Kind.ROWS:
            items = self.resolved(schema.get("items"), path)
            items_ui = ui.get("items", {})
            shown = items_ui if isinstance(items_ui, Mapping) else {}
            columns = tuple(self._properties(items, shown, f"{path}.", in_rows=True).values())
        return Field(
            name=path.rpartition(".")[2],
            path=path,
            kind=kind,
            label=words(schema, "title") or Words(""),
            schema=schema,
            help=words(ui, "ui:help") or words(schema, "description"),
            read_only=bool(schema.get("readOnly")) or "alur:compute" in ui or hidden,
            hidden=hidden,
            options=self._options(path, kind, schema, ui),
            show_if=self.expression(ui, "alur:showIf", path),
            required_if=self.expression(ui, "alur:requiredIf", path),
            compute=self.expression(ui, "alur:compute", path),
            prefill=self._prefill(path, ui),
            message=words(ui, "alur:message"),
            columns=columns,
            fixed_rows=ui.get("alur:rows") == "fixed",
            unit=words(ui, "alur:unit"),
            places=_places(ui),
            rating=self._rating(path, ui),
        )

    def _kind(
        self, path: str, schema: Mapping[str, object], ui: Mapping[str, object]
    ) -> Kind | None:
        stated = type_of(schema)
        widgets = _WIDGETS.get(stated)
        if widgets is None:
            self.refuse("form.type_unsupported", path, type=stated or "-")
            return None
        widget = ui.get("ui:widget")
        if widget is None or widget == "hidden":
            return _usual_kind(stated, schema)
        if str(widget) not in widgets:
            self.refuse("form.widget_refused", path, widget=str(widget), type=stated)
            return None
        return widgets[str(widget)]

    def _prefill(self, path: str, ui: Mapping[str, object]) -> Prefill | None:
        given = ui.get("alur:prefill")
        if given is None:
            return None
        if isinstance(given, str):
            return Prefill(self.expression(ui, "alur:prefill", path))
        return Prefill(literal=given)

    def _rating(self, path: str, ui: Mapping[str, object]) -> bool | None:
        given = ui.get("alur:rating")
        if given is None or isinstance(given, bool):
            return given
        self.refuse("form.wrong_shape", f"{path} alur:rating", expected="true/false")
        return None

    def _options(
        self, path: str, kind: Kind, schema: Mapping[str, object], ui: Mapping[str, object]
    ) -> tuple[Option, ...]:
        holder = self.resolved(schema["items"], path) if kind is Kind.CHECKBOXES else schema
        if type_of(schema) == "boolean":
            return YES_NO if kind is Kind.RADIO else ()
        labels = ui.get("alur:labels", {})
        texts = labels if isinstance(labels, Mapping) else {}
        values = [str(value) for value in _list(holder, "enum") if value is not None]
        if values and kind in NUMBERS:
            self.refuse("form.widget_refused", path, widget=kind.value, type="enum")
        for value in texts:
            if value not in values:
                self.refuse("form.unknown_option", path, value=str(value)[:40])
        return tuple(Option(value, words(texts, value) or Words("")) for value in values)


def type_of(schema: Mapping[str, object]) -> str:
    """The JSON type of a field, without null; empty when none or several are stated."""
    stated = schema.get("type")
    if isinstance(stated, str):
        return "" if stated == "null" else stated
    kinds = [str(kind) for kind in stated if kind != "null"] if isinstance(stated, list) else []
    return kinds[0] if len(kinds) == 1 else ""


def words(holder: Mapping[str, object], key: str) -> Words | None:
    """The text under `key`: plain Indonesian with English beside it, or an object {id, en}."""
    given = holder.get(key)
    if isinstance(given, Mapping):
        return words({"id": given.get("id"), "id:en": given.get("en")}, "id")
    english = holder.get(f"{key}:en")
    if not isinstance(given, str):
        return None
    return Words(given, english if isinstance(english, str) else None)


def _usual_kind(stated: str, schema: Mapping[str, object]) -> Kind:
    if stated == "array":
        items = schema.get("items")
        return Kind.CHECKBOXES if isinstance(items, Mapping) and "enum" in items else Kind.ROWS
    if stated == "boolean":
        return Kind.CHECKBOX
    options = schema.get("enum")
    if isinstance(options, list):
        return Kind.RADIO if len(options) < _MANY_OPTIONS else Kind.SELECT
    if stated in ("number", "integer"):
        return Kind.DECIMAL if stated == "number" else Kind.INTEGER
    if schema.get("format") == "date":
        return Kind.DATE
    longest = schema.get("maxLength")
    return Kind.TEXTAREA if isinstance(longest, int) and longest > _LONG_TEXT else Kind.TEXT


def _list(holder: Mapping[str, object], key: str) -> list[object]:
    found = holder.get(key)
    return found if isinstance(found, list) else []


def _places(ui: Mapping[str, object]) -> int | None:
    given = ui.get("alur:places")
    return given if type(given) is int and 0 <= given <= _MAX_PLACES else None
