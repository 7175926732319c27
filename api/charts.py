"""Lays out charts on the server: they print, need no script and stand beside a table.

`templates/chart.html` draws what is laid out here; all lengths are units of the picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

WIDTH = 380
_ROW, _BAR_TOP, _BAR_HEIGHT = 44, 20, 14
_NOTE_WIDTH = 64
_PLOT_TOP, _PLOT_HEIGHT, _AXIS = 28, 120, 34
_LABELS_AT_MOST = 5
# Pieces with a mark of their own, for who does not see the colours, and how far it leans.
_MARKED = {"late": 3, "held": 0}


def coordinate(length: float) -> str:
    """A length to a tenth, as a drawing takes it; a figure for people is never written so."""
    return f"{length:.1f}"


@dataclass(frozen=True)
class Part:
    """One piece of a bar; `kind` names its look: done, open, late, held or rest."""

    kind: str
    value: int


@dataclass(frozen=True)
class Bar:
    """One line of stacked pieces with what is written beside it."""

    label: str
    parts: tuple[Part, ...]
    note: str


@dataclass(frozen=True)
class Leaning:
    """One line that leans to the left below zero and to the right above it."""

    label: str
    value: Decimal
    note: str


@dataclass(frozen=True)
class Point:
    """One point of a line; its label stands below the axis."""

    label: str
    value: int


@dataclass(frozen=True)
class Box:
    """A filled rectangle; `across` are its place and its width as the drawing takes them."""

    kind: str
    x: float
    y: float
    width: float
    height: float

    @property
    def across(self) -> tuple[str, str]:
        """How far from the left, and how wide."""
        return coordinate(self.x), coordinate(self.width)


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    kind: str
    points: tuple[tuple[float, float], ...]

    @property
    def drawn(self) -> str:
        """The points as a polyline takes them."""
        return " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in self.points)


@dataclass(frozen=True)
class Text:
    """Words at a place, which is `at` as the drawing takes it."""

    kind: str
    x: float
    y: float
    words: str

    @property
    def at(self) -> tuple[str, str]:
        """How far from the left and from the top."""
        return coordinate(self.x), coordinate(self.y)


@dataclass(frozen=True)
class Chart:
    """One picture; `name` makes its ids on the page its own, `about` says what it shows."""

    name: str
    title: str
    about: str
    height: float
    boxes: tuple[Box, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    texts: tuple[Text, ...] = ()
    width: float = WIDTH

    @property
    def placed_dots(self) -> list[tuple[str, str]]:
        """The dots as the drawing takes them."""
        return [(coordinate(x), coordinate(y)) for x, y in self.dots]


def stacked_bars(name: str, title: str, about: str, bars: Sequence[Bar]) -> Chart:
    """Bars one below the other, each as long as its share of its own total."""
    boxes = tuple(box for place, bar in enumerate(bars) for box in _pieces(bar, place * _ROW))
    return Chart(
        name,
        title,
        about,
        len(bars) * _ROW,
        boxes=boxes,
        strokes=tuple(mark for box in boxes for mark in _marks(box)),
        texts=tuple(text for place, bar in enumerate(bars) for text in _said(bar, place * _ROW)),
    )


def leaning_bars(
    name: str, title: str, about: str, bars: Sequence[Leaning], *, limit: Decimal
) -> Chart:
    """Bars to both sides of zero, each between two dashed marks at `limit`."""
    most = max([limit, *(abs(bar.value) for bar in bars)]) or Decimal(1)
    middle = (WIDTH - _NOTE_WIDTH) / 2

    def place(value: Decimal) -> float:
        return middle + middle * float(value / most)

    boxes, strokes, texts = [], [], []
    for number, bar in enumerate(bars):
        top, end = number * _ROW + _BAR_TOP, place(bar.value)
        kind = "held" if abs(bar.value) > limit else "open"
        boxes.append(Box(kind, min(middle, end), top, abs(end - middle), _BAR_HEIGHT))
        for at in (-limit, Decimal(0), limit):
            ends = ((place(at), top - 3), (place(at), top + _BAR_HEIGHT + 3))
            strokes.append(Stroke("goal" if at else "axis", ends))
        texts += _said(Bar(bar.label, (), bar.note), number * _ROW)
    height = len(bars) * _ROW
    return Chart(name, title, about, height, tuple(boxes), tuple(strokes), texts=tuple(texts))


def line(name: str, title: str, about: str, points: Sequence[Point], *, goal: int) -> Chart:
    """A rising line below a dashed one at `goal`."""
    places = tuple(_places(points, max([goal, 1, *(point.value for point in points)])))
    floor = _PLOT_TOP + _PLOT_HEIGHT
    strokes = (
        Stroke("axis", ((0, floor), (WIDTH, floor))),
        Stroke("goal", ((0, _PLOT_TOP), (WIDTH, _PLOT_TOP))),
        Stroke("line", places),
    )
    texts = (Text("name c-end", WIDTH, _PLOT_TOP - 7, str(goal)), *_labels(points, places))
    return Chart(name, title, about, floor + _AXIS, strokes=strokes, dots=places, texts=texts)


def _pieces(bar: Bar, top: float) -> Iterator[Box]:
    total = sum(part.value for part in bar.parts) or 1
    widths = [(WIDTH - _NOTE_WIDTH) * part.value / total for part in bar.parts]
    for part, end, width in zip(bar.parts, accumulate(widths), widths, strict=True):
        if width:
            yield Box(part.kind, end - width, top + _BAR_TOP, width, _BAR_HEIGHT)


def _marks(box: Box) -> Iterator[Stroke]:
    lean = _MARKED.get(box.kind)
    if lean is None:
        return
    x = box.x + 4
    while x < box.x + box.width - 2:
        yield Stroke("mark", ((x - lean, box.y + box.height - 3), (x + lean, box.y + 3)))
        x += 7


def _said(bar: Bar, top: float) -> Iterator[Text]:
    yield Text("name", 0, top + 13, bar.label)
    yield Text("note c-end", WIDTH, top + _BAR_TOP + 12, bar.note)


def _places(points: Sequence[Point], most: int) -> Iterator[tuple[float, float]]:
    step = (WIDTH - _NOTE_WIDTH) / max(1, len(points) - 1)
    for place, point in enumerate(points):
        y = _PLOT_TOP + _PLOT_HEIGHT * (1 - point.value / most)
        yield _NOTE_WIDTH / 2 + place * step, y


def _labels(points: Sequence[Point], places: Sequence[tuple[float, float]]) -> Iterator[Text]:
    """A few dates below the axis, and the last value at its point."""
    every = -(-len(points) // _LABELS_AT_MOST) or 1
    for left, (point, (x, y)) in enumerate(zip(reversed(points), reversed(places), strict=True)):
        if left == 0:
            yield Text("note c-middle", x, y - 10, str(point.value))
        if left % every == 0:
            yield Text("name c-middle", x, _PLOT_TOP + _PLOT_HEIGHT + 20, point.label)
