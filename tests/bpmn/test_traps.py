"""What SpiffWorkflow 3.2.0 gets wrong when used plainly, and that our layer does not.

The numbers are those of the list in `engine/bpmn/README.md`. Where a plain use can be shown in a
few lines, the test shows it first, so that an upgrade of the library tells when a guard is idle.
"""

import gc
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser.task_parsers import ScriptTaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.message import (
    MessageEventDefinition as CoreMessage,
)
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import BusinessRuleTaskParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.elements import BusinessRuleTask
from engine.bpmn.environment import StepEngine
from engine.bpmn.messages import Message
from engine.bpmn.parser import DiagramParser
from engine.bpmn.run import Execution
from engine.bpmn.timers import DateTimer, DurationTimer
from engine.errors import (
    BudgetExceeded,
    DeadlinePassed,
    ExecutionFailed,
    Invalid,
    InvalidDefinition,
)
from engine.rules.dmn import parse_table
from tests.bpmn.contexts import (
    NOW,
    context,
    finish,
    later,
    open_work,
    reloaded,
    specs_of,
    started,
    work,
)
from tests.bpmn.diagrams import (
    boundary,
    call,
    catch,
    decide,
    diagram,
    end,
    flows,
    gateway,
    message,
    messages,
    node,
    repeated,
    service,
    start,
    sub_process,
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


def test_t1_a_repeated_step_ends_on_a_freshly_parsed_definition():
    # Plainly: the state of two open instances on specs that were parsed anew never goes on.
    before, fresh = stock(PEERS), stock(PEERS)
    fresh.spec.task_specs["review [child]"].completed_event.disconnect_all()
    fresh.tasks, fresh.task_tree = before.tasks, before.task_tree
    for task in fresh.tasks.values():
        task.workflow, task.task_spec = fresh, fresh.spec.task_specs[task.task_spec.name]
    for task in stock_ready(fresh):
        task.run()
        fresh.do_engine_steps()
    assert not stock_ready(fresh)
    assert not fresh.completed

    case = started(specs_of(PEERS))
    case = reloaded(specs_of(PEERS), case)
    finish(case, "review")
    case = reloaded(specs_of(PEERS), case)
    finish(case, "review")

    assert case.completed


def test_t2_event_sub_processes_are_refused_and_running_never_changes_a_shared_definition():
    triggered = sub_process("any_time", start("inner"), end("inner_end"), flows("inner inner_end"))
    drawn = triggered.replace('id="any_time"', 'id="any_time" triggeredByEvent="true"')
    specs = specs_of(PEERS)
    outputs = {
        name: list(spec._outputs) for name, spec in specs.processes["main"].task_specs.items()
    }
    subscribers = [
        spec.completed_event.n_subscribers() for spec in specs.processes["main"].task_specs.values()
    ]

    for _ in range(2):
        case = started(specs)
        finish(case, "review")
        finish(reloaded(specs, case), "review")
    with pytest.raises(InvalidDefinition, match=r"bpmn\.element_refused any_time"):
        specs_of(diagram("main", start(), drawn, end(), flows("start end")))

    process = specs.processes["main"]
    assert {name: spec._outputs for name, spec in process.task_specs.items()} == outputs
    assert [spec.completed_event.n_subscribers() for spec in process.task_specs.values()] == (
        subscribers
    )


def test_t3_only_a_ready_task_can_be_completed():
    workflow = stock(TWO_STEPS)
    future = workflow.get_next_task(spec_name="second")
    assert future.state == TaskState.FUTURE
    assert future.run() is True

    specs = specs_of(TWO_STEPS)
    case = started(specs)
    first = work(case, "first").task_id
    finish(case, "first")

    with pytest.raises(DeadlinePassed):
        case.complete(first, {})
    with pytest.raises(DeadlinePassed):
        case.complete("no-such-task", {})
    assert open_work(case) == ["second"]


def test_t4_after_the_deadline_the_timer_wins_over_the_answer():
    workflow = stock(APPEAL.replace(b"P14D", b'"P14D"'))
    overdue = workflow.get_next_task(spec_name="late")
    overdue.internal_data["event_value"] = "2020-01-01T00:00:00+00:00"
    appeal = stock_ready(workflow)[0]
    workflow.refresh_timers()
    assert appeal.state == TaskState.READY
    assert appeal.run() is True

    specs = specs_of(APPEAL)
    case = started(specs)
    item = work(case, "appeal").task_id
    case = reloaded(specs, case, later(days=14))

    with pytest.raises(DeadlinePassed):
        case.complete(item, {"grounds": "too late"})
    assert case.completed
    assert case.records[-1].values == {"outcome": "too_late"}


def test_t4_one_moment_before_the_deadline_the_answer_counts():
    specs = specs_of(APPEAL)
    case = reloaded(specs, started(specs), later(days=14, microseconds=-1))

    finish(case, "appeal", grounds="in time")

    assert case.records[-1].values == {"outcome": "done"}


def test_t5_a_called_process_shares_no_object_with_its_caller():
    inner = diagram("inner", start("s"), user("edit"), end("e"), flows("s edit", "edit e"))
    outer = diagram(
        "main", start(), user("before"), call("called", "inner"), end(),
        flows("start before", "before called", "called end"),
    )  # fmt: skip
    parser = SpiffBpmnParser()
    roots = [etree.fromstring(content) for content in (outer, inner)]
    for root in roots:
        parser.add_bpmn_xml(root)
    workflow = BpmnWorkflow(parser.get_spec("main"), parser.get_subprocess_specs("main"))
    workflow.do_engine_steps()
    given = stock_ready(workflow)[0]
    given.data["before"] = {"rows": [{"note": "mine"}]}
    given.run()
    workflow.do_engine_steps()
    stock_ready(workflow)[0].data["before"]["rows"][0]["note"] = "changed"
    assert given.data["before"]["rows"][0]["note"] == "changed"

    specs = specs_of(outer, inner)
    case = started(specs)
    answers = {"rows": [{"note": "mine"}]}
    finish(case, "before", **answers)
    outside = case._workflow.last_task.data
    answers["rows"][0]["note"] = "changed by the caller"
    case.data(work(case, "edit").task_id)["before"]["rows"][0]["note"] = "changed inside"

    assert outside["before"]["rows"][0]["note"] == "mine"


def test_t6_answers_replace_each_other_and_are_never_merged():
    assert DeepMerge.merge({"a": [3]}, {"a": [4, 4, 5]}) == {"a": [3, 4, 5]}

    specs = specs_of(ROUNDS)
    case = started(specs)
    finish(case, "write", good=False, marks=[Decimal(1), Decimal(2)], note="first")
    case = reloaded(specs, case)
    finish(case, "write", good=True, marks=[Decimal(2), Decimal(1), Decimal(1)])

    assert case.last_data["write"] == {
        "good": True, "marks": [Decimal(2), Decimal(1), Decimal(1)],
    }  # fmt: skip


def test_t6_a_join_keeps_what_each_branch_wrote_in_the_second_round():
    specs = specs_of(
        diagram(
            "main", start(), gateway("begin", default="begin_to_split"),
            gateway("split", "parallel"), user("left"), user("right"), gateway("join", "parallel"),
            user("check"), gateway("again", default="again_to_begin"), end(),
            flows("start begin", "begin split", "split left", "split right", "left join",
                  "right join", "join check", "check again", "again begin",
                  "again end if check.ok"),
        )
    )  # fmt: skip
    case = started(specs)
    for given in ("old", "new"):
        for element in ("left", "right"):
            finish(case, element, note=given, **({"only_old": True} if given == "old" else {}))
            case = reloaded(specs, case)
        finish(case, "check", ok=given == "new")

    assert case.last_data["left"] == {"note": "new"}
    assert case.last_data["right"] == {"note": "new"}


def test_t6_a_join_of_three_keeps_the_first_branch_over_two_stored_states():
    branches = ("one", "two", "three")
    specs = specs_of(
        diagram(
            "main", start(), gateway("split", "parallel"), *(user(name) for name in branches),
            gateway("join", "parallel"), end(),
            flows("start split", "join end", *(f"split {name}" for name in branches),
                  *(f"{name} join" for name in branches)),
        )
    )  # fmt: skip
    case = started(specs)
    for name in branches:
        finish(case, name, by=name)
        case = reloaded(specs, case)

    assert {name: case.last_data[name]["by"] for name in branches} == dict(
        zip(branches, branches, strict=True)
    )


LOOPED_BRANCHES = diagram(
    "main", start(), gateway("begin", default="begin_to_split"), gateway("split", "parallel"),
    user("left"), user("middle"), user("right"), gateway("join", "parallel"), user("check"),
    gateway("again", default="again_to_begin"), end(),
    flows("start begin", "begin split", "split left", "split middle", "split right", "left join",
          "middle join", "right join", "join check", "check again", "again begin",
          "again end if 1 == 2"),
)  # fmt: skip


def test_t18_a_join_in_a_loop_waits_for_every_branch_of_its_own_round():
    workflow = stock(LOOPED_BRANCHES)

    def answer(name: str) -> None:
        task = next(task for task in stock_ready(workflow) if task.task_spec.name == name)
        task.data[name] = {"ok": False}
        task.run()
        workflow.do_engine_steps()

    for name in ("middle", "right", "left", "check", "middle", "left"):
        answer(name)
    # Plainly: the right branch of the second round is open, and the join went on without it.
    assert {task.task_spec.name for task in stock_ready(workflow)} == {"right", "check"}

    case = started(specs_of(LOOPED_BRANCHES))
    for name in ("middle", "right", "left", "check", "middle", "left"):
        finish(case, name, ok=False)

    assert open_work(case) == ["right"]


def test_t18_an_inclusive_join_in_a_loop_waits_for_every_branch_of_its_own_round():
    content = diagram(
        "main", start(), gateway("begin", default="begin_to_split"),
        gateway("split", "inclusive", default="split_to_other"), user("left"), user("right"),
        user("other"), gateway("join", "inclusive", default="join_to_check"), user("check"),
        gateway("again", default="again_to_begin"), end(),
        flows("start begin", "begin split", "split left if case.on", "split right if case.on",
              "split other", "left join", "right join", "other join", "join check",
              "check again", "again begin", "again end if check.ok"),
    )  # fmt: skip
    case = started(specs_of(content), case={"on": True})
    for name in ("right", "left", "check", "right"):
        finish(case, name, ok=False)

    assert open_work(case) == ["left"]


def test_t7_answers_cannot_make_a_case_unloadable():
    workflow = stock(TWO_STEPS)
    stock_ready(workflow)[0].data["first"] = {"typename": "anything"}
    state = stock_serializer().serialize_json(workflow)
    with pytest.raises(TypeError, match="not callable"):
        stock_serializer().deserialize_json(state)

    specs = specs_of(TWO_STEPS)
    case = started(specs)
    for poison in ({"typename": "UUID"}, {"deep": [{"typename": "x"}]}, {"$decimal": "1"}):
        with pytest.raises(Invalid):
            finish(case, "first", answer=poison)
    case._workflow.last_task.data["slipped_in"] = {"typename": "UUID"}

    assert open_work(reloaded(specs, case)) == ["first"]


def test_t8_a_failing_step_raises_and_the_stored_state_goes_on():
    content = diagram(
        "main", start(), user("give"), service("use", "echo", "x", value="give.number"), end(),
        flows("start give", "give use", "use end"),
    )  # fmt: skip
    specs = specs_of(content)
    case = started(specs)
    good = case.dump()

    with pytest.raises(ExecutionFailed) as failure:
        finish(case, "give")
    assert failure.value.place == "use"
    with pytest.raises(ExecutionFailed):
        case.advance()

    retried = Execution.load(specs, good, context())
    finish(retried, "give", number=1)
    assert retried.completed


def test_t9_endless_rounds_end_with_an_alarm_and_not_in_silence():
    specs = specs_of(ROUNDS)
    case = started(specs)
    for _ in range(50):
        finish(case, "write", good=False)
        case = reloaded(specs, case)

    with pytest.raises(BudgetExceeded) as alarm:
        finish(case, "write", good=False)

    assert (alarm.value.code, alarm.value.place) == ("bpmn.too_many_rounds", "write")


def test_t9_fifty_rounds_are_allowed():
    specs = specs_of(ROUNDS)
    case = started(specs)
    for _ in range(49):
        finish(case, "write", good=False)
        case = reloaded(specs, case)
    finish(case, "write", good=True)

    assert case.completed


def test_t9_a_circle_without_people_ends_with_an_alarm():
    content = diagram(
        "main", start(), gateway("a", default="a_to_b"), service("b", "echo"), end(),
        flows("start a", "a b", "b a", "a end if case.never"),
    )  # fmt: skip
    with pytest.raises(BudgetExceeded):
        started(specs_of(content), case={"never": False})


def test_t9_the_budget_bounds_the_automatic_steps_of_a_command():
    case = Execution.start(specs_of(TWO_STEPS), "main", {}, context(budget=1))

    with pytest.raises(BudgetExceeded, match=r"bpmn\.too_many_steps"):
        case.advance()


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
