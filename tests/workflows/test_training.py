"""Which training a weak score or value suggests (D7), and how each system uses it."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.local_score import Axis, Indicator, Topic, by_topic
from engine.store import follow_ups
from engine.store.follow_ups import FollowUpRow
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import actions_of
from tests.workflows.regions import decide, opened
from tests.workflows.scenario import Scenario, read_path

COURSES = {
    Topic.COMMUNICATION: "soft_communication", Topic.TIME: "soft_time_management",
    Topic.SERVICE: "service_excellence", Topic.QUALITY: "technical",
    Topic.DISCIPLINE: "work_discipline", Topic.TEAM: "collaboration",
    Topic.ADAPTABILITY: "change_agility",
}  # fmt: skip
OF_VALUES = {
    "service_oriented": "service_excellence", "accountable": "work_discipline",
    "competent": "technical", "harmonious": "soft_communication", "loyal": "work_discipline",
    "adaptive": "change_agility", "collaborative": "collaboration",
}  # fmt: skip
SUGGESTED = ["soft_time_management", "change_agility"]
REASON = "Dua rekan baru bekerja bersama sebentar, dan pengaduan lama warisan tahun sebelumnya."
QUESTIONS = ("collaboration", "communication", "reliability", "respect", "initiative", "service")


def courses(low: Mapping[Topic, Decimal | None]) -> object:
    topics = {topic.value: low.get(topic) for topic in Topic}
    return decide("shared", "training_course", {"score": {"topics": topics}})["courses"]


@pytest.mark.parametrize("topic", Topic)
def test_each_topic_below_90_suggests_its_course(topic: Topic) -> None:
    assert courses({topic: Decimal("89.99")}) == [COURSES[topic]]
    assert courses({topic: Decimal(90)}) == []
    assert courses({topic: None}) == []


@pytest.mark.parametrize("value", OF_VALUES)
def test_each_value_rated_below_expectation_suggests_its_course(value: str) -> None:
    rows = [{"value": value, "rating": "below", "below_value": value}, {"value": "other"}]

    found = decide("shared", "value_course", {"supervisor_review": {"behaviours": rows}})

    assert found["courses"] == [OF_VALUES[value]]


def test_several_weak_topics_suggest_several_courses() -> None:
    assert courses(dict.fromkeys(Topic, Decimal(50))) == list(COURSES.values())


def test_of_two_indicators_of_a_topic_the_lower_one_counts() -> None:
    def about(key: str, topic: Topic | None) -> Indicator:
        return Indicator(key, Axis.RESULTS, Decimal(50), {"id": key}, topic)

    indicators = (about("a", Topic.TEAM), about("b", Topic.TEAM), about("c", None))

    found = by_topic(indicators, {"a": Decimal(95), "b": Decimal("89.994"), "c": Decimal(10)})
    none = by_topic(indicators, {"a": None, "b": None, "c": Decimal(10)})

    assert found[Topic.TEAM] == Decimal("89.99")
    assert [low for topic, low in found.items() if topic is not Topic.TEAM] == [None] * 6
    assert set(none.values()) == {None}


def weakened(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step of the plain path where colleagues and complaints say less good things."""
    changed = deepcopy(dict(step))
    if step.get("complete") == "peer_rating":
        changed["with"] |= {question: 2 for question in QUESTIONS if question in changed["with"]}
    if step.get("complete") == "complaint_figures":
        changed["with"]["median_days"] = 9
    if step.get("complete") == "supervisor_review":
        changed["with"]["override_reason"] = REASON
    return changed


def test_gayungan_suggests_soft_skills_to_the_rater_and_keeps_them_as_follow_up(
    offices: Offices,
) -> None:
    path = read_path(ROOT / "workflows/gayungan/paths/plain.json")
    scenario = Scenario(offices.open("gayungan"), path)
    shown: object = None

    for step in path["steps"]:
        if "expect" in step:
            continue
        if step.get("complete") == "supervisor_review":
            shown = opened(scenario, "supervisor_review", "division_head")["training_suggested"]
        scenario._do(weakened(step))

    assert shown == ["service_excellence", "collaboration"]
    assert actions_of(scenario) >= {"service_excellence", "collaboration"}


def test_jambi_and_salatiga_show_suggestions_before_the_rating_and_keep_them(
    offices: Offices,
) -> None:
    jambi = run_as("jambi", offices)
    salatiga = run_as("salatiga", offices)

    assert jambi == (["technical"], {"technical"})
    assert salatiga == ([], set())


def run_as(system: str, offices: Offices) -> tuple[object, set[str]]:
    """What the rater of the plain path is shown, and which courses are follow-up at its end."""
    path = read_path(ROOT / f"workflows/{system}/paths/plain.json")
    scenario = Scenario(offices.open(system), path)
    shown: object = None
    for step in path["steps"]:
        if step.get("complete") == "supervisor_review":
            shown = opened(scenario, "supervisor_review", "division_head")["training_suggested"]
        scenario._do(step)
    return shown, actions_of(scenario) & set(COURSES.values())


def test_tanjungbalai_shows_courses_of_weak_scores_and_values_before_the_dialogue_and_keeps_them(
    offices: Offices,
) -> None:
    path = read_path(ROOT / "workflows/tanjungbalai/paths/support_below_90.json")
    scenario = Scenario(offices.open("tanjungbalai"), path)
    shown: dict[str, object] = {}

    for step in path["steps"]:
        if (element := step.get("complete")) in {"support_offer", "discussion_record"}:
            shown[element] = opened(scenario, element, "division_head")["training_suggested"]
        scenario._do(step)

    assert shown["support_offer"] == shown["discussion_record"] == SUGGESTED
    assert [row.kind for row in kept_in(scenario) if row.kind in SUGGESTED] == SUGGESTED
    assert all(
        (row.function, row.due_on) == ("hr", scenario.now.date() + timedelta(days=90))
        for row in kept_in(scenario)
        if row.kind in SUGGESTED
    )


BELOW = {
    "rating": "below", "feedback": "Surat warga dibiarkan berbulan-bulan tanpa jawaban.",
    "evidence": [{"kind": "paper", "number": "DOK-12/2025"}],
}  # fmt: skip


def with_low_values(step: Mapping[str, Any]) -> dict[str, Any]:
    """A review as it is, with *Akuntabel*, *Kompeten* and *Loyal* below expectation."""
    changed = deepcopy(dict(step))
    changed["with"]["behaviours"] = [{}, BELOW, BELOW, {}, BELOW, {}, {}]
    return changed


@pytest.mark.parametrize("system", ["national", "walesi", "gayungan", "salatiga", "jambi"])
def test_courses_of_weak_values_are_seen_at_the_dialogue_and_each_is_kept_once(
    offices: Offices, system: str
) -> None:
    path = read_path(ROOT / f"workflows/{system}/paths/plain.json")
    scenario = Scenario(offices.open(system), path)
    shown: object = None

    for step in path["steps"]:
        if step.get("complete") == "discussion_record":
            shown = opened(scenario, "discussion_record", "division_head")["training_suggested"]
        low = step.get("complete") == "supervisor_review"
        scenario._do(with_low_values(step) if low else step)
    kept = [row for row in kept_in(scenario) if row.kind in COURSES.values()]

    assert shown == ["work_discipline", "technical"]
    assert sorted(row.kind for row in kept) == ["technical", "work_discipline"]
    assert all(
        (row.function, row.due_on) == ("hr", scenario.now.date() + timedelta(days=90))
        for row in kept
    )


def kept_in(scenario: Scenario) -> tuple[FollowUpRow, ...]:
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        return tuple(follow_ups.of_instance(tx, scenario.instance_id))
