"""Who may rate in Jambi: the certificate of the rater, and who rates without one (JAM-07)."""

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.cases import trail
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import (
    appraisal_of,
    decider_of,
    run_as,
    run_between,
    run_until,
    versions_of,
)
from tests.workflows.regions import NOON, PAPER, decide, is_open, refused
from tests.workflows.scenario import Scenario, read_path

FOLDER = ROOT / "workflows/jambi"
RIGHT = {
    "new_measure": "b", "maternity": "a", "last_month": "c", "one_or_five": "b", "relative": "a",
}  # fmt: skip
REFERENCE = {
    "reports_returned": 1, "late_once": 3, "new_form": 5, "helps_always": 4, "works_alone": 2,
}  # fmt: skip


Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Jambi."""
    office = offices.open("jambi")
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


def verdict(*, wrong: int = 0, off: int = 0, attempt: int = 1) -> object:
    """How a try of the rater ends with so many wrong answers, and ratings off by so much in all."""
    quiz = {name: "x" if n < wrong else key for n, (name, key) in enumerate(RIGHT.items())}
    ratings = {name: Decimal(rating) for name, rating in REFERENCE.items()}
    ratings["late_once"] += min(off, 2)
    ratings["works_alone"] += max(off - 2, 0)
    data = {
        "certification_quiz": {**quiz, "attempt": Decimal(attempt)},
        "calibration_vignettes": ratings,
    }
    return decide("jambi", "certification_result", data)["verdict"]


@pytest.mark.parametrize(
    ("wrong", "off", "attempt", "expected"),
    [
        (0, 0, 1, "passed"),
        (1, 2, 1, "passed"),
        (1, 2, 2, "passed"),
        (2, 0, 1, "again"),
        (0, 3, 1, "again"),
        (2, 3, 2, "failed"),
        (2, 0, 2, "failed"),
        (0, 3, 2, "failed"),
    ],
)
def test_a_rater_passes_with_four_of_five_answers_and_half_a_step_off_in_two_tries(
    wrong: int, off: int, attempt: int, expected: str
) -> None:
    assert verdict(wrong=wrong, off=off, attempt=attempt) == expected


@pytest.mark.parametrize(("days", "valid"), [(0, True), (730, True), (731, False)])
def test_a_certificate_counts_for_twenty_four_months(days: int, valid: bool) -> None:
    found = decide("jambi", "certificate_valid", {"show_certificate": {"age_days": Decimal(days)}})

    assert found == {"is_valid": valid}


@pytest.mark.parametrize(("day", "asked"), [("2027-03-10", False), ("2027-03-11", True)])
def test_a_certificate_shown_once_counts_in_every_case_of_the_rater_until_it_is_too_old(
    begun: Begun, day: str, asked: bool
) -> None:
    first = begun("plain")
    run_until(first, "rate_indicators")
    path = read_path(FOLDER / "paths/plain.json")
    start = f"{day}T01:00:00+00:00"

    second = Scenario(
        first.office,
        {**path, "start": start, "subject": {**path["subject"], "is_functional": True}},
    )
    run_as(second, "acknowledge_criteria", "subject")

    assert appraisal_of(second).rater_id == appraisal_of(first).rater_id
    assert is_open(second, "show_certificate") == asked


def test_a_certificate_counts_as_long_on_record_as_it_does_when_it_is_shown() -> None:
    settings = tomllib.loads((FOLDER / "system.toml").read_text())
    days = settings["deadlines"]["certificate_validity"]["days"]

    def valid(age: int) -> object:
        shown = {"show_certificate": {"age_days": Decimal(age)}}
        return decide("jambi", "certificate_valid", shown)["is_valid"]

    assert (valid(days), valid(days + 1)) == (True, False)


def test_the_days_of_the_rater_run_from_the_answer_to_the_criteria_however_late_that_came(
    begun: Begun,
) -> None:
    scenario = begun("certification_not_finished")
    rater = appraisal_of(scenario).rater_id

    scenario._do({"advance": "P10D"})
    run_as(scenario, "acknowledge_criteria", "subject")
    scenario._do({"advance": "P27D"})
    in_time = is_open(scenario, "show_certificate"), appraisal_of(scenario).rater_id
    scenario._do({"advance": "P2D"})

    assert in_time == (True, rater)
    assert not is_open(scenario, "show_certificate")
    assert appraisal_of(scenario).rater_id != rater


def test_a_certificate_is_shown_with_number_day_and_proof() -> None:
    issued = (NOON.date() - timedelta(days=10)).isoformat()
    answers: dict[str, object] = {
        "has_certificate": True, "number": "BKD/17", "issued_on": issued, "evidence": PAPER,
    }  # fmt: skip

    assert not refused("jambi", "show_certificate", answers)
    assert not refused("jambi", "show_certificate", {"has_certificate": False})
    empty = refused("jambi", "show_certificate", {"has_certificate": True})
    assert empty.keys() == {"number", "issued_on", "evidence"}
    tomorrow = (date(2026, 1, 20) + timedelta(days=1)).isoformat()
    later = refused("jambi", "show_certificate", {**answers, "issued_on": tomorrow})
    assert later.keys() == {"issued_on"}


def test_without_certificate_the_superior_rates_and_the_next_one_decides_the_appeal(
    begun: Begun,
) -> None:
    scenario = begun("certification_failed")

    run_until(scenario, "rate_indicators")
    assert scenario._item("rate_indicators").assignee_id == "department_head"
    run_between(scenario, "rate_indicators", "appeal_decision")

    assert appraisal_of(scenario).rater_id == "department_head"
    assert {version.decided_by for version in versions_of(scenario)} == {"department_head"}
    assert decider_of(scenario) == "assistant"
    moved = [
        e for e in trail(scenario.office, scenario.instance_id) if e["action"] == "rating.handed_up"
    ]
    assert [event["values"]["from_person"] for event in moved] == ["division_head"]


def test_the_rater_keeps_the_rating_where_nobody_stands_above_him(offices: Offices) -> None:
    path = read_path(FOLDER / "paths/certification_failed.json")
    scenario = Scenario(offices.open("jambi"), {**path, "authorities": []})

    run_until(scenario, "rate_indicators")

    assert scenario._item("rate_indicators").assignee_id == "sekda"
    assert appraisal_of(scenario).rater_id == "sekda"
