"""No text of a diagram or table ever runs as code, even where it by-passed the checks."""

from contextlib import suppress
from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

from engine.bpmn.environment import DIAGRAM_FUNCTIONS
from engine.bpmn.run import Execution
from engine.bpmn.specs import ProcessFiles, Specs, build_specs
from engine.errors import ExecutionFailed, InvalidDefinition, UnsafeExpression
from engine.rules.dmn import parse_table
from engine.rules.expressions import ExpressionCache
from tests.bpmn.canary.points import POINTS, Point
from tests.bpmn.contexts import context

REFUSED_AT_RUN = r"expression\.not_compiled|bpmn\.script_refused"

each_point = pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


def _payload(canary: Path) -> str:
    return f"__import__('pathlib').Path('{canary}').touch()"


def _parsed_by_stock(point: Point, text: str) -> dict[str, object]:
    parser = SpiffBpmnParser()
    root = etree.fromstring(point.diagram(text))
    parser.add_bpmn_xml(root)
    if point.table:
        parser.add_dmn_xml(etree.fromstring(point.table(text)))
    return {"main": parser.get_spec("main"), **parser.get_subprocess_specs("main")}


def _built(point: Point, text: str) -> object:
    if point.table:
        return parse_table(point.table(text), file="table.dmn")
    return build_specs(ProcessFiles({"main.bpmn": point.diagram(text)}))


def _smuggled(point: Point, text: str) -> Specs:
    """A definition that no check of ours has seen; only the harmless texts are compiled."""
    expressions = ExpressionCache(DIAGRAM_FUNCTIONS)
    for harmless in point.beside:
        expressions.add(harmless)
    return Specs(("main",), _parsed_by_stock(point, text), expressions, {}, {}, {})


def _finish_everything(case: Execution) -> None:
    case.advance()
    while case.ready:
        case.complete(case.ready[0].task_id, {})


def test_there_are_eighteen_points():
    assert len({point.name for point in POINTS}) == 18


@each_point
def test_spiffworkflow_alone_runs_the_code(point: Point, canary: Path):
    specs = _parsed_by_stock(point, _payload(canary))
    workflow = BpmnWorkflow(specs["main"], specs)
    workflow.task_tree.data["wait"] = {}

    with suppress(Exception):
        workflow.do_engine_steps()
        while ready := [task for task in workflow.get_tasks(manual=True) if task.state == 16]:
            ready[0].run()
            workflow.do_engine_steps()

    assert canary.exists()


@each_point
def test_such_a_definition_is_refused_when_it_is_built(point: Point, canary: Path):
    text = _payload(canary)

    with pytest.raises((InvalidDefinition, UnsafeExpression)) as refusal:
        _built(point, text)

    if isinstance(refusal.value, UnsafeExpression):
        assert refusal.value.place == "evil"
    assert not canary.exists()


@each_point
def test_a_smuggled_definition_is_refused_when_it_runs(point: Point, canary: Path):
    specs = _smuggled(point, _payload(canary))
    case = Execution.start(specs, "main", {}, context())

    with pytest.raises(ExecutionFailed, match=REFUSED_AT_RUN):
        _finish_everything(case)

    assert not canary.exists()


@each_point
def test_a_smuggled_definition_is_refused_after_the_case_was_stored(point: Point, canary: Path):
    specs = _smuggled(point, _payload(canary))
    case = Execution.start(specs, "main", {}, context())
    case.advance()
    stored = Execution.load(specs, case.dump(), context())

    with pytest.raises(ExecutionFailed, match=REFUSED_AT_RUN):
        _finish_everything(stored)

    assert not canary.exists()
