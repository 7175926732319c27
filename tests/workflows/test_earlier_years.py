"""What earlier years ended with counts when the follow-up of a year is looked up, not before."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.commands.cycles import open_cycle
from engine.commands.follow_ups import Proof, complete_follow_up, note_follow_up
from engine.store import follow_ups
from tests.cases import trail
from tests.office import Office
from tests.ready import Offices
from tests.workflows.promises import actions_of, path_of
from tests.workflows.scenario import Scenario
from tests.workflows.test_law import run_low

MONTH = timedelta(days=31)
WORDS = "Izin masih terlambat setiap bulan walau sudah dibimbing."
GOAL = {"goal": WORDS, "measure": "Rekap izin bulanan", "due_on": "2026-06-30"}


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("national")


def year_of(office: Office, year: int) -> Scenario:
    """The appraisal of a year, launched on 5 January of the next."""
    start = datetime.fromisoformat(f"{year + 1}-01-05T01:00:00+00:00")
    if year > 2025:
        cycle = open_cycle(
            office.desk, office.actor("hr_officer", start), system="national", name=f"{year}",
            starts=date(year, 1, 1), ends=date(year, 12, 31), now=start,
        )  # fmt: skip
        office = replace(office, cycle_id=cycle)
    return Scenario(office, {**path_of("window_lapsed"), "start": start.isoformat()})


def a_plan_of_improvement(office: Office) -> Scenario:
    """The year 2025 was very poor; its plan is agreed and was noted six times."""
    first = year_of(office, 2025)
    run_low(first, result_rating_decided="below")
    note(first, {"goals": [GOAL]}, first.now)
    for month in range(6):
        note(first, {"progress": WORDS, "standing": "behind"}, first.now + month * MONTH)
    return first


def plan_of(scenario: Scenario) -> str:
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        rows = follow_ups.of_instance(tx, scenario.instance_id)
    return next(row.id for row in rows if row.kind == "improvement_plan_6m")


def note(scenario: Scenario, answers: dict[str, object], now: datetime) -> None:
    office = scenario.office
    rater = office.actor("division_head", now)
    note_follow_up(office.desk, rater, follow_up_id=plan_of(scenario), answers=answers, now=now)


def not_met(scenario: Scenario, now: datetime) -> None:
    """The rater's verdict on the plan of improvement."""
    office = scenario.office
    complete_follow_up(
        office.desk, office.actor("division_head", now), follow_up_id=plan_of(scenario),
        answers={"verdict": "not_met", "reasons": WORDS}, proof=Proof(number="800/1"), now=now,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "retested"),
    [
        ("before the launch", [2026]),
        ("after the launch", [2026]),
        ("after the result", [2027]),
        ("never", []),
    ],
)
def test_a_plan_not_met_leads_further_once_whenever_its_verdict_falls(
    office: Office, verdict: str, retested: list[int]
) -> None:
    first = a_plan_of_improvement(office)

    if verdict == "before the launch":
        not_met(first, datetime.fromisoformat("2026-12-01T01:00:00+00:00"))
    second = year_of(office, 2026)
    if verdict == "after the launch":
        not_met(first, second.now + timedelta(hours=1))
    second.run()
    if verdict == "after the result":
        not_met(first, second.now + timedelta(days=1))
    third = year_of(office, 2027)
    third.run()

    led = {2026: actions_of(second), 2027: actions_of(third)}
    assert [year for year, actions in led.items() if "competency_retest" in actions] == retested


def test_a_year_that_ended_low_after_the_next_was_launched_counts_as_the_year_before(
    office: Office,
) -> None:
    first = year_of(office, 2025)
    second = year_of(office, 2026)

    run_low(first)
    second.now = first.now + timedelta(days=1)
    run_low(second)

    assert "improvement_plan_6m" in actions_of(second)


def test_the_trail_says_what_was_known_of_the_years_before(office: Office) -> None:
    first = year_of(office, 2025)
    run_low(first)
    second = year_of(office, 2026)

    run_low(second)

    (step,) = (
        event for event in trail(second.office, second.instance_id)
        if event["action"] == "operation.done" and event.get("element") == "earlier_years"
    )  # fmt: skip
    assert step["values"]["values"] == {"consecutive_low": "1", "failed_improvement_plan": False}
