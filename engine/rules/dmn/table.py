"""The shape of a decision table after parsing: frozen, with nothing left to interpret."""

from dataclasses import dataclass
from enum import StrEnum

from engine.rules.dmn.cells import Cell, Kind, Literal
from engine.rules.expressions import Expression


class HitPolicy(StrEnum):
    """How many rows may match and which of them count (DMN 1.3, 8.2.10)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def single(self) -> bool:
        """Does one row decide, so that every case needs a row?"""
        return self in (self.UNIQUE, self.ANY, self.FIRST, self.PRIORITY)

    @property
    def ranked(self) -> bool:
        """Does the order of the allowed output values decide?"""
        return self in (self.PRIORITY, self.OUTPUT_ORDER)


class Aggregation(StrEnum):
    """What COLLECT makes of the outputs; none of these gives the list itself."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True)
class Input:
    """An input column; `allowed` is its declared domain, None when nothing is declared."""

    label: str
    expression: Expression
    kind: Kind
    allowed: Cell | None = None


@dataclass(frozen=True)
class Output:
    """An output column; the order of `allowed` is the priority, the first one the highest.

    `label` is what people call it: its name where none is written.
    """

    name: str
    kind: Kind
    allowed: tuple[Literal, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Rule:
    """One row; `id` is the element id in the file, `line` its line."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[Literal | None, ...]
    annotation: str = ""
    line: int | None = None

    @property
    def matches_everything(self) -> bool:
        """Is every input cell of the row empty?"""
        return all(cell.anything for cell in self.cells)


@dataclass(frozen=True)
class DecisionTable:
    """One decision; `id` is what a diagram calls, `sha256` identifies the exact file."""

    id: str
    name: str
    file: str
    sha256: str
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    line: int | None = None
