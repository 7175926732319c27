"""Panels of a form about what was written beside the appraisal: by whom, when, and what."""

from dataclasses import replace

from api.deps import House, Visitor
from api.web.form_answers import answers_view
from api.web.form_parts import AnswersView, FormView
from api.web.phrasing import Phrasing
from engine.commands.beside_answers import answers_beside
from engine.commands.case_answers import AnsweredStep
from engine.commands.work_forms import OpenForm
from engine.domain.people import Actor


def with_panels_beside(
    house: House, visitor: Visitor, actor: Actor, found: OpenForm, view: FormView
) -> FormView:
    """The view with a panel more for each answer beside the appraisal that the form asks for."""
    steps = answers_beside(
        house.desk, actor, found.form, instance_id=found.item.instance_id,
        language=visitor.language, now=visitor.now,
    )  # fmt: skip
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    panels = (_panel(step, visitor.language, say) for step in steps)
    return replace(view, panels=(*view.panels, *(panel for panel in panels if panel)))


def _panel(step: AnsweredStep, language: str, say: Phrasing) -> AnswersView | None:
    """Who wrote it on which day; None once its texts were erased."""
    if step.form is None or step.values is None:
        return None
    panel = answers_view(step.form, step.values, language)
    named = (panel.title, step.author.name if step.author else "", say.date(say.day_of(step.at)))
    return replace(panel, title=" · ".join(part for part in named if part))
