"""What Salatiga's source says, tried on its forms, its settings and its table (SAL-01…10)."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from engine.rules.deadlines import Calendar
from engine.rules.forms import FormContext, initial_values, load_form, validate
from tests.office import ROOT
from tests.workflows.regions import NOON, PAPER, decide

FOLDER = ROOT / "workflows/salatiga"
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

Errors = Callable[..., dict[str, str]]


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
    data = {"rate_indicators": {"verified_hours": Decimal(hours)}}

    assert decide("salatiga", "development_bonus", data) == {"points": points}


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


# Discussion, explanation, then the development plan (SAL-07, SAL-08, SAL-09).


def test_a_development_plan_names_at_least_one_goal_with_hours_and_a_day(errors: Errors) -> None:
    assert errors("development_plan", {"goals": []}).keys() == {"goals"}
    assert errors("development_plan", {"goals": [{**GOAL, "due_on": "2026-01-20"}]}).keys() == {
        "goals.0.due_on"
    }
    assert not errors("development_plan", {"goals": [GOAL]})
