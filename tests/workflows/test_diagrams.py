"""House rules of the shipped diagrams: drawn by hand, readable on one page, wholly walked."""

import json
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from engine.bpmn.lint.bundle import check_bundle
from engine.commands.trail import event_key
from engine.library import read_bundle, read_settings
from engine.operations import OPERATIONS
from engine.rules.dmn import parse_table
from engine.rules.xml import parse_xml

WORKFLOWS = Path(__file__).parents[2] / "workflows"
DIAGRAMS = sorted(WORKFLOWS.glob("*/*.bpmn"))
PATHS = sorted(WORKFLOWS.glob("*/paths/*.json"))
MAX_ELEMENTS: Final = 15
BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT: Final = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
Box = tuple[int, int, int, int]

every_diagram = pytest.mark.parametrize("file", DIAGRAMS, ids=lambda file: file.stem)


def root_of(file: Path) -> etree._Element:
    """The diagram as the product reads it."""
    return parse_xml(file.read_bytes(), file=file.name)


def elements_of(root: etree._Element) -> Iterator[etree._Element]:
    """Everything that tokens pass: events, tasks, calls, gateways."""
    for element in root.iter(f"{BPMN}*"):
        if etree.QName(element).localname.endswith(("Event", "Task", "Gateway", "callActivity")):
            yield element


def boxes_of(root: etree._Element) -> dict[str, Box]:
    """Where each element stands; boundary events, pools and lanes are left out."""
    standing = {e.get("id") for e in elements_of(root) if not e.get("attachedToRef")}
    return {
        shape.get("bpmnElement"): (
            int(bounds.get("x")),
            int(bounds.get("y")),
            int(bounds.get("width")),
            int(bounds.get("height")),
        )
        for shape in root.iter(f"{DI}BPMNShape")
        if shape.get("bpmnElement") in standing
        and (bounds := shape.find(f"{DC}Bounds")) is not None
    }


def lines_of(root: etree._Element) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Every straight piece of every flow."""
    for edge in root.iter(f"{DI}BPMNEdge"):
        points = [(int(p.get("x")), int(p.get("y"))) for p in edge.iter(WAYPOINT)]
        for start, end in pairwise(points):
            yield edge.get("bpmnElement"), start, end


def crosses(start: tuple[int, int], end: tuple[int, int], box: Box) -> bool:
    """Does an upright or level line run through the inside of a box?"""
    x, y, width, height = box
    return (
        max(start[0], end[0]) > x + 1
        and min(start[0], end[0]) < x + width - 1
        and max(start[1], end[1]) > y + 1
        and min(start[1], end[1]) < y + height - 1
    )


@every_diagram
def test_a_page_shows_at_most_fifteen_elements_and_its_process_is_named_like_the_file(
    file: Path,
) -> None:
    root = root_of(file)

    assert len(list(elements_of(root))) <= MAX_ELEMENTS
    assert [process.get("id") for process in root.iter(f"{BPMN}process")] == [file.stem]


@every_diagram
def test_flows_are_upright_or_level_and_never_run_through_an_element(file: Path) -> None:
    root = root_of(file)
    boxes = boxes_of(root)

    for flow_id, start, end in lines_of(root):
        assert start[0] == end[0] or start[1] == end[1], flow_id
        for element_id, box in boxes.items():
            assert not crosses(start, end, box), f"{flow_id} through {element_id}"


@every_diagram
def test_no_two_elements_overlap(file: Path) -> None:
    boxes = list(boxes_of(root_of(file)).items())

    for place, (first, (x, y, width, height)) in enumerate(boxes):
        for second, (left, top, wide, high) in boxes[place + 1 :]:
            beside = x + width <= left or left + wide <= x
            above = y + height <= top or top + high <= y
            assert beside or above, f"{first} and {second}"


@every_diagram
def test_every_choice_asks_a_question_and_every_answer_is_labelled(file: Path) -> None:
    root = root_of(file)
    flows = list(root.iter(f"{BPMN}sequenceFlow"))

    for gateway in root.iter(f"{BPMN}exclusiveGateway"):
        answers = [flow for flow in flows if flow.get("sourceRef") == gateway.get("id")]
        if len(answers) > 1:
            assert gateway.get("name", "").endswith("?"), gateway.get("id")
            assert all(answer.get("name") for answer in answers), gateway.get("id")


@every_diagram
def test_every_element_stands_in_one_lane(file: Path) -> None:
    root = root_of(file)

    placed = [reference.text for reference in root.iter(f"{BPMN}flowNodeRef")]

    assert sorted(placed) == sorted(element.get("id") for element in elements_of(root))


def test_the_paths_together_visit_every_element_of_every_diagram() -> None:
    drawn = {
        f"{file.stem}/{element.get('id')}"
        for file in DIAGRAMS
        for element in elements_of(root_of(file))
    }

    visited = {visit for path in PATHS for visit in json.loads(path.read_text())["visits"]}

    assert visited == drawn


SYSTEMS = sorted(path.parent.name for path in WORKFLOWS.glob("*/system.toml"))


def columns_of(folder: str) -> set[str]:
    """What the columns of a folder's tables are called by: inputs by label, outputs by name."""
    tables = [parse_table(f.read_bytes(), file=f.name) for f in (WORKFLOWS / folder).glob("*.dmn")]
    inputs = {event_key(column.label) for table in tables for column in table.inputs}
    return inputs | {f"{table.id}.{output.name}" for table in tables for output in table.outputs}


@pytest.mark.parametrize("folder", ["shared", *SYSTEMS])
def test_everything_that_has_a_name_has_one_in_english(folder: str) -> None:
    named = {
        node.get("id")
        for file in DIAGRAMS
        if file.parent.name == folder
        for node in root_of(file).iter(f"{BPMN}*")
        if node.get("name")
        and etree.QName(node).localname not in ("lane", "participant", "message")
    }

    own = "defaults.toml" if folder == "shared" else "system.toml"
    english = tomllib.loads((WORKFLOWS / folder / own).read_text())["names_en"]
    shared = tomllib.loads((WORKFLOWS / "shared/defaults.toml").read_text())["names_en"]

    lanes = {lane.get("name") for file in DIAGRAMS for lane in root_of(file).iter(f"{BPMN}lane")}
    assert english.keys() <= named | lanes | columns_of(folder)
    assert named <= english.keys() | shared.keys()


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_can_be_chosen_stands_in_the_settings_and_not_in_a_diagram(system: str) -> None:
    bundle = read_bundle(WORKFLOWS.parent, system)
    operations = {key: operation.params for key, operation in OPERATIONS.items()}

    found = check_bundle(bundle, read_settings(bundle), operations)

    assert [f.element_id for f in found if f.rule == "diagram.number_written"] == []
