"""Signs the current result version when the diagram says that a step signs it."""

from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.appraisal import SignatureKind
from engine.domain.process import ReadyTask
from engine.store import appraisals, results

SIGNS = "alur:signs"


def sign_result(step: Step, task: ReadyTask) -> None:
    """Record the signature of the version in force, with its kind. Source: PP 30/2019 art. 59."""
    if task.properties.get(SIGNS) != "result":
        return
    version = appraisals.get(step.tx, step.row.id).result_version
    kind = SignatureKind.CLICK.value
    results.sign(step.tx, step.row.id, version, by=step.scribe.actor, kind=kind, now=step.now)
    step.events.append(step.scribe.event(Action.SIGNATURE_GIVEN, version=version, kind=kind))
