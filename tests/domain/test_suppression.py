"""No combination of shown counts tells a hidden one, to whoever knows how many a line has."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.suppression import Shown, shown_table

FLOOR = 3
COUNTS = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4])


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    """Up to four units and two or three predicates, with many counts near the floor."""
    columns = draw(st.integers(2, 3))
    line = st.lists(COUNTS, min_size=columns, max_size=columns)
    return draw(st.lists(line, min_size=1, max_size=4))


def cells(shown: tuple[Shown, ...]) -> list[list[int | None]]:
    """The table with its sums, as whoever reads it has it."""
    return [[*line.cells, line.total] for line in shown]


def possible_lines(total: int, shown: Shown) -> list[tuple[int, ...]]:
    """Every line of so many people that shows what is shown."""
    ranges = [range(total + 1) if cell is None else (cell,) for cell in shown.cells]
    return [line for line in product(*ranges) if sum(line) == total]


def possible_tables(table: list[list[int]]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every table that a reader may take for the true one; progress told him all line sums."""
    *lines, whole = shown_table(table, FLOOR)
    possible = [possible_lines(sum(line), seen) for line, seen in zip(table, lines, strict=True)]
    for one in product(*possible):
        sums = [sum(column) for column in zip(*one, strict=True)]
        if all(seen in (None, n) for n, seen in zip(sums, whole.cells, strict=True)):
            yield one


@settings(max_examples=150)
@given(tables())
def test_of_nobody_who_is_hidden_is_it_known_what_he_has(table: list[list[int]]):
    *shown, _ = shown_table(table, FLOOR)
    secret = {
        (row, column)
        for row, line in enumerate(table)
        for column, count in enumerate(line)
        if count and shown[row].cells[column] is None
    }

    for other in possible_tables(table):
        secret = {(r, c) for r, c in secret if other[r][c] == table[r][c]}
        if not secret:
            break

    assert secret == set()


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
    assert cells(shown_table([[5, 9, 0], [30, 6, 5]], 5)) == [
        [5, 9, 0, 14], [30, 6, 5, 41], [35, 15, 5, 55],
    ]  # fmt: skip


def test_one_small_count_takes_another_of_its_line_and_two_of_another_line_with_it():
    shown = cells(shown_table([[3, 20, 9], [8, 30, 7]], 5))

    assert shown == [[None, 20, None, 32], [None, 30, None, 45], [11, 50, 16, 77]]


def test_a_line_of_few_people_is_hidden_whole_with_the_smallest_that_hides_it():
    shown = cells(shown_table([[0, 3, 0], [0, 12, 0], [8, 6, 0], [9, 20, 0]], 5))

    hidden = [None, None, None, None]
    assert shown == [hidden, [0, 12, 0, 12], hidden, [9, 20, 0, 29], [17, 41, 0, 58]]


def test_a_hidden_count_may_be_zero_too():
    shown = cells(shown_table([[1, 9, 1, 0], [6, 9, 6, 7]], 5))

    assert shown[0] == [None, 9, None, None, 11]


def test_few_people_hide_among_others_only_where_these_have_different_things():
    assert {*map(tuple, cells(shown_table([[0, 3], [0, 30]], 5)))} == {(None, None, None)}
    assert {*map(tuple, cells(shown_table([[1, 1], [1, 0]], 5)))} == {(None, None, None)}
