"""A case at run time: work, timers, messages, calls, decisions about the way, and its records."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.bpmn.run import Execution
from engine.bpmn.state import HEADER
from engine.errors import (
    ExecutionFailed,
    Invalid,
    InvalidDefinition,
    NotFound,
    UnsafeExpression,
)
from tests.bpmn.contexts import (
    context,
    facts,
    finish,
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
    diagram,
    end,
    flows,
    gateway,
    message,
    messages,
    node,
    properties,
    repeated,
    service,
    start,
    sub_process,
    timer,
    user,
)

PLAIN = diagram("main", start(), user("first"), end(), flows("start first", "first end"))


def test_a_new_case_opens_its_first_work_with_lane_and_properties():
    case = started(
        specs_of(diagram("main", start(), user("rate", alur_due="review", lane_note="x"), end(),
                         flows("start rate", "rate end"), lane="Atasan")),
    )  # fmt: skip

    (found,) = case.ready
    assert (found.element_id, found.lane, found.path, found.index) == ("rate", "Atasan", (), None)
    assert found.properties["alur:due"] == "review"


def test_start_data_are_copied_and_seen_by_the_first_step():
    given = {"coefficient": Decimal("1.25"), "rows": [1]}
    case = started(specs_of(PLAIN), case=given)
    given["rows"].append(2)

    data = case.data(work(case, "first").task_id)

    assert data["case"] == {"coefficient": Decimal("1.25"), "rows": [1]}


def test_an_unknown_process_cannot_be_started():
    with pytest.raises(NotFound):
        Execution.start(specs_of(PLAIN), "other", {}, context())


def test_answers_lie_under_the_id_of_their_element_and_survive_storing():
    specs = specs_of(PLAIN)
    case = started(specs)
    finish(case, "first", score=Decimal("87.50"), text="baik", rows=[{"n": Decimal(1)}])

    again = reloaded(specs, case)

    assert again.completed
    assert again.last_data["first"] == {
        "score": Decimal("87.50"), "text": "baik", "rows": [{"n": Decimal(1)}],
    }  # fmt: skip
    assert str(again.last_data["first"]["score"]) == "87.50"


def test_floats_and_other_types_are_refused():
    case = started(specs_of(PLAIN))

    for wrong in (1.5, datetime.now(UTC), {1: "a"}, (1, 2)):
        with pytest.raises(Invalid):
            finish(case, "first", value=wrong)

    assert open_work(case) == ["first"]


def test_the_way_taken_is_recorded_with_flow_and_condition():
    case = started(
        specs_of(
            diagram(
                "main", start(), user("ask"), gateway("agree", default="agree_to_no"),
                end("yes", "agreed"), end("no"),
                flows("start ask", "ask agree", "agree yes if ask.agree", "agree no"),
            )
        )
    )  # fmt: skip
    finish(case, "ask", agree=True)

    assert facts(case) == [
        ("gateway_taken", "agree",
         {"flow": "agree_to_yes", "condition": "ask.agree", "default": False}),
        ("process_ended", "yes", {"outcome": "agreed"}),
    ]  # fmt: skip


def test_a_service_computes_into_its_variable_and_effects_are_collected():
    specs = specs_of(
        diagram(
            "main", start(), service("compute", "echo", "result", total="case.a + 1"),
            service("tell", "notify", who="'hr'"), end(),
            flows("start compute", "compute tell", "tell end"),
        )
    )  # fmt: skip
    case = started(specs, case={"a": Decimal("1.5")})

    assert case.last_data["result"]["given"] == {"total": Decimal("2.5")}
    assert "tell" not in case.last_data
    assert [(effect.operation, dict(effect.params)) for effect in case.effects] == [
        ("notify", {"who": "hr"})
    ]
    assert facts(case)[0] == (
        "operation_done", "compute", {"operation": "echo", "values": {"operation": "echo"}},
    )  # fmt: skip


def test_a_service_may_share_its_name_with_its_operation_and_parameter():
    content = diagram(
        "main", start(), user("source"), service("echo", "echo", "x", source="1"), end(),
        flows("start source", "source echo", "echo end"),
    )  # fmt: skip
    case = started(specs_of(content))
    finish(case, "source")

    assert case.completed


@pytest.mark.parametrize(("asked", "then"), [(2, ["again"]), (3, [])])
def test_a_choice_asks_for_a_number_of_the_settings_by_its_name(asked, then):
    specs = specs_of(diagram(
        "main", start(), user("ask"), gateway("g", default="g_to_end"), user("again"), end(),
        flows("start ask", "ask g", "g again if ask.round < limit('rounds')", "g end", "again end"),
    ))  # fmt: skip
    case = started(specs)

    finish(case, "ask", round=Decimal(asked))

    assert open_work(case) == then


def test_a_number_that_the_settings_do_not_hold_stops_the_step():
    specs = specs_of(diagram(
        "main", start(), user("ask"), gateway("g", default="g_to_end"), user("again"), end(),
        flows("start ask", "ask g", "g again if ask.round < limit('turns')", "g end", "again end"),
    ))  # fmt: skip
    case = started(specs)

    with pytest.raises(ExecutionFailed, match=r"bpmn\.limit_unknown"):
        finish(case, "ask", round=Decimal(1))


CALLED = diagram(
    "sp_appeal", start("s"), user("decide"), gateway("g", default="g_to_kept"),
    end("kept", "kept"), end("granted", "granted"),
    flows("s decide", "decide g", "g granted if decide.granted", "g kept"),
)  # fmt: skip
CALLER = diagram(
    "main", start(), call("appeal", "sp_appeal"), gateway("g2", default="g2_to_end"),
    user("correct"), end(),
    flows("start appeal", "appeal g2", "g2 correct if sp_appeal.outcome == 'granted'", "g2 end",
          "correct end"),
)  # fmt: skip


@pytest.mark.parametrize(("granted", "then"), [(True, ["correct"]), (False, [])])
def test_a_called_process_leaves_its_outcome(granted, then):
    specs = specs_of(CALLER, CALLED)
    case = reloaded(specs, started(specs))
    assert work(case, "decide").path == ("appeal",)

    finish(case, "decide", granted=granted)

    assert open_work(case) == then
    assert case.last_data["sp_appeal"] == {"outcome": "granted" if granted else "kept"}
    assert case.last_data["decide"] == {"granted": granted}


def test_an_embedded_process_without_named_end_is_done():
    inner = sub_process("stage", start("s"), user("edit"), end("e"), flows("s edit", "edit e"))
    case = started(
        specs_of(diagram("main", start(), inner, end(), flows("start stage", "stage end")))
    )
    finish(case, "edit")

    assert case.last_data["stage"] == {"outcome": "done"}


def test_a_called_process_that_is_missing_is_refused():
    with pytest.raises(InvalidDefinition):
        specs_of(CALLER)


def test_a_message_on_a_stage_withdraws_all_its_work():
    inner = sub_process("stage", start("s"), call("appeal", "sp_appeal"), end("e"),
                        flows("s appeal", "appeal e"))  # fmt: skip
    specs = specs_of(
        diagram(
            "main", start(), inner, boundary("withdrawn", "stage", message("withdraw")),
            end("gone", "withdrawn"), end(),
            flows("start stage", "stage end", "withdrawn gone"), extra=messages("withdraw"),
        ),
        CALLED,
    )  # fmt: skip
    case = reloaded(specs, started(specs))
    assert open_work(case) == ["decide"]

    case.receive("withdraw", {"by": "subject"})

    assert case.completed
    assert case.ready == ()
    assert facts(case)[-1] == ("process_ended", "gone", {"outcome": "withdrawn"})


REVIEWS = diagram(
    "main", start(), user("nominate"),
    user("review", repeated(over="nominate.rows", into="reviews")), end(),
    flows("start nominate", "nominate review", "review end"),
)  # fmt: skip


def test_each_nominated_peer_gets_an_item_and_all_answers_become_a_list():
    specs = specs_of(REVIEWS)
    case = started(specs)
    finish(case, "nominate", rows=[{"id": "ani"}, {"id": "budi"}])
    case = reloaded(specs, case)
    ani, budi = sorted(case.ready, key=lambda found: found.index)
    assert (ani.index, budi.index) == (0, 1)
    assert case.data(budi.task_id)["item"] == {"id": "budi"}

    case.complete(budi.task_id, {"mark": Decimal(2)})
    case = reloaded(specs, case)
    assert case.data(ani.task_id)["reviews"] == []
    case.complete(ani.task_id, {"mark": Decimal(1)})

    assert case.last_data["reviews"] == [{"mark": Decimal(2)}, {"mark": Decimal(1)}]


def test_nobody_nominated_gives_an_empty_list():
    case = started(specs_of(REVIEWS))
    finish(case, "nominate", rows=[])

    assert case.completed
    assert case.last_data["reviews"] == []


def test_more_people_than_allowed_are_refused():
    case = started(specs_of(REVIEWS))

    with pytest.raises(ExecutionFailed, match=r"bpmn\.too_many_instances"):
        finish(case, "nominate", rows=[{"id": str(number)} for number in range(300)])


def test_a_terminating_end_withdraws_everything_else():
    content = diagram(
        "main", start(), gateway("split", "parallel"), user("left"), user("right"),
        node("endEvent", "stop", properties({"alur:outcome": "stopped"})
             + "<bpmn:terminateEventDefinition/>"),
        end(), flows("start split", "split left", "split right", "left stop", "right end"),
    )  # fmt: skip
    case = started(specs_of(content))
    finish(case, "left")

    assert case.completed
    assert case.ready == ()
    assert case.effects == ()
    assert facts(case) == [("process_ended", "stop", {"outcome": "stopped"})]


def test_a_cancelled_case_has_no_work_and_can_be_stored():
    specs = specs_of(CALLER, CALLED)
    case = started(specs)
    case.cancel()

    again = reloaded(specs, case)

    assert again.completed
    assert (again.ready, again.timers, again.awaited) == ((), (), ())


def test_an_unsafe_expression_names_its_element():
    content = PLAIN.replace(b'id="first"', b'id="first"').replace(
        b"<bpmn:userTask", catch("bad", timer("__import__('os')", "timeDate")).encode().replace(
            b' data-node="1"', b"") + b"<bpmn:userTask",
    )  # fmt: skip
    content = content.replace(
        b'sourceRef="start" targetRef="first"', b'sourceRef="start" targetRef="bad"'
    ).replace(b"</bpmn:process>", flows("bad first").encode() + b"</bpmn:process>")

    with pytest.raises(UnsafeExpression) as refusal:
        specs_of(content)

    assert refusal.value.place == "bad"


def test_a_state_of_something_else_is_refused():
    specs, other = specs_of(PLAIN), specs_of(REVIEWS)
    blob = started(specs).dump()

    for wrong in (b"", b"other header", blob[:10], HEADER + b"no frame"):
        with pytest.raises(ExecutionFailed, match=r"bpmn\.state_unreadable"):
            Execution.load(specs, wrong, context())
    with pytest.raises(ExecutionFailed, match=r"bpmn\.state_unreadable"):
        Execution.load(other, blob, context())
