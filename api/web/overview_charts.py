"""Turns the figures of an overview into its charts, in the words of the reader."""

from dataclasses import dataclass
from decimal import Decimal

from api.charts import Bar, Chart, Part, Point, line, stacked_bars
from api.web.phrasing import Phrasing
from engine.domain.appraisal import Predicate
from engine.queries.progress import Overview, UnitProgress
from engine.rules.numbers import format_number

# More bars are no picture any more; the table beside it has them all.
UNITS_DRAWN = 12


@dataclass(frozen=True)
class Charts:
    """The drawn pictures; one is None where there is nothing to draw."""

    progress: Chart | None
    late: Chart | None
    predicates: Chart | None
    weeks: Chart | None


def charts_of(overview: Overview, say: Phrasing) -> Charts:
    """All pictures of one overview."""
    return Charts(
        _progress(overview, say), _late(overview, say), _predicates(overview, say),
        _weeks(overview, say),
    )  # fmt: skip


def _progress(overview: Overview, say: Phrasing) -> Chart | None:
    if not overview.units:
        return None
    _ = say.words
    title = _("Progress by unit")
    about = _("Finished, in time, late and held files of each unit; the least finished first.")
    bars = [_bar(unit) for unit in overview.units[:UNITS_DRAWN]]
    return stacked_bars("progress", title, about, bars)


def _bar(unit: UnitProgress) -> Bar:
    kinds = {"done": unit.finished, "open": unit.on_time, "late": unit.late, "held": unit.held}
    parts = tuple(Part(kind, value) for kind, value in kinds.items())
    return Bar(unit.name, parts, f"{unit.percent} %")


def _late(overview: Overview, say: Phrasing) -> Chart | None:
    late = sorted((unit for unit in overview.units if unit.late), key=lambda unit: -unit.late)
    if not late:
        return None
    _ = say.words
    most = late[0].late
    bars = [
        Bar(unit.name, _against(most, "late", unit.late), str(unit.late))
        for unit in late[:UNITS_DRAWN]
    ]
    about = _("Files of each unit in which a task is overdue; the most first.")
    return stacked_bars("late", _("Overdue by unit"), about, bars)


def _predicates(overview: Overview, say: Phrasing) -> Chart | None:
    """What is hidden is no bar, not even an empty one."""
    whole = overview.all_predicates
    cells = zip(Predicate, whole.cells, strict=True) if whole else ()
    counts = {predicate: count for predicate, count in cells if count is not None}
    if whole is None or whole.total is None or not any(counts.values()):
        return None
    _ = say.words
    most = max(counts.values())
    bars = [
        Bar(
            say.label("predicate", predicate),
            _against(most, "open", count),
            _share(count, whole.total),
        )
        for predicate, count in counts.items()
    ]
    about = _("How many people have which predicate, of all units together.")
    return stacked_bars("predicates", _("Predicates"), about, bars)


def _weeks(overview: Overview, say: Phrasing) -> Chart | None:
    if not overview.weeks:
        return None
    _ = say.words
    points = [Point(say.day_and_month(week.monday), week.finished) for week in overview.weeks]
    about = _("Finished files added up week by week; the dashed line is all files.")
    return line("weeks", _("Finished week by week"), about, points, goal=overview.files)


def _against(most: int, kind: str, value: int) -> tuple[Part, ...]:
    """A bar on the scale of the longest one."""
    return (Part(kind, value), Part("rest", most - value))


def _share(count: int, total: int) -> str:
    return f"{count} · {format_number(Decimal(100 * count) / total, 0)} %"
