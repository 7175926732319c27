"""What Jambi's source says, tried on its forms, its tables and its named paths (JAM-01…09)."""

import json
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.domain.people import EmployeeId
from engine.errors import Forbidden, InvalidForm
from engine.rules.dmn import check_table, parse_table
from engine.rules.numbers import from_jsonable
from engine.store import case_records
from tests.cases import trail
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import (
    actions_of,
    appraisal_of,
    run_as,
    run_between,
    run_until,
    seen_by,
    versions_of,
)
from tests.workflows.regions import PAPER, decide, is_open, opened, refused
from tests.workflows.scenario import Scenario, read_path

FOLDER = ROOT / "workflows/jambi"
REASON = "Izin diterbitkan tanpa satu pun perbaikan dan caranya dipakai tiga unit lain."
REVIEW = {
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
    "strengths": "Menjaga loket tetap buka.",
    "weaknesses": "Surat keputusan perlu diperbaiki rekan.",
    "recommendation": "Pelatihan naskah dinas pada triwulan kedua.",
}
ATTENDANCE: dict[str, object] = {
    "schedule": "office_hours",
    "duty_days": Decimal(242),
    "present_days": Decimal(238),
    "source": "machine",
}


Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Jambi."""
    office = offices.open("jambi")
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.dmn")), ids=lambda file: file.stem)
def test_every_table_of_jambi_is_complete_without_overlap_and_explains_its_rows(file: Path) -> None:
    found = parse_table(file.read_bytes(), file=file.name)

    assert check_table(found) == ()
    assert all(rule.annotation for rule in found.rules)


def test_the_employee_reads_result_reasons_and_development_as_soon_as_they_are_decided(
    begun: Begun,
) -> None:
    scenario = begun("plain")

    run_until(scenario, "read_result")
    shown = opened(scenario, "read_result", "clerk")

    assert shown["predicate"] == "needs_improvement"
    assert shown["local_score"] == Decimal("82.25")
    assert [row["score"] for row in shown["rows"]] == [75, Decimal("98.35"), 100]
    told = next(
        s["with"] for s in scenario.path["steps"] if s.get("complete") == "supervisor_review"
    )
    assert {name: shown[name] for name in ("strengths", "weaknesses", "recommendation")} == {
        name: told[name] for name in ("strengths", "weaknesses", "recommendation")
    }


def test_the_result_opens_in_the_moment_of_the_decision_and_not_after_signature(
    begun: Begun,
) -> None:
    scenario = begun("plain")

    run_until(scenario, "read_result")

    assert is_open(scenario, "read_result")
    assert not is_open(scenario, "sign_result")
    assert appraisal_of(scenario).delivered_at is None
    assert seen_by(scenario, "clerk") == []


def test_who_does_not_look_at_his_result_holds_up_nothing(begun: Begun) -> None:
    scenario = begun("leave")
    run_until(scenario, "discussion_record")

    assert not is_open(scenario, "read_result")
    assert is_open(scenario, "discussion_record")


@pytest.mark.parametrize("field", ["strengths", "weaknesses", "recommendation"])
def test_strengths_weaknesses_and_a_development_are_named_whatever_the_rating(field: str) -> None:
    suggested = {"rating_suggested": "as_expected"}
    data: dict[str, Any] = {
        "suggest_result": suggested,
        "suggest_behaviour": suggested,
        "score": {"rows": [{"indicator_id": "work_quality", "score": Decimal(100)}]},
    }

    whole = refused("jambi", "supervisor_review", REVIEW, **data)
    missing = refused("jambi", "supervisor_review", {**REVIEW, field: ""}, **data)
    short = refused("jambi", "supervisor_review", {**REVIEW, field: "x" * 19}, **data)
    enough = refused("jambi", "supervisor_review", {**REVIEW, field: "x" * 20}, **data)

    assert not whole
    assert missing.keys() == short.keys() == {field}
    assert not enough


@pytest.mark.parametrize(
    ("path", "actions"),
    [
        ("plain", {"training_mandatory", "coaching_monthly"}),
        ("appeal_changed", {"recognition", "talent_pool_nomination"}),
    ],
)
def test_weak_work_leads_to_training_and_good_work_to_recognition(
    begun: Begun, path: str, actions: set[str]
) -> None:
    scenario = begun(path)

    scenario.run()

    assert actions <= actions_of(scenario)


def test_the_criteria_that_the_employee_reads_are_those_that_are_weighed(begun: Begun) -> None:
    scenario = begun("plain")
    settings = tomllib.loads((FOLDER / "system.toml").read_text())
    form = json.loads((ROOT / "forms/jambi/acknowledge_criteria-uischema.json").read_text())

    read = opened(scenario, "acknowledge_criteria", "clerk")["criteria"]
    run_until(scenario, "supervisor_review")
    weighed = opened(scenario, "supervisor_review", "division_head")["rows"]

    weights = [(entry["id"], entry["weight"]) for entry in settings["indicators"]]
    assert [(row["indicator_id"], row["weight"]) for row in read] == weights
    assert [(row["indicator_id"], row["weight"]) for row in weighed] == weights
    assert list(form["heaviest"]["alur:labels"]) == [key for key, _ in weights]
    assert max(weights, key=lambda entry: entry[1])[0] == "work_quality"


def test_a_case_keeps_the_criteria_it_began_with_and_the_trail_names_their_version(
    begun: Begun,
) -> None:
    scenario = begun("plain")

    run_until(scenario, "supervisor_review")

    events = trail(scenario.office, scenario.instance_id)
    done = [event for event in events if event["action"] == "operation.done"]
    weights = ["work_quality:70", "attendance:15", "team_contribution:15"]
    shown, computed = (
        next(event for event in done if event["element"] == element)
        for element in ("list_criteria", "score_indicators")
    )
    assert shown["values"]["values"]["weights"] == weights
    assert computed["values"]["values"]["weights"] == weights
    assert shown["definition"] == computed["definition"]


@pytest.mark.parametrize(
    ("question", "wrong"),
    [("heaviest", "attendance"), ("leave", "absent"), ("extreme", "reason")],
)
def test_a_wrong_answer_about_the_criteria_may_be_tried_again_without_limit(
    begun: Begun, question: str, wrong: str
) -> None:
    scenario = begun("plain")

    for _ in range(3):
        with pytest.raises(InvalidForm) as refusal:
            run_as(scenario, "acknowledge_criteria", "subject", {question: wrong})
        assert [finding.element_id for finding in refusal.value.findings] == [question]
    run_as(scenario, "acknowledge_criteria", "subject")

    assert is_open(scenario, "self_assessment")


def test_nobody_is_rated_before_he_knows_the_criteria_or_their_delivery_is_recorded(
    begun: Begun,
) -> None:
    scenario = begun("criteria_not_acknowledged")

    run_until(scenario, "record_criteria_delivery")

    assert [item.element_id for item in scenario._open()] == ["record_criteria_delivery"]
    run_between(scenario, "record_criteria_delivery", "show_certificate")
    assert is_open(scenario, "self_assessment")


def test_the_delivery_of_criteria_is_recorded_with_a_reason_a_proof_and_a_past_day() -> None:
    answers: dict[str, object] = {
        "manner": "letter", "delivered_on": "2026-01-20", "reason": "Sedang cuti besar dua bulan.",
        "evidence": PAPER,
    }  # fmt: skip

    def wrong(**other: object) -> set[str]:
        form = "record_criteria_delivery"
        return set(refused("jambi", form, {**answers, **other}, "hr"))

    assert not wrong()
    assert wrong(reason="x" * 19) == {"reason"}
    assert wrong(evidence=[]) == {"evidence"}
    assert wrong(delivered_on="2026-01-21") == {"delivered_on"}


def test_criteria_are_made_in_a_forum_and_frozen_in_a_record_that_the_trail_vouches_for(
    begun: Begun,
) -> None:
    scenario = begun("criteria_forum")

    scenario.run()

    (forum,) = scenario.beside
    events = trail(scenario.office, forum)
    kept = next(event["values"] for event in events if event["action"] == "record.kept")
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        (record,) = case_records.of_person(
            tx, cycle_id=scenario.office.cycle_id, subject_id=EmployeeId("division_head"),
            kind="criteria",
        )  # fmt: skip
    assert kept["record_sha256"] == record.sha256
    assert from_jsonable(json.loads(record.body)) == {
        "axes": ["results", "behaviour", "behaviour"],
        "dispositions": ["adapted", "rejected"],
        "weights": [70, 15, 15],
    }


def test_every_input_of_the_forum_is_answered_with_a_reason_by_somebody_else(begun: Begun) -> None:
    scenario = begun("criteria_forum")
    run_until(scenario, "dispose_inputs")

    with pytest.raises(Forbidden):
        run_as(scenario, "dispose_inputs", "hr")
    with pytest.raises(InvalidForm) as refusal:
        run_as(
            scenario, "dispose_inputs", "second_hr", {"dispositions": [{}, {"reason": "x" * 19}]}
        )

    assert [finding.element_id for finding in refusal.value.findings] == ["dispositions.1.reason"]


def test_criteria_are_understood_at_the_start_and_the_self_assessment_opens_after_the_year(
    offices: Offices,
) -> None:
    path = {**read_path(FOLDER / "paths/plain.json"), "start": "2025-02-03T01:00:00+00:00"}
    scenario = Scenario(offices.open("jambi"), path)

    run_as(scenario, "acknowledge_criteria", "subject")
    at_first = {item.element_id for item in scenario._open()}
    scenario._do({"advance": "P331D"})
    on_the_last_day = is_open(scenario, "self_assessment")
    scenario._do({"advance": "P1D"})

    assert at_first == {"show_certificate"}
    assert not on_the_last_day
    assert is_open(scenario, "self_assessment")


@pytest.mark.parametrize(("attended", "enough"), [(19, False), (20, True), (40, True)])
def test_a_forum_needs_half_of_its_delegates(attended: int, enough: bool) -> None:
    session = {"attended": Decimal(attended), "invited": Decimal(40)}

    assert decide("jambi", "forum_quorum", {"forum_session": session}) == {"has_quorum": enough}


@pytest.mark.parametrize(
    ("results", "peers", "verdict"),
    [
        (70, "none", "ok"),
        (60, "peers_and_subordinates", "ok"),
        (60, "peers", "needs_reason"),
        (60, "none", "needs_reason"),
        (70, "peers_and_subordinates", "needs_reason"),
        (69, "none", "needs_reason"),
    ],
)
def test_weights_outside_the_law_need_a_reason(results: int, peers: str, verdict: str) -> None:
    criteria = [{"results_weight": Decimal(results)}, {"results_weight": Decimal(0)}]

    found = decide(
        "jambi", "legal_envelope", {"dispose_inputs": {"criteria": criteria, "peers": peers}}
    )

    assert found == {"verdict": verdict}


@pytest.mark.parametrize(
    ("weights", "wrong"),
    [
        ([70, 15, 15], set()),
        ([70, 15, 14], {"criteria"}),
        ([85, 15], {"criteria"}),
        ([86, 10, 4], {"criteria.2.weight"}),
        ([10] * 10, set()),
        ([10] * 9 + [5, 5], {"criteria"}),
    ],
)
def test_three_to_ten_criteria_of_at_least_five_percent_make_a_hundred(
    weights: list[int], wrong: set[str]
) -> None:
    criteria = [
        {
            "title": "Mutu kerja", "axis": "results", "weight": Decimal(weight),
            "measure": "Rating 1 sampai 5 menurut uraian.",
        }
        for weight in weights
    ]  # fmt: skip
    answers: dict[str, object] = {"criteria": criteria, "announced": ["board"]}

    assert set(refused("jambi", "propose_criteria", answers, "hr")) == wrong


def test_a_result_keeps_the_figures_that_the_analysis_counts(begun: Begun) -> None:
    scenario = begun("plain")

    scenario.run()

    (version,) = versions_of(scenario)
    assert (version.local_score, version.predicate) == ("82.25", "needs_improvement")
    assert appraisal_of(scenario).local_score == "82.25"
    assert json.loads(version.figures or "{}")["ratings"][:2] == ["2", "3"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        ({"present_days": Decimal(242)}, set()),
        ({"present_days": Decimal(243)}, {"present_days"}),
        ({"present_days": Decimal(238), "on_call_days": Decimal(5)}, {"present_days"}),
        ({"duty_days": Decimal(0), "present_days": Decimal(0)}, {"duty_days"}),
        ({"duty_days": Decimal(262)}, set()),
        ({"duty_days": Decimal(263)}, {"duty_days"}),
        ({"leave": [{"kind": "hajj", "days": Decimal(5)}]}, {"present_days"}),
        ({"leave": [{"kind": "hajj", "days": Decimal(4)}]}, set()),
        ({"leave": [{"kind": "study", "days": Decimal(243)}]}, {"leave"}),
    ],
)
def test_days_present_fit_into_the_days_of_duty_without_leave(
    changed: dict[str, object], wrong: set[str]
) -> None:
    assert set(refused("jambi", "enter_attendance", {**ATTENDANCE, **changed}, "hr")) == wrong


def test_ninety_days_of_maternity_leave_and_on_call_days_cost_no_attendance(begun: Begun) -> None:
    scenario = begun("leave")

    run_until(scenario, "supervisor_review")

    rows = opened(scenario, "supervisor_review", "division_head")["rows"]
    assert {row["indicator_id"]: row["score"] for row in rows}["attendance"] == 100


@pytest.mark.parametrize("criterion", ["work_quality", "team_contribution"])
@pytest.mark.parametrize(("rating", "extreme"), [(1, True), (2, False), (4, False), (5, True)])
def test_a_rating_of_one_or_five_needs_a_reason_and_evidence(
    criterion: str, rating: int, extreme: bool
) -> None:
    ratings: dict[str, object] = {"work_quality": Decimal(3), "team_contribution": Decimal(3)}
    answers = {**ratings, criterion: Decimal(rating)}
    reason, evidence = f"{criterion}_reason", f"{criterion}_evidence"

    bare = refused("jambi", "rate_indicators", answers)
    explained = {**answers, reason: REASON, evidence: PAPER}

    assert bare.keys() == ({reason, evidence} if extreme else set())
    assert not refused("jambi", "rate_indicators", explained)
    assert refused("jambi", "rate_indicators", {**explained, reason: "x" * 49}).keys() == {reason}


def test_what_cannot_be_rated_gives_no_figure_and_no_suggestion(begun: Begun) -> None:
    scenario = begun("not_ratable")

    run_until(scenario, "supervisor_review")
    shown = opened(scenario, "supervisor_review", "division_head")

    assert shown["local_score"] is None
    assert shown["result_suggested"] is None
    assert refused("jambi", "rate_indicators", {"enough_evidence": False}).keys() == {
        "no_evidence_reason"
    }
