"""What Tanjungbalai's source says, tried on its forms, tables and named paths (TBL-01…13)."""

import json
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.beside import open_beside
from engine.commands.case_answers import case_answers
from engine.domain.citizen_survey import Element
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden, InvalidForm, NotFound
from engine.queries.cases import case_view
from engine.queries.citizen_surveys import survey_page
from engine.rules.dmn import check_table, parse_table
from engine.store import case_records, instances, submissions, tables
from tests import surveys
from tests.cases import NOW
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import actions_of, appraisal_of, run_as, run_until
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
ACTIVITY = {
    "programme": "Pelayanan surat",
    "activity": "Melayani surat keterangan",
    "target": Decimal(50),
    "realisation": Decimal(53),
    "unit": "surat",
}
MONTH: Mapping[str, object] = {
    "activities": [ACTIVITY],
    "narrative": "Layanan berjalan setiap hari kerja tanpa antrean.",
    "upload": PAPER,
}
MARCH = {"period": "2025-12", "period_ends": "2025-12-31"}

Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Tanjungbalai."""
    office = offices.open(SYSTEM)
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


def enter(scenario: Scenario, *, steps: int | None = None) -> list[Mapping[str, Any]]:
    """Go into the process beside the appraisal; do its first steps and return the others."""
    (begin,) = scenario.path["steps"]
    if "as" in begin:
        scenario.instance_id = open_beside(
            scenario.office.desk, scenario._actor(scenario.subject),
            cycle_id=scenario.office.cycle_id, subject_id=EmployeeId(scenario.subject),
            process_id=begin["begin"], now=scenario.now,
        )  # fmt: skip
    else:
        scenario.instance_id = scenario._run_of_month(begin["begin"])
    for step in begin["steps"][:steps]:
        scenario._do(step)
    return list(begin["steps"][steps:]) if steps is not None else []


def kept_months(scenario: Scenario) -> list[tuple[str, object, object]]:
    """The records of monthly reports: month, state, days late."""
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        found = case_records.of_person(
            tx, cycle_id=scenario.office.cycle_id, subject_id=EmployeeId(scenario.subject),
            kind="monthly_report",
        )  # fmt: skip
    bodies = [(record.period, json.loads(record.body)) for record in found]
    return [(period, body["state"], Decimal(str(number(body)))) for period, body in bodies]


def number(body: Mapping[str, Any]) -> object:
    """The days late of a record, whose numbers are tagged."""
    late = body["late_days"]
    return next(iter(late.values())) if isinstance(late, dict) else late


def told(scenario: Scenario) -> list[str]:
    """The roles that the case in hand has asked to tell, in their order."""
    box = tables.outbox.c
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        rows = tx.connection.execute(
            select(box.payload).where(box.topic == "notify").order_by(box.id)
        ).scalars()
        parcels = [json.loads(row) for row in rows]
    return [p["role"] for p in parcels if p["instance"] == scenario.instance_id]


def answered(scenario: Scenario) -> list[str]:
    """The steps that were handed in, the oldest first."""
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        return [row.element_id for row in submissions.of_instance(tx, scenario.instance_id)]


def read_by(scenario: Scenario, person: str) -> set[str]:
    """The steps whose answers a person may read."""
    steps = case_answers(
        scenario.office.desk, scenario._actor(person),
        instance_id=scenario.instance_id, language="id", now=scenario.now,
    )  # fmt: skip
    return {step.element_id for step in steps}


def may_see(scenario: Scenario, person: str) -> bool:
    """Whether the case exists for a person at all."""
    desk, actor = scenario.office.desk, scenario._actor(person)
    with desk.store.reading(actor.agency_id) as tx:
        try:
            case_view(
                tx, actor, scenario.instance_id, now=scenario.now,
                settings_of=lambda tx, key: desk.definitions.get(tx, key).settings,
            )  # fmt: skip
        except NotFound:
            return False
    return True


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


# The monthly report (TBL-07) and its readers (TBL-08).


def test_the_report_of_a_month_opens_on_the_first_and_is_due_on_the_fifth(begun: Begun) -> None:
    scenario = begun("month_accepted")

    enter(scenario, steps=3)
    (item,) = scenario._open()

    assert item.element_id == "monthly_report"
    assert item.due_at is not None
    assert item.due_at.isoformat() == "2025-04-05T17:00:00+00:00"


@pytest.mark.parametrize("missing", ["activities", "narrative", "upload"])
def test_a_monthly_report_holds_activities_words_and_a_file(missing: str) -> None:
    empty = {**MONTH, missing: None if missing == "narrative" else []}

    assert not refused(SYSTEM, "monthly_report", MONTH, "subject", case=MARCH)
    assert missing in {
        path.split(".")[0]
        for path in refused(SYSTEM, "monthly_report", empty, "subject", case=MARCH)
    }


def test_a_narrative_is_thirty_letters_or_more() -> None:
    short, enough = ({**MONTH, "narrative": "x" * letters} for letters in (29, 30))

    assert refused(SYSTEM, "monthly_report", short, "subject", case=MARCH).keys() == {"narrative"}
    assert not refused(SYSTEM, "monthly_report", enough, "subject", case=MARCH)


def test_a_returned_report_says_what_to_mend_and_comes_back_with_what_it_held(
    begun: Begun,
) -> None:
    scenario = begun("month_accepted")
    rest = enter(scenario, steps=6)

    shown = opened(scenario, "monthly_report", "clerk")
    for step in rest:
        scenario._do(step)

    assert refused(SYSTEM, "review_month", {"state": "returned"}).keys() == {"comment"}
    assert shown["return_comment"] == "Lampirkan rekap layanan per minggu."
    assert shown["activities"][0]["programme"] == "Pelayanan surat keterangan"
    assert kept_months(scenario) == [("2025-03", "accepted", Decimal(0))]


def test_a_month_that_nobody_examines_is_accepted_and_hr_is_told(begun: Begun) -> None:
    scenario = begun("month_lapsed")

    enter(scenario)

    assert kept_months(scenario) == [("2025-03", "lapsed", Decimal(3))]
    assert told(scenario) == ["hr", "rater_superior", "report_reader"]


def test_the_readers_of_the_unit_are_told_of_an_accepted_month(begun: Begun) -> None:
    scenario = begun("month_accepted")
    settings = tomllib.loads((FOLDER / "system.toml").read_text())

    enter(scenario)

    assert told(scenario) == ["rater_superior", "report_reader"]
    assert settings["roles"]["report_reader"]["function"] == "planning"


def test_the_months_stand_before_both_sides_when_the_year_is_judged(begun: Begun) -> None:
    scenario = begun("month_lapsed")
    main = scenario.instance_id
    enter(scenario)
    scenario.instance_id = main

    scenario._do({"advance": "P300D"})
    rows = opened(scenario, "self_evaluation", "clerk")["months"]

    assert rows == [{"period": "2025-03", "state": "lapsed", "late_days": Decimal(3)}]


# Worry and support (TBL-09, TBL-10, TBL-11).


@pytest.mark.parametrize(
    "file",
    sorted((ROOT / "forms" / SYSTEM).glob("*-uischema.json")),
    ids=lambda file: file.name.removesuffix("-uischema.json"),
)
def test_every_step_says_why_it_is_asked(file: Any) -> None:
    sections = json.loads(file.read_text())["ui:sections"]

    explained = [section for section in sections if section.get("help")]

    assert explained
    assert all(section.get("help:en") for section in explained)


@pytest.mark.parametrize("person", ["division_head", "department_head", "hr_officer"])
def test_a_confidential_request_does_not_exist_for_rater_superior_and_hr(
    begun: Begun, person: str
) -> None:
    scenario = begun("support_in_confidence")

    enter(scenario, steps=3)

    assert not may_see(scenario, person)
    assert may_see(scenario, "clerk")


def test_a_confidential_request_is_answered_in_five_working_days_and_leaves_no_figures(
    begun: Begun,
) -> None:
    scenario = begun("support_in_confidence")

    rest = enter(scenario, steps=3)
    (item,) = scenario._open()
    for step in rest:
        scenario._do(step)

    assert (item.element_id, item.function) == ("counsellor_answer", "counsellor")
    assert item.due_at is not None
    assert (item.due_at - scenario.now).days == 7
    assert kept_months(scenario) == []


@pytest.mark.parametrize(
    ("score", "wanted", "ground"),
    [
        ("89.99", [], "low_score"),
        ("90", [], "none"),
        ("90", ["coaching"], "asked"),
        (None, [], "none"),
    ],
)
def test_support_is_offered_below_ninety_or_when_asked_for(
    score: str | None, wanted: list[str], ground: str
) -> None:
    local = None if score is None else Decimal(score)

    found = decide(
        SYSTEM,
        "support_check",
        {"score": {"local": local}, "self_evaluation": {"support_wanted": wanted}},
    )

    assert found == {"ground": ground}


def test_support_comes_before_the_discussion_and_again_after_a_low_result(begun: Begun) -> None:
    scenario = begun("support_below_90")

    scenario.run()
    steps = answered(scenario)

    assert steps.index("support_reply") < steps.index("discussion_record")
    assert actions_of(scenario) >= {"training_mandatory", "coaching_monthly"}


def test_declining_support_changes_nothing(begun: Begun) -> None:
    scenario = begun("support_declined")

    scenario.run()

    assert appraisal_of(scenario).local_score == "94.42"
    assert appraisal_of(scenario).predicate == "good"


# The service of the unit (TBL-12).


def test_how_a_unit_serves_is_reported_for_the_unit_with_speed_and_complaints(
    offices: Offices,
) -> None:
    office = offices.open(SYSTEM)
    survey = surveys.opened(office)
    surveys.answered(office, survey, 5, time=4, complaints=2)

    surveys.closed(office, survey)
    with office.desk.store.reading(office.agency_id) as tx:
        report = survey_page(tx, office.actor("hr_officer", NOW), survey, NOW).report

    assert report is not None
    means = {line.element: line.mean for line in report.elements}
    assert (means[Element.TIME], means[Element.COMPLAINTS]) == (4, 2)
    assert report.weakest is Element.COMPLAINTS
    assert report.index == Decimal("75.00")


# The whole history (TBL-13).


def test_the_employee_reads_every_step_of_his_year_once_the_result_is_delivered(
    begun: Begun,
) -> None:
    scenario = begun("support_declined")
    run_until(scenario, "sign_result")
    before = read_by(scenario, "clerk")
    last = [step.get("complete") for step in scenario.path["steps"]].index("sign_result")

    for step in scenario.path["steps"][last:]:
        scenario._do(step)

    assert "rate_indicators" not in before
    assert read_by(scenario, "clerk") == set(answered(scenario))
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        assert instances.get(tx, scenario.instance_id).status == "completed"
