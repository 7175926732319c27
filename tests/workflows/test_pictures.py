"""What somebody reads in the picture of a case whose language is not that of the drawing."""

from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.charts import picture
from engine.library import read_bundle, read_settings, systems
from engine.rules.xml import elements_of, parse_xml

ROOT = Path(__file__).parents[2]


def names_in(content: bytes | str, file: str) -> dict[str, str]:
    """What is written on each shape and line of a drawing, by id."""
    raw = content.encode() if isinstance(content, str) else content
    return {
        str(element.get("id")): str(element.get("name"))
        for element in elements_of(parse_xml(raw, file=file))
        if element.get("id") and element.get("name") and etree.QName(element).localname != "message"
    }


@pytest.mark.parametrize("system", systems(ROOT))
def test_pools_and_lanes_are_called_in_the_language_of_the_reader(system: str) -> None:
    bundle = read_bundle(ROOT, system)
    settings = read_settings(bundle)
    untold = {}

    for file in sorted(name for name in bundle.files if name.endswith(".bpmn")):
        drawn = names_in(bundle.files[file], file)
        shown = names_in(
            picture(
                bundle.files[file],
                file=file,
                names=settings.names_in("en"),
                lanes=settings.lanes_in("en"),
            ),
            file,
        )
        untold |= {key: name for key, name in drawn.items() if shown.get(key) == name}

    assert untold == {}
