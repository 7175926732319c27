"""What Tanjungbalai's source says of targets, process and attitude, tried (TBL-01…06)."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, InvalidForm
from engine.rules.dmn import check_table, parse_table
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import appraisal_of, run_as, run_until
from tests.workflows.regions import PAPER, decide, opened, refused
from tests.workflows.scenario import Scenario, read_path

SYSTEM = "tanjungbalai"
FOLDER = ROOT / "workflows" / SYSTEM
REASON = "Warga menyampaikan secara tertulis bahwa keluhan mereka menjadi perbaikan layanan."
PLAN = read_path(FOLDER / "paths/plain.json")["subject"]["plan"]
LINE = {**PLAN[0], "target": Decimal(PLAN[0]["target"])}
RATED: Mapping[str, object] = {
    "programmes": [{"realisation_confirmed": Decimal(600)}],
    "efficiency_rating": 3,
    "information_rating": 3,
    "attitude_rating": 3,
}

Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Tanjungbalai."""
    office = offices.open(SYSTEM)
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


# The oracle.


def test_the_year_of_the_oracle_comes_out_to_the_second_decimal(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "supervisor_review")
    shown = opened(scenario, "supervisor_review", "division_head")
    scores = [shown[name] for name in ("results_score", "behaviour_score", "local_score")]

    assert scores == [Decimal("95.24"), Decimal("92.50"), Decimal("94.42")]
    assert (shown["result_suggested"], shown["behaviour_suggested"]) == ("as_expected",) * 2


# Targets of the unit (TBL-01), the year (TBL-04), who rates (TBL-05).


def test_programmes_and_targets_are_those_of_the_agreed_plan(begun: Begun) -> None:
    scenario = begun("plain")

    rows = opened(scenario, "self_evaluation", "clerk")["programmes"]

    assert [(row["result_plan"], row["target"]) for row in rows] == [
        (line["result_plan"], line["target"] and Decimal(line["target"])) for line in PLAN
    ]


def test_no_predicate_is_found_before_the_achievement_of_the_organisation(begun: Begun) -> None:
    scenario = begun("plain")
    run_until(scenario, "supervisor_review")

    run_as(scenario, "supervisor_review", "rater")
    waiting = (scenario._open(), appraisal_of(scenario).predicate)
    scenario._set_achievement("good")

    assert waiting == ((), None)
    assert appraisal_of(scenario).predicate == "good"


def test_a_person_is_appraised_once_a_year(begun: Begun) -> None:
    scenario = begun("plain")

    with pytest.raises(Conflict):
        scenario.office.start(scenario.subject, scenario.now)


def test_ones_own_evaluation_opens_when_the_year_is_over(begun: Begun) -> None:
    scenario = begun("month_accepted")

    before = scenario._open()
    scenario._do({"advance": "P310D"})

    assert before == ()
    assert [item.element_id for item in scenario._open()] == ["self_evaluation"]


def test_nobody_rates_himself(begun: Begun) -> None:
    scenario = begun("plain")
    run_until(scenario, "rate_indicators")

    with pytest.raises(Forbidden):
        run_as(scenario, "rate_indicators", "subject")


# Result, process, attitude (TBL-02, TBL-03).


def test_result_process_and_attitude_stand_in_the_settings_within_the_law() -> None:
    settings = tomllib.loads((FOLDER / "system.toml").read_text())

    weights = {line["id"]: (line["axis"], line["weight"]) for line in settings["indicators"]}

    assert weights == {
        "effectiveness": ("results", 40),
        "efficiency": ("results", 30),
        "information": ("behaviour", 15),
        "attitude": ("behaviour", 15),
    }


def test_information_is_half_measured_and_half_rated(begun: Begun) -> None:
    scenario = begun("support_below_90")

    run_until(scenario, "supervisor_review")
    rows = opened(scenario, "supervisor_review", "division_head")["rows"]

    assert {row["indicator_id"]: row["score"] for row in rows} == {
        "effectiveness": Decimal(50),
        "efficiency": Decimal(75),
        "information": Decimal(95),
        "attitude": Decimal(100),
    }


@pytest.mark.parametrize("indicator", ["efficiency", "information", "attitude"])
@pytest.mark.parametrize("rating", [1, 5])
def test_a_rating_at_the_end_of_the_scale_needs_a_reason_and_evidence(
    indicator: str, rating: int
) -> None:
    answers = {**RATED, f"{indicator}_rating": rating}
    whole = {**answers, f"{indicator}_reason": REASON, f"{indicator}_evidence": PAPER}
    case = {"plan": [LINE], "is_unit_head": False}

    found = refused(SYSTEM, "rate_indicators", answers, case=case)

    assert found.keys() == {f"{indicator}_reason", f"{indicator}_evidence"}
    assert not refused(SYSTEM, "rate_indicators", whole, case=case)
    assert not refused(SYSTEM, "rate_indicators", RATED, case=case)


@pytest.mark.parametrize(
    ("figures", "wrong"),
    [
        ({"requests": 40, "requests_right": 41}, {"requests_right"}),
        ({"requests": 40}, {"requests_right"}),
        ({"requests_right": 40}, {"requests"}),
        ({"requests": 40, "requests_right": 40}, set()),
    ],
)
def test_figures_of_the_information_service_belong_together(
    figures: Mapping[str, int], wrong: set[str]
) -> None:
    given = {name: Decimal(figure) for name, figure in figures.items()}
    case = {"plan": [LINE], "is_unit_head": False}

    assert refused(SYSTEM, "rate_indicators", {**RATED, **given}, case=case).keys() == wrong


# One's own evaluation (TBL-06) and the gap.


@pytest.mark.parametrize(("realisation", "wrong"), [("599", True), ("600", False)])
def test_a_target_that_was_missed_needs_an_explanation(realisation: str, wrong: bool) -> None:
    row = {"realisation": Decimal(realisation), "self_rating": 3}
    answers = {"programmes": [row], "confirmed": True}
    case = {"plan": [LINE], "is_unit_head": False}

    found = refused(SYSTEM, "self_evaluation", answers, "subject", case=case)

    assert found.keys() == ({"programmes.0.explanation"} if wrong else set())


def test_the_rater_sees_attainment_and_ones_own_rating_beside_the_target(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "rate_indicators")
    row = opened(scenario, "rate_indicators", "division_head")["programmes"][0]

    shown = [row[name] for name in ("target", "realisation", "percent", "self_rating")]
    assert shown == [Decimal(600), Decimal(612), Decimal(102), Decimal(3)]


def test_ones_own_rating_changes_no_score(begun: Begun) -> None:
    proud = begun("gap_topic")

    proud.run()

    assert appraisal_of(proud).local_score == "94.42"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.dmn")), ids=lambda file: file.stem)
def test_every_table_is_complete_without_overlap(file: Any) -> None:
    assert check_table(parse_table(file.read_bytes(), file=file.name)) == ()


@pytest.mark.parametrize(
    ("own", "superior", "topic"),
    [
        ("120", "100", "gap"),
        ("119.99", "100", "none"),
        ("80", "100", "gap"),
        ("80.01", "100", "none"),
        (None, "100", "none"),
    ],
)
def test_a_gap_of_twenty_points_either_way_is_a_topic(
    own: str | None, superior: str, topic: str
) -> None:
    points = None if own is None else Decimal(own)

    found = decide(
        SYSTEM,
        "gap_topic",
        {"self_points": {"score": points}, "score": {"results": Decimal(superior)}},
    )

    assert found == {"topic": topic}


def test_a_wide_gap_cannot_be_left_out_of_the_discussion(begun: Begun) -> None:
    scenario = begun("gap_topic")
    run_until(scenario, "discussion_record")

    shown = opened(scenario, "discussion_record", "division_head")
    with pytest.raises(InvalidForm) as refusal:
        run_as(scenario, "discussion_record", "rater", {"topics": ["results"], "gap_talk": None})

    assert (shown["topics"], shown["self_points"]) == (["gap"], Decimal(120))
    assert {finding.element_id for finding in refusal.value.findings} == {"topics"}


def test_no_gap_puts_no_topic_into_the_discussion(begun: Begun) -> None:
    scenario = begun("plain")

    run_until(scenario, "discussion_record")

    assert opened(scenario, "discussion_record", "division_head")["topics"] == []
