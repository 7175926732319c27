"""What payroll is told each month about a person, by a table of HR; what is paid others decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

NO_PREDICATE = "none"
CENTURY = range(2000, 2100)
KEYS = frozenset({"title", "title_en", "source", "record", "value", "take", "otherwise"})


class FigureSource(StrEnum):
    """Where a figure of the month comes from: records of the month, or the book of attendance."""

    RECORD = "record"
    ATTENDANCE = "attendance"


class Take(StrEnum):
    """What is made of the records of a month."""

    COUNT = "count"
    ABOVE_ZERO = "above_zero"
    SUM = "sum"
    LAST = "last"


@dataclass(frozen=True)
class RecapFigure:
    """One figure beside the predicate; `otherwise` holds where nothing was recorded.

    `record` and `value` name the records and what is read of them.
    """

    key: str
    title: Mapping[str, str]
    source: FigureSource
    record: str = ""
    value: str = ""
    take: Take = Take.COUNT
    otherwise: Decimal = Decimal(0)

    def of(self, values: Sequence[Decimal]) -> Decimal:
        """The figure of a month from the values of its records, the oldest first."""
        if not values:
            return self.otherwise
        match self.take:
            case Take.COUNT:
                return Decimal(len(values))
            case Take.ABOVE_ZERO:
                return Decimal(sum(value > 0 for value in values))
            case Take.SUM:
                return sum(values, Decimal(0))
            case Take.LAST:
                return values[-1]


@dataclass(frozen=True)
class RecapSettings:
    """The table of HR and the figures that it compares beside the predicate."""

    table: str
    figures: tuple[RecapFigure, ...] = ()


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def of(cls, code: str) -> "Month":
        """The month of a code such as `2026-03`. Raises ValueError."""
        first = date.fromisoformat(f"{code}-01")
        if first.year not in CENTURY:
            raise ValueError(f"no month of this century: {code!r}")
        return cls(first)

    @property
    def code(self) -> str:
        """The code that records of the month carry."""
        return self.first.isoformat()[:7]

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))


@dataclass(frozen=True)
class RecapLine:
    """One person in one month: what was known of him, and what the table makes of it.

    `version` and `cycle_id` name the result that the predicate comes from; `recorded` are the
    figures that rest on records. Figures and outcome are decimals or codes as text.
    """

    employee_id: str
    definition_id: str
    predicate: str = NO_PREDICATE
    under_appeal: bool = False
    cycle_id: str | None = None
    version: int = 0
    figures: Mapping[str, str] = field(default_factory=dict)
    recorded: tuple[str, ...] = ()
    outcome: Mapping[str, str] = field(default_factory=dict)

    def says_as(self, other: "RecapLine | None") -> bool:
        """Whether payroll would be told the same."""
        return other is not None and (self.predicate, self.outcome, self.under_appeal) == (
            other.predicate, other.outcome, other.under_appeal,
        )  # fmt: skip


def seal_of(bodies: Iterable[tuple[str, str]]) -> str:
    """SHA-256 in hex over the lines of a month, by person and stored text, in order of person."""
    digest = sha256()
    for employee_id, body in sorted(bodies):
        digest.update(f"{employee_id}\0{len(body)}\0{body}\n".encode())
    return digest.hexdigest()


def recap_of(document: Mapping[str, object]) -> RecapSettings | None:
    """The settings of `[recap]`; None without. Raises ValueError, KeyError or TypeError."""
    entry = document.get("recap")
    if entry is None:
        return None
    if not isinstance(entry, Mapping):
        raise TypeError("recap must be a table")
    figures = entry.get("figures", {})
    if not isinstance(figures, Mapping):
        raise TypeError("recap.figures must be tables")
    return RecapSettings(
        str(entry["table"]), tuple(_figure(str(key), one) for key, one in figures.items())
    )


def _figure(key: str, entry: object) -> RecapFigure:
    if not isinstance(entry, Mapping) or entry.keys() - KEYS:
        raise TypeError(f"recap.figures.{key} must be a table of {', '.join(sorted(KEYS))}")
    title, source = str(entry["title"]), FigureSource(str(entry["source"]))
    if source is FigureSource.RECORD and not entry.get("record"):
        raise ValueError(f"recap.figures.{key}.record names no record")
    usual = Take.LAST if source is FigureSource.ATTENDANCE else Take.COUNT
    return RecapFigure(
        key=key,
        title={"id": title, "en": str(entry.get("title_en", title))},
        source=source,
        record=str(entry.get("record", "")),
        value=str(entry.get("value", "")),
        take=Take(str(entry.get("take", usual))),
        otherwise=Decimal(str(entry.get("otherwise", 0))),
    )
