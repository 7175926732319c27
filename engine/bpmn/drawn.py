"""What the drawing of a definition says: user tasks, lanes, lines, and what cannot run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.spiff.specs.defaults import UserTask

from engine.bpmn.messages import properties_of
from engine.bpmn.timers import TimerEventDefinition
from engine.errors import Finding
from engine.rules.xml import line_of

# By file and element id: different diagrams of a definition may use the same ids.
Lines = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class UserTaskInfo:
    """A user task as drawn; `lane` is the lane's name, `properties` name form and deadlines."""

    process_id: str
    element_id: str
    name: str
    lane: str
    properties: Mapping[str, str]


def lines_of(roots: Mapping[str, etree._Element]) -> Lines:
    """The line of every element with an id."""
    return {
        (file, element.get("id")): line_of(element) or 0
        for file, root in roots.items()
        for element in root.iter(etree.Element)
        if element.get("id")
    }


def user_tasks(processes: Mapping[str, Any]) -> Mapping[tuple[str, str], UserTaskInfo]:
    """The user tasks by process and element id; an embedded sub-process counts as a process."""
    return {
        (process_id, spec.bpmn_id): UserTaskInfo(
            process_id,
            spec.bpmn_id,
            spec.bpmn_name or spec.bpmn_id,
            spec.lane or "",
            dict(properties_of(spec)),
        )
        for process_id, process in processes.items()
        for spec in process.task_specs.values()
        if isinstance(spec, UserTask)
    }


def unusable(processes: Mapping[str, Any], lines: Lines) -> Iterator[Finding]:
    """User tasks without lane, events of several kinds, two timers behind one gateway."""
    for process in processes.values():
        for spec in process.task_specs.values():
            rule = _rule_broken(spec)
            if rule:
                yield place_finding(rule, process.file, spec.bpmn_id, lines)


def place_finding(rule: str, file: str, element_id: str, lines: Lines, **params: str) -> Finding:
    """A finding at an element, with its line."""
    return Finding(
        rule,
        file=file or None,
        element_id=element_id or None,
        line=lines.get((file, element_id)),
        params={"element": element_id, **params},
    )


def _rule_broken(spec: Any) -> str | None:
    if isinstance(spec, UserTask) and not spec.lane:
        return "bpmn.lane_missing"
    definition = getattr(spec, "event_definition", None)
    if isinstance(definition, MultipleEventDefinition):
        if not isinstance(spec, EventBasedGateway):
            return "bpmn.several_events"
        # SpiffWorkflow keeps one due date for the whole gateway.
        parts = definition.event_definitions
        if sum(isinstance(part, TimerEventDefinition) for part in parts) > 1:
            return "bpmn.two_timers"
    return None
