"""What Walesi's source says of criteria, report, examination and indicators (WAL-01 to WAL-13)."""

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from tests.cases import trail
from tests.workflows.promises import appraisal_of, run_as, run_until
from tests.workflows.regions import PAPER, opened
from tests.workflows.scenario import Scenario
from tests.workflows.walesi import CRITERIA, FOLDER, REASON, Begun, begun, decide, refused

__all__ = ["begun"]

ACHIEVEMENT = {
    "indicator": "productivity",
    "narrative": "Partisipasi orang tua naik dari 40 menjadi 65 persen dalam satu tahun.",
    "strategy_name": "Penyuluhan keliling",
    "strategy_description": "Setiap bulan mendatangi dua kampung bersama kepala sekolah.",
    "other_strategies": None,
    "beneficiaries": "Sekitar 120 keluarga",
    "evidence": PAPER,
}
REPORT = {
    "self_ratings": [{**line, "self_rating": 3} for line in CRITERIA],
    "achievements": [ACHIEVEMENT],
    "confirmed": True,
}


def decided(scenario: Scenario, table: str) -> dict[str, Any]:
    """The last decision of a table in the trail of the case."""
    events = trail(scenario.office, scenario.instance_id)
    found = [event["values"] for event in events if event["action"] == "decision.evaluated"]
    return next(values for values in reversed(found) if values["table"] == table)


# The oracle: 230 of 220 tasks, index 84.2, communication 3.


def test_the_scores_of_the_oracle_hold_to_the_second_decimal(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert [row["score"] for row in shown["rows"]] == [
        Decimal("104.55"), Decimal("102.97"), Decimal("100.00"),
    ]  # fmt: skip
    assert shown["results_score"] == Decimal("103.87")
    assert shown["behaviour_score"] == Decimal("100.00")
    assert shown["local_score"] == Decimal("102.71")
    assert shown["result_suggested"] == shown["behaviour_suggested"] == "as_expected"
    assert decided(scenario, "service_grade")["outputs"] == {"grade": "B"}


def test_a_year_ends_with_the_official_predicate_and_the_local_score_beside_it(
    begun: Begun,
) -> None:
    scenario = begun("plain")

    scenario.run()

    appraisal = appraisal_of(scenario)
    assert (appraisal.predicate, appraisal.local_score) == ("good", "102.71")


# Criteria and weights (WAL-01, WAL-02, WAL-11).


def test_the_indicators_and_their_weights_are_seen_before_the_report_and_at_the_rating(
    begun: Begun,
) -> None:
    scenario = begun("plain")

    before = opened(scenario, "annual_report", "clerk")["self_ratings"]
    run_until(scenario, "supervisor_review")
    after = opened(scenario, "supervisor_review", "division_head")["rows"]

    assert [(row["title"], row["weight"]) for row in before] == [
        (line["title"], line["weight"]) for line in CRITERIA
    ]
    assert [(row["title"], row["weight"]) for row in after] == [
        (line["title"], line["weight"]) for line in CRITERIA
    ]


def test_three_weighted_indicators_stand_in_the_settings() -> None:
    settings = tomllib.loads((FOLDER / "system.toml").read_text())

    weights = {line["id"]: (line["axis"], line["weight"]) for line in settings["indicators"]}

    assert weights == {
        "productivity": ("results", 40),
        "service_quality": ("results", 30),
        "communication": ("behaviour", 30),
    }


# The report and its examination (WAL-06, WAL-07, WAL-08, WAL-22).


def test_an_achievement_names_its_strategy_who_gained_from_it_and_its_evidence() -> None:
    bare = {**REPORT, "achievements": [{"indicator": "productivity", "narrative": "Naik."}]}

    assert not refused("annual_report", REPORT, criteria={"rows": CRITERIA})
    assert refused("annual_report", bare, criteria={"rows": CRITERIA}).keys() == {
        "achievements.0.narrative",
        "achievements.0.strategy_name",
        "achievements.0.strategy_description",
        "achievements.0.beneficiaries",
        "achievements.0.evidence",
    }


def test_a_report_holds_an_achievement_and_ones_own_rating_of_each_indicator() -> None:
    nothing = {"achievements": [], "self_ratings": [{}, {}, {}], "confirmed": True}

    assert refused("annual_report", nothing, criteria={"rows": CRITERIA}).keys() == {
        "achievements",
        "self_ratings.0.self_rating",
        "self_ratings.1.self_rating",
        "self_ratings.2.self_rating",
    }


def test_ones_own_rating_changes_no_score(begun: Begun) -> None:
    scenario = begun("plain")
    proud = {"self_ratings": [{"self_rating": 5}] * 3}

    run_as(scenario, "annual_report", "subject", proud)
    run_as(scenario, "examine_report", "rater")
    run_as(scenario, "rate_indicators", "rater")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert shown["local_score"] == Decimal("102.71")


def test_the_report_is_examined_before_anything_is_rated(begun: Begun) -> None:
    scenario = begun("plain")
    seen: list[tuple[str, str | None]] = []

    for element, person in (
        ("annual_report", "subject"), ("examine_report", "rater"), ("rate_indicators", "rater"),
    ):  # fmt: skip
        seen += [(item.element_id, item.assignee_id) for item in scenario._open()]
        run_as(scenario, element, person)
    seen += [(item.element_id, item.assignee_id) for item in scenario._open()]

    assert seen == [
        ("annual_report", "clerk"), ("examine_report", "division_head"),
        ("rate_indicators", "division_head"), ("supervisor_review", "division_head"),
    ]  # fmt: skip


def test_an_achievement_that_is_not_verified_needs_a_remark() -> None:
    tasks = {"planned_tasks": 220, "verified_tasks": 230, "accepted": True}
    answers = {**tasks, "achievements": [{"verified": False}]}

    found = refused("examine_report", answers, annual_report=REPORT)

    assert found.keys() == {"achievements.0.remark"}


def test_a_report_goes_back_with_what_to_mend() -> None:
    tasks = {"planned_tasks": 220, "verified_tasks": 230, "accepted": False}
    answers = {**tasks, "achievements": [{"verified": True}]}

    assert refused("examine_report", answers, annual_report=REPORT).keys() == {"return_note"}


@pytest.mark.parametrize(
    ("accepted", "round_", "then"),
    [
        (True, 1, "examined"),
        (False, 1, "returned"),
        (False, 2, "returned"),
        (False, 3, "examined"),
        (None, 1, "examined"),
    ],
)
def test_a_report_goes_back_twice_at_most(accepted: bool | None, round_: int, then: str) -> None:
    examined = {"accepted": accepted, "round": Decimal(round_)}

    assert decide("report_route", {"examine_report": examined}) == {"next": then}


def test_a_report_that_comes_back_opens_with_what_was_written(begun: Begun) -> None:
    scenario = begun("report_returned")
    run_until(scenario, "annual_report")
    run_as(scenario, "annual_report", "subject")
    run_as(scenario, "examine_report", "rater")

    shown = opened(scenario, "annual_report", "clerk")

    assert shown["achievements"][0]["strategy_name"] == "Penyuluhan keliling"
    assert shown["learning_needs"] == "Pelatihan layanan daring."
    assert [row["self_rating"] for row in shown["self_ratings"]] == [3, 4, 3]
    assert shown["return_note"] == "Lampirkan daftar hadir penyuluhan."


def test_a_report_is_examined_again_with_the_tasks_that_were_planned(begun: Begun) -> None:
    scenario = begun("report_returned")
    run_until(scenario, "annual_report")
    run_as(scenario, "annual_report", "subject")
    run_as(scenario, "examine_report", "rater")
    run_as(scenario, "annual_report", "subject")

    shown = opened(scenario, "examine_report", "division_head")

    assert (shown["planned_tasks"], shown.get("verified_tasks")) == (Decimal(220), None)


# Sources of the indicators (WAL-12, WAL-13).


def test_only_verified_tasks_count_for_productivity(begun: Begun) -> None:
    scenario = begun("plain")
    run_until(scenario, "examine_report")

    run_as(scenario, "examine_report", "rater", {"verified_tasks": 110})
    run_as(scenario, "rate_indicators", "rater")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert shown["rows"][0]["score"] == Decimal("50.00")


def test_without_planned_tasks_and_index_there_is_no_score_and_no_suggestion(
    begun: Begun,
) -> None:
    scenario = begun("nothing_measured")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert shown["local_score"] is None
    assert shown["result_suggested"] is None


def test_an_index_that_never_comes_leaves_its_weight_to_productivity(begun: Begun) -> None:
    scenario = begun("index_missing")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "analyst")
    assert shown["rows"][1]["score"] is None
    assert shown["results_score"] == shown["rows"][0]["score"] == Decimal("104.55")


def test_what_citizens_said_is_the_service_quality_of_who_serves_them(begun: Begun) -> None:
    scenario = begun("late_survey")

    run_until(scenario, "rate_indicators")

    shown = opened(scenario, "rate_indicators", "division_head")
    assert (shown["index"], shown["responses"]) == (Decimal("84.20"), 16)


def test_nobody_waits_for_an_index_that_is_known_already(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "rate_indicators")

    shown = opened(scenario, "rate_indicators", "division_head")
    assert (shown["index"], shown["responses"]) == (Decimal("84.20"), 16)
    actions = {event["action"] for event in trail(scenario.office, scenario.instance_id)}
    assert not actions & {"message.received", "timer.fired"}


def test_a_survey_that_is_open_is_waited_for_until_two_weeks_after_the_period(
    begun: Begun,
) -> None:
    scenario = begun("index_missing")
    run_until(scenario, "rate_indicators")

    waited = [event for event in trail(scenario.office, scenario.instance_id)
              if event["action"] == "timer.fired"]  # fmt: skip

    assert [event["values"]["due_at"][:10] for event in waited] == ["2026-01-14"]


def test_who_serves_no_citizens_is_rated_by_those_inside_who_are_served(begun: Begun) -> None:
    scenario = begun("no_service")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert shown["rows"][1]["score"] == Decimal("110.00")


def test_internal_service_is_rated_with_who_was_asked() -> None:
    answers = {"serves_citizens": False, "communication": 3}

    assert refused("rate_indicators", answers).keys() == {"internal_service", "internal_basis"}


@pytest.mark.parametrize(
    ("index", "grade"),
    [
        ("100", "A"), ("88.31", "A"), ("88.30", "B"), ("76.61", "B"), ("76.60", "C"),
        ("65", "C"), ("64.99", "D"), ("25", "D"),
    ],
)  # fmt: skip
def test_the_grade_of_a_service_follows_the_regulation_at_its_borders(
    index: str, grade: str
) -> None:
    assert decide("service_grade", {"survey": {"index": Decimal(index)}}) == {"grade": grade}


@pytest.mark.parametrize("rating", [1, 5])
def test_a_rating_at_an_end_of_the_scale_needs_a_reason_and_evidence(
    rating: int,
) -> None:
    answers = {"serves_citizens": True, "communication": rating}
    grounds = {"communication_reason": REASON, "communication_evidence": PAPER}

    assert refused("rate_indicators", answers).keys() == {
        "communication_reason",
        "communication_evidence",
    }
    assert not refused("rate_indicators", {**answers, **grounds})
