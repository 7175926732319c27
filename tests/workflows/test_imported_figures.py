"""Forms open with the figures that were brought in; what people hand in counts, and only that."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.measured_figures import record_figures
from engine.domain.measured import FigureKind
from engine.store import tables
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import run_until
from tests.workflows.regions import opened
from tests.workflows.scenario import Scenario, read_path

# The NIPs of the two people whom the paths are about.
NIPS = {"analyst": "198001012010012005", "clerk": "198001012010011006"}
Until = Callable[[str, str, str], Scenario]


@pytest.fixture
def until(offices: Offices) -> Until:
    """A path of a system, run until a step is open."""

    def run(system: str, path: str, element: str) -> Scenario:
        file = ROOT / f"workflows/{system}/paths/{path}.json"
        scenario = Scenario(offices.open(system), read_path(file))
        run_until(scenario, element)
        return scenario

    return run


def bring_in(scenario: Scenario, kind: FigureKind, *rows: Mapping[str, object]) -> None:
    hr = scenario._actor("hr_officer")
    own = [{"nip": NIPS[scenario.subject], **row} for row in rows]
    record_figures(scenario.office.desk, hr, kind=kind, rows=own, now=scenario.now)


def complaint(day: str, closed: str, right: str = "ya") -> Mapping[str, object]:
    return {
        "received": day, "closed": closed, "right_first": right, "category": "lambat",
        "unit": "Bidang Perizinan",
    }  # fmt: skip


def shown(scenario: Scenario, element: str) -> Mapping[str, Any]:
    return opened(scenario, element, "hr_officer")


def test_gayungan_opens_its_complaints_with_the_register_of_the_year(until: Until) -> None:
    scenario = until("gayungan", "plain", "complaint_figures")
    before = shown(scenario, "complaint_figures")

    bring_in(
        scenario, FigureKind.COMPLAINTS,
        complaint("2025-03-03", "2025-03-05"), complaint("2025-05-02", "2025-05-02", "tidak"),
        complaint("2025-09-01", "2025-09-10"), complaint("2024-12-30", "2024-12-31"),
    )  # fmt: skip

    after = shown(scenario, "complaint_figures")
    assert before["handled"] is None
    assert {name: after[name] for name in ("handled", "right_first", "median_days")} == {
        "handled": 3, "right_first": 2, "median_days": Decimal(2),
    }  # fmt: skip


def test_tanjungbalais_rater_sees_the_complaints_that_a_person_handled_beside_the_attitude(
    until: Until,
) -> None:
    scenario = until("tanjungbalai", "plain", "rate_indicators")
    before = opened(scenario, "rate_indicators", "division_head")

    bring_in(
        scenario, FigureKind.COMPLAINTS,
        complaint("2025-03-03", "2025-03-05"), complaint("2025-05-02", "2025-05-06", "tidak"),
    )  # fmt: skip

    after = opened(scenario, "rate_indicators", "division_head")
    assert before["complaints_handled"] is None
    assert {name: after[f"complaints_{name}"] for name in ("handled", "right_first")} == {
        "handled": 2, "right_first": 1,
    }  # fmt: skip
    assert after["complaints_median_days"] == Decimal(3)


def test_what_was_handed_in_is_not_changed_by_later_figures(until: Until) -> None:
    scenario = until("gayungan", "plain", "peer_rating")
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        before = tx.connection.execute(select(tables.instance_state)).all()

    bring_in(scenario, FigureKind.COMPLAINTS, complaint("2025-03-03", "2025-03-28"))

    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        assert tx.connection.execute(select(tables.instance_state)).all() == before


def test_jambi_opens_attendance_with_days_of_duty_leave_and_calls(until: Until) -> None:
    scenario = until("jambi", "plain", "enter_attendance")

    bring_in(
        scenario, FigureKind.ATTENDANCE,
        {"month": "2025-01", "duty": 21, "present": 15, "on_call": 2, "leave_sick": 4},
        {"month": "2025-02", "duty": 20, "present": 18, "leave_sick": 1, "leave_hajj": 1},
        {"month": "2024-12", "duty": 20, "present": 1},
    )  # fmt: skip

    found = shown(scenario, "enter_attendance")
    assert [found[name] for name in ("duty_days", "present_days", "on_call_days")] == [41, 33, 2]
    assert found["leave"] == [{"kind": "sick", "days": 5}, {"kind": "hajj", "days": 1}]


def test_salatiga_shows_certificates_and_fills_in_the_hours_they_prove(until: Until) -> None:
    scenario = until("salatiga", "plain", "verify_training")
    reported = shown(scenario, "verify_training")["rows"]

    bring_in(
        scenario, FigureKind.TRAINING,
        {"course": "Pelayanan", "provider": "BKPSDM", "certificate": "S-1",
         "hours": str(reported[0]["hours"]), "on": reported[0]["completed_on"]},
    )  # fmt: skip

    found = shown(scenario, "verify_training")
    assert reported[0]["hours_verified"] is None
    assert [row["certificate"] for row in found["imported"]] == ["S-1"]
    assert found["rows"][0]["hours_verified"] == reported[0]["hours"]
    assert all(row["hours_verified"] is None for row in found["rows"][1:])
