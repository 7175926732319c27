"""What others see of a process beside the appraisal stands in forms of that process."""

from collections.abc import Iterator, Mapping

from engine.bpmn.lint.diagram import Diagram
from engine.bpmn.lint.surroundings import Surroundings
from engine.domain.settings import SystemSettings
from engine.errors import Finding
from engine.rules.forms.form import Kind

# How yes or no is asked for.
_YES_OR_NO = frozenset({Kind.CHECKBOX.value, Kind.RADIO.value})


def check_shown(
    settings: SystemSettings, around: Surroundings, diagrams: Mapping[str, Diagram]
) -> Iterator[Finding]:
    """Every path that no form of its process asks for, or that is no answer of yes or no."""
    for process, beside in settings.beside.items():
        if beside.shown is None:
            continue
        asked = _asked(process, around, diagrams)
        for path in beside.shown.fields:
            if path not in asked:
                yield Finding("diagram.shown_unknown", params={"element": process, "path": path})
        for path in (beside.shown.when, beside.shown.consent):
            if asked.get(path) not in _YES_OR_NO:
                yield Finding("diagram.shown_no_answer", params={"element": process, "path": path})


def _asked(
    process: str, around: Surroundings, diagrams: Mapping[str, Diagram]
) -> Mapping[str, str]:
    """The kinds of all answers that forms of a process ask for, by `step.field`."""
    return {
        f"{task.id}.{name}": kind
        for diagram in diagrams.values()
        for task in diagram.of_kind("userTask")
        if diagram.process_of(task) == process
        for name, kind in around.forms.get(
            task.properties.get("formJsonSchemaFilename", ""), {}
        ).items()
    }
