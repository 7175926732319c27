"""Hands the rating of a case to the rater's superior where the diagram says so."""

from dataclasses import replace

from engine.commands.case_data import superior_above
from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.rules.deadlines import local_date
from engine.store import appraisals

OPERATION = "hand_up_rating"


def hand_up_rating(step: Step) -> None:
    """Make the rater's superior the rater of the case, and whoever stands above him his superior.

    To be called before new work is opened, so that it goes to him; having rated, he cannot decide
    the appeal. Where nobody stands above the rater, he keeps the rating.
    """
    if all(effect.operation != OPERATION for effect in step.execution.effects):
        return
    superior = step.appraisal.rater_superior_id
    if superior is None:
        return
    began = local_date(step.row.started_at, step.calendar)
    above = superior_above(step.tx, step.row, superior, step.today, began=began)
    event = step.scribe.by_system().event(
        Action.RATING_HANDED_UP,
        from_person=step.appraisal.rater_id,
        rater=superior,
        rater_superior=above,
    )
    step.events.append(event)
    step.appraisal = replace(step.appraisal, rater_id=superior, rater_superior_id=above)
    appraisals.save(step.tx, step.appraisal)
