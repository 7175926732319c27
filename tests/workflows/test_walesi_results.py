"""What follows a rating in Walesi: feedback, recognition, training; and what is told and when."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.commands.comments import write_comment
from engine.domain.comments import Audience
from engine.domain.local_score import by_topic
from engine.errors import InvalidForm
from engine.jobs.notices import escalate_overdue
from engine.library import read_bundle, read_settings
from engine.queries.comments import case_comments
from engine.queries.result_facts import yearly_results
from engine.rules.dmn import check_table, parse_table
from engine.store import tables
from tests.office import ROOT
from tests.workflows import regions
from tests.workflows.promises import actions_of, run_as, run_until, stages_of
from tests.workflows.regions import opened
from tests.workflows.scenario import Scenario
from tests.workflows.walesi import CRITERIA, FOLDER, REASON, Begun, begun, decide, refused

__all__ = ["begun"]

EXPECTED = {"result_rating_decided": "as_expected", "behaviour_rating_decided": "as_expected"}
SCORED = {"rows": [{**line, "score": Decimal(100)} for line in CRITERIA]}
FEEDBACK = "Penyuluhan berhasil; libatkan kader kampung sejak awal tahun."


def told(scenario: Scenario) -> set[tuple[str, str]]:
    """Who was told what."""
    rows = tables.notice
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        found = tx.connection.execute(rows.select()).all()
    return {(row.kind, row.recipient_id) for row in found}


def reviewed(answers: Mapping[str, object]) -> set[str]:
    """What the form of the rating refuses where every indicator has a score."""
    return set(refused("supervisor_review", answers, score=SCORED))


def test_every_result_carries_feedback_and_recognition_or_advice() -> None:
    answers = {**EXPECTED, "feedback": FEEDBACK, "accompanied_by": "improvement"}
    recognised = {**answers, "accompanied_by": "recognition"}

    assert reviewed(EXPECTED) == {"feedback", "accompanied_by"}
    assert reviewed(answers) == {"recommendation"}
    assert reviewed(recognised) == {"recognition_reason"}


def test_a_rating_below_expectation_comes_with_advice_and_not_with_recognition() -> None:
    low = {
        "result_rating_decided": "below", "behaviour_rating_decided": "as_expected",
        "feedback": FEEDBACK, "weaknesses": FEEDBACK, "recommendation": FEEDBACK,
        "accompanied_by": "recognition", "recognition_reason": REASON,
    }  # fmt: skip

    assert reviewed(low) == {"accompanied_by"}


def suggested(weak: Mapping[str, Decimal | None]) -> object:
    """The courses for Walesi's indicators at 90, and `weak` ones as given."""
    scoring = read_settings(read_bundle(ROOT, "walesi")).scoring
    assert scoring is not None
    scores = {one.key: weak.get(one.key, Decimal(90)) for one in scoring.indicators}
    topics = {topic.value: low for topic, low in by_topic(scoring.indicators, scores).items()}
    return regions.decide("shared", "training_course", {"score": {"topics": topics}})["courses"]


@pytest.mark.parametrize(
    ("weak", "course"),
    [
        ("productivity", "soft_time_management"),
        ("service_quality", "service_excellence"),
        ("communication", "soft_communication"),
    ],
)
def test_an_indicator_below_90_suggests_its_training(weak: str, course: str) -> None:
    assert suggested({}) == []
    assert suggested({weak: Decimal("89.99")}) == [course]
    assert suggested({weak: None}) == []


def test_suggested_training_is_seen_by_the_rater_and_becomes_a_follow_up(begun: Begun) -> None:
    scenario = begun("weak_communication")
    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")["training_suggested"]
    for step in scenario.path["steps"][scenario.path["steps"].index(_review(scenario)) :]:
        scenario._do(step)

    assert shown == ["soft_communication"]
    assert "soft_communication" in actions_of(scenario)


def _review(scenario: Scenario) -> Mapping[str, Any]:
    steps: list[Mapping[str, Any]] = scenario.path["steps"]
    return next(step for step in steps if step.get("complete") == "supervisor_review")


def test_recognition_and_a_nomination_become_follow_ups(begun: Begun) -> None:
    scenario = begun("index_missing")

    scenario.run()

    assert {"recognition", "promotion_nomination"} <= actions_of(scenario)


@pytest.mark.parametrize(
    ("predicate", "accompanied_by", "reason", "actions"),
    [
        ("good", "recognition", None, ["recognition"]),
        ("very_good", "recognition", REASON, ["promotion_nomination"]),
        ("good", "improvement", None, []),
        ("needs_improvement", "recognition", REASON, []),
    ],
)
def test_a_low_result_is_neither_recognised_nor_nominated(
    predicate: str, accompanied_by: str, reason: str | None, actions: list[str]
) -> None:
    data = {
        "official_predicate": {"predicate": predicate},
        "supervisor_review": {"accompanied_by": accompanied_by, "promotion_reason": reason},
    }

    assert decide("development", data) == {"actions": actions}


# Time (WAL-05, WAL-16).


def test_every_step_of_walesi_has_its_day(begun: Begun) -> None:
    scenario = begun("plain")
    days: dict[str, int | None] = {}

    for step in scenario.path["steps"]:
        for item in scenario._open():
            due = item.due_at and (item.due_at - scenario.now).days
            days.setdefault(item.element_id, due)
        if "expect" not in step:
            scenario._do(step)

    own = ("annual_report", "examine_report", "rate_indicators")
    assert {element: days[element] for element in own} == {
        "annual_report": 14, "examine_report": 7, "rate_indicators": 5,
    }  # fmt: skip


def test_without_a_report_the_rating_goes_on_after_the_last_day(begun: Begun) -> None:
    scenario = begun("late_report")
    run_until(scenario, "examine_report")

    shown = opened(scenario, "examine_report", "division_head")

    assert shown["achievements"] == []
    with pytest.raises(InvalidForm):
        run_as(scenario, "examine_report", "rater", {"planned_tasks": None})


def test_a_late_report_is_told_to_the_employee_and_to_the_rater(begun: Begun) -> None:
    scenario = begun("plain")
    due = scenario._item("annual_report").due_at
    assert due is not None

    escalate_overdue(scenario.office.desk, scenario.office.agency_id, now=due)

    assert told(scenario) == {("overdue", "clerk"), ("others_overdue", "division_head")}


def test_a_late_examination_is_told_to_the_raters_superior(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "examine_report")
    due = scenario._item("examine_report").due_at
    assert due is not None

    escalate_overdue(scenario.office.desk, scenario.office.agency_id, now=due)

    assert ("others_overdue", "department_head") in told(scenario)


# One's own figures, and notes between the two (WAL-17, WAL-18).


def test_an_accepted_appraisal_is_done_to_its_last_stage(begun: Begun) -> None:
    scenario = begun("plain")
    run_until(scenario, "notify_ack")
    before = stages_of(scenario, "clerk")

    run_as(scenario, "notify_ack", "subject")

    assert before[-2:] == ["current", "next"]
    assert set(stages_of(scenario, "clerk")) == {"done"}


def test_ones_own_results_show_the_local_score(begun: Begun) -> None:
    scenario = begun("plain")
    scenario.run()

    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        own = yearly_results(tx, scenario._actor("clerk"))

    assert [(result.predicate, result.local_score) for result in own] == [
        ("good", Decimal("102.71"))
    ]


def test_the_rater_writes_a_note_at_any_time_and_the_employee_reads_it(begun: Begun) -> None:
    scenario = begun("plain")
    rater, employee = scenario._actor("division_head"), scenario._actor("clerk")

    write_comment(
        scenario.office.desk, rater, instance_id=scenario.instance_id,
        text="Surat jawaban bulan ini jelas dan cepat.", audience=Audience.EVERYBODY,
        now=scenario.now,
    )  # fmt: skip

    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        notes = case_comments(tx, employee, scenario.instance_id, before_id=None, now=scenario.now)
    assert [note.text for note in notes.rows] == ["Surat jawaban bulan ini jelas dan cepat."]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.dmn")), ids=lambda file: file.stem)
def test_every_table_of_walesi_is_whole_and_says_where_its_rows_come_from(file: Path) -> None:
    table = parse_table(file.read_bytes(), file=file.name)

    assert check_table(table) == ()
    assert all(rule.annotation for rule in table.rules)
