"""SpiffWorkflow 3.2.0 used plainly, and our layer: data of branches and calls (T5, T6, T18)."""

from decimal import Decimal

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.deep_merge import DeepMerge

from tests.bpmn.contexts import (
    finish,
    open_work,
    reloaded,
    specs_of,
    started,
)
from tests.bpmn.diagrams import (
    call,
    diagram,
    end,
    flows,
    gateway,
    repeated,
    start,
    user,
)
from tests.bpmn.stock import ROUNDS, stock, stock_ready


def test_t5_nothing_inside_a_called_process_changes_what_its_caller_holds():
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

    collecting = diagram(
        "inner", start("s"), user("edit", repeated(over="before.rows", into="edited")),
        user("before"), end("e"), flows("s edit", "edit before", "before e"),
    )  # fmt: skip
    case = started(specs_of(outer, collecting))
    answers = {"rows": [{"note": "mine"}, {"note": "mine"}]}
    finish(case, "before", **answers)
    outside = case._workflow.last_task.data
    answers["rows"][0]["note"] = "changed by the caller"
    finish(case, "edit", note="changed inside")
    finish(case, "edit", note="changed inside")
    finish(case, "before", rows=[{"note": "changed inside"}])

    assert case.last_data["before"] == {"rows": [{"note": "changed inside"}]}
    assert outside["before"] == {"rows": [{"note": "mine"}, {"note": "mine"}]}


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
