"""What the templates of a form show: plain values, every word chosen, every id given."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

# A step that asks no more than this is read and answered on one screen.
SHORT: Final = 3


def input_id(path: str) -> str:
    """The HTML id of the input at a value path."""
    return f"f-{path.replace('.', '-')}"


@dataclass(frozen=True)
class OptionView:
    """One answer of a choice."""

    value: str
    label: str
    id: str
    checked: bool


@dataclass(frozen=True)
class EvidenceView:
    """One piece of evidence; `key` is the part of it that may still be typed, or empty."""

    kind: str
    kind_label: str
    name: str
    id: str
    key: str
    value: str
    text: str
    href: str | None = None
    invalid: bool = False


@dataclass(frozen=True)
class RowView:
    """One row of a table: what it is about, narrow cells beside it, wide fields below.

    A hidden row asks nothing; it stays in the page so that the others keep their places.
    """

    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    mark: str
    cells: tuple["FieldView", ...]
    wide: tuple["FieldView", ...]
    remove: str | None
    hidden: bool = False


@dataclass(frozen=True)
class TableView:
    """A table of questions; `add` is the operation of its button, None when rows are fixed.

    `about` heads the column that names the rows; `hints` are told once, above: id, label, text.
    """

    about: str
    headings: tuple[tuple[str, bool], ...]
    hints: tuple[tuple[str, str, str], ...]
    rows: tuple[RowView, ...]
    add: str | None
    span: int


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One question with its answer, help and errors; `widget` names the macro that shows it."""

    widget: str
    path: str
    name: str
    id: str
    label: str
    row: str = ""
    hint: str = ""
    hint_id: str = ""
    errors: tuple[str, ...] = ()
    value: str = ""
    options: tuple[OptionView, ...] = ()
    evidence: tuple[EvidenceView, ...] = ()
    evidence_kinds: tuple[str, ...] = ()
    table: TableView | None = None
    unit: str = ""
    # A date in words: what the browser shows depends on the browser's own language.
    day: str = ""
    optional: bool = False
    hidden: bool = False
    numeric: bool = False
    # Whether the server alone knows when the question is asked; the style sheet knows the rest.
    decided_here: bool = False

    @property
    def described_by(self) -> str:
        """The ids of help and errors, for aria-describedby."""
        parts = [self.hint_id] if self.hint_id else []
        return " ".join([*parts, *([f"e-{self.id}"] if self.errors else [])])


@dataclass(frozen=True)
class SectionView:
    """A group of questions under one heading."""

    number: int
    title: str
    hint: str
    fields: tuple[FieldView, ...]
    hidden: bool

    @property
    def runs(self) -> tuple[tuple[FieldView, ...], ...]:
        """The fields in groups: each table alone, the questions between them together."""
        grouped = groupby(self.fields, key=lambda found: found.id if found.table else "")
        return tuple(tuple(run) for _, run in grouped)


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary; `target` is the id of the input, empty when there is none."""

    target: str
    text: str


@dataclass(frozen=True)
class AnswerTable:
    """A table of answers in words: for each row what it is about, then label and answer."""

    title: str
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class AnswersView:
    """The answers of a step in words: facts first, then tables."""

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[AnswerTable, ...]


@dataclass(frozen=True)
class FormView:
    """A whole form, ready to be shown; `css` goes into a style element with the page's nonce."""

    title: str
    sections: tuple[SectionView, ...]
    errors: tuple[ErrorLink, ...]
    error_title: str
    panels: tuple[AnswersView, ...]
    css: str
    words: Mapping[str, str]

    @property
    def answers_open(self) -> bool:
        """Whether the earlier answers lie open: a short step answers to them and nothing else."""
        asked = [q for section in self.sections for q in section.fields if q.widget != "output"]
        return len(self.panels) == 1 and len(asked) <= SHORT
