"""A plan that employee and rater have signed becomes the plan of the person in the cycle."""

from collections.abc import Mapping
from typing import Any, cast

from engine.commands.plan_sheet import PlanLine
from engine.commands.plans import plan_row
from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.process import OperationCall
from engine.store import plans


def store_agreed_plan(step: Step, effect: OperationCall) -> None:
    """Store it with the step, in place of an earlier one.

    An appraisal that is started afterwards has it; one that runs keeps the plan it began with.
    """
    entries = cast(list[Mapping[str, Any]], effect.params["lines"])
    lines = [PlanLine(**entry) for entry in entries]
    row = plan_row(step.row.cycle_id, step.row.subject_id, lines, step.now)
    plans.put(step.tx, (row,))
    event = step.scribe.by_system().event(
        Action.PLAN_AGREED, cycle=row.cycle_id, lines=len(lines), plan_sha256=row.sha256
    )
    step.events.append(event)
