"""The gate as a whole: a good system becomes ready to run, a bad one is refused with everything."""

import pytest

from engine.bpmn.deploy import check
from engine.bpmn.playing import PlayOrder
from engine.errors import InvalidDefinition, Severity
from tests.bpmn.simulate.systems import OPERATIONS, SETTINGS, system, table
from tests.security.corpus.drawing import (
    chain,
    drawn,
    end,
    flow,
    gateway,
    rule,
    service,
    start,
    user,
)

GOOD = drawn(
    start(), user("review"), rule("grading", "grade"), gateway("x", default="x_end"),
    service("told"), end(), chain("start", "review", "grading", "x", "end"),
    flow("x", "told", 'grading.grade == "poor"'), flow("told", "end"),
)  # fmt: skip


def test_a_good_system_is_played_and_ready() -> None:
    bundle = system({"sample": GOOD}, {"grade": table()})
    order = PlayOrder(bundle, "sample", plays=30)

    ready = check(bundle, SETTINGS, operations=OPERATIONS, orders=[order])

    assert ready.specs.process_ids == ("sample",)
    assert [f for f in ready.warnings if f.severity is Severity.ERROR] == []
    assert "play.never_visited" not in {f.rule for f in ready.warnings}


def test_a_bad_system_is_refused_whole_with_every_finding_by_file() -> None:
    diagram = GOOD.replace(b'id="noted"', b'id="unknown"').replace(b"grading.grade", b"grading.x")
    bundle = system({"sample": diagram}, {"grade": table(rest="&lt; 80")})

    with pytest.raises(InvalidDefinition) as refused:
        check(bundle, SETTINGS, operations=OPERATIONS)

    found = [(f.file, f.rule, f.element_id) for f in refused.value.findings]
    assert ("workflows/small/sample.bpmn", "diagram.operation_unknown", "told") in found
    assert ("workflows/small/sample.bpmn", "diagram.name_unknown", "x_told") in found
    assert any(file == "workflows/small/grade.dmn" for file, _, _ in found)
    assert [f.file or "" for f in refused.value.findings] == sorted(
        f.file or "" for f in refused.value.findings
    )
    assert all(f.line for f in refused.value.findings if f.rule.startswith("diagram."))


def test_what_only_plays_show_refuses_too() -> None:
    bundle = system({"sample": GOOD}, {"grade": table(rest="[0..89.99]")})
    failing = drawn(
        start(), user("review"), gateway("x", default="x_end"), service("told"), end(),
        chain("start", "review", "x", "end"), flow("x", "told", "review.level > 1"),
        flow("told", "end"),
    )  # fmt: skip
    bundle = system({"sample": failing})

    with pytest.raises(InvalidDefinition) as refused:
        check(bundle, SETTINGS, operations=OPERATIONS, orders=[PlayOrder(bundle, "sample", 5)])

    assert ("play.failed", "x") in {(f.rule, f.element_id) for f in refused.value.findings}
