"""Counts that may be shown side by side without telling of few people.

A count from one to below the floor is hidden. Because lines and columns have sums, further counts
are hidden with it until no hidden one follows from what is shown. How many people a line has is no
secret, since progress is counted exactly; what they have is one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """One line of a table; None stands for what is hidden."""

    cells: tuple[int | None, ...]
    total: int | None


def shown_table(lines: Sequence[Sequence[int]], floor: int) -> tuple[Shown, ...]:
    """The lines with their sums, and as the last one the sum of all lines.

    Lines of too few people are hidden whole, and count together with others as one line that is
    not shown. Nothing is shown where even all lines are too few, or hidden ones have all the same.
    """
    few = _lines_together(lines, floor)
    if few is None:
        hidden_line = Shown((None,) * len(lines[0]), None)
        return (hidden_line,) * (len(lines) + 1)
    kept = [place for place in range(len(lines)) if place not in few]
    together = [_added(lines[place] for place in sorted(few))] if few else []
    *shown, whole = _shown_lines([*(lines[place] for place in kept), *together], floor)
    by_place = dict(zip(kept, shown, strict=False))
    nothing = Shown((None,) * len(whole.cells), None)
    return (*(by_place.get(place, nothing) for place in range(len(lines))), whole)


def _lines_together(lines: Sequence[Sequence[int]], floor: int) -> frozenset[int] | None:
    """The lines of too few people, with the smallest others that hide them; None without any.

    They hide each other when they are enough people and have two different things: then of nobody
    is it known which. For each count in one of them another line of them may have it instead.
    """

    def is_enough(places: frozenset[int]) -> bool:
        counts = _added(lines[place] for place in places)
        return sum(counts) >= floor and sum(count > 0 for count in counts) > 1

    found = frozenset(place for place, line in enumerate(lines) if 0 < sum(line) < floor)
    while found and not is_enough(found):
        others = [place for place in range(len(lines)) if place not in found and any(lines[place])]
        if not others:
            return None
        found |= {min(others, key=lambda one: (not is_enough(found | {one}), sum(lines[one]), one))}
    return found


def _added(lines: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*lines, strict=True)]


def _shown_lines(lines: Sequence[Sequence[int]], floor: int) -> tuple[Shown, ...]:
    """Lines of enough people each, and their sum.

    A table with its sums is a graph: its lines and columns are the nodes, each hidden count an
    edge. A count follows from the shown ones just when its edge is a bridge, in no circle: along
    a circle one more here is one less there, and every sum stays. Source: Gusfield, "A Graph
    Theoretic Approach to Statistical Data Security", SIAM J. Comput. 17 (1988).
    """
    table = [*lines, _added(lines)]
    hidden = {
        (row, column)
        for row, line in enumerate(table)
        for column, count in enumerate(line)
        if 0 < count < floor
    }
    while bridges := _bridges(hidden):
        for bridge in bridges:
            hidden |= _circle(table, bridge, hidden)
    hidden |= _zeros_beside(table, hidden)
    return tuple(_shown(row, line, hidden) for row, line in enumerate(table))


def _zeros_beside(table: Sequence[Sequence[int]], hidden: set[Cell]) -> set[Cell]:
    """The zeros of lines that hide something, but for those that follow from a shown sum of zero.

    Otherwise a hidden count would be known to be one at least, and two that are two together one.
    """
    lines, whole = {row for row, _ in hidden}, len(table) - 1
    return {
        (row, column)
        for row in lines
        for column, count in enumerate(table[row])
        if count == 0 and (table[whole][column] or whole in lines)
    }


def _shown(row: int, line: Sequence[int], hidden: set[Cell]) -> Shown:
    counts = [None if (row, column) in hidden else n for column, n in enumerate(line)]
    return Shown(tuple(counts), sum(line))


def _bridges(hidden: set[Cell]) -> list[Cell]:
    """Of the hidden counts those that follow from the shown ones, the first one first."""
    by_line: dict[int, set[int]] = {}
    for row, column in hidden:
        by_line.setdefault(row, set()).add(column)
    lines = {row: frozenset(columns) for row, columns in sorted(by_line.items())}
    copies = Counter(lines.values())
    return [
        (row, column)
        for row, columns in lines.items()
        # Two lines that hide the same two or more columns form circles with each other.
        if len(columns) == 1 or copies[columns] == 1
        for column in sorted(columns)
        if not _joined(column, columns - {column}, copies.keys() - {columns})
    ]


def _joined(column: int, goal: frozenset[int], lines: Iterable[frozenset[int]]) -> bool:
    """Whether other lines lead from a column to one of the goal."""
    reached, before = {column}, 0
    while len(reached) > before:
        before = len(reached)
        for line in lines:
            if not reached.isdisjoint(line):
                reached |= line
    return not reached.isdisjoint(goal)


def _circle(table: Sequence[Sequence[int]], cell: Cell, hidden: set[Cell]) -> set[Cell]:
    """Three more counts that form a circle with `cell`, already hidden or small where possible.

    Only counts above zero hide one another: nobody can be missing where nobody is.
    """

    def cost(*corners: Cell) -> tuple[int, int]:
        more = [corner for corner in corners if corner not in hidden]
        return len(more), sum(table[row][column] for row, column in more)

    row, column = cell
    beside = [c for c, count in enumerate(table[row]) if count and c != column]
    beside.sort(key=lambda c: cost((row, c)))
    # Every line shares its counts and its own sum with the sum of all lines.
    other, both = next((c, rows) for c in beside if (rows := _sharing(table, row, column, c)))
    best = min(both, key=lambda r: cost((r, column), (r, other)))
    return {cell, (row, other), (best, column), (best, other)}


def _sharing(table: Sequence[Sequence[int]], row: int, column: int, other: int) -> list[int]:
    """The other lines that have somebody in both columns."""
    return [r for r, line in enumerate(table) if r != row and line[column] and line[other]]
