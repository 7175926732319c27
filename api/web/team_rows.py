"""The form of one step for many people: short questions as columns, the others below each row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.problems import Problem
from api.web.form_css import form_css
from api.web.form_parts import (
    ErrorLink,
    EvidenceView,
    FieldView,
    FormView,
    OptionView,
    RowView,
    SectionView,
    TableView,
)
from api.web.form_view import form_view
from api.web.two_texts import Difference
from engine.commands.work_forms import OpenForm
from engine.errors import Finding
from engine.queries.team_ratings import OpenRating
from engine.rules.forms.form import Field, Form, Kind

MOST_COLUMNS = 7
_NARROW = (Kind.RADIO, Kind.SELECT, Kind.DECIMAL, Kind.INTEGER, Kind.TEXT, Kind.DATE)
SAME_FROM = 20


@dataclass(frozen=True)
class SameText:
    """A text of this row that stands in other rows, too: whose; for information only."""

    label: str
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamRow:
    """One person: the cells of the columns, and what stands below them."""

    rating: OpenRating
    opened: OpenForm
    view: FormView
    cells: tuple[FieldView, ...]
    below: tuple[SectionView, ...]
    key: str
    typed: bool = False
    ready: bool = False
    notice: Problem | None = None
    both: tuple[Difference, ...] = ()
    same: tuple[SameText, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[ErrorLink, ...]:
        """What has to be put right in this row."""
        return self.view.errors


def columns_of(form: Form) -> tuple[Field, ...]:
    """The short questions and figures of a form, in its order; not more than fit."""
    ordered = (form.fields[name] for section in form.sections for name in section.fields)
    narrow = (found for found in ordered if found.kind in _NARROW and not found.hidden)
    return tuple(narrow)[:MOST_COLUMNS]


def team_row(
    rating: OpenRating,
    opened: OpenForm,
    values: Mapping[str, object],
    key: str,
    findings: Sequence[Finding] = (),
) -> TeamRow:
    """The row of one person with `values` as typed or stored."""
    view = form_view(opened.form, values, opened.context, findings=findings, steps=opened.steps)
    view = _marked(view, rating.item_id)
    names = {column.path for column in columns_of(opened.form)}
    fields = {found.path: found for section in view.sections for found in section.fields}
    cells = tuple(
        replace(
            fields[column.path],
            widget="select"
            if fields[column.path].widget == "radio"
            else fields[column.path].widget,
            row=rating.person.name,
            hint="",
            hint_id="",
        )
        for column in columns_of(opened.form)
    )
    below = tuple(
        replace(section, fields=tuple(f for f in section.fields if f.path not in names))
        for section in view.sections
    )
    asked = tuple(section for section in below if section.fields)
    return TeamRow(
        rating=rating, opened=opened, view=view, cells=cells, below=asked, key=key, values=values
    )


def team_css(form: Form) -> str:
    """The rules of the form's conditions, each within its own person."""
    rules = form_css(form)
    return "\n".join(re.sub(r"^form\b", ".mate", rule) for rule in rules.splitlines())


def with_same_texts(rows: Sequence[TeamRow]) -> tuple[TeamRow, ...]:
    """The rows, told where the same longer text was typed about several people."""
    seen: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for path, text, _ in _texts(row):
            seen.setdefault((path, text), []).append(row.rating.person.name)
    return tuple(replace(row, same=tuple(_same(row, seen))) for row in rows)


def _same(row: TeamRow, seen: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[SameText]:
    for path, text, label in _texts(row):
        others = tuple(name for name in seen[path, text] if name != row.rating.person.name)
        if others:
            yield SameText(label, others)


def _texts(row: TeamRow) -> Iterator[tuple[str, str, str]]:
    """Path, normal form and label of each longer text that somebody typed in a row."""
    language = row.opened.context.language
    for found in row.opened.form.fields.values():
        value = row.values.get(found.name)
        lines = value if found.kind is Kind.ROWS and isinstance(value, list) else []
        if not lines:
            yield from _text(found, found.path, value, found.label.in_(language))
        for place, line in enumerate(lines):
            for column in found.columns if isinstance(line, Mapping) else ():
                path = f"{found.name}.{place}.{column.name}"
                label = f"{found.label.in_(language)} {place + 1}: {column.label.in_(language)}"
                yield from _text(column, path, line.get(column.name), label)


def _text(found: Field, path: str, value: object, label: str) -> Iterator[tuple[str, str, str]]:
    asked = found.kind in (Kind.TEXT, Kind.TEXTAREA) and not found.read_only
    if asked and isinstance(value, str):
        normal = " ".join(value.casefold().split())
        if len(normal) >= SAME_FROM:
            yield path, normal, label


def _marked(view: FormView, item_id: str) -> FormView:
    """The form with every name and id led by the work item, so that many stand in one page."""
    mark = _Mark(item_id)
    return replace(
        view,
        sections=tuple(
            replace(section, fields=tuple(mark.field(found) for found in section.fields))
            for section in view.sections
        ),
        errors=tuple(
            replace(error, target=mark.id(error.target) if error.target else f"p-{item_id}")
            for error in view.errors
        ),
    )


@dataclass(frozen=True)
class _Mark:
    """Leads names by `<item>:` and ids by `i<item>-`; buttons name the item after their verb."""

    item_id: str

    def id(self, plain: str) -> str:
        return f"i{self.item_id}-{plain}" if plain else ""

    def name(self, plain: str) -> str:
        return f"{self.item_id}:{plain}"

    def button(self, plain: str | None) -> str | None:
        if plain is None:
            return None
        verb, _, path = plain.partition(":")
        return f"{verb}:{self.name(path)}"

    def field(self, found: FieldView) -> FieldView:
        return replace(
            found,
            name=self.name(found.name),
            id=self.id(found.id),
            hint_id=self.id(found.hint_id),
            options=tuple(self._option(option) for option in found.options),
            evidence=tuple(self._piece(piece) for piece in found.evidence),
            # One page carries one file; those of a person go in through his own form.
            evidence_kinds=tuple(kind for kind in found.evidence_kinds if kind != "file"),
            table=self._table(found.table) if found.table else None,
        )

    def _option(self, option: OptionView) -> OptionView:
        return replace(option, id=self.id(option.id))

    def _piece(self, piece: EvidenceView) -> EvidenceView:
        return replace(piece, name=self.name(piece.name), id=self.id(piece.id))

    def _table(self, table: TableView) -> TableView:
        return replace(
            table,
            hints=tuple((self.id(key), label, text) for key, label, text in table.hints),
            rows=tuple(self._row(row) for row in table.rows),
            add=self.button(table.add),
        )

    def _row(self, row: RowView) -> RowView:
        return replace(
            row,
            mark=self.name(row.mark),
            cells=tuple(self.field(cell) for cell in row.cells),
            wide=tuple(self.field(cell) for cell in row.wide),
            remove=self.button(row.remove),
        )
