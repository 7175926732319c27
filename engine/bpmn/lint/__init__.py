"""The gatekeeper of diagrams: every finding of a file at once, for people who draw."""

from collections.abc import Iterator

from engine.bpmn.lint.circles import check_circles
from engine.bpmn.lint.dataflow import check_data_flow
from engine.bpmn.lint.diagram import Diagram, read_diagram
from engine.bpmn.lint.elements import check_drawing, check_elements, check_message_names
from engine.bpmn.lint.expressions import check_expressions
from engine.bpmn.lint.graph import check_calls, check_graph
from engine.bpmn.lint.labels import check_labels
from engine.bpmn.lint.parallel import check_parallel_writes
from engine.bpmn.lint.soundness import check_soundness
from engine.bpmn.lint.structure import check_multi_instance, check_structure
from engine.bpmn.lint.surroundings import DataFlow, Surroundings
from engine.bpmn.lint.tasks import check_properties, check_tasks
from engine.bpmn.lint.timers import check_timers
from engine.errors import Finding, InvalidDefinition, errors_of
from engine.rules.xml import parse_xml

__all__ = ["DataFlow", "Surroundings", "lint_diagram", "lint_read"]


def lint_diagram(content: bytes, *, file: str, surroundings: Surroundings) -> tuple[Finding, ...]:
    """Everything that is wrong with a diagram, in the order of its lines; runs none of it."""
    try:
        root = parse_xml(content, file=file)
    except InvalidDefinition as refused:
        return refused.findings
    return lint_read(read_diagram(root, file), surroundings)


def lint_read(diagram: Diagram, surroundings: Surroundings) -> tuple[Finding, ...]:
    """The same for a diagram that has been read."""
    found = list(check_elements(diagram))
    found.extend(check_labels(diagram))
    if any(f.rule in ("diagram.id_twice", "diagram.id_missing") for f in found):
        # Nodes and flows are known by id: without them nothing else can be said.
        return _in_order(found)
    found.extend(_check_parts(diagram, surroundings))
    joined = list(check_structure(diagram))
    joined.extend(check_multi_instance(diagram))
    found.extend(joined)
    if not _stops(joined):
        paths = list(check_graph(diagram))
        found.extend(paths)
        if not errors_of(paths):
            found.extend(check_circles(diagram, surroundings))
            found.extend(check_soundness(diagram))
        found.extend(check_data_flow(diagram, surroundings))
        found.extend(check_parallel_writes(diagram))
    return _in_order(found)


def _check_parts(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    yield from check_message_names(diagram)
    yield from check_drawing(diagram)
    yield from check_properties(diagram, surroundings)
    yield from check_tasks(diagram, surroundings)
    yield from check_timers(diagram)
    yield from check_expressions(diagram, surroundings)
    yield from check_calls(diagram, surroundings)


def _stops(joined: list[Finding]) -> bool:
    """Is the graph too broken to be walked?"""
    return any(finding.rule in _BROKEN for finding in errors_of(joined))


_BROKEN = frozenset({
    "diagram.start_missing", "diagram.start_twice", "diagram.flow_dangling",
    "diagram.flow_crosses", "diagram.boundary_host", "diagram.too_many_nodes",
    "diagram.event_gateway_targets", "diagram.inclusive_wide", "diagram.flow_out_of_end",
})  # fmt: skip


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (f.line or 0, f.rule, f.element_id or "")))
