"""Definitions are loaded once, kept for all threads, and described as drawn."""

from itertools import pairwise

import pytest

from engine.bpmn.specs import ProcessFiles, build_specs
from engine.errors import InvalidDefinition
from tests.bpmn.diagrams import call, diagram, end, flows, node, start, user

INNER = diagram(
    "inner", start(), user("decide"), end(), flows("start decide", "decide end"), lane="Majelis"
)
OUTER = diagram(
    "main", start(), user("write", form="write-schema.json"), call("called", "inner"), end(),
    flows("start write", "write called", "called end"),
)  # fmt: skip
FILES = ProcessFiles({"main.bpmn": OUTER, "inner.bpmn": INNER})


def test_the_user_tasks_of_all_diagrams_are_known_with_lane_and_properties():
    specs = build_specs(FILES)

    assert specs.process_ids == ("inner", "main")
    assert {key: task.lane for key, task in specs.user_tasks.items()} == {
        ("inner", "decide"): "Majelis", ("main", "write"): "Pegawai",
    }  # fmt: skip
    assert specs.user_tasks["main", "write"].properties == {"form": "write-schema.json"}


def test_lines_are_kept_by_file_because_files_may_use_the_same_ids():
    shifted = ProcessFiles({"a.bpmn": INNER.replace(b"<bpmn:process", b"\n\n<bpmn:process")})
    lines = build_specs(shifted).lines

    assert lines["a.bpmn", "decide"] == 3


@pytest.mark.parametrize(
    "tag",
    ["scriptTask", "task", "manualTask", "complexGateway", "adHocSubProcess", "transaction"],
)
def test_elements_that_cannot_run_are_refused_by_id_and_line(tag):
    content = diagram("main", start(), node(tag, "odd"), end(), flows("start odd", "odd end"))

    with pytest.raises(InvalidDefinition) as refusal:
        build_specs(ProcessFiles({"main.bpmn": content}))

    (finding,) = refusal.value.findings
    assert (finding.rule, finding.element_id, finding.file, finding.line) == (
        "bpmn.element_refused", "odd", "main.bpmn", 1,
    )  # fmt: skip


def test_a_row_of_nine_hundred_steps_is_refused_by_name():
    names = [f"step_{number}" for number in range(900)]
    content = diagram(
        "main", start(), *(user(name) for name in names), end(),
        flows(f"start {names[0]}", f"{names[-1]} end",
              *(f"{one} {other}" for one, other in pairwise(names))),
    )  # fmt: skip

    with pytest.raises(InvalidDefinition, match=r"bpmn\.too_many_in_a_row"):
        build_specs(ProcessFiles({"main.bpmn": content}))
