"""The rules that the shipped forms promise to people, asked of the forms themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.errors import errors_of
from engine.rules.deadlines import Calendar
from engine.rules.forms import FormContext, check_form, initial_values, load_form, validate

FORMS = Path(__file__).parents[2] / "forms"
SCHEMAS = sorted(FORMS.glob("*/*-schema.json"))
NOON = datetime(2026, 1, 20, 5, tzinfo=UTC)
PAPER = [{"kind": "paper", "number": "DOK-12/2025"}]
SCAN = [{"kind": "file", "file_id": "f1"}]
LINE = {
    "indicator_id": "i1", "result_id": "r1", "kind": "main", "result_plan": "Izin tepat waktu",
    "indicator": "Jumlah izin", "target": Decimal(120), "target_text": None, "unit": "izin",
    "inverse": False,
}  # fmt: skip
CASE = {"plan": [LINE], "is_unit_head": False}
RESULT = {"result_rating": "as_expected", "behaviour_rating": "as_expected"}
CONTESTED = {
    "contested_results": [{"indicator_id": "i1", "indicator": "Jumlah izin", "contested": True}],
    "contested_parts": ["behaviour_rating"],
}
SIGNED = {"signed_on": "2026-01-10"}
REVIEWED = {"rows": [{**LINE, "realisation": Decimal(124), "attainment": Decimal("103.33")}]}
REASONS = "Buku layanan diperiksa dan kedua pihak didengar. " * 3

Answers = Callable[..., dict[str, str]]


@pytest.fixture
def errors() -> Answers:
    """What a form finds wrong: field path -> rule, after `answers` over what it opens with."""

    def judge(
        name: str, answers: dict[str, object], acting_as: str = "subject", **data: object
    ) -> dict[str, str]:
        own, shared = (FORMS / of / f"{name}-schema.json" for of in ("national", "shared"))
        file = own if own.is_file() else shared
        ui = file.with_name(f"{name}-uischema.json")
        form = load_form(name, file.read_bytes(), ui.read_bytes(), file=file.name)
        context = FormContext(
            {"case": CASE, "result": RESULT, **data},
            acting_as,
            NOON,
            Calendar("Asia/Jakarta", frozenset()),
        )
        _, found = validate(form, {**initial_values(form, context), **answers}, context)
        return {finding.element_id or "": finding.rule for finding in found}

    return judge


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_every_form_is_whole_and_speaks_both_languages(file: Path) -> None:
    name = file.name.removesuffix("-schema.json")
    ui = file.with_name(f"{name}-uischema.json")
    form = load_form(name, file.read_bytes(), ui.read_bytes(), file=file.name)

    found = check_form(form)

    assert not errors_of(found)
    assert "form.no_english" not in {finding.rule for finding in found}


def test_a_self_assessment_needs_a_realisation_and_evidence_for_every_line(errors: Answers) -> None:
    found = errors("self_assessment", {"rows": [{}], "confirmed": True})

    assert {"rows.0.realisation", "rows.0.evidence"} <= found.keys()
    assert not errors(
        "self_assessment",
        {"rows": [{"realisation": Decimal(124), "evidence": PAPER}], "confirmed": True},
    )


def test_a_rating_as_expected_needs_no_words(errors: Answers) -> None:
    answers: dict[str, object] = {
        "result_rating_decided": "as_expected",
        "behaviour_rating_decided": "as_expected",
    }

    assert not errors(
        "supervisor_review",
        answers,
        "rater",
        self_assessment=REVIEWED,
        score_to_rating={"rating_suggested": "as_expected"},
    )


def test_a_rating_that_differs_from_the_suggestion_needs_a_reason(errors: Answers) -> None:
    answers: dict[str, object] = {
        "result_rating_decided": "above",
        "behaviour_rating_decided": "as_expected",
        "strengths": "Membuka layanan keliling sendiri.",
    }
    suggested = {"rating_suggested": "as_expected"}

    found = errors(
        "supervisor_review", answers, "rater", self_assessment=REVIEWED, score_to_rating=suggested
    )
    without_suggestion = errors("supervisor_review", answers, "rater", self_assessment=REVIEWED)

    assert found.keys() == {"override_reason"}
    assert not without_suggestion


def test_a_behaviour_below_expectation_needs_words_and_evidence(errors: Answers) -> None:
    answers: dict[str, object] = {
        "result_rating_decided": "as_expected",
        "behaviour_rating_decided": "as_expected",
        "behaviours": [{"rating": "below"}] + [{"rating": "as_expected"}] * 6,
    }

    found = errors("supervisor_review", answers, "rater", self_assessment=REVIEWED)

    assert found.keys() == {"behaviours.0.feedback", "behaviours.0.evidence"}


@pytest.mark.parametrize(("rated", "missing"), [("below", {"rows.0.feedback"}), ("above", set())])
def test_a_result_may_be_rated_by_itself_and_below_expectation_it_is_explained(
    errors: Answers, rated: str, missing: set[str]
) -> None:
    answers: dict[str, object] = {
        "result_rating_decided": "as_expected",
        "behaviour_rating_decided": "as_expected",
        "rows": [{"indicator_id": "i1", "realisation_confirmed": 124, "rating": rated}],
    }

    found = errors("supervisor_review", answers, "rater", self_assessment=REVIEWED)

    assert found.keys() == missing


def test_the_head_of_a_unit_is_rated_on_behaviour_only(errors: Answers) -> None:
    answers: dict[str, object] = {"behaviour_rating_decided": "as_expected"}
    head = {**CASE, "is_unit_head": True}

    assert not errors("supervisor_review", answers, "rater", self_assessment=REVIEWED, case=head)
    assert "result_rating_decided" in errors(
        "supervisor_review", answers, "rater", self_assessment=REVIEWED
    )


def test_a_written_explanation_is_asked_for_only_once(errors: Answers) -> None:
    answers: dict[str, object] = {"result_read": True, "decision": "ask_explanation"}
    predicate = {"predicate": "good"}

    first = errors("notify_ack", answers, official_predicate=predicate)
    second = errors(
        "notify_ack", answers, official_predicate=predicate, explanation_request={"questions": []}
    )

    assert not first
    assert second.keys() == {"decision"}


def test_a_request_for_an_explanation_asks_at_least_one_question(errors: Answers) -> None:
    assert errors("explanation_request", {}).keys() == {"general_question"}
    assert not errors(
        "explanation_request", {"general_question": "Mengapa rating perilaku tidak naik?"}
    )


def test_a_reply_that_revises_changes_a_rating_and_says_why(errors: Answers) -> None:
    asked = {"questions": [], "general_question": "Mengapa rating perilaku tidak naik?"}
    answers: dict[str, object] = {"general_answer": "Perilaku dinilai dari tujuh nilai dasar."}

    unchanged = errors(
        "explanation_reply", {**answers, "will_revise": True}, "rater", explanation_request=asked
    )
    kept = errors(
        "explanation_reply", {**answers, "will_revise": False}, "rater", explanation_request=asked
    )

    assert unchanged.keys() == {"will_revise", "revision_reason"}
    assert not kept


@pytest.mark.parametrize("axis", ["result_rating", "behaviour_rating"])
def test_who_asks_for_an_explanation_is_never_rated_lower_for_it(
    errors: Answers, axis: str
) -> None:
    asked = {"questions": [], "general_question": "Mengapa rating perilaku tidak naik?"}
    answers: dict[str, object] = {
        "general_answer": "Perilaku dinilai dari tujuh nilai dasar.",
        "will_revise": True,
        "revision_reason": REASONS,
    }

    lowered, raised = (
        errors("explanation_reply", {**answers, axis: rating}, "rater", explanation_request=asked)
        for rating in ("below", "above")
    )

    assert lowered.keys() == {axis}
    assert not raised


def test_an_employee_opens_the_result_and_an_officer_records_the_receipt(errors: Answers) -> None:
    handed_over: dict[str, object] = {
        "manner": "handed_over",
        "handed_over_on": "2026-01-20",
        "receipt_number": "TT-7/2026",
    }

    assert not errors("deliver_result", {"opened": True}, sign_result=SIGNED)
    assert not errors("deliver_result", handed_over, "hr", sign_result=SIGNED)
    assert errors("deliver_result", {}, "hr", sign_result=SIGNED).keys() >= {
        "manner",
        "handed_over_on",
        "receipt_number",
    }


@pytest.mark.parametrize("day", ["2026-01-09", "2026-01-21"])
def test_a_result_is_handed_over_after_it_was_set_and_not_in_the_future(
    errors: Answers, day: str
) -> None:
    answers: dict[str, object] = {
        "manner": "handed_over",
        "handed_over_on": day,
        "receipt_number": "TT-7/2026",
        "scan": SCAN,
    }

    assert errors("deliver_result", answers, "hr", sign_result=SIGNED).keys() == {"handed_over_on"}


@pytest.mark.parametrize(
    ("day", "scan", "wrong"),
    [
        ("2026-01-13", [], set()),
        ("2026-01-12", [], {"scan"}),
        ("2026-01-12", PAPER, {"scan"}),
        ("2026-01-12", SCAN, set()),
    ],
)
def test_a_receipt_older_than_a_week_is_scanned_so_that_no_window_lapses_unseen(
    errors: Answers, day: str, scan: list[dict[str, str]], wrong: set[str]
) -> None:
    answers: dict[str, object] = {
        "manner": "handed_over",
        "handed_over_on": day,
        "receipt_number": "TT-7/2026",
        "scan": scan,
    }

    assert errors("deliver_result", answers, "hr", sign_result=SIGNED).keys() == wrong


def test_an_appeal_takes_any_reason_but_says_what_is_contested(errors: Answers) -> None:
    answers: dict[str, object] = {
        "grounds": ["other"],
        "statement": "x",
        "requested_outcome": "other",
    }

    assert errors("appeal", answers).keys() == {"contested_parts"}
    assert not errors("appeal", {**answers, "contested_parts": ["procedure"]})
    assert not errors("appeal", {**answers, "contested_results": [{"contested": True}]})


def test_a_decision_answers_every_contested_point_and_gives_reasons(errors: Answers) -> None:
    found = errors(
        "appeal_decision", {"decision": "keep"}, "authority", file_appeal=CONTESTED
    ).keys()

    assert found == {"findings.0.finding", "finding_behaviour_rating", "reasons"}


@pytest.mark.parametrize("axis", ["result_rating", "behaviour_rating"])
def test_an_appeal_never_lowers_a_rating(errors: Answers, axis: str) -> None:
    answers: dict[str, object] = {
        "findings": [{"finding": "upheld"}],
        "finding_behaviour_rating": "upheld",
        "decision": "change",
        "reasons": REASONS,
    }

    lowered = errors(
        "appeal_decision", {**answers, axis: "below"}, "authority", file_appeal=CONTESTED
    )
    raised = errors(
        "appeal_decision", {**answers, axis: "above"}, "authority", file_appeal=CONTESTED
    )

    assert lowered.keys() == {axis}
    assert not raised


def test_an_official_with_a_conflict_recuses_himself_without_deciding(errors: Answers) -> None:
    answers: dict[str, object] = {"decision": "recuse", "recusal_reason": "Saudara kandung."}

    assert not errors("appeal_decision", answers, "authority", file_appeal=CONTESTED)
