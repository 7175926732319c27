"""How a table of questions is laid out: what names a row, what stands beside it, what below."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.web.form_answers import NOTHING, answer_in_words, title_column, ui_word
from engine.rules.forms.form import NUMBERS, Field, Kind, blank

# Fields too wide for a column stand below their row.
_WIDE = (Kind.TEXTAREA, Kind.RADIO, Kind.CHECKBOXES, Kind.EVIDENCE)
# Fewer narrow fields make no table: where nothing names the rows they stand with the wide ones.
COLUMNS = 2
Row = Mapping[str, object]


@dataclass(frozen=True)
class Layout:
    """The columns of a table by their place; texts that nobody types say what a row is about."""

    title: Field | None
    facts: tuple[Field, ...]
    narrow: tuple[Field, ...]
    wide: tuple[Field, ...]


def layout_of(table: Field, rows: Sequence[Row], hidden: Collection[str]) -> Layout:
    """The layout of `table`; columns that no row shows and that hold nothing are left out.

    `hidden` are the value paths that the server hides.
    """
    shown = [
        column
        for column in table.columns
        if not column.hidden and (_is_seen(column, rows, hidden) or not rows)
    ]
    texts = [column for column in shown if column.read_only and column.kind not in NUMBERS]
    title = title_column(shown)
    asked = [column for column in shown if column not in texts]
    narrow = [column for column in asked if column.kind not in _WIDE]
    if title is None and len(narrow) < len(asked) and len(narrow) < COLUMNS:
        narrow = []
    return Layout(
        title,
        tuple(column for column in texts if column is not title),
        tuple(narrow),
        tuple(column for column in asked if column not in narrow),
    )


def row_title(layout: Layout, row: Row, place: int, language: str) -> str:
    """What the row is about, in words; its number where nothing names it."""
    value = row.get(layout.title.name) if layout.title else None
    if layout.title is None or blank(value):
        return ui_word("row", language, number=str(place + 1))
    return answer_in_words(layout.title, value, language)


def row_facts(
    layout: Layout, row: Row, mark: str, hidden: Collection[str], language: str
) -> Iterator[tuple[str, str]]:
    """What else the case says about the row; `mark` is the row's path."""
    for column in layout.facts:
        words = answer_in_words(column, row.get(column.name), language)
        if words != NOTHING and f"{mark}.{column.name}" not in hidden:
            yield column.label.in_(language), words


def _is_seen(column: Field, rows: Sequence[Row], hidden: Collection[str]) -> bool:
    table = column.path.partition(".")[0]
    return any(
        f"{table}.{place}.{column.name}" not in hidden
        or not (column.read_only or blank(row.get(column.name)))
        for place, row in enumerate(rows)
    )
