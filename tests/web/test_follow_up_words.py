"""Every follow-up that a shipped diagram records has words, an owner and a day."""

import re
import tomllib

from engine.rules.dmn import parse_table
from tests.office import ROOT

RECORDED = re.compile(
    r'id="record_follow_up">\s*<spiffworkflow:parameters>\s*'
    r'<spiffworkflow:parameter id="actions" type="any" value="(\w+)\.(\w+)"'
)


def recorded() -> set[tuple[str, str]]:
    """Tables and outputs that diagrams take follow-ups from."""
    return {
        found
        for file in ROOT.glob("workflows/*/*.bpmn")
        for found in RECORDED.findall(file.read_text())
    }


def kinds() -> set[str]:
    """All that these tables can ask for."""
    return {
        value
        for table, output in recorded()
        for file in ROOT.glob(f"workflows/*/{table}.dmn")
        for column in parse_table(file.read_bytes(), file=file.name).outputs
        if column.name == output
        for value in column.allowed
    }


def test_every_follow_up_that_a_diagram_records_has_words_an_owner_and_a_day() -> None:
    settings = tomllib.loads((ROOT / "workflows/shared/defaults.toml").read_text())

    assert ("follow_up", "actions") in recorded()
    assert len(recorded()) >= 3
    assert kinds() <= settings["follow_ups"].keys()
