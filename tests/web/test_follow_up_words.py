"""Every follow-up that a shipped diagram records has words on the pages."""

import re

from api.web.labels import LABELS
from engine.rules.dmn import parse_table
from tests.office import ROOT

RECORDED = re.compile(
    r'id="record_follow_up">\s*<spiffworkflow:parameters>\s*'
    r'<spiffworkflow:parameter id="actions" type="any" value="(\w+)\.(\w+)"'
)


def test_every_follow_up_that_a_diagram_records_has_words() -> None:
    recorded = {
        found
        for file in ROOT.glob("workflows/*/*.bpmn")
        for found in RECORDED.findall(file.read_text())
    }
    kinds = {
        value
        for table, output in recorded
        for file in ROOT.glob(f"workflows/*/{table}.dmn")
        for column in parse_table(file.read_bytes(), file=file.name).outputs
        if column.name == output
        for value in column.allowed
    }

    assert {("follow_up", "actions"), ("training", "courses")} <= recorded
    assert kinds <= LABELS["follow_up"].keys()
