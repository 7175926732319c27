"""From a form, its values and findings to what the templates show; decides every word and id."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from api.web.form_answers import answer_in_words, summary_panels, ui_word
from api.web.form_css import form_css, is_simple
from api.web.form_evidence import evidence_kinds, evidence_views
from api.web.form_parts import (
    ErrorLink,
    FieldView,
    FormView,
    OptionView,
    RowView,
    SectionView,
    TableView,
    input_id,
)
from api.web.form_tables import Layout, layout_of, row_facts, row_title
from engine.commands.work_forms import EarlierStep
from engine.domain.wording import finding_sentence, sentence
from engine.errors import Finding
from engine.rules.forms import in_language, shown_values
from engine.rules.forms.form import (
    MAX_ROWS,
    NUMBERS,
    Field,
    Form,
    FormContext,
    Kind,
    Settled,
    blank,
)
from engine.rules.numbers import format_number

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Nobody meets such a limit by writing a few paragraphs; whoever does is told by its error.
LONG: Final = 1_000
_WORDS: Final = (
    "add_row", "remove", "remove_row", "upload", "choose", "choose_file", "new_link", "new_paper",
    "optional", "no_rows", "evidence_add", "evidence_file", "earlier", "photo", "file_kinds",
    "line_down", "file_first", "uploaded", "not_uploaded", "date_read", "no_date",
)  # fmt: skip
Steps = Mapping[str, EarlierStep]


def form_view(
    form: Form,
    values: Mapping[str, object],
    context: FormContext,
    *,
    findings: Sequence[Finding] = (),
    steps: Steps | None = None,
) -> FormView:
    """The form as it stands: `values` as typed or stored, with the `findings` at their places.

    `steps` gives the forms and answers of earlier steps by element id, for the panels that the
    form asks for. Nothing in `values` is lost, whether it fits its field or not.
    """
    build = _Builder(form, values, context, findings)
    sections = tuple(
        SectionView(
            number,
            section.title.in_(context.language) if section.title else "",
            section.help.in_(context.language) if section.help else "",
            tuple(build.fields(section.fields)),
            not is_simple(form, section.show_if)
            and all(name in build.settled.hidden for name in section.fields),
        )
        for number, section in enumerate(form.sections)
    )
    return FormView(
        title=form.title.in_(context.language),
        # What holds nothing but hidden fields has nothing to say.
        sections=tuple(section for section in sections if section.fields),
        errors=tuple(build.error_links()),
        error_title=ui_word("errors", context.language, count=str(len(findings))),
        panels=summary_panels(form, steps or {}, context),
        css=form_css(form),
        words={code: ui_word(code, context.language) for code in _WORDS},
    )


class _Builder:
    """Builds the fields of one form and remembers which ids it gave."""

    def __init__(
        self,
        form: Form,
        values: Mapping[str, object],
        context: FormContext,
        findings: Sequence[Finding],
    ) -> None:
        self.form, self.language = form, context.language
        self.values: Mapping[str, object]
        self.settled: Settled
        self.values, self.settled = shown_values(form, values, context)
        self.findings = in_language(form, findings, context.language)
        self.errors: dict[str, list[Finding]] = {}
        for found in self.findings:
            self.errors.setdefault(found.element_id or "", []).append(found)
        self.ids: set[str] = set()

    def fields(self, names: Sequence[str]) -> Iterator[FieldView]:
        """The visible questions of a section."""
        for name in names:
            found = self.form.fields[name]
            if not found.hidden:
                yield self._field(found, name, self.values.get(name))

    def error_links(self) -> Iterator[ErrorLink]:
        """The error summary: whole sentences, each linked to its input."""
        for found in self.findings:
            parts = (found.element_id or "").split(".")
            while parts and input_id(".".join(parts)) not in self.ids:
                parts.pop()
            target = input_id(".".join(parts)) if parts else ""
            yield ErrorLink(target, finding_sentence(found, self.language))

    def _field(self, found: Field, path: str, value: object, row: str = "") -> FieldView:
        identifier = input_id(path)
        self.ids.add(identifier)
        table = found.path.partition(".")[0] if "." in found.path else None
        hint = self._hint(found)
        view = FieldView(
            widget=_widget(found, value),
            path=found.path,
            name=path,
            id=identifier,
            label=found.label.in_(self.language) or found.name,
            row=row,
            # Inside a table the hint is told once, above it.
            hint="" if table else hint,
            hint_id=_hint_id(found) if hint else "",
            errors=self._errors(path, found),
            value=self._value(found, value),
            unit=found.unit.in_(self.language) if found.unit else "",
            day=_day(found, value, self.language),
            optional=_is_optional(found),
            hidden=path in self.settled.hidden and not is_simple(self.form, found.show_if, table),
            decided_here=not is_simple(self.form, found.show_if, table),
            numeric=found.kind in NUMBERS,
        )
        if found.kind is Kind.ROWS:
            table_view = self._table(found, value)
            nothing = bool(table_view.rows) and all(row.hidden for row in table_view.rows)
            return replace(view, table=table_view, hidden=view.hidden or nothing)
        if found.kind is Kind.EVIDENCE and not found.read_only:
            pieces = tuple(evidence_views(path, value, self.errors, self.language))
            self.ids.update(piece.id for piece in pieces)
            kinds = evidence_kinds(self.form, found, value)
            return replace(view, evidence=pieces, evidence_kinds=kinds)
        if found.options and not found.read_only:
            return replace(view, options=tuple(self._options(found, value, identifier)))
        return view

    def _hint(self, found: Field) -> str:
        """The author's help, then how long a text may be."""
        parts = [found.help.in_(self.language)] if found.help else []
        least, most = found.schema.get("minLength"), found.schema.get("maxLength")
        if found.kind in (Kind.TEXT, Kind.TEXTAREA) and not found.read_only:
            if isinstance(least, int) and least > 1 and str(least) not in "".join(parts):
                parts.append(ui_word("least", self.language, limit=format_number(least)))
            if isinstance(most, int) and most < LONG:
                parts.append(ui_word("most", self.language, limit=format_number(most)))
        return " ".join(parts)

    def _errors(self, path: str, found: Field) -> tuple[str, ...]:
        """The sentences beside the input: without the row, which stands there anyway."""
        inside = f"{path}." if found.kind is Kind.EVIDENCE else None
        here = [
            finding
            for place, listed in self.errors.items()
            if place == path or (inside and place.startswith(inside))
            for finding in listed
        ]
        return tuple(
            sentence(
                finding.rule,
                self.language,
                {**finding.params, "label": finding.params.get("field", ""), "place": ""},
            )
            for finding in here
        )

    def _value(self, found: Field, value: object) -> str:
        if found.read_only:
            return answer_in_words(found, value, self.language)
        if isinstance(value, Decimal) and not found.options:
            return format_number(value)
        if isinstance(value, bool):
            return "true" if value else ""
        return str(value) if isinstance(value, str) else ""

    def _options(self, found: Field, value: object, identifier: str) -> Iterator[OptionView]:
        chosen = value if isinstance(value, list) else [value]
        marks = {str(item).lower() if isinstance(item, bool) else str(item) for item in chosen}
        for place, option in enumerate(found.options):
            own = identifier if place == 0 else f"{identifier}-{option.value.replace('.', '-')}"
            label = option.label.in_(self.language) or option.value
            yield OptionView(option.value, label, own, option.value in marks)

    def _table(self, found: Field, value: object) -> TableView:
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        layout = layout_of(found, rows, self._server_hides(found))
        changeable = not (found.fixed_rows or found.read_only)
        most = found.schema.get("maxItems", MAX_ROWS)
        has_room = isinstance(most, int) and len(rows) < most
        return TableView(
            layout.title.label.in_(self.language) if layout.title else "",
            tuple(
                (column.label.in_(self.language) or column.name, _is_plain_number(column))
                for column in layout.narrow
            ),
            tuple(
                (_hint_id(column), column.label.in_(self.language), hint)
                for column in (*layout.narrow, *layout.wide)
                if (hint := self._hint(column))
            ),
            tuple(
                self._row(found, layout, place, row, changeable) for place, row in enumerate(rows)
            ),
            f"add:{found.name}" if changeable and has_room else None,
            len(layout.narrow) + (layout.title is not None or not layout.narrow) + changeable,
        )

    def _server_hides(self, table: Field) -> frozenset[str]:
        """The hidden cells of a table, without those that the style sheet hides and shows."""
        by_css = {
            column.name
            for column in table.columns
            if is_simple(self.form, column.show_if, table.name)
        }
        return frozenset(
            path for path in self.settled.hidden if path.rpartition(".")[2] not in by_css
        )

    def _row(
        self,
        table: Field,
        layout: Layout,
        place: int,
        row: Mapping[str, object],
        changeable: bool,
    ) -> RowView:
        title = row_title(layout, row, place, self.language)
        mark = f"{table.name}.{place}"
        self.ids.add(input_id(mark))
        cells, wide = (
            tuple(
                self._field(column, f"{mark}.{column.name}", row.get(column.name), title)
                for column in group
            )
            for group in (layout.narrow, layout.wide)
        )
        facts = tuple(row_facts(layout, row, mark, self.settled.hidden, self.language))
        remove = f"del:{mark}" if changeable else None
        asks = not changeable and any(not (c.read_only or c.hidden) for c in table.columns)
        answered = (cell for cell in (*cells, *wide) if cell.widget != "output")
        hidden = asks and all(cell.hidden for cell in answered)
        return RowView(place + 1, title, facts, mark, cells, wide, remove, hidden)


def _hint_id(found: Field) -> str:
    return f"h-{input_id(found.path)}"


def _is_plain_number(column: Field) -> bool:
    return column.kind in NUMBERS and column.read_only


def _widget(found: Field, value: object) -> str:
    if found.kind is Kind.ROWS:
        return "table"
    if found.read_only:
        return "output"
    if found.kind is Kind.DATE and value is not None and not _ISO_DAY.fullmatch(str(value)):
        # A date input would drop what it cannot read; the typed text must stay.
        return "text"
    return "number" if found.kind in NUMBERS else found.kind.value


def _day(found: Field, value: object, language: str) -> str:
    if found.kind is not Kind.DATE or blank(value):
        return ""
    return answer_in_words(found, value, language)


def _is_optional(found: Field) -> bool:
    needed = found.required or found.required_if is not None or found.schema.get("minItems")
    return not (needed or found.read_only or found.kind in (Kind.CHECKBOX, Kind.ROWS))
