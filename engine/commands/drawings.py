"""Reads from a deployed definition what its authors called the parts, for the pages of a case."""

from collections.abc import Iterable, Mapping

from engine.commands.trail import event_key
from engine.domain.bundle import Bundle
from engine.domain.drawing import Choice, Drawing
from engine.rules.dmn import DecisionTable
from engine.rules.xml import Element, elements_of, parse_xml

FLOW = "sequenceFlow"


def read_drawing(bundle: Bundle, main: str, tables: Iterable[DecisionTable]) -> Drawing:
    """The drawing of a bundle; where ids repeat, the process `main` names them."""
    names: dict[str, str] = {}
    choices: dict[str, Choice] = {}
    diagrams = bundle.of_kind(".bpmn")
    for path in sorted(diagrams, key=lambda path: path.endswith(f"/{main}.bpmn")):
        elements = list(elements_of(parse_xml(diagrams[path], file=path)))
        named = {e.get("id", ""): e.get("name", "") for e in elements if e.get("name")}
        choices |= _choices(elements, named)
        names |= named
    return Drawing(names, choices, _columns(tables))


def _choices(elements: Iterable[Element], named: Mapping[str, str]) -> dict[str, Choice]:
    flows = (e for e in elements if str(e.tag).endswith(FLOW) and e.get("name"))
    return {
        flow.get("id", ""): Choice(
            flow.get("sourceRef", ""),
            named.get(flow.get("sourceRef", ""), ""),
            flow.get("name", ""),
        )
        for flow in flows
    }


def _columns(tables: Iterable[DecisionTable]) -> dict[str, str]:
    """The labels of columns: of inputs by the key that an event gives them, of outputs by name."""
    labels: dict[str, str] = {}
    for table in tables:
        labels |= {event_key(column.label): column.label for column in table.inputs}
        labels |= {f"{table.id}.{output.name}": output.label for output in table.outputs}
    return labels
