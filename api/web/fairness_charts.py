"""Turns the tables of patterns into charts; what is hidden there is hidden here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from api.charts import Bar, Chart, Leaning, Part, leaning_bars, stacked_bars
from api.web.phrasing import Phrasing
from engine.domain.appraisal import Predicate
from engine.domain.scoring import CEILING
from engine.domain.suppression import Shown
from engine.queries.fairness import FairnessPage

# More bars are no picture any more; the table beside it has them all.
DRAWN = 12
KINDS = {Predicate.VERY_GOOD: "done", Predicate.GOOD: "open"}
BELOW_GOOD = "late"


@dataclass(frozen=True)
class FairnessCharts:
    """The drawn pictures; one is None where there is nothing to draw."""

    units: Chart | None
    raters: Chart | None
    gaps: Chart | None
    scores: Mapping[str, Chart | None]
    groups: Chart | None


def fairness_charts(page: FairnessPage, say: Phrasing) -> FairnessCharts:
    """All pictures of one period."""
    return FairnessCharts(
        _units(page, say),
        _raters(page, say),
        _gaps(page, say),
        {key: _scores(page, key, say) for key in page.tables.scores},
        _groups(page, say),
    )


def _units(page: FairnessPage, say: Phrasing) -> Chart | None:
    """The units of which something is shown before those that are hidden whole."""
    told = [line for line in page.tables.units if line.shown.total]
    lines = sorted(told, key=lambda line: not any(line.shown.cells))
    if not lines:
        return None
    _ = say.words
    bars = [
        Bar(page.unit_names[line.unit_id], _parts(line.shown), str(line.shown.total))
        for line in lines[:DRAWN]
    ]
    about = _("Very good, good, below good, and hidden counts of each unit.")
    return stacked_bars("units", _("Predicates by unit"), about, bars)


def _parts(shown: Shown) -> tuple[Part, ...]:
    sums = dict.fromkeys(("done", "open", BELOW_GOOD), 0)
    for predicate, count in zip(Predicate, shown.cells, strict=True):
        sums[KINDS.get(predicate, BELOW_GOOD)] += count or 0
    rest = (shown.total or 0) - sum(sums.values())
    return (*(Part(kind, count) for kind, count in sums.items()), Part("rest", rest))


def _raters(page: FairnessPage, say: Phrasing) -> Chart | None:
    _ = say.words
    leaning = [
        Leaning(page.raters[rater].name, found.deviation, say.figure(found.deviation))
        for rater, found in page.tables.raters.items()
        if found.deviation is not None
    ]
    about = _("How far the mean of each rater lies from that of the others, in standard errors.")
    return _leaning("raters", _("Means of the raters"), about, leaning, page.limits.deviation)


def _gaps(page: FairnessPage, say: Phrasing) -> Chart | None:
    _ = say.words
    leaning = [
        Leaning(
            f"{say.label('gap', line.view)} · {unit_name(page, line.unit_id, say)}",
            line.mean,
            say.figure(line.mean),
        )
        for line in page.tables.gaps
    ]
    about = _("Mean difference of two views of the same people, in points of the score.")
    return _leaning("gaps", _("Gaps between views"), about, leaning, page.limits.gap)


def _leaning(
    name: str, title: str, about: str, bars: Iterable[Leaning], limit: Decimal
) -> Chart | None:
    """The longest bars first, beside marks at the limit on both sides."""
    longest = sorted(bars, key=lambda bar: -abs(bar.value))[:DRAWN]
    return leaning_bars(name, title, about, longest, limit=limit) if longest else None


def _scores(page: FairnessPage, key: str, say: Phrasing) -> Chart | None:
    """The mean of each unit on its scale, the lowest first."""
    lines = sorted(page.tables.scores[key].lines, key=lambda line: line.mean)[:DRAWN]
    bars = [
        Bar(
            unit_name(page, line.unit_id, say),
            (Part("open", _length(line.mean)), Part("rest", _length(CEILING - line.mean))),
            say.figure(line.mean),
        )
        for line in lines
    ]
    if not bars:
        return None
    _ = say.words
    about = _("Mean score of each unit, from 0 to 120.")
    return stacked_bars(f"scores-{key}", say.title(page.indicators[key]), about, bars)


def _length(score: Decimal) -> int:
    """A score at two places as a whole number."""
    return int(score * 100)


def unit_name(page: FairnessPage, unit_id: str | None, say: Phrasing) -> str:
    """The name of a unit, or what all of them together are called."""
    _ = say.words
    return page.unit_names[unit_id] if unit_id else _("All units")


def _groups(page: FairnessPage, say: Phrasing) -> Chart | None:
    bars = [
        Bar(
            say.label(attribute, group),
            (Part("open", found.percent), Part("rest", 100 - found.percent)),
            f"{found.percent} %",
        )
        for attribute, groups in page.tables.groups.items()
        for group, found in groups.items()
    ]
    if not bars:
        return None
    _ = say.words
    about = _("Share of each group whose predicate is among the best.")
    return stacked_bars("groups", _("Groups"), about, bars)
