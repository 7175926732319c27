"""What Salatiga's source says, tried on its named paths (SAL-02…11)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.cycles import open_cycle
from engine.errors import InvalidForm
from engine.store import instances, sealing
from tests.cases import trail
from tests.office import ROOT, Office
from tests.ready import Offices
from tests.workflows.promises import (
    actions_of,
    appraisal_of,
    run_as,
    run_between,
    run_until,
    stages_of,
)
from tests.workflows.regions import opened
from tests.workflows.scenario import Scenario, read_path

FOLDER = ROOT / "workflows/salatiga"

Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Salatiga."""
    office = offices.open("salatiga")
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


def open_elements(scenario: Scenario) -> set[str]:
    """The steps of the case that wait for somebody."""
    return {item.element_id for item in scenario._open()}


def decided(scenario: Scenario, table: str) -> dict[str, Any]:
    """What a table said last in the trail of the case."""
    events = trail(scenario.office, scenario.instance_id)
    found = [event["values"] for event in events if event["action"] == "decision.evaluated"]
    return next(values["outputs"] for values in reversed(found) if values["table"] == table)


# The oracle: 52 of 48, ratings 4, 4, 5, 4, thirty-two verified hours and a new idea.


def test_the_scores_of_the_oracle_hold_to_the_second_decimal(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert [row["score"] for row in shown["rows"]] == [
        Decimal("108.33"), Decimal("110.00"), Decimal("110.00"), Decimal("120.00"),
        Decimal("110.00"),
    ]  # fmt: skip
    assert shown["results_score"] == Decimal("109.17")
    assert shown["behaviour_score"] == Decimal("113.33")
    assert shown["local_score"] == Decimal("113.42")
    assert (shown["result_suggested"], shown["behaviour_suggested"]) == ("as_expected", "above")
    assert decided(scenario, "local_label") == {"label": "very_good"}


def test_the_official_predicate_may_be_lower_than_the_words_of_the_local_score(
    begun: Begun,
) -> None:
    scenario = begun("plain")

    scenario.run()

    appraisal = appraisal_of(scenario)
    assert (appraisal.predicate, appraisal.local_score) == ("good", "113.42")


def test_a_year_passes_all_its_stages_in_order_until_the_result_stands(begun: Begun) -> None:
    scenario = begun("plain")
    reached: list[int] = []

    for step in scenario.path["steps"]:
        scenario._do(step)
        stages = stages_of(scenario, scenario.subject)
        reached += [stages.index("current")] if "current" in stages else []

    assert list(dict.fromkeys(reached)) == [0, 1, 2, 3, 4, 5, 6]
    assert stages == ["done"] * 8
    assert appraisal_of(scenario).predicate == "good"


# Indicators are set and agreed in rounds (SAL-04).


def test_what_was_proposed_comes_back_to_the_rater_with_the_answer(begun: Begun) -> None:
    scenario = begun("three_rounds_mediated")

    for step in scenario.path["steps"][:3]:
        scenario._do(step)

    again = opened(scenario, "set_indicators", "division_head")
    assert again["round"] == 2
    assert again["comment"] == "Bobot kuantitas terlalu kecil untuk pekerjaan loket."
    assert [row["target"] for row in again["rows"]][:1] == [Decimal(48)]
    assert all(row["expectation"] for row in again["rows"])


def test_after_three_rounds_the_superior_decides_and_his_weights_count(begun: Begun) -> None:
    scenario = begun("three_rounds_mediated")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")
    assert [row["weight"] for row in shown["rows"]] == [45, 25, 10, 10, 10]
    assert (shown["results_score"], shown["local_score"]) == (Decimal("108.93"), Decimal("109.25"))


def test_who_mediated_the_indicators_does_not_decide_the_appeal(begun: Begun) -> None:
    scenario = begun("three_rounds_mediated")

    run_until(scenario, "appeal_decision")

    assert scenario._item("appeal_decision").assignee_id == "assistant"


def test_where_nobody_stands_above_the_rater_hr_decides_about_the_indicators(
    offices: Offices,
) -> None:
    path = read_path(FOLDER / "paths/three_rounds_mediated.json")
    scenario = Scenario(offices.open("salatiga"), {**path, "authorities": []})
    for step in path["steps"][:8]:
        scenario._do({**step, "as": "sekda"} if step.get("as") == "rater" else step)

    (item,) = scenario._open()
    run_as(scenario, "mediate_indicators", "hr_officer")

    assert (item.element_id, item.assignee_id, item.function) == ("mediate_indicators", None, "hr")
    assert open_elements(scenario) == {"self_assessment"}


def next_year(office: Office, path: str) -> Scenario:
    """A named path in the year after the one that the office opened."""
    now = datetime(2026, 1, 5, 1, tzinfo=UTC)
    cycle_id = open_cycle(
        office.desk, office.actor("hr_officer", now), system="salatiga", name="Tahun 2026",
        starts=date(2026, 1, 1), ends=date(2026, 12, 31), now=now,
    )  # fmt: skip
    return Scenario(replace(office, cycle_id=cycle_id), read_path(FOLDER / f"paths/{path}.json"))


def test_the_self_assessment_opens_when_the_period_is_over(offices: Offices) -> None:
    scenario = next_year(offices.open("salatiga"), "no_idea")
    for step in scenario.path["steps"][:4]:
        scenario._do(step)

    waiting = open_elements(scenario)
    scenario._do({"advance": "P360D"})
    on_the_last_day = open_elements(scenario)
    scenario._do({"advance": "P1D"})

    assert (waiting, on_the_last_day) == (set(), set())
    assert open_elements(scenario) == {"self_assessment"}


# The rating rests on what was observed (SAL-05).


def test_the_employee_reads_a_note_at_once_and_silence_does_not_undo_it(begun: Begun) -> None:
    scenario = begun("noted_all_year")
    begins = [step["begin"] for step in scenario.path["steps"] if "begin" in step]

    run_until(scenario, "supervisor_review")

    assert begins.count("sal_observation") == 3
    assert opened(scenario, "supervisor_review", "division_head")["notes"] == 3


# Verified training adds to the score, within bounds (SAL-06).


def test_only_hours_that_hr_verified_count(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "rate_indicators")

    assert opened(scenario, "rate_indicators", "division_head")["verified_hours"] == 32


def test_hours_recorded_and_verified_during_the_year_are_added_to_those_at_its_end(
    begun: Begun,
) -> None:
    scenario = begun("noted_all_year")

    run_until(scenario, "self_assessment")
    recorded = opened(scenario, "self_assessment", "clerk")["recorded_hours"]
    run_between(scenario, "self_assessment", "rate_indicators")

    assert recorded == 24
    assert opened(scenario, "rate_indicators", "division_head")["verified_hours"] == 40


def test_the_bonus_lifts_no_score_below_ninety_to_it(begun: Begun) -> None:
    scenario = begun("bonus_below_border")

    scenario.run()

    assert decided(scenario, "development_bonus") == {"points": "5"}
    assert appraisal_of(scenario).local_score == "89.99"


# Discussion, explanation, then the development plan (SAL-07, SAL-08, SAL-09).


def test_the_result_is_discussed_before_it_is_set(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "discussion_record")

    assert open_elements(scenario) == {"discussion_record"}
    run_as(scenario, "discussion_record", "division_head")
    (asked,) = scenario._open()
    assert (asked.element_id, asked.assignee_id) == ("discussion_confirm", scenario.subject)
    assert appraisal_of(scenario).delivered_at is None


def test_who_is_not_content_gets_an_explanation_before_the_plan(begun: Begun) -> None:
    scenario = begun("explanation")

    run_until(scenario, "explanation_reply")
    waiting = open_elements(scenario)
    run_as(scenario, "explanation_reply", "division_head")

    assert waiting == {"explanation_reply"}
    assert open_elements(scenario) == {"development_plan"}


def test_the_plan_comes_before_the_result_is_set_and_keeps_its_words_in_the_next_round(
    begun: Begun,
) -> None:
    scenario = begun("explanation")

    run_until(scenario, "development_plan")
    run_as(scenario, "development_plan", "clerk")
    run_as(scenario, "agree_plan", "division_head")

    again = opened(scenario, "development_plan", "clerk")
    assert again["remarks"] == "Tambahkan kegiatan yang dapat dijalankan di tempat kerja."
    assert [goal["hours"] for goal in again["goals"]] == [24]


def test_a_plan_that_nobody_drafts_does_not_hold_up_the_result(begun: Begun) -> None:
    scenario = begun("late")

    run_until(scenario, "sign_result")

    assert open_elements(scenario) == {"sign_result"}


# New ideas are recognised (SAL-10).


def test_an_endorsed_idea_decides_the_words_and_is_recognised(begun: Begun) -> None:
    scenario = begun("plain")

    scenario.run()

    assert decided(scenario, "local_label") == {"label": "very_good"}
    assert "idea_recognition" in actions_of(scenario)


def test_the_same_score_without_a_new_idea_is_good(begun: Begun) -> None:
    scenario = begun("no_idea")

    scenario.run()

    assert appraisal_of(scenario).local_score == "110.42"
    assert decided(scenario, "local_label") == {"label": "good"}
    assert "idea_recognition" not in actions_of(scenario)


def test_an_idea_endorsed_during_the_year_counts_at_its_end_and_one_that_was_not_does_not(
    begun: Begun,
) -> None:
    scenario = begun("noted_all_year")

    run_until(scenario, "rate_indicators")
    endorsed = opened(scenario, "rate_indicators", "division_head")["ideas_endorsed"]
    run_between(scenario, "rate_indicators", "supervisor_review")

    assert endorsed == 1
    assert decided(scenario, "local_label") == {"label": "good"}
    run_between(scenario, "supervisor_review", "notify_ack")
    run_as(scenario, "notify_ack", "clerk")
    assert "idea_recognition" in actions_of(scenario)


def test_an_idea_is_refused_only_with_a_reason(begun: Begun) -> None:
    scenario = begun("explanation")
    run_until(scenario, "rate_indicators")

    with pytest.raises(InvalidForm) as refused:
        run_as(scenario, "rate_indicators", "division_head", {"idea_reason": None})

    assert [finding.element_id for finding in refused.value.findings] == ["idea_reason"]


# The next year begins where this one ended (SAL-11).


def test_the_next_year_begins_with_the_development_plan(begun: Begun) -> None:
    this_year = begun("plain")
    this_year.run()

    after = next_year(this_year.office, "plain")

    goals = opened(after, "set_indicators", "division_head")["goals"]
    assert [(goal["goal"], goal["hours"], goal["due_on"]) for goal in goals] == [
        ("Menguasai pemeriksaan berkas digital", Decimal(24), "2026-09-30")
    ]


def test_a_plan_that_was_finished_after_the_launch_is_there_when_the_indicators_are_set(
    begun: Begun,
) -> None:
    this_year = begun("plain")
    run_until(this_year, "notify_ack")
    after = next_year(this_year.office, "plain")
    at_launch = opened(after, "set_indicators", "division_head")

    run_as(this_year, "notify_ack", "analyst")
    later = opened(after, "set_indicators", "division_head")

    assert (at_launch["goals"], at_launch.get("plan_period")) == ([], None)
    assert [goal["goal"] for goal in later["goals"]] == ["Menguasai pemeriksaan berkas digital"]
    assert later["plan_period"] == "Tahun 2025"


def test_a_first_year_begins_without_a_plan_and_so_does_one_whose_plan_was_erased(
    begun: Begun,
) -> None:
    this_year = begun("plain")
    first = opened(this_year, "set_indicators", "division_head")["goals"]
    this_year.run()
    store = this_year.office.desk.store
    with store.transaction(this_year.office.agency_id) as tx:
        key_id = instances.get(tx, this_year.instance_id).sealing_key_id
        sealing.destroy_key(tx, key_id, now=this_year.now)

    after = next_year(this_year.office, "plain")

    assert first == []
    assert opened(after, "set_indicators", "division_head")["goals"] == []
