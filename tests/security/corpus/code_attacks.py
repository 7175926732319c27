"""Attacks that put code where SpiffWorkflow would evaluate it."""

from xml.sax.saxutils import escape

from tests.security.corpus.attack import CANARY, Attack
from tests.security.corpus.drawing import (
    boundary,
    catch,
    chain,
    drawn,
    end,
    extensions,
    flow,
    gateway,
    service,
    start,
    timer,
    user,
)

TOUCH = f"__import__('os').system('touch {CANARY}')"
OPEN = f"open('{CANARY}', 'w').write('x')"
ESCAPE = (
    "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'Popen'][0]"
    f"(['touch', '{CANARY}'])"
)
EQUAL = f"type('E', (), {{'__eq__': lambda s, o: {OPEN}}})() == 1"


def _script(code: str) -> bytes:
    task = (
        '<bpmn:scriptTask id="work" name="Hitung"><bpmn:script>'
        f"{escape(code)}</bpmn:script></bpmn:scriptTask>"
    )
    return drawn(start(), task, end(), chain("start", "work", "end"))


def _condition(code: str) -> bytes:
    return drawn(
        start(), gateway("x", default="x_end"), user("a"), end(), chain("start", "x", "end"),
        flow("x", "a", escape(code)), flow("a", "end"),
    )  # fmt: skip


def _timer(code: str) -> bytes:
    return drawn(start(), catch("wait", timer(escape(code))), end(), chain("start", "wait", "end"))


def _cardinality(code: str) -> bytes:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>"
        f"{escape(code)}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    task = user("a").replace("</bpmn:userTask>", f"{loop}</bpmn:userTask>")
    return drawn(start(), task, end(), chain("start", "a", "end"))


def _pre_script(code: str) -> bytes:
    script = f"<spiffworkflow:preScript>{escape(code)}</spiffworkflow:preScript>"
    task = user("a").replace("<bpmn:extensionElements>", f"<bpmn:extensionElements>{script}", 1)
    return drawn(start(), task, end(), chain("start", "a", "end"))


def _conditional(code: str) -> bytes:
    event = (
        "<bpmn:conditionalEventDefinition><bpmn:condition>"
        f"{escape(code)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )
    return drawn(start(), catch("wait", event), end(), chain("start", "wait", "end"))


def _service(code: str) -> bytes:
    return drawn(start(), service("a", source=code), end(), chain("start", "a", "end"))


def _correlation(code: str) -> bytes:
    event = catch("wait", extensions({"alur:correlation": code}) + timer("P1D"))
    return drawn(start(), event, end(), chain("start", "wait", "end"))


def _due_from(code: str) -> bytes:
    task = user("a", alur_due="window").replace(
        "</spiffworkflow:properties>",
        f'<spiffworkflow:property name="alur:due-from" value="{escape(code)}" />'
        "</spiffworkflow:properties>",
    )
    lapse = boundary("late", "a", timer("P1D"))
    return drawn(start(), task, lapse, end(), chain("start", "a", "end"), flow("late", "end"))


UNSAFE = "diagram.expression_unsafe"
UNKNOWN = "diagram.function_unknown"
ATTACKS = (
    Attack("s01_script", lambda: _script(f"import os; os.system('touch {CANARY}')"),
           "diagram.script"),
    Attack("s02_condition", lambda: _condition(TOUCH), UNSAFE),
    Attack("s03_subclasses", lambda: _condition(ESCAPE), UNSAFE),
    Attack("s03_attribute", lambda: _condition("case.__class__"), UNSAFE),
    Attack("s04_timer", lambda: _timer(TOUCH), UNSAFE),
    Attack("s05_cardinality", lambda: _cardinality(TOUCH), UNSAFE),
    Attack("s06_pre_script", lambda: _pre_script(OPEN), "diagram.pre_script"),
    Attack("s07_parameter", lambda: _service(TOUCH), UNSAFE),
    Attack("s08_class_with_eq", lambda: _condition(EQUAL), UNSAFE),
    Attack("s09_endless_script", lambda: _script("while True: pass"), "diagram.script",
           limited=True),
    Attack("s10_power", lambda: _condition("9**9**9 > 1"), UNSAFE, limited=True),
    Attack("s10_large_number", lambda: _condition("9999999999999 > 1"), UNSAFE),
    Attack("s11_large_text", lambda: _condition("'a' * 10000000000 == ''"), UNSAFE, limited=True),
    Attack("s12_open", lambda: _condition(OPEN), UNSAFE),
    Attack("s12_open_alone", lambda: _condition(f"open('{CANARY}', 'w')"), UNKNOWN),
    Attack("s13_conditional_event", lambda: _conditional(TOUCH), "diagram.conditional_event"),
    Attack("s14_correlation", lambda: _correlation(TOUCH), UNSAFE),
    Attack("s15_due_from", lambda: _due_from(TOUCH), UNSAFE),
    Attack("s16_lambda", lambda: _condition(f"(lambda: {OPEN})()"), UNSAFE),
    Attack("s17_deep", lambda: _condition("(" * 150 + "1" + ")" * 149), UNSAFE, limited=True),
)  # fmt: skip
