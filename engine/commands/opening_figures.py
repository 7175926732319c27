"""The figures that a form opens with, imported or noted: as known now, for people to confirm."""

from collections.abc import Mapping

from engine.commands.facts import CaseFacts
from engine.commands.steps import Step
from engine.domain.process import ReadyTask
from engine.operations import OPERATIONS
from engine.rules.deadlines import local_date

# The property of a user task that names an operation, perhaps with its first parameter behind a
# colon, and where its form finds what that gives.
PROPERTY, NAME = "alur:figures", "figures"


def opening_figures(step: Step, task: ReadyTask) -> Mapping[str, object]:
    """What the named operation gives, under one name for the form; nothing where none is named.

    Never kept in the case: what counts is what is handed in.
    """
    name, _, value = task.properties.get(PROPERTY, "").partition(":")
    operation = OPERATIONS.get(name)
    if operation is None:
        return {}
    began = local_date(step.row.started_at, step.calendar)
    facts = CaseFacts(step.tx, step.row, step.definition.settings, step.now, step.today, began)
    given = {operation.params[0]: value} if value else {}
    return {NAME: operation.run(given, {}, facts).value}
