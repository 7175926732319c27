"""A system is deployed whole after its checks, or refused whole with every finding."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.commands.desk import Desk
from engine.commands.people import found_agency, founder
from engine.commands.systems import check_system, deploy_system
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.errors import Finding, Forbidden, InvalidDefinition, Severity
from engine.store import audit, definitions
from tests.commands.conftest import ROOT

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
# The children that play diagrams are tested where they live; few plays show that they are asked.
FEW = 5


@pytest.fixture
def agency_id(desk: Desk) -> AgencyId:
    return found_agency(desk, name="Kabupaten Contoh", zone="Asia/Jakarta", now=NOW)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy of the national system to change."""
    for folder in ("workflows", "forms"):
        for system in ("national", "shared"):
            shutil.copytree(ROOT / folder / system, tmp_path / "library" / folder / system)
    return tmp_path / "library"


def change(library: Path, path: str, old: str, new: str) -> None:
    file = library / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def numbers(desk: Desk, agency_id: AgencyId) -> list[tuple[int, str]]:
    with desk.store.reading(agency_id) as tx:
        return [(row.number, row.status) for row in definitions.versions(tx, "national")]


def test_the_shipped_system_passes_every_check_and_many_plays():
    findings = check_system(ROOT, "national")

    assert [found for found in findings if found.severity is Severity.ERROR] == []


def test_the_same_files_are_deployed_once_and_changed_ones_get_the_next_number(
    desk: Desk, agency_id: AgencyId, library: Path
):
    changed = replace(desk, library=library)
    first = deploy_system(desk, founder(agency_id), system="national", now=NOW, plays=0)
    again = deploy_system(desk, founder(agency_id), system="national", now=NOW, plays=0)
    change(library, "workflows/national/system.toml", "self_assessment = { days = 14",
           "self_assessment = { days = 21")  # fmt: skip

    second = deploy_system(changed, founder(agency_id), system="national", now=NOW, plays=0)

    assert first == again != second
    assert numbers(desk, agency_id) == [(2, "active"), (1, "retired")]
    with desk.store.reading(agency_id) as tx:
        events = audit.events_of(tx, audit.object_chain("system", "national"))
    assert [event.action for event in events] == ["definition.deployed"] * 2


def test_an_earlier_version_can_become_the_active_one_again(
    desk: Desk, agency_id: AgencyId, library: Path
):
    hr = founder(agency_id)
    deploy_system(desk, hr, system="national", now=NOW, plays=0)
    change(library, "workflows/national/system.toml", "days = 14", "days = 21")
    deploy_system(replace(desk, library=library), hr, system="national", now=NOW, plays=0)

    deploy_system(desk, hr, system="national", now=NOW, plays=0)

    assert numbers(desk, agency_id) == [(2, "retired"), (1, "active")]


def test_one_wrong_file_refuses_the_whole_system(desk: Desk, agency_id: AgencyId, library: Path):
    change(library, "workflows/national/annual_evaluation.bpmn", ">measured.has_measured<",
           ">mesured.has_measured<")  # fmt: skip
    broken = replace(desk, library=library)

    with pytest.raises(InvalidDefinition) as caught:
        deploy_system(broken, founder(agency_id), system="national", now=NOW, plays=FEW)

    assert all(found.file and found.line for found in caught.value.findings)
    assert numbers(desk, agency_id) == []
    assert check_system(library, "national", plays=0) == caught.value.findings


def test_a_system_that_is_not_there_is_a_finding_and_not_a_crash(desk: Desk, agency_id: AgencyId):
    with pytest.raises(InvalidDefinition):
        deploy_system(desk, founder(agency_id), system="atlantis", now=NOW)

    assert [found.rule for found in check_system(ROOT, "atlantis")] == ["system.settings_missing"]


def test_warnings_are_told_before_the_system_is_used(desk: Desk, agency_id: AgencyId):
    told: list[tuple[Finding, ...]] = []

    deploy_system(
        desk, founder(agency_id), system="national", now=NOW, plays=0, checked=told.append
    )

    assert [len(told), {found.severity for found in told[0]}] == [1, {Severity.WARNING}]


def test_only_who_may_deploys(desk: Desk, agency_id: AgencyId):
    with pytest.raises(Forbidden, match="missing_duty"):
        deploy_system(desk, Actor(agency_id, EmployeeId("x")), system="national", now=NOW)

    assert numbers(desk, agency_id) == []


def test_what_fails_only_among_kept_records_is_found_before_publishing(tmp_path: Path):
    library = tmp_path / "library"
    for folder in ("workflows", "forms"):
        for system in ("salatiga", "shared"):
            shutil.copytree(ROOT / folder / system, library / folder / system)
    kind = "&#x27;training&#x27;"
    wrong = f"{kind} if empty(observation_records.rows) else 1"
    change(library, "workflows/salatiga/sal_year.bpmn", f'value="{kind}"', f'value="{wrong}"')

    found = check_system(library, "salatiga", plays=30)

    assert ("play.failed", "collect_trainings") in {(f.rule, f.element_id) for f in found}
