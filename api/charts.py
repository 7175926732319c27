"""Draws charts as SVG on the server: they print, need no script and stand beside a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup, escape

WIDTH = 380
_ROW, _BAR_TOP, _BAR_HEIGHT = 44, 20, 14
_NOTE_WIDTH = 64
_PLOT_TOP, _PLOT_HEIGHT, _AXIS = 28, 120, 34
_LABELS_AT_MOST = 5


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
class Point:
    """One point of a line; its label stands below the axis."""

    label: str
    value: int


def stacked_bars(name: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """Bars one below the other, each as long as its share of its own total."""
    body = Markup("").join(_stacked(bar, place * _ROW) for place, bar in enumerate(bars))
    return _figure(name, title, description, body, len(bars) * _ROW)


def line(name: str, title: str, description: str, points: Sequence[Point], *, goal: int) -> Markup:
    """A rising line below a dashed one at `goal`."""
    places = list(_places(points, max([goal, 1, *(point.value for point in points)])))
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    path = Markup('<polyline class="c-line" points="{}"/>').format(drawn)
    dots = Markup("").join(_dot(x, y) for x, y in places)
    top = Markup('<path class="c-goal" d="M0 {y}H{w}"/>').format(y=_PLOT_TOP, w=WIDTH)
    labels = Markup("").join(_label_of(points, places))
    top += _text(str(goal), WIDTH, _PLOT_TOP - 7, "c-name c-end")
    body = _axis() + top + path + dots + labels
    return _figure(name, title, description, body, _PLOT_TOP + _PLOT_HEIGHT + _AXIS)


def _figure(name: str, title: str, description: str, body: Markup, height: float) -> Markup:
    """`name` makes the ids of the page different for every chart."""
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {w} {h:.0f}" aria-labelledby="{n}-t {n}-d">'
        '<title id="{n}-t">{t}</title><desc id="{n}-d">{d}</desc>{b}</svg>'
    ).format(w=WIDTH, h=height, n=name, t=title, d=description, b=body)


def _stacked(bar: Bar, top: float) -> Markup:
    total = sum(part.value for part in bar.parts) or 1
    full = WIDTH - _NOTE_WIDTH
    widths = [full * part.value / total for part in bar.parts]
    starts = [0.0, *accumulate(widths)]
    pieces = zip(bar.parts, starts, widths, strict=False)
    drawn = (_piece(part.kind, x, top + _BAR_TOP, w) for part, x, w in pieces if w)
    return (
        _text(bar.label, 0, top + 13, "c-name")
        + Markup("").join(drawn)
        + _text(bar.note, WIDTH, top + _BAR_TOP + 12, "c-note c-end")
    )


def _piece(kind: str, x: float, y: float, width: float) -> Markup:
    """Late and held pieces carry a mark of their own, for who does not see the colours."""
    box = Markup('<rect class="c-{k}" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h}"/>')
    drawn = box.format(k=escape(kind), x=x, y=y, w=width, h=_BAR_HEIGHT)
    if kind not in {"late", "held"}:
        return drawn
    lines = Markup("").join(_stroke(kind, place, y) for place in _every(x + 4, x + width - 2))
    return drawn + lines


def _every(start: float, end: float, step: float = 7) -> Iterator[float]:
    while start < end:
        yield start
        start += step


def _stroke(kind: str, x: float, y: float) -> Markup:
    lean = 3 if kind == "late" else 0
    return Markup('<path class="c-mark" d="M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}"/>').format(
        a=x - lean, b=y + _BAR_HEIGHT - 3, c=x + lean, d=y + 3
    )


def _axis() -> Markup:
    return Markup('<path class="c-axis" d="M0 {y}H{w}"/>').format(
        y=_PLOT_TOP + _PLOT_HEIGHT, w=WIDTH
    )


def _places(points: Sequence[Point], most: int) -> Iterator[tuple[float, float]]:
    step = (WIDTH - _NOTE_WIDTH) / max(1, len(points) - 1)
    for place, point in enumerate(points):
        y = _PLOT_TOP + _PLOT_HEIGHT * (1 - point.value / most)
        yield _NOTE_WIDTH / 2 + place * step, y


def _dot(x: float, y: float) -> Markup:
    return Markup('<circle class="c-dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>').format(x=x, y=y)


def _label_of(points: Sequence[Point], places: Sequence[tuple[float, float]]) -> Iterator[Markup]:
    """A few dates below the axis, and the last value at its point."""
    every = -(-len(points) // _LABELS_AT_MOST) or 1
    for number, (point, (x, y)) in enumerate(zip(points, places, strict=True)):
        last = number == len(points) - 1
        if (len(points) - 1 - number) % every == 0:
            yield _text(point.label, x, _PLOT_TOP + _PLOT_HEIGHT + 20, "c-name c-middle")
        if last:
            yield _text(str(point.value), x, y - 10, "c-note c-middle")


def _text(words: str, x: float, y: float, kind: str) -> Markup:
    return Markup('<text class="{k}" x="{x:.1f}" y="{y:.1f}">{t}</text>').format(
        k=kind, x=x, y=y, t=words
    )
