"""The tables of patterns as one sheet: a line for each figure, and nothing that a page hides."""

from collections.abc import Iterator

from api.web.fairness_charts import unit_name
from api.web.phrasing import Phrasing
from api.workbooks import Cell, Column, SheetTable
from engine.domain.appraisal import Predicate
from engine.domain.suppression import Shown
from engine.queries.fairness import FairnessPage

Line = tuple[Cell, ...]


def fairness_sheet(page: FairnessPage, say: Phrasing) -> SheetTable:
    """What the page shows: table, of whom, figure, value."""
    _ = say.words
    titles = (_("Table"), _("Of whom"), _("Figure"), _("Value"))
    rows = [*_units(page, say), *_raters(page, say), *_gaps(page, say)]
    rows += [*_scores(page, say), *_groups(page, say)]
    return SheetTable(page.period, tuple(Column(title, 30) for title in titles), rows)


def _units(page: FairnessPage, say: Phrasing) -> Iterator[Line]:
    _ = say.words
    for line in page.tables.units:
        name = page.unit_names[line.unit_id]
        yield from _counts(say, name, line.shown)
        if line.check:
            guide = say.label("distribution", line.check)
            yield _("Predicates by unit"), name, _("Achievement and guide"), guide
    if page.tables.whole:
        yield from _counts(say, _("All units"), page.tables.whole)


def _counts(say: Phrasing, name: str, shown: Shown) -> Iterator[Line]:
    _ = say.words
    title, hidden = _("Predicates by unit"), _("hidden")
    for predicate, count in zip(Predicate, shown.cells, strict=True):
        value = hidden if count is None else count
        yield title, name, say.label("predicate", predicate), value
    yield title, name, _("Employees"), hidden if shown.total is None else shown.total


def _raters(page: FairnessPage, say: Phrasing) -> Iterator[Line]:
    _ = say.words
    for rater, found in page.tables.raters.items():
        figures: dict[str, Cell] = {
            _("Employees"): found.people,
            _("Mean (1–5)"): found.mean,
            _("Standard errors from the others"): found.deviation,
            _("Spread beside the others"): found.spread_ratio,
            _("All items alike, in percent"): found.uniform,
            _("Rated the same, in percent"): found.identical,
            _("Pattern"): ", ".join(say.label("pattern", one) for one in found.patterns),
        }
        for figure, value in figures.items():
            yield _("Raters"), page.raters[rater].name, figure, value


def _gaps(page: FairnessPage, say: Phrasing) -> Iterator[Line]:
    _ = say.words
    for line in page.tables.gaps:
        name = unit_name(page, line.unit_id, say)
        yield _("Gaps between views"), name, say.label("gap", line.view), line.mean


def _scores(page: FairnessPage, say: Phrasing) -> Iterator[Line]:
    _ = say.words
    for key, means in page.tables.scores.items():
        title = f"{_('Indicators by unit')}: {say.title(page.indicators[key])}"
        for line in means.lines:
            name = unit_name(page, line.unit_id, say)
            yield title, name, _("Employees"), line.people
            yield title, name, _("Mean score (0–120)"), line.mean


def _groups(page: FairnessPage, say: Phrasing) -> Iterator[Line]:
    _ = say.words
    for attribute, groups in page.tables.groups.items():
        title = f"{_('Groups')}: {say.label('attribute', attribute)}"
        for group, found in groups.items():
            yield title, say.label(attribute, group), _("Share, in percent"), found.percent
            yield title, say.label(attribute, group), _("Beside the best group"), found.ratio
