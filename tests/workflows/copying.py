"""Makes a system of its own out of a shipped one, as its editor would: files of HR, no Python."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tests.office import ROOT

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC, LINE = "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"bpmn": BPMN, "spiffworkflow": SPIFF, "bpmndi": DI, "dc": DC, "di": LINE, "xsi": XSI}


def copied(library: Path, system: str, key: str) -> "Copy":
    """The folders of a system under another key, beside what all systems share."""
    for folder in ("workflows", "forms"):
        shutil.copytree(ROOT / folder / "shared", library / folder / "shared")
        shutil.copytree(ROOT / folder / system, library / folder / key)
    return Copy(library, key)


@dataclass(frozen=True)
class Copy:
    """A copied system while it is edited."""

    library: Path
    key: str

    @property
    def workflows(self) -> Path:
        """Its diagrams, tables, settings and paths."""
        return self.library / "workflows" / self.key

    @property
    def forms(self) -> Path:
        """Its forms."""
        return self.library / "forms" / self.key

    def reword(self, file: str, **changes: str) -> None:
        """Replace texts of a file of the folder, each of which stands there once."""
        path = self.workflows / file
        text = path.read_text()
        for old, new in changes.items():
            assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {file}"
            text = text.replace(old, new)
        path.write_text(text)


def edit_json(path: Path, change: Callable[[Any], None]) -> None:
    """Change a document."""
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False))


def draw(file: Path, *, on: str, lane: str, element: str) -> None:
    """Draw an element onto a flow of a page, in a lane that is added when it is new."""
    for prefix, uri in PREFIXES.items():
        ET.register_namespace(prefix, uri)
    page = ET.parse(file)
    process = page.getroot().find(f"{{{BPMN}}}process")
    assert process is not None
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
    (new,) = ET.fromstring(f"<page {names}>{element}</page>")
    key = new.attrib["id"]
    _connect(process, on, key)
    new.extend([_with_text("incoming", on), _with_text("outgoing", f"{key}_on")])
    process.insert(2, new)
    _lane(process, lane).append(_with_text("flowNodeRef", key))
    _place(page.getroot(), {key: (300, 700, 110, 80)}, {f"{key}_on": ((410, 740), (500, 740))})
    page.write(file, encoding="utf-8", xml_declaration=True)


def _connect(process: ET.Element, on: str, key: str) -> None:
    """The flow leads to the new element, and a flow from there to where it led before."""
    flow = next(part for part in process if part.get("id") == on)
    target = flow.attrib["targetRef"]
    flow.set("targetRef", key)
    onwards = {"id": f"{key}_on", "sourceRef": key, "targetRef": target}
    process.append(ET.Element(f"{{{BPMN}}}sequenceFlow", onwards))
    after = next(part for part in process if part.get("id") == target)
    next(i for i in after.iter(f"{{{BPMN}}}incoming") if i.text == on).text = f"{key}_on"


def _lane(process: ET.Element, name: str) -> ET.Element:
    lanes = process.find(f"{{{BPMN}}}laneSet")
    assert lanes is not None
    found = next((lane for lane in lanes if lane.get("name") == name), None)
    if found is None:
        named = {"id": f"{process.attrib['id']}_lane_new", "name": name}
        found = ET.SubElement(lanes, f"{{{BPMN}}}lane", named)
    return found


def _with_text(tag: str, text: str) -> ET.Element:
    part = ET.Element(f"{{{BPMN}}}{tag}")
    part.text = text
    return part


def _place(
    root: ET.Element,
    shapes: Mapping[str, tuple[int, int, int, int]],
    lines: Mapping[str, tuple[tuple[int, int], ...]],
) -> None:
    """Where the new parts stand on the page."""
    plane = next(root.iter(f"{{{DI}}}BPMNPlane"))
    for key, (x, y, width, height) in shapes.items():
        shape = ET.SubElement(
            plane, f"{{{DI}}}BPMNShape", {"id": f"{key}_shape", "bpmnElement": key}
        )
        bounds = {"x": x, "y": y, "width": width, "height": height}
        ET.SubElement(
            shape, f"{{{DC}}}Bounds", {name: str(value) for name, value in bounds.items()}
        )
    for key, points in lines.items():
        edge = ET.SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"{key}_edge", "bpmnElement": key})
        for x, y in points:
            ET.SubElement(edge, f"{{{LINE}}}waypoint", {"x": str(x), "y": str(y)})
