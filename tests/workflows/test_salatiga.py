"""What Salatiga's source says, tried on its forms, its table and its named paths (SAL-01…11)."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.cycles import open_cycle
from engine.errors import InvalidForm
from engine.rules.deadlines import Calendar
from engine.rules.dmn import evaluate, parse_table
from engine.rules.forms import FormContext, initial_values, load_form, validate
from engine.store import instances, sealing
from tests.cases import trail
from tests.office import ROOT, Office
from tests.ready import Offices
from tests.workflows.promises import actions_of, appraisal_of, run_as, run_between, run_until
from tests.workflows.scenario import Scenario, read_path

FOLDER = ROOT / "workflows/salatiga"
NOON = datetime(2026, 1, 20, 5, tzinfo=UTC)
PAPER = [{"kind": "paper", "number": "DOK-12/2025"}]
EXPECTED = "Berkas selesai tanpa diperbaiki kembali."
AXES = {
    "quantity": "results", "quality": "results", "discipline": "behaviour",
    "initiative": "behaviour", "adaptability": "behaviour",
}  # fmt: skip
REASON = "Menjalankan loket antar berkas dengan kemauan sendiri dan melatih tiga rekan."
NOTE = {
    "kind": "observation_note", "happened_on": "2025-03-12",
    "situation": "Loket penuh karena sistem antrean mati sejak pagi.",
    "behaviour": "Membuka antrean manual dan menyapa warga satu per satu.",
    "effect": "Semua warga terlayani sebelum pukul dua belas siang.",
}  # fmt: skip
GOAL = {
    "goal": "Menguasai pemeriksaan berkas", "activity": "Pelatihan daring dua bulan",
    "hours": Decimal(24), "due_on": "2026-09-30",
}  # fmt: skip
SCORE = {"rows": [{"indicator_id": "quality", "title": "Kualitas", "score": Decimal(100)}]}
DECIDED: dict[str, object] = {
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
}

Begun = Callable[[str], Scenario]
Errors = Callable[..., dict[str, str]]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Salatiga."""
    office = offices.open("salatiga")
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


@pytest.fixture
def errors() -> Errors:
    """What a form of Salatiga refuses: field -> sentence or rule, over what it opens with."""

    def judge(name: str, answers: Mapping[str, object], **data: object) -> dict[str, str]:
        schema = ROOT / f"forms/salatiga/{name}-schema.json"
        ui = schema.with_name(f"{name}-uischema.json")
        form = load_form(name, schema.read_bytes(), ui.read_bytes(), file=schema.name)
        case = {"is_unit_head": False, "cycle_ends": "2025-12-31"}
        calendar = Calendar("Asia/Jakarta", frozenset())
        context = FormContext({"case": case, **data}, "rater", NOON, calendar)
        _, found = validate(form, {**initial_values(form, context), **answers}, context)
        return {
            finding.element_id or "": finding.params.get("message_id", finding.rule)
            for finding in found
        }

    return judge


def proposed(*weights: int) -> list[dict[str, object]]:
    """Indicators with these weights, in the order of the settings."""
    rows: list[dict[str, object]] = [
        {"indicator_id": key, "title": key, "axis": axis, "weight": Decimal(weight),
         "expectation": EXPECTED}
        for (key, axis), weight in zip(AXES.items(), weights, strict=True)
    ]  # fmt: skip
    rows[0] |= {"target": Decimal(48), "unit": "berkas"}
    return rows


def opened(scenario: Scenario, element: str, person: str) -> Mapping[str, Any]:
    """What the form of an open step shows before anything is typed."""
    return scenario._filled(scenario._item(element), scenario._actor(person), {})


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


# Stages (SAL-01) and aspects (SAL-02, SAL-03).


def test_the_stages_run_from_the_indicators_to_the_closing() -> None:
    settings = tomllib.loads((FOLDER / "system.toml").read_text())

    stages = [stage["id"] for stage in settings["stages"]]

    assert stages == [
        "indicators", "self_assessment", "review", "discussion", "development", "delivery",
        "appeal", "closing",
    ]  # fmt: skip


def test_quantity_quality_discipline_initiative_and_adaptability_are_weighted() -> None:
    settings = tomllib.loads((FOLDER / "system.toml").read_text())

    weights = {line["id"]: (line["axis"], line["weight"]) for line in settings["indicators"]}

    assert weights == {
        "quantity": ("results", 35),
        "quality": ("results", 35),
        "discipline": ("behaviour", 10),
        "initiative": ("behaviour", 10),
        "adaptability": ("behaviour", 10),
    }


@pytest.mark.parametrize("aspect", ["quality", "discipline", "initiative", "adaptability"])
@pytest.mark.parametrize("rating", [1, 5])
def test_an_extreme_rating_needs_a_reason_and_evidence(
    errors: Errors, aspect: str, rating: int
) -> None:
    ratings = dict.fromkeys(("quality", "discipline", "initiative", "adaptability"), Decimal(3))
    answers = {**ratings, "realisation": Decimal(48), aspect: Decimal(rating)}
    proof = {f"{aspect}_reason": REASON, f"{aspect}_evidence": PAPER}

    found = errors("rate_indicators", answers)

    assert found.keys() == {f"{aspect}_reason", f"{aspect}_evidence"}
    assert f"{aspect}_reason" in errors("rate_indicators", {**answers, f"{aspect}_reason": "Baik."})
    assert not errors("rate_indicators", {**answers, **proof})


def test_a_project_that_improves_a_service_comes_with_evidence(errors: Errors) -> None:
    project = {"what": "Loket antar berkas di dua kelurahan", "is_service_project": True}
    answers = {"realisation": Decimal(52), "realisation_evidence": PAPER, "confirmed": True}

    bare = errors("self_assessment", {**answers, "work_results": [project]})

    assert bare.keys() == {"work_results.0.evidence"}
    assert not errors(
        "self_assessment", {**answers, "work_results": [{**project, "evidence": PAPER}]}
    )


# Indicators are set and agreed in rounds (SAL-04).


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ((35, 35, 10, 10, 9), "Jumlah bobot harus 100."),
        ((35, 35, 10, 10, 11), "Jumlah bobot harus 100."),
        (
            (35, 30, 15, 10, 10),
            "Bobot hasil kerja harus berjumlah 70 dan bobot perilaku 30 (PP 30/2019 pasal 41).",
        ),
    ],
)
@pytest.mark.parametrize("form", ["set_indicators", "mediate_indicators"])
def test_weights_that_the_law_does_not_allow_are_refused_in_words(
    errors: Errors, form: str, weights: tuple[int, ...], sentence: str
) -> None:
    rows = proposed(*weights)
    data = {"indicators": {"rows": rows}, "set_indicators": {"rows": rows, "round": 1}}

    found = errors(form, {"rows": rows, **reasons_for(form)}, **data)

    assert found == {"rows": sentence}


def reasons_for(form: str) -> dict[str, object]:
    """What only the decision of the superior asks for."""
    return {"reasons": REASON} if form == "mediate_indicators" else {}


def test_a_weight_below_five_is_refused(errors: Errors) -> None:
    rows = proposed(35, 35, 4, 13, 13)

    assert errors("set_indicators", {"rows": rows}, indicators={"rows": rows}).keys() == {
        "rows.2.weight"
    }


def test_who_does_not_agree_says_what_should_change(errors: Errors) -> None:
    assert errors("agree_indicators", {"agreed": False}).keys() == {"comment"}
    assert not errors("agree_indicators", {"agreed": True})


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


def test_a_rating_cites_at_least_three_observations_or_results(errors: Errors) -> None:
    two, three = ({**DECIDED, "citations": [NOTE] * count} for count in (2, 3))

    found = errors("supervisor_review", two, score=SCORE)

    assert found == {
        "citations": "Sebutkan paling sedikit tiga catatan pengamatan atau hasil kerja."
    }
    assert not errors("supervisor_review", three, score=SCORE)


def test_notes_of_the_year_count_where_the_rating_is_explained(errors: Errors) -> None:
    answers = {**DECIDED, "citations": [NOTE]}

    one, two = (
        errors(
            "supervisor_review", answers, score=SCORE,
            observation_records={"count": Decimal(count)},
        )
        for count in (1, 2)
    )  # fmt: skip

    assert one.keys() == {"citations"}
    assert not two


def test_the_employee_reads_a_note_at_once_and_silence_does_not_undo_it(begun: Begun) -> None:
    scenario = begun("noted_all_year")
    begins = [step["begin"] for step in scenario.path["steps"] if "begin" in step]

    run_until(scenario, "supervisor_review")

    assert begins.count("sal_observation") == 3
    assert opened(scenario, "supervisor_review", "division_head")["notes"] == 3


def test_a_note_needs_its_parts_and_a_day_of_the_period(errors: Errors) -> None:
    note = {**NOTE, "indicator": "initiative"}
    del note["kind"]

    for part in ("situation", "behaviour", "effect"):
        assert errors("observe", {**note, part: "Terlalu pendek."}).keys() == {part}
    for day in ("2026-01-21", "2024-12-30"):
        assert errors("observe", {**note, "happened_on": day}).keys() == {"happened_on"}
    assert not errors("observe", note)


@pytest.mark.parametrize("part", ["situation", "behaviour", "effect"])
def test_an_observation_tells_what_happened_what_was_done_and_what_followed(
    errors: Errors, part: str
) -> None:
    short = {**NOTE, part: "Terlalu pendek."}

    found = errors("supervisor_review", {**DECIDED, "citations": [NOTE, NOTE, short]}, score=SCORE)

    assert found.keys() == {f"citations.2.{part}"}


# Verified training adds to the score, within bounds (SAL-06).


@pytest.mark.parametrize(
    ("hours", "points"),
    [("0", 0), ("19.99", 0), ("20", 2), ("29.99", 2), ("30", 3), ("39.99", 3), ("40", 5),
     ("400", 5)],
)  # fmt: skip
def test_the_bonus_follows_the_verified_hours(hours: str, points: int) -> None:
    file = FOLDER / "development_bonus.dmn"
    table = parse_table(file.read_bytes(), file=file.name)

    found = evaluate(table, {"rate_indicators": {"verified_hours": Decimal(hours)}})

    assert found.outputs == {"points": points}


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


def test_a_record_of_training_never_counts_more_than_was_reported(errors: Errors) -> None:
    data = {"record_training": {"hours": Decimal(10)}}

    more, fewer = (
        errors("verify_record", {"hours_verified": Decimal(hours)}, **data) for hours in (11, 9)
    )

    assert more.keys() == {"hours_verified"}
    assert fewer.keys() == {"note"}


def test_more_hours_than_reported_are_never_verified(errors: Errors) -> None:
    reported = {"trainings": [{"title": "Pelatihan", "hours": Decimal(10)}]}

    more, fewer, same = (
        errors(
            "verify_training",
            {"rows": [{"hours_verified": Decimal(hours)}]},
            self_assessment=reported,
        )
        for hours in (11, 9, 10)
    )

    assert more.keys() == {"rows.0.hours_verified"}
    assert fewer.keys() == {"rows.0.note"}
    assert not same


@pytest.mark.parametrize("day", ["2024-12-30", "2026-01-21"])
def test_training_outside_the_period_or_not_finished_is_refused(errors: Errors, day: str) -> None:
    training = {
        "title": "Pelatihan layanan", "provider": "BKPSDM", "completed_on": day,
        "hours": Decimal(20), "evidence": PAPER,
    }  # fmt: skip
    answers = {"realisation": Decimal(52), "realisation_evidence": PAPER, "confirmed": True}

    found = errors("self_assessment", {**answers, "trainings": [training]})

    assert found.keys() == {"trainings.0.completed_on"}


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
    assert appraisal_of(scenario).delivered_at is None


def test_who_is_not_content_gets_an_explanation_before_the_plan(begun: Begun) -> None:
    scenario = begun("explanation")

    run_until(scenario, "explanation_reply")
    waiting = open_elements(scenario)
    run_as(scenario, "explanation_reply", "division_head")

    assert waiting == {"explanation_reply"}
    assert open_elements(scenario) == {"development_plan"}


def test_a_development_plan_names_at_least_one_goal_with_hours_and_a_day(errors: Errors) -> None:
    assert errors("development_plan", {"goals": []}).keys() == {"goals"}
    assert errors("development_plan", {"goals": [{**GOAL, "due_on": "2026-01-20"}]}).keys() == {
        "goals.0.due_on"
    }
    assert not errors("development_plan", {"goals": [GOAL]})


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
