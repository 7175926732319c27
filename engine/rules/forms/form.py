"""What a form is: its fields, sections, checks and the compiled validator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import jsonschema_rs

from engine.rules.deadlines import Calendar
from engine.rules.expressions import Expression

MAX_ROWS: Final = 200
MAX_EVIDENCE: Final = 20
MAX_TEXT: Final = 10_000
EVIDENCE_TEXTS: Final[Mapping[str, int]] = {"file_id": 64, "link": 2_000, "number": 200}
NOTE_LENGTH: Final = 500
EVIDENCE_KEYS: Final[Mapping[str, str]] = {"file": "file_id", "link": "link", "paper": "number"}

Values = dict[str, object]


class Kind(StrEnum):
    """How a field is asked for and stored."""

    TEXT = "text"
    TEXTAREA = "textarea"
    DECIMAL = "decimal"
    INTEGER = "integer"
    CHECKBOX = "checkbox"
    CHECKBOXES = "checkboxes"
    DATE = "date"
    RADIO = "radio"
    SELECT = "select"
    ROWS = "rows"
    EVIDENCE = "evidence"


NUMBERS: Final = (Kind.DECIMAL, Kind.INTEGER)
CHOICES: Final = (Kind.RADIO, Kind.SELECT, Kind.CHECKBOXES)


@dataclass(frozen=True)
class Words:
    """A text for people; English falls back to Indonesian where nobody wrote it."""

    indonesian: str
    english: str | None = None

    def in_(self, language: str) -> str:
        """The text in `language` (id or en)."""
        return self.english if language == "en" and self.english else self.indonesian


@dataclass(frozen=True)
class Option:
    """One allowed answer of a choice."""

    value: str
    label: Words


@dataclass(frozen=True)
class Prefill:
    """Where a first value comes from: an expression over the case's data, or a literal."""

    expression: Expression | None = None
    literal: object = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question, or a table of questions when it has columns; `path` is dotted, without rows."""

    name: str
    path: str
    kind: Kind
    label: Words
    schema: Mapping[str, object]
    help: Words | None = None
    required: bool = False
    read_only: bool = False
    hidden: bool = False
    options: tuple[Option, ...] = ()
    show_if: Expression | None = None
    required_if: Expression | None = None
    compute: Expression | None = None
    prefill: Prefill | None = None
    message: Words | None = None
    columns: tuple["Field", ...] = ()
    column_order: tuple["Field", ...] = ()
    fixed_rows: bool = False
    unit: Words | None = None
    places: int | None = None
    rating: bool | None = None

    @property
    def imposed(self) -> bool:
        """Is the value taken from the case, whatever the client sends?"""
        return self.read_only and self.compute is None and self.prefill is not None


@dataclass(frozen=True)
class Section:
    """A group of fields under one heading."""

    title: Words | None
    help: Words | None
    fields: tuple[str, ...]
    show_if: Expression | None = None


@dataclass(frozen=True)
class Check:
    """A rule across fields; `when` is true where the answers are wrong."""

    when: Expression
    path: str
    message: Words


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """A checked form; `order` lists the fields so that each follows what it is computed from.

    `summary` names earlier steps of the case that are shown with it, `beside` steps of processes
    that ran beside it, as `process/element`.
    """

    key: str
    schema: Mapping[str, object]
    ui: Mapping[str, object]
    sha256: str
    file: str
    title: Words
    fields: Mapping[str, Field]
    sections: tuple[Section, ...]
    order: tuple[Field, ...]
    checks: tuple[Check, ...]
    summary: tuple[str, ...]
    beside: tuple[str, ...]
    validator: jsonschema_rs.Draft202012Validator

    def all_fields(self) -> Iterator[Field]:
        """Every field, columns after their table."""
        for top in self.fields.values():
            yield top
            yield from top.columns


@dataclass(frozen=True)
class FormContext:
    """What a form is filled in: the case's data, the role of the person, the moment."""

    data: Mapping[str, object]
    acting_as: str
    now: datetime
    calendar: Calendar
    language: str = "id"


@dataclass(frozen=True)
class Settled:
    """Values with the case's own values imposed, computed fields filled, hidden ones dropped."""

    values: Values
    hidden: frozenset[str] = frozenset()
    computed: frozenset[str] = field(default_factory=frozenset)


def blank(item: object) -> bool:
    """Is this no answer? A number zero and an unticked box are answers."""
    return item is None or (isinstance(item, str) and not item.strip()) or item in ([], {})


def field_at(form: Form, path: str) -> Field | None:
    """The field of a value path (`rows.0.rating`) or field path (`rows.rating`)."""
    parts = [part for part in path.split(".") if not part.isdecimal()]
    found = form.fields.get(parts[0]) if parts else None
    if found is None or len(parts) == 1 or not found.columns:
        return found
    return next((column for column in found.columns if column.name == parts[1]), found)
