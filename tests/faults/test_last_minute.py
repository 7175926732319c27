"""The last minute of the fourteenth day is in time, the next midnight is not, in every zone."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.commands.complete import complete_work_item
from engine.errors import DeadlinePassed
from engine.store import appraisals
from tests.cases import Case, problems, refusals
from tests.evidence import Evidence
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.scenario import Scenario

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
PATH = ROOT / "workflows" / "national" / "paths" / "appeal_changed.json"
WINDOW_DAYS = 14
APPEAL = {
    "grounds": ["evidence_ignored"],
    "statement": "Bukti layanan di luar kantor belum diperhitungkan.",
    "contested_results": [{"contested": True}, {"contested": False}, {"contested": False}],
    "contested_parts": ["result_rating"],
    "requested_outcome": "raise_result",
}


@pytest.fixture(params=ZONES)
def waiting(request: pytest.FixtureRequest, offices: Offices) -> tuple[Scenario, datetime]:
    """A case whose appeal is about to be filed, and the midnight that ends its fourteenth day."""
    steps = json.loads(PATH.read_text())
    filing = next(n for n, s in enumerate(steps["steps"]) if s.get("complete") == "file_appeal")
    steps["steps"] = steps["steps"][:filing]
    scenario = Scenario(offices.open("national", zone=request.param), steps)
    scenario.run()
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        received = appraisals.get(tx, scenario.instance_id).delivered_at
    assert received is not None
    zone = ZoneInfo(request.param)
    last_day = received.astimezone(zone).date() + timedelta(days=WINDOW_DAYS)
    return scenario, datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)


def test_an_appeal_in_the_last_second_of_day_fourteen_is_filed(
    waiting: tuple[Scenario, datetime], offices: Offices, evidence: Evidence
):
    scenario, midnight = waiting
    now = midnight - timedelta(seconds=1)

    file_appeal(scenario, now)

    case = Case(scenario.office, scenario.instance_id)
    assert {"rater_statement", "employee_statement"} == set(case.open)
    assert problems(scenario.office) == []
    evidence.record(f"last_minute.{offices.kind}.{zone(scenario)}.last_second", "accepted")


def test_an_appeal_at_the_midnight_after_day_fourteen_is_refused(
    waiting: tuple[Scenario, datetime], offices: Offices, evidence: Evidence
):
    scenario, midnight = waiting

    with pytest.raises(DeadlinePassed):
        file_appeal(scenario, midnight)

    case = Case(scenario.office, scenario.instance_id)
    assert "file_appeal" not in case.open
    assert "timer.fired" in case.actions
    assert refusals(scenario.office, scenario.subject, now=midnight) == ["deadline_passed"]
    assert problems(scenario.office) == []
    evidence.record(f"last_minute.{offices.kind}.{zone(scenario)}.midnight", "refused")


def file_appeal(scenario: Scenario, now: datetime) -> None:
    """File the appeal as the employee at an instant."""
    case = Case(scenario.office, scenario.instance_id)
    complete_work_item(
        scenario.office.desk,
        scenario.office.actor(scenario.subject, now),
        item_id=case.open["file_appeal"].id,
        answers=APPEAL,
        now=now,
    )


def zone(scenario: Scenario) -> str:
    """The abbreviation of the office's zone."""
    desk = scenario.office.desk
    return ZONES[desk.zones[scenario.office.agency_id][0]]
