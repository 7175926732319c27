"""Definitions ready to run: parsed, refused or compiled once, then shared and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.bpmn.drawn import Lines, UserTaskInfo, lines_of, place_finding, unusable, user_tasks
from engine.bpmn.environment import DIAGRAM_FUNCTIONS
from engine.bpmn.parser import DiagramParser, refused_elements
from engine.bpmn.texts import compile_texts
from engine.errors import Finding, InvalidDefinition
from engine.rules.dmn import DecisionTable
from engine.rules.expressions import ExpressionCache
from engine.rules.xml import parse_xml


@dataclass(frozen=True)
class ProcessFiles:
    """The files of one definition: diagrams by file name, parsed tables by decision id."""

    bpmn: Mapping[str, bytes]
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)


@dataclass(frozen=True)
class Specs:
    """A definition that can run, shared between threads and never changed.

    `processes` holds SpiffWorkflow's specs by process and sub-process id, `process_ids` the ids
    that can be started, `lines` the line of each element by file and id.
    """

    process_ids: tuple[str, ...]
    processes: Mapping[str, Any]
    expressions: ExpressionCache
    tables: Mapping[str, DecisionTable]
    user_tasks: Mapping[tuple[str, str], UserTaskInfo]
    lines: Lines


def build_specs(files: ProcessFiles) -> Specs:
    """The definition of `files`, ready to run.

    Raises InvalidDefinition for XML, elements or structure that cannot run here, and
    UnsafeExpression (with the element's id) for an expression outside the allow-list.
    """
    roots = {name: parse_xml(content, file=name) for name, content in sorted(files.bpmn.items())}
    findings = [finding for name, root in roots.items() for finding in refused_elements(root, name)]
    if findings:
        raise InvalidDefinition(findings)
    lines = lines_of(roots)
    process_ids, processes = _parsed(roots, dict(files.tables), lines)
    findings = list(unusable(processes, lines))
    if findings:
        raise InvalidDefinition(findings)
    expressions = ExpressionCache(DIAGRAM_FUNCTIONS)
    for process in processes.values():
        compile_texts(process, expressions)
        _wire_loops(process)
    return Specs(
        process_ids, processes, expressions, dict(files.tables), user_tasks(processes), lines
    )


def _parsed(
    roots: Mapping[str, etree._Element],
    tables: dict[str, DecisionTable],
    lines: Lines,
) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    parser = DiagramParser(tables)
    try:
        for name, root in roots.items():
            parser.add(root, name)
        process_ids = tuple(sorted(parser.get_process_ids()))
        processes = parser.find_all_specs()
        for process_id in process_ids:
            parser.get_subprocess_specs(process_id)
    except ValidationException as error:
        if isinstance(error.__context__, RecursionError):
            raise InvalidDefinition([Finding("bpmn.too_many_in_a_row")]) from None
        refused = place_finding(
            "bpmn.not_executable", error.file_name, error.id, lines, detail=str(error)[:200]
        )
        raise InvalidDefinition([refused]) from None
    return process_ids, processes


def _wire_loops(process: Any) -> None:
    """Connect repeated steps to their collector.

    SpiffWorkflow does it only when the first instance opens, so a state loaded onto a freshly
    parsed definition would wait for ever (T1); and it would change a shared spec while it runs.
    """
    for spec in process.task_specs.values():
        if isinstance(spec, LoopTask):
            inner = process.task_specs[spec.task_spec]
            if not inner.completed_event.is_connected(spec.merge_child):
                inner.completed_event.connect(spec.merge_child)
