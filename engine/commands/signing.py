"""Signs the current result version when the diagram says that a step signs it."""

from datetime import datetime

from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.appraisal import SignatureKind
from engine.domain.people import EmployeeId
from engine.domain.process import ReadyTask
from engine.store import results

SIGNS = "alur:signs"


def sign_result(step: Step, task: ReadyTask, *, by: EmployeeId, at: datetime) -> None:
    """Record the signature of the version in force, with its kind. Source: PP 30/2019 art. 59.

    `by` handed the step in at the instant `at`, which may lie before the step could be applied.
    """
    if task.properties.get(SIGNS) != "result":
        return
    version = step.appraisal.result_version
    kind = SignatureKind.CLICK.value
    results.sign(step.tx, step.row.id, version, by=by, kind=kind, now=at)
    event = step.scribe.event(Action.SIGNATURE_GIVEN, version=version, kind=kind, signer=by)
    step.events.append(event)
