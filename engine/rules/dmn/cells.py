"""S-FEEL cells of decision tables (DMN 1.3, chapter 9), parsed at deploy into plain tests."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from lark import Lark, LarkError, Token, Transformer

Literal = Decimal | str | bool | date
MAX_CHARACTERS: Final = 500
_ANYTHING: Final = ("", "-")
# `1,5` is a list of two for DMN and one and a half for everybody who fills the table in.
_COMMA_NUMBER: Final = re.compile(r"\d,\d", re.ASCII)
_STRINGS: Final = re.compile(r'"[^"]*"')
_GRAMMAR: Final = r"""
start: tests | "not" "(" tests ")" -> negation
?tests: test ("," test)*           -> tests
?test: literal                     -> equal
     | COMPARISON literal          -> comparison
     | OPENING literal ".." literal CLOSING -> interval
?literal: NUMBER                   -> number
        | STRING                   -> text
        | "true"                   -> true
        | "false"                  -> false
        | "date" "(" STRING ")"    -> day
COMPARISON: "<=" | ">=" | "<" | ">"
OPENING: "[" | "(" | "]"
CLOSING: "]" | ")" | "["
NUMBER: /-?[0-9]{1,15}(\.[0-9]{1,6})?/
STRING: /"[^"\\\n]*"/
%ignore /[ \t\r\n]+/
"""


class Kind(StrEnum):
    """What a column holds; the name of the type in the file."""

    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"


class BadCell(Exception):
    """The text of a cell is no S-FEEL test or literal; `code` says why."""

    def __init__(self, code: str) -> None:
        """`code` is the rule id of the finding."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Equal:
    """Matches one value."""

    value: Literal

    def matches(self, value: Literal) -> bool:
        """Is `value` the one?"""
        return kind_of(value) is kind_of(self.value) and value == self.value

    @property
    def literals(self) -> tuple[Literal, ...]:
        """The values written in the test."""
        return (self.value,)


@dataclass(frozen=True)
class Interval:
    """Matches numbers or dates from `low` to `high`; None is unbounded."""

    low: Decimal | date | None
    high: Decimal | date | None
    low_included: bool = False
    high_included: bool = False

    def matches(self, value: Any) -> bool:
        """Does `value`, of the same kind as the bounds, lie inside?"""
        above = self.low is None or value > self.low or (self.low_included and value == self.low)
        return above and (
            self.high is None or value < self.high or (self.high_included and value == self.high)
        )

    @property
    def literals(self) -> tuple[Literal, ...]:
        """The bounds written in the test."""
        return tuple(bound for bound in (self.low, self.high) if bound is not None)


@dataclass(frozen=True)
class Cell:
    """One input cell: matches when one of its tests does, or, negated, when none does."""

    text: str
    tests: tuple[Equal | Interval, ...] = ()
    negated: bool = False

    @property
    def anything(self) -> bool:
        """Is the cell empty, so that it matches everything, even a missing value?"""
        return not self.tests

    @property
    def literals(self) -> tuple[Literal, ...]:
        """Every value written in the cell."""
        return tuple(literal for test in self.tests for literal in test.literals)

    def matches(self, value: Literal | None) -> bool:
        """Does the cell accept `value`? A missing value matches nothing but an empty cell."""
        if self.anything:
            return True
        if value is None:
            return False
        return self.negated != any(test.matches(value) for test in self.tests)


def kind_of(value: Literal) -> Kind:
    """The kind of a literal; a boolean is not a number."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, str):
        return Kind.STRING
    return Kind.DATE if isinstance(value, date) else Kind.NUMBER


def parse_cell(text: str, kind: Kind) -> Cell:
    """The tests of an input cell of a column of `kind`. Raises BadCell."""
    stripped = text.strip()
    if stripped in _ANYTHING:
        return Cell(stripped)
    cell = _parse(stripped)
    if any(kind_of(literal) is not kind for literal in cell.literals):
        raise BadCell("dmn.cell_wrong_type")
    if any(_reversed(test) for test in cell.tests if isinstance(test, Interval)):
        raise BadCell("dmn.interval_empty")
    return cell


def parse_literals(text: str, kind: Kind) -> tuple[Literal, ...]:
    """The values of an output cell or of a list of allowed values. Raises BadCell."""
    cell = parse_cell(text, kind)
    if cell.negated or not all(isinstance(test, Equal) for test in cell.tests):
        raise BadCell("dmn.not_a_value")
    return cell.literals


def _parse(text: str) -> Cell:
    if len(text) > MAX_CHARACTERS:
        raise BadCell("dmn.cell_too_long")
    if _COMMA_NUMBER.search(_STRINGS.sub('""', text)):
        raise BadCell("dmn.comma_number")
    try:
        with _PARSING:
            tree = _PARSER.parse(text)
        tests, negated = _Tests().transform(tree)
    except LarkError:
        raise BadCell("dmn.bad_cell") from None
    return Cell(text, tuple(tests), negated)


def _reversed(interval: Interval) -> bool:
    low, high = interval.low, interval.high
    if low is None or high is None:
        return False
    closed = interval.low_included and interval.high_included
    return bool(low > high or (low == high and not closed))  # type: ignore[operator]


class _Tests(Transformer[Token, Any]):
    """Turns the parse tree of a cell into its tests."""

    def start(self, found: Sequence[Any]) -> tuple[Any, bool]:
        return found[0], False

    def negation(self, found: Sequence[Any]) -> tuple[Any, bool]:
        return found[0], True

    def tests(self, found: Sequence[Any]) -> list[Any]:
        return list(found)

    def equal(self, found: Sequence[Any]) -> Equal:
        return Equal(found[0])

    def comparison(self, found: Sequence[Any]) -> Interval:
        sign, bound = str(found[0]), _ordered(found[1])
        if sign.startswith(">"):
            return Interval(bound, None, low_included=sign == ">=")
        return Interval(None, bound, high_included=sign == "<=")

    def interval(self, found: Sequence[Any]) -> Interval:
        opening, low, high, closing = found
        if kind_of(low) is not kind_of(high):
            raise LarkError
        return Interval(_ordered(low), _ordered(high), opening == "[", closing == "]")

    def number(self, found: Sequence[Any]) -> Decimal:
        return Decimal(str(found[0]))

    def text(self, found: Sequence[Any]) -> str:
        return str(found[0])[1:-1]

    def true(self, _: Sequence[Any]) -> bool:
        return True

    def false(self, _: Sequence[Any]) -> bool:
        return False

    def day(self, found: Sequence[Any]) -> date:
        try:
            return date.fromisoformat(str(found[0])[1:-1])
        except ValueError:
            raise LarkError from None


def _ordered(value: Literal) -> Decimal | date:
    if isinstance(value, bool | str):
        raise LarkError
    return value


# Earley: `[90..110)` is ambiguous for LALR, whose scanner takes `90.` for a number.
_PARSER: Final = Lark(_GRAMMAR, parser="earley", maybe_placeholders=False)
_PARSING: Final = threading.Lock()
