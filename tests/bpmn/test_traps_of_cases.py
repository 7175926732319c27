"""SpiffWorkflow 3.2.0 used plainly, and our layer: running, completing, storing (T1–T9).

The numbers are those of `engine/bpmn/README.md`. Where a plain use can be shown in a few lines, the
test shows it first, so that an upgrade of the library tells when a guard is idle.
"""

import pytest
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.run import Execution
from engine.errors import (
    BudgetExceeded,
    DeadlinePassed,
    ExecutionFailed,
    Invalid,
    InvalidDefinition,
)
from tests.bpmn.contexts import (
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
    diagram,
    end,
    flows,
    gateway,
    service,
    start,
    sub_process,
    user,
)
from tests.bpmn.stock import APPEAL, PEERS, ROUNDS, TWO_STEPS, stock, stock_ready, stock_serializer


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
