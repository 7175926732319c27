"""Charts are drawn on the server: to scale, named for who cannot see them, safe to include."""

from lxml import etree

from api.charts import WIDTH, Bar, Part, Point, line, stacked_bars

ATTACK = '"><script>alert(1)</script>'


def drawn(markup: str) -> etree._Element:
    return etree.fromstring(f"<div>{markup}</div>")


def widths(chart: etree._Element, kind: str) -> list[float]:
    return [float(box.get("width")) for box in chart.iterfind(f".//rect[@class='c-{kind}']")]


def test_pieces_of_a_bar_are_as_long_as_their_shares() -> None:
    bar = Bar("Unit", (Part("done", 3), Part("open", 1), Part("late", 0)), "75 %")

    chart = drawn(stacked_bars("p", "Title", "About", [bar]))

    assert widths(chart, "done")[0] == 3 * widths(chart, "open")[0]
    assert widths(chart, "late") == []


def test_late_pieces_carry_a_mark_beside_their_colour() -> None:
    chart = drawn(stacked_bars("p", "T", "A", [Bar("Unit", (Part("late", 1),), "0 %")]))

    assert len(chart.findall(".//path[@class='c-mark']")) > 10


def test_a_line_rises_to_its_goal() -> None:
    points = [Point("a", 0), Point("b", 5), Point("c", 10)]

    chart = drawn(line("p", "T", "A", points, goal=10))

    ys = [float(dot.get("cy")) for dot in chart.iterfind(".//circle")]
    assert ys == [148.0, 88.0, 28.0]


def test_nothing_at_all_is_drawn_without_an_error() -> None:
    empty = [Bar("Unit", (Part("done", 0),), "0 %")]

    charts = (
        stacked_bars("a", "T", "A", empty),
        line("c", "T", "A", [Point("x", 0)], goal=0),
    )

    assert all(
        drawn(chart).find("svg").get("viewBox").startswith(f"0 0 {WIDTH}") for chart in charts
    )


def test_every_chart_has_a_title_and_a_description() -> None:
    svg = drawn(line("p", "The title", "What it shows", [Point("a", 1)], goal=1)).find("svg")

    named = svg.get("aria-labelledby").split()
    assert [svg.find(f".//*[@id='{name}']").text for name in named] == [
        "The title",
        "What it shows",
    ]


def test_no_text_becomes_markup() -> None:
    bars = stacked_bars(ATTACK, ATTACK, ATTACK, [Bar(ATTACK, (Part("done", 1),), ATTACK)])

    assert "<script" not in bars
    assert drawn(bars).find(".//script") is None
