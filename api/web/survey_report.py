"""The report of a citizen survey as sheets of a workbook; comments never become formulas."""

from api.i18n import Words
from api.web.survey_words import QUESTIONS
from api.workbooks import Column, SheetTable
from engine.queries.citizen_surveys import Report


def report_sheets(words: Words, report: Report) -> tuple[SheetTable, ...]:
    """The whole, the nine elements, and the comments in no order."""
    _ = words
    weakest = ", ".join(_(QUESTIONS[element].name) for element in report.weakest)
    whole = (
        (_("Answers"), report.responses),
        (_("Index"), report.index),
        (_("Quality of service"), report.grade.value),
        (_("Index with the weight 0.11"), report.printed),
        (_("Weakest elements"), weakest or _("none, all are alike")),
    )
    elements = ((_(QUESTIONS[one.element].name), one.mean, one.index) for one in report.elements)
    return (
        SheetTable(_("Index"), (Column(_("Figure"), 30), Column(_("Value"))), whole),
        SheetTable(
            _("Elements"),
            (Column(_("Element"), 30), Column(_("Mean (1–4)")), Column(_("Index"))),
            elements,
        ),
        SheetTable(
            _("Comments"), (Column(_("Comment"), 100),), ((one,) for one in report.comments)
        ),
    )
