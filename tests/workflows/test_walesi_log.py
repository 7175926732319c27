"""Productivity of Walesi's people from the log that they keep, as its source asks (WAL-12)."""

from decimal import Decimal

from tests.cases import trail
from tests.workflows.promises import run_until
from tests.workflows.regions import opened
from tests.workflows.scenario import Scenario
from tests.workflows.walesi import Begun, begun

__all__ = ["begun"]


def productivity(scenario: Scenario) -> Decimal:
    run_until(scenario, "supervisor_review")
    return opened(scenario, "supervisor_review", "division_head")["rows"][0]["score"]


def test_productivity_counts_what_the_rater_verified_in_the_daily_log(begun: Begun) -> None:
    scenario = begun("from_log")

    # 23 of 22; the examination of the report said 50 of 100.
    assert productivity(scenario) == Decimal("104.55")
    (done,) = [
        event["values"]
        for event in trail(scenario.office, scenario.instance_id)
        if event["action"] == "operation.done" and event["element"] == "collect_log"
    ]
    assert done["values"] == {"planned": "22", "verified": "23"}


def test_without_a_daily_log_the_examination_of_the_report_decides(begun: Begun) -> None:
    scenario = begun("plain")

    # 230 of 220 tasks, as the rater examined them.
    assert productivity(scenario) == Decimal("104.55")
