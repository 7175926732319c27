"""What the pages of units and positions show."""

from dataclasses import dataclass
from datetime import date, datetime

from engine.queries.people import Person
from engine.store.agencies import AgencyRow
from engine.store.people import PositionRow, UnitRow


@dataclass(frozen=True)
class UnitLine:
    """A unit in the tree: how deep it stands and how many work in it today."""

    unit: UnitRow
    depth: int
    people: int
    is_closed: bool


@dataclass(frozen=True)
class Change:
    """One field that was changed, in words where it referred to something."""

    field: str
    was: str
    became: str
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class Tree:
    """The agency with its units; who may not change anything sees his own units only."""

    agency: AgencyRow
    lines: tuple[UnitLine, ...]
    changes: tuple[Change, ...]
    may_change: bool


@dataclass(frozen=True)
class Holder:
    """Somebody in a position from a day to a day; `is_running` today or later."""

    id: str
    person: Person
    kind: str
    starts: date
    ends: date | None
    is_running: bool


@dataclass(frozen=True)
class PositionLine:
    """A position of a unit with who holds it today."""

    position: PositionRow
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class UnitPage:
    """One unit: its place, its positions, what it was before.

    `system` is the one that it is appraised by, its own or that of a unit above.
    """

    line: UnitLine
    parent: UnitRow | None
    below: tuple[UnitLine, ...]
    positions: tuple[PositionLine, ...]
    after: tuple[str, str] | None
    parents: tuple[UnitLine, ...]
    changes: tuple[Change, ...]
    system: str | None
    may_change: bool


@dataclass(frozen=True)
class PositionPage:
    """One position: who held it when, its superior, and which others could be that."""

    position: PositionRow
    unit: UnitRow
    superior: PositionLine | None
    superior_unit: UnitRow | None
    holders: tuple[Holder, ...]
    units: tuple[UnitLine, ...]
    choices: tuple[PositionRow, ...]
    changes: tuple[Change, ...]
    may_change: bool
