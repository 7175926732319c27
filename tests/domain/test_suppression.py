"""No combination of shown counts tells a hidden one, as an equation solver sees it."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.suppression import Shown, shown_table

FLOOR = 5
COUNTS = st.sampled_from([0, 0, 1, 2, 4, 5, 6, 9, 30])


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    """Up to six units and five predicates, with many counts near the floor."""
    columns = draw(st.integers(1, 5))
    line = st.lists(COUNTS, min_size=columns, max_size=columns)
    return draw(st.lists(line, min_size=1, max_size=6))


def cells(shown: tuple[Shown, ...]) -> list[list[int | None]]:
    """The table with its sums, as whoever reads it has it."""
    return [[*line.cells, line.total] for line in shown]


def equations(table: list[list[int | None]]) -> tuple[list[tuple[int, int]], list[list[Fraction]]]:
    """What the reader knows: each line and column adds up to its last count."""
    unknown = [
        (row, column)
        for row, column in product(range(len(table)), range(len(table[0])))
        if table[row][column] is None
    ]
    lines = [[(row, column) for column in range(len(table[0]))] for row in range(len(table))]
    columns = [[(row, column) for row in range(len(table))] for column in range(len(table[0]))]
    known = []
    for members in (*lines, *columns):
        signs = {cell: Fraction(-1 if cell == members[-1] else 1) for cell in members}
        known.append([signs.get(cell, Fraction(0)) for cell in unknown])
    return unknown, known


def reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The rows in reduced echelon form."""
    done: list[list[Fraction]] = []
    for column in range(len(rows[0]) if rows else 0):
        found = next((row for row in rows if row[column]), None)
        if found is None:
            continue
        rows.remove(found)
        pivot = [value / found[column] for value in found]

        def without(row: list[Fraction], pivot: list[Fraction], at: int) -> list[Fraction]:
            return [a - row[at] * b for a, b in zip(row, pivot, strict=True)]

        rows = [without(row, pivot, column) for row in rows]
        done = [without(row, pivot, column) for row in done] + [pivot]
    return done


@given(tables())
def test_no_combination_of_shown_counts_yields_a_hidden_one(table: list[list[int]]):
    unknown, known = equations(cells(shown_table(table, FLOOR)))

    told = [row for row in reduced(known) if sum(value != 0 for value in row) == 1]

    assert told == [], [unknown[row.index(1)] for row in told]


@given(tables())
def test_every_count_below_the_floor_is_hidden_and_every_shown_one_is_right(
    table: list[list[int]],
):
    sums = [sum(column) for column in zip(*table, strict=True)]
    whole = [[*line, sum(line)] for line in (*table, sums)]

    for line, shown in zip(whole, cells(shown_table(table, FLOOR)), strict=True):
        for count, seen in zip(line, shown, strict=True):
            assert seen in (None, count)
            assert seen is None or seen == 0 or seen >= FLOOR


def test_a_table_without_small_counts_is_shown_whole():
    assert cells(shown_table([[5, 9, 0], [30, 6, 5]], FLOOR)) == [
        [5, 9, 0, 14], [30, 6, 5, 41], [35, 15, 5, 55],
    ]  # fmt: skip


def test_one_small_count_takes_another_of_its_line_and_two_of_another_line_with_it():
    shown = cells(shown_table([[3, 20, 9], [8, 30, 7]], FLOOR))

    assert shown == [[None, 20, None, 32], [None, 30, None, 45], [11, 50, 16, 77]]


def test_two_small_lines_hide_one_another():
    shown = cells(shown_table([[2, 1], [1, 3], [20, 30]], FLOOR))

    assert shown[2:] == [[20, 30, 50], [23, 34, 57]]
