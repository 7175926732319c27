"""Definitions ready to run: parsed, refused or compiled once, then shared and never changed."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.spiff.specs.defaults import UserTask

from engine.bpmn.environment import DIAGRAM_FUNCTIONS
from engine.bpmn.messages import properties_of
from engine.bpmn.parser import DiagramParser, refused_elements
from engine.bpmn.timers import TimerEventDefinition
from engine.bpmn.texts import compile_texts
from engine.domain.process import DefinitionId
from engine.errors import Finding, InvalidDefinition
from engine.rules.dmn import DecisionTable
from engine.rules.expressions import ExpressionCache
from engine.rules.xml import line_of, parse_xml

MAX_DEFINITIONS = 64


@dataclass(frozen=True)
class ProcessFiles:
    """The files of one definition: diagrams by file name, parsed tables by decision id."""

    bpmn: Mapping[str, bytes]
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)


@dataclass(frozen=True)
class UserTaskInfo:
    """A user task as drawn; `lane` is the lane's name, `properties` name form and deadlines."""

    process_id: str
    element_id: str
    name: str
    lane: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Specs:
    """A definition that can run, shared between threads and never changed.

    `processes` holds SpiffWorkflow's specs by process and sub-process id, `process_ids` the ids
    that can be started, `lines` the file and line of each element id.
    """

    process_ids: tuple[str, ...]
    processes: Mapping[str, Any]
    expressions: ExpressionCache
    tables: Mapping[str, DecisionTable]
    user_tasks: Mapping[tuple[str, str], UserTaskInfo]
    lines: Mapping[str, tuple[str, int]]


def build_specs(files: ProcessFiles) -> Specs:
    """The definition of `files`, ready to run.

    Raises InvalidDefinition for XML, elements or structure that cannot run here, and
    UnsafeExpression (with the element's id) for an expression outside the allow-list.
    """
    roots = {name: parse_xml(content, file=name) for name, content in sorted(files.bpmn.items())}
    findings = [finding for name, root in roots.items() for finding in refused_elements(root, name)]
    if findings:
        raise InvalidDefinition(findings)
    lines = {
        element.get("id"): (name, line_of(element) or 0)
        for name, root in roots.items()
        for element in root.iter(etree.Element)
        if element.get("id")
    }
    process_ids, processes = _parsed(roots, dict(files.tables), lines)
    _check_events(processes, lines)
    expressions = ExpressionCache(DIAGRAM_FUNCTIONS)
    for process in processes.values():
        compile_texts(process, expressions)
        _wire_loops(process)
    user_tasks = _user_tasks(processes, lines)
    return Specs(process_ids, processes, expressions, dict(files.tables), user_tasks, lines)


def _parsed(
    roots: Mapping[str, etree._Element],
    tables: dict[str, DecisionTable],
    lines: Mapping[str, tuple[str, int]],
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
        raise _refused(str(error), error.id, lines) from None
    except RecursionError:
        raise _refused("too many elements in a row", "", lines) from None
    return process_ids, processes


def _check_events(processes: Mapping[str, Any], lines: Mapping[str, tuple[str, int]]) -> None:
    """One event an element, and one timer behind a gateway: two would share one due date."""
    for spec in (spec for process in processes.values() for spec in process.task_specs.values()):
        definition = getattr(spec, "event_definition", None)
        if not isinstance(definition, MultipleEventDefinition):
            continue
        if not isinstance(spec, EventBasedGateway):
            raise _refused("an event of several kinds", spec.bpmn_id, lines)
        timers = [found for found in definition.event_definitions
                  if isinstance(found, TimerEventDefinition)]  # fmt: skip
        if len(timers) > 1:
            raise _refused("two timers behind one gateway", spec.bpmn_id, lines)


def _refused(
    detail: str, element_id: str, lines: Mapping[str, tuple[str, int]]
) -> InvalidDefinition:
    file, line = lines.get(element_id, (None, None))
    return InvalidDefinition(
        [Finding("bpmn.not_executable", file=file, element_id=element_id or None, line=line,
                 params={"detail": detail[:200]})]
    )  # fmt: skip


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


def _user_tasks(
    processes: Mapping[str, Any], lines: Mapping[str, tuple[str, int]]
) -> Mapping[tuple[str, str], UserTaskInfo]:
    found, findings = {}, []
    for process_id, process in processes.items():
        for spec in process.task_specs.values():
            if not isinstance(spec, UserTask):
                continue
            if not spec.lane:
                file, line = lines.get(spec.bpmn_id, (None, None))
                findings.append(
                    Finding("bpmn.lane_missing", file=file, element_id=spec.bpmn_id, line=line)
                )
            found[process_id, spec.bpmn_id] = UserTaskInfo(
                process_id, spec.bpmn_id, spec.bpmn_name or spec.bpmn_id, spec.lane or "",
                dict(properties_of(spec)),
            )  # fmt: skip
    if findings:
        raise InvalidDefinition(findings)
    return found


class SpecCache:
    """The definitions in use, at most 64; each is loaded once, however many threads ask."""

    def __init__(self, loader: Callable[[DefinitionId], ProcessFiles]) -> None:
        """A cache that reads the files of a missing definition with `loader`."""
        self._loader = loader
        self._ready: OrderedDict[DefinitionId, Specs] = OrderedDict()
        self._loading: dict[DefinitionId, Lock] = {}
        self._lock = Lock()

    def get(self, definition_id: DefinitionId) -> Specs:
        """The definition; other threads that ask for the same one wait for the first."""
        with self._lock:
            if definition_id in self._ready:
                self._ready.move_to_end(definition_id)
                return self._ready[definition_id]
            loading = self._loading.setdefault(definition_id, Lock())
        with loading:
            with self._lock:
                if definition_id in self._ready:
                    return self._ready[definition_id]
            specs = build_specs(self._loader(definition_id))
            with self._lock:
                self._keep(definition_id, specs)
        return specs

    def _keep(self, definition_id: DefinitionId, specs: Specs) -> None:
        self._ready[definition_id] = specs
        self._loading.pop(definition_id, None)
        if len(self._ready) > MAX_DEFINITIONS:
            self._ready.popitem(last=False)
