"""Attacks on the course of a case: circles, forks, dead ends, calls, timers, missing parts."""

from tests.security.corpus.attack import Attack
from tests.security.corpus.drawing import (
    boundary,
    call,
    catch,
    chain,
    drawn,
    end,
    flow,
    gateway,
    rule,
    service,
    start,
    sub,
    timer,
    user,
)

LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{}</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def _repeated(task: str, count: int) -> str:
    closing = task[task.rindex("</") :]
    return task.removesuffix(closing) + LOOP.format(count) + closing


def _circle() -> bytes:
    return drawn(
        start(), service("a"), service("b"), gateway("x", default="x_a"), end(),
        chain("start", "a", "b", "x", "a"), flow("x", "end", "note.done"),
    )  # fmt: skip


def _self_circle() -> bytes:
    return drawn(start(), service("a"), gateway("x", default="x_a"), end(),
                 chain("start", "a", "x", "a"), flow("x", "end", "False"))  # fmt: skip


def _fork_bomb() -> bytes:
    return drawn(start(), gateway("m"), gateway("s", "parallel"), user("a"), gateway("m2"), end(),
                 chain("start", "m", "s", "a", "m2", "m"), flow("s", "m2"),
                 flow("s", "end"))  # fmt: skip


def _nested() -> bytes:
    inner = sub("inner", start("s1"), _repeated(user("a"), 50), end("e1"), chain("s1", "a", "e1"))
    return drawn(start(), _repeated(inner, 50), end(), chain("start", "inner", "end"))


def _choice(*flows: str, default: str | None = None) -> bytes:
    return drawn(start(), gateway("x", default=default), user("a"), user("b"), end(),
                 flow("start", "x"), *flows, flow("a", "end"), flow("b", "end"))  # fmt: skip


def _and_xor() -> bytes:
    return drawn(start(), gateway("s", "parallel"), user("a"), user("b"), gateway("j"),
                 user("twice"), end(), chain("start", "s", "a", "j", "twice", "end"),
                 chain("s", "b", "j"))  # fmt: skip


def _xor_and() -> bytes:
    return drawn(start(), gateway("s", default="s_a"), user("a"), user("b"),
                 gateway("j", "parallel"), end(), chain("start", "s", "a", "j", "end"),
                 flow("s", "b", "case.is_unit_head"), flow("b", "j"))  # fmt: skip


def _and_back() -> bytes:
    return drawn(start(), gateway("m"), user("a"), gateway("s", "parallel"), user("b"), end(),
                 chain("start", "m", "a", "s", "b", "m"), flow("s", "end"))  # fmt: skip


def _interrupted_branch() -> bytes:
    """A branch that ends by a timer leaves the join of its sub-process waiting."""
    return drawn(start(), gateway("s", "parallel"), user("a"), user("b"), gateway("j", "parallel"),
                 boundary("late", "a", timer("P3D")), end("lapsed"), end(), flow("late", "lapsed"),
                 chain("start", "s", "a", "j", "end"), chain("s", "b", "j"))  # fmt: skip


def _waits(text: str, kind: str = "timeDuration", *, interrupting: bool = True) -> bytes:
    event = boundary("late", "a", timer(text, kind), interrupting=interrupting)
    return drawn(start(), user("a"), event, end(), end("other"), chain("start", "a", "end"),
                 flow("late", "other"))  # fmt: skip


def _two(first: str, second: str) -> bytes:
    return drawn(start(), first, second, end(), chain("start", "a", "b", "end"))


def _delegate(attribute: bytes) -> bytes:
    found = drawn(start(), service("a"), end(), chain("start", "a", "end"))
    return found.replace(b'<bpmn:serviceTask id="a"', b'<bpmn:serviceTask id="a" ' + attribute)


CAMUNDA = b'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:class="org.Evil"'
ATTACKS = (
    Attack("g01_circle", _circle, "diagram.endless_circle", limited=True),
    Attack("g02_self_circle", _self_circle, "diagram.endless_circle", limited=True),
    Attack("g03_fork_bomb", _fork_bomb, "diagram.endless_circle", limited=True),
    Attack("g04_million_instances",
           lambda: drawn(start(), _repeated(user("a"), 1_000_000), end(),
                         chain("start", "a", "end")),
           "diagram.multi_instance_many", limited=True),
    Attack("g05_nested_instances", _nested, "diagram.multi_instance_nested", limited=True),
    Attack("g06_self_call",
           lambda: drawn(start(), call("a", "sample"), end(), chain("start", "a", "end")),
           "diagram.call_circle"),
    Attack("g07_mutual_call",
           lambda: drawn(start(), call("a", "calls_sample"), end(), chain("start", "a", "end")),
           "diagram.call_circle"),
    Attack("g08_missing_callee",
           lambda: drawn(start(), call("a", "nowhere"), end(), chain("start", "a", "end")),
           "diagram.call_unknown"),
    Attack("g09_no_start", lambda: drawn(user("a"), end(), chain("a", "end")),
           "diagram.start_missing"),
    Attack("g09_two_starts",
           lambda: drawn(start(), start("other"), user("a"), end(), chain("start", "a", "end"),
                         flow("other", "a")),
           "diagram.start_twice"),
    Attack("g10_dead_end", lambda: _choice(flow("x", "a", "case.is_unit_head"), flow("x", "b"),
                                           default="x_b").replace(
        b'<bpmn:sequenceFlow id="b_end" sourceRef="b" targetRef="end"></bpmn:sequenceFlow>', b""),
           "diagram.unconnected_after"),
    Attack("g11_unreachable",
           lambda: drawn(start(), user("a"), user("b"), end(), chain("start", "a", "end"),
                         chain("b", "a")),
           "diagram.unreachable"),
    Attack("g12_none_true",
           lambda: _choice(flow("x", "a", "case.is_unit_head"),
                           flow("x", "b", "case.is_functional")),
           "diagram.default_missing"),
    Attack("g13_unknown_variable",
           lambda: _choice(flow("x", "a", "nothing.here == 1"), flow("x", "b"), default="x_b"),
           "diagram.name_unknown"),
    Attack("g13_written_later",
           lambda: _choice(flow("x", "a", "b.ok"), flow("x", "b"), default="x_b"),
           "diagram.name_unknown"),
    Attack("g14_repeated_id", lambda: _two(user("a"), user("b")).replace(b'id="b"', b'id="a"'),
           "diagram.id_twice"),
    Attack("g15_dangling",
           lambda: drawn(start(), user("a"), end(), chain("start", "a", "end"),
                         flow("a", "gone", identifier="lost")),
           "diagram.flow_dangling"),
    Attack("g16_xor_and", _xor_and, "diagram.deadlock"),
    Attack("g16_and_xor", _and_xor, "diagram.double_token"),
    Attack("g16_and_back", _and_back, "diagram.double_token", limited=True),
    Attack("g16_interrupted_branch", _interrupted_branch, "diagram.deadlock"),
    Attack("g17_no_lane",
           lambda: drawn(start(), user("a"), end(), chain("start", "a", "end"), lanes={}),
           "diagram.lane_missing"),
    Attack("g17_unknown_lane",
           lambda: drawn(start(), user("a"), end(), chain("start", "a", "end"),
                         lanes={"Siapa saja": ["a"]}),
           "diagram.lane_unknown"),
    Attack("g18_cycle", lambda: _waits("R100000/PT0S", "timeCycle", interrupting=False),
           "diagram.timer_cycle", limited=True),
    Attack("g18_at_once", lambda: _waits("PT0S", interrupting=False), "diagram.timer_form"),
    Attack("g19_bad_timer", lambda: _waits("14 hari"), "diagram.expression_unsafe"),
    Attack("g19_bad_duration", lambda: _waits("P14X"), "diagram.timer_form"),
    Attack("g20_far_future", lambda: _waits("P999999999Y"), "diagram.timer_too_long"),
    Attack("g20_ten_years", lambda: _waits("P3650D"), "diagram.timer_too_long"),
    Attack("g21_not_executable",
           lambda: _two(user("a"), user("b")).replace(b'isExecutable="true"', b""),
           "diagram.not_executable"),
    Attack("g22_no_process",
           lambda: drawn().split(b"<bpmn:process")[0] + b"</bpmn:definitions>",
           "diagram.no_process"),
    Attack("g23_complex_gateway",
           lambda: drawn(start(), gateway("x", "complex"), end(), chain("start", "x", "end")),
           "diagram.complex_gateway"),
    Attack("g24_delegate_class", lambda: _delegate(CAMUNDA), "xml.namespace"),
    Attack("g24_implementation", lambda: _delegate(b'implementation="##WebService"'),
           "diagram.attribute"),
    Attack("g24_operation",
           lambda: drawn(start(), service("a", "os.system"), end(), chain("start", "a", "end")),
           "diagram.operation_unknown"),
    Attack("g25_missing_table",
           lambda: drawn(start(), rule("a", "nowhere"), end(), chain("start", "a", "end")),
           "diagram.table_unknown"),
    Attack("g26_two_timers",
           lambda: drawn(start(), gateway("x", "eventBased"), catch("a", timer("P1D")),
                         catch("b", timer("P2D")), end(), chain("start", "x", "a", "end"),
                         chain("x", "b", "end")),
           "diagram.event_gateway_timers"),
    Attack("g27_event_sub_process",
           lambda: drawn(start(), user("a"), end(), chain("start", "a", "end"),
                         sub("e", start("s1"), end("e1"), flow("s1", "e1"),
                             more=' triggeredByEvent="true"')),
           "diagram.event_subprocess"),
    Attack("g28_link",
           lambda: drawn(start(), catch("a", "<bpmn:linkEventDefinition name='x' />"), end(),
                         chain("start", "a", "end")),
           "diagram.link"),
)  # fmt: skip
