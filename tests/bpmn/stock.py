"""Diagrams as SpiffWorkflow alone runs them, beside the same ones for our layer."""

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

from tests.bpmn.diagrams import (
    boundary,
    diagram,
    end,
    flows,
    gateway,
    repeated,
    start,
    timer,
    user,
)

APPEAL = diagram(
    "main", start(), user("appeal"), boundary("late", "appeal", timer("P14D")), end(),
    end("end_late", "too_late"), flows("start appeal", "appeal end", "late end_late"),
)  # fmt: skip
TWO_STEPS = diagram(
    "main", start(), user("first"), user("second"), end(),
    flows("start first", "first second", "second end"),
)  # fmt: skip
PEERS = diagram(
    "main", start(), user("review", repeated(times="2")), end(), flows("start review", "review end")
)
ROUNDS = diagram(
    "main", start(), user("write"), gateway("again", default="again_to_write"), end(),
    flows("start write", "write again", "again write", "again end if write.good"),
)  # fmt: skip


def stock(content: bytes) -> BpmnWorkflow:
    """The diagram as SpiffWorkflow alone runs it."""
    parser = SpiffBpmnParser()
    root = etree.fromstring(content)
    parser.add_bpmn_xml(root)
    workflow = BpmnWorkflow(parser.get_spec("main"), parser.get_subprocess_specs("main"))
    workflow.do_engine_steps()
    return workflow


def stock_serializer() -> BpmnWorkflowSerializer:
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))


def stock_ready(workflow: BpmnWorkflow) -> list:
    return workflow.get_tasks(state=TaskState.READY, manual=True)
