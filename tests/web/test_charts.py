"""Charts are laid out on the server: to scale, named for who cannot see them."""

from itertools import pairwise

import pytest

from api.charts import WIDTH, Bar, Chart, Part, Point, line, stacked_bars


def widths(chart: Chart, kind: str) -> list[float]:
    return [box.width for box in chart.boxes if box.kind == kind]


def test_pieces_of_a_bar_are_as_long_as_their_shares() -> None:
    bar = Bar("Unit", (Part("done", 3), Part("open", 1), Part("late", 0)), "75 %")

    chart = stacked_bars("p", "Title", "About", [bar])

    assert widths(chart, "done")[0] == 3 * widths(chart, "open")[0]
    assert widths(chart, "late") == []


def test_pieces_of_a_bar_follow_each_other_without_a_gap() -> None:
    bar = Bar("Unit", (Part("done", 1), Part("open", 1), Part("late", 1)), "33 %")

    boxes = stacked_bars("p", "T", "A", [bar]).boxes

    assert all(left.x + left.width == pytest.approx(right.x) for left, right in pairwise(boxes))


@pytest.mark.parametrize(("kind", "leans"), [("late", True), ("held", False)])
def test_late_and_held_pieces_carry_marks_that_differ(kind: str, leans: bool) -> None:
    marks = stacked_bars("p", "T", "A", [Bar("Unit", (Part(kind, 1),), "0 %")]).strokes

    assert len(marks) > 10
    assert all((mark.points[0][0] != mark.points[1][0]) is leans for mark in marks)


def test_a_line_rises_to_its_goal() -> None:
    points = [Point("a", 0), Point("b", 5), Point("c", 10)]

    chart = line("p", "T", "A", points, goal=10)

    assert [y for _, y in chart.dots] == [148.0, 88.0, 28.0]


def test_a_long_line_has_few_labels_and_the_last_one_among_them() -> None:
    points = [Point(str(week), week) for week in range(52)]

    labels = [text.words for text in line("p", "T", "A", points, goal=60).texts]

    assert "51" in labels
    assert len(labels) <= 8


def test_nothing_at_all_is_laid_out_without_an_error() -> None:
    charts = (
        stacked_bars("a", "T", "A", [Bar("Unit", (Part("done", 0),), "0 %")]),
        line("c", "T", "A", [Point("x", 0)], goal=0),
        line("d", "T", "A", [], goal=0),
    )

    assert all(0 <= x <= WIDTH for chart in charts for x, _ in chart.dots)
