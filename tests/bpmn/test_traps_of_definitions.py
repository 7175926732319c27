"""SpiffWorkflow 3.2.0 used plainly, and our layer: parsing, engines, timers, messages (T11–T17)."""

import gc
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser.task_parsers import ScriptTaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.message import (
    MessageEventDefinition as CoreMessage,
)
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import BusinessRuleTaskParser

from engine.bpmn.elements import BusinessRuleTask
from engine.bpmn.environment import StepEngine
from engine.bpmn.messages import Message
from engine.bpmn.parser import DiagramParser
from engine.bpmn.timers import DateTimer, DurationTimer
from engine.errors import (
    InvalidDefinition,
)
from engine.rules.dmn import parse_table
from tests.bpmn.contexts import (
    NOW,
    finish,
    later,
    open_work,
    reloaded,
    specs_of,
    started,
)
from tests.bpmn.diagrams import (
    catch,
    decide,
    diagram,
    end,
    flows,
    gateway,
    message,
    messages,
    node,
    start,
    sub_process,
    timer,
    user,
)
from tests.bpmn.stock import APPEAL, TWO_STEPS, stock, stock_serializer


def test_t11_every_user_task_has_its_lane_however_the_memory_is_reused():
    declared = [
        diagram(f"other_{number}", start(), end(), flows("start end")) for number in range(20)
    ]
    for _ in range(10):
        specs = specs_of(*declared, TWO_STEPS)
        gc.collect()
        assert {found.lane for found in specs.user_tasks.values()} == {"Pegawai"}


def test_t11_a_user_task_without_lane_is_refused():
    content = TWO_STEPS.replace(b"<bpmn:flowNodeRef>second</bpmn:flowNodeRef>", b"")

    with pytest.raises(InvalidDefinition, match=r"bpmn\.lane_missing second"):
        specs_of(content)


def test_t12_every_load_runs_under_our_own_script_engine():
    serializer = stock_serializer()
    own = PythonScriptEngine()
    workflow = stock(TWO_STEPS)
    workflow.script_engine = own
    again = serializer.deserialize_json(serializer.serialize_json(workflow))
    assert again.script_engine is not own

    inner = sub_process("inside", start("s"), user("edit"), end("e"), flows("s edit", "edit e"))
    specs = specs_of(diagram("main", start(), inner, end(), flows("start inside", "inside end")))
    case = reloaded(specs, started(specs))

    assert type(case._workflow.script_engine) is StepEngine
    assert {type(part.script_engine) for part in case._workflow.subprocesses.values()} == {
        StepEngine
    }


def test_t13_nothing_is_parsed_while_cases_run_in_several_threads(monkeypatch):
    content = diagram(
        "main", start(), user("give"), gateway("g", default="g_to_low"), end("high"), end("low"),
        catch("wait", timer("deadline('appeal_window')", "timeDate")),
        flows("start wait", "wait give", "give g", "g high if give.n * 2 + 1 > 10", "g low"),
    )  # fmt: skip
    specs = specs_of(content)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed at run time")

    monkeypatch.setattr("ast.parse", refuse)
    monkeypatch.setattr("builtins.compile", refuse)
    ends: list[str] = []

    def play() -> None:
        case = reloaded(specs, started(specs), later(days=30))
        case.advance()
        finish(case, "give", n=Decimal(7))
        ends.append(case.records[-1].element_id)

    threads = [threading.Thread(target=play) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ends == ["high"] * 8


def test_t14_timers_know_only_the_now_of_the_command():
    plain = stock(APPEAL.replace(b"P14D", b'"P14D"'))
    clock = datetime.fromisoformat(plain.waiting_events()[0].value)
    assert abs(clock - datetime.now(UTC) - timedelta(days=14)) < timedelta(minutes=5)

    specs = specs_of(APPEAL)
    case = started(specs)

    (late,) = case.timers
    assert late.due_at == NOW + timedelta(days=14)
    timers = {
        type(spec.event_definition)
        for spec in specs.processes["main"].task_specs.values()
        if spec.bpmn_id == "late"
    }
    assert timers <= {DateTimer, DurationTimer}


def test_t14_repeating_timers_are_refused():
    with pytest.raises(InvalidDefinition, match=r"bpmn\.element_refused"):
        specs_of(APPEAL.replace(b"timeDuration", b"timeCycle"))


def test_t16_a_thrown_message_leaves_the_case_and_the_case_can_be_stored():
    content = diagram(
        "main", start(), user("tell"),
        node("intermediateThrowEvent", "send", message("result", payload="tell")),
        user("after"), end(),
        flows("start tell", "tell send", "send after", "after end"), extra=messages("result"),
    )  # fmt: skip
    workflow = stock(content)
    thrown = BpmnEvent(CoreMessage("result"), payload={})
    with pytest.raises(WorkflowException, match="not waiting"):
        workflow.send_event(thrown)
    workflow.catch(thrown)
    with pytest.raises(AttributeError):
        stock_serializer().to_dict(workflow)

    specs = specs_of(content)
    case = started(specs)
    assert case.receive("nobody_waits", {}) is False
    finish(case, "tell", score=Decimal("87.5"))

    (effect,) = case.effects
    assert (effect.operation, effect.element_id) == ("throw_message", "send")
    assert effect.params == {"message": "result", "payload": {"score": Decimal("87.5")}}
    assert isinstance(specs.processes["main"].task_specs["send"].event_definition, Message)
    assert open_work(reloaded(specs, case)) == ["after"]


TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="http://example.org"><decision id="level" name="level">
<decisionTable id="rows" hitPolicy="UNIQUE"><input id="in" label="score">
<inputExpression id="read" typeRef="number"><text>give.score</text></inputExpression></input>
<output id="out" name="level" typeRef="string"/>
<rule id="low"><inputEntry id="i1"><text>&lt; 50</text></inputEntry>
<outputEntry id="o1"><text>"below"</text></outputEntry></rule>
<rule id="high"><inputEntry id="i2"><text>&gt;= 50</text></inputEntry>
<outputEntry id="o2"><text>"above"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_t17_a_business_rule_task_runs_our_tables_and_leaves_a_decision():
    class Overridden(SpiffBpmnParser):
        OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the shape that the library asks for
            **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
            full_tag("businessRuleTask"): (BusinessRuleTaskParser, BusinessRuleTask),
        }

    content = diagram(
        "main", start(), user("give"), decide("level_of", "level"), end(),
        flows("start give", "give level_of", "level_of end"),
    )  # fmt: skip
    ignored = Overridden()
    root, table_root = etree.fromstring(content), etree.fromstring(TABLE)
    ignored.add_bpmn_xml(root)
    ignored.add_dmn_xml(table_root)
    assert type(ignored.get_spec("main").task_specs["level_of"]) is not BusinessRuleTask

    table = parse_table(TABLE, file="level.dmn")
    specs = specs_of(content, level=table)
    case = started(specs)
    finish(case, "give", score=Decimal(50))

    assert type(specs.processes["main"].task_specs["level_of"]) is BusinessRuleTask
    assert case.last_data["level_of"] == {"level": "above"}
    (made,) = (record for record in case.records if record.kind == "decision_made")
    assert made.values == {
        "table": "level", "table_sha256": table.sha256, "inputs": {"score": Decimal("50.00")},
        "rules": ["high"], "outputs": {"level": "above"},
    }  # fmt: skip


def test_our_parser_knows_no_element_that_runs_scripts():
    ours = DiagramParser.OVERRIDE_PARSER_CLASSES.values()

    assert not any(issubclass(parser, ScriptTaskParser) for parser, _ in ours)
