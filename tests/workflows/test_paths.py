"""Every named path of every system runs through the commands, on both databases."""

import json
from pathlib import Path

import pytest

from engine.store import verification
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.scenario import Scenario, read_path

PATHS = sorted((ROOT / "workflows").glob("*/paths/*.json"))


@pytest.mark.parametrize("file", PATHS, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_named_path_runs_to_its_end_and_its_trail_verifies(file: Path, offices: Offices) -> None:
    office = offices.open(file.parts[-3])

    scenario = Scenario(office, read_path(file))
    scenario.run()

    with office.desk.store.reading(office.agency_id) as tx:
        assert list(verification.verify(tx)) == []


def test_the_trail_of_a_whole_appeal_holds_no_name_no_nip_and_no_words(offices: Offices) -> None:
    office = offices.open("national")
    path = read_path(ROOT / "workflows/national/paths/appeal_changed.json")
    Scenario(office, path).run()

    with office.desk.store.reading(office.agency_id) as tx:
        rows = tx.connection.exec_driver_sql("SELECT * FROM audit_event").all()
    text = "\n".join(str(row) for row in rows)

    assert len(rows) > 50
    for secret in [*_texts(path["steps"]), "19800101201001", "Nama "]:
        assert secret not in text


def _texts(value: object) -> set[str]:
    """All free text of a path: strings with a space in them."""
    if isinstance(value, dict):
        return set().union(*(_texts(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_texts(inner) for inner in value), set())
    is_text = isinstance(value, str) and " " in value
    return {json.loads(json.dumps(value))} if is_text else set()
