"""Rules that the attack corpus does not show: what is right passes, what is near fails."""

from dataclasses import replace

import pytest

from engine.bpmn.lint import lint_diagram
from engine.bpmn.lint.bundle import check_bundle
from engine.domain.beside import Beside, Opening, Shown
from engine.domain.follow_ups import FollowUpKind
from engine.domain.monthly_recap import RecapSettings
from engine.errors import Severity
from tests.bpmn.diagrams import repeated
from tests.bpmn.simulate.systems import OPERATIONS, SETTINGS, system, table
from tests.security.corpus.drawing import (
    boundary,
    call,
    chain,
    drawn,
    end,
    flow,
    gateway,
    rule,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.security.corpus.gate import SURROUNDINGS


def rules(*parts: str) -> list[tuple[str, str | None]]:
    found = lint_diagram(drawn(*parts), file="sample.bpmn", surroundings=SURROUNDINGS)
    return [(finding.rule, finding.element_id) for finding in found]


def test_a_reminder_in_a_circle_does_not_overtake_itself() -> None:
    parts = [
        start(), user("a"), boundary("t", "a", timer("P3D"), interrupting=False), service("told"),
        end("e"), gateway("x", default="x_end"), end(), chain("start", "a", "x", "end"),
        chain("t", "told", "e"), flow("x", "a", "not a.ok"),
    ]  # fmt: skip

    assert rules(*parts) == []


def test_a_sub_process_that_only_an_interruption_can_end_is_stuck() -> None:
    inside = [
        start("s"), gateway("f", "parallel"), user("a"), user("b"), gateway("j", "parallel"),
        boundary("late", "a", timer("P1D")), end("e1"), end("e2"), chain("s", "f", "a", "j", "e1"),
        chain("f", "b", "j"), flow("late", "e2"),
    ]  # fmt: skip
    parts = [
        start(), sub("part", *inside), boundary("over", "part", timer("P9D")), end(), end("e3"),
        chain("start", "part", "end"), flow("over", "e3"),
    ]  # fmt: skip

    assert rules(*parts) == [("diagram.deadlock", "j")]


def test_an_outcome_tells_what_was_written() -> None:
    inside = [
        start("s"), user("asked"), gateway("x", default="x_e1"), user("more"), end("e1", "short"),
        end("e2", "long"), chain("s", "asked", "x", "e1"), flow("x", "more", "asked.ok"),
        flow("more", "e2"),
    ]  # fmt: skip
    behind = [
        start(), sub("part", *inside), gateway("y", default="y_end"), end(),
        service("use", source="more.score"),
        chain("start", "part", "y", "end"), flow("use", "end"),
    ]  # fmt: skip

    known = rules(*behind, flow("y", "use", 'part.outcome == "long"'))
    unknown = rules(*behind, flow("y", "use", 'part.outcome == "short"'))

    assert known == []
    assert unknown == [("diagram.name_unknown", "use")]


def test_a_number_stands_in_the_settings_and_the_diagram_names_it() -> None:
    def asking(condition: str) -> list[tuple[str, str | None]]:
        return rules(
            start(), user("a"), gateway("x", default="x_end"), user("b"), end(),
            chain("start", "a", "x", "end"), flow("x", "b", condition), flow("b", "end"),
        )  # fmt: skip

    assert asking("a.score < limit('rounds')") == []
    assert asking("a.score > 0") == []
    assert asking("a.score < 3") == [("diagram.number_written", "x_b")]
    assert asking("a.score < limit('turns')") == [("diagram.limit_unknown", "x_b")]


def test_a_circle_must_depend_on_what_happens_inside() -> None:
    parts = [
        start(), user("first"), gateway("m"), user("again"), gateway("x", default="x_end"), end(),
        chain("start", "first", "m", "again", "x", "end"),
    ]  # fmt: skip

    assert rules(*parts, flow("x", "m", "not again.ok")) == []
    assert rules(*parts, flow("x", "m", "not first.ok")) == [("diagram.circle_never_changes", "x")]


def test_parallel_branches_must_not_write_the_same_name() -> None:
    parts = [
        start(), gateway("f", "parallel"), service("a"), gateway("j", "parallel"), end(),
        chain("start", "f", "a", "j", "end"), chain("f", "b", "j"),
    ]  # fmt: skip

    assert rules(*parts, service("b", result="other")) == []
    assert rules(*parts, service("b")) == [("diagram.parallel_write", "b")]


def test_a_called_process_sees_what_its_caller_wrote() -> None:
    main = drawn(start(), user("review"), call("c", "inner"), end(),
                 chain("start", "review", "c", "end"))  # fmt: skip
    early = drawn(start(), call("c", "inner"), user("review"), end(),
                  chain("start", "c", "review", "end"))  # fmt: skip
    inner = drawn(start(), rule("grading", "grade"), end(), chain("start", "grading", "end"),
                  process="inner")  # fmt: skip

    good = check_bundle(
        system({"sample": main, "inner": inner}, {"grade": table()}), SETTINGS, OPERATIONS
    )
    bad = check_bundle(
        system({"sample": early, "inner": inner}, {"grade": table()}), SETTINGS, OPERATIONS
    )

    assert good == ()
    assert [(f.file, f.rule) for f in bad] == [
        ("workflows/small/inner.bpmn", "diagram.table_input_unknown")
    ]


def test_an_appeal_that_nobody_can_reach_is_a_warning() -> None:
    main = drawn(start(), user("review"), end(), chain("start", "review", "end"))
    other = drawn(
        start(), call("c", "sp_appeal"), end(), chain("start", "c", "end"), process="other"
    )
    appeal = drawn(
        start(), user("decide"), end(), chain("start", "decide", "end"), process="sp_appeal"
    )

    found = check_bundle(
        system({"sample": main, "other": other, "sp_appeal": appeal}), SETTINGS, OPERATIONS
    )

    assert [(f.rule, f.severity) for f in found] == [
        ("diagram.appeal_unreachable", Severity.WARNING)
    ]


def test_the_step_that_decides_an_appeal_keeps_participants_away() -> None:
    closed = user("a", alur_participation="appeal_decision", alur_separation="subject,participant")
    opened = user("a", alur_participation="appeal_decision", alur_separation="subject")
    rest = [start(), end(), chain("start", "a", "end")]

    assert rules(closed, *rest) == []
    assert rules(opened, *rest) == [("diagram.separation_missing", "a")]


def test_of_many_who_answer_at_once_none_was_the_last() -> None:
    asked = user("b", alur_separation="completed:a")
    rest = [start(), asked, end(), chain("start", "a", "b", "end")]
    single = user("a")
    many = single.replace("</bpmn:userTask>", f"{repeated(times='2')}</bpmn:userTask>")

    assert rules(single, *rest) == []
    assert ("diagram.property_value", "b") in rules(many, *rest)


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("named:authority.employee_id", True),
        ("named:other.employee_id", False),
        ("named:authority", False),
    ],
)
def test_whom_a_step_is_kept_from_is_named_by_an_operation_of_the_page(
    named: str, known: bool
) -> None:
    found = rules(
        start(), service("find", "find_authority", "authority"), user("b", alur_separation=named),
        end(), chain("start", "find", "b", "end"),
    )  # fmt: skip

    assert (("diagram.property_value", "b") not in found) is known


def test_an_unknown_role_of_a_lane_is_named() -> None:
    main = drawn(start(), user("review"), end(), chain("start", "review", "end"))
    settings = replace(SETTINGS, lanes={**SETTINGS.lanes, "Tim": ("nobody",)})

    found = check_bundle(system({"sample": main}), settings, OPERATIONS)

    assert [(f.rule, f.params["role"]) for f in found] == [("diagram.role_unknown", "nobody")]


def test_a_process_beside_the_appraisal_without_a_drawing_is_named() -> None:
    main = drawn(start(), user("review"), end(), chain("start", "review", "end"))
    note = Beside("note", {}, ("rater",), Opening.ANYTIME, confidential=False, once=None)

    found = check_bundle(
        system({"sample": main}), replace(SETTINGS, beside={"note": note}), OPERATIONS
    )

    assert [(f.rule, f.params["element"]) for f in found] == [("diagram.beside_missing", "note")]


def test_a_form_of_a_follow_up_and_a_table_of_the_recap_that_are_not_there_are_named() -> None:
    main = drawn(start(), user("review"), end(), chain("start", "review", "end"))
    training = FollowUpKind("training", {}, owner="rater", form="course-schema.json")
    settings = replace(
        SETTINGS, follow_ups={"training": training}, recap=RecapSettings("monthly_recap")
    )

    found = check_bundle(system({"sample": main}), settings, OPERATIONS)

    assert [(f.rule, f.params["element"]) for f in found] == [
        ("diagram.follow_up_form", "training"), ("diagram.recap_table", "monthly_recap"),
    ]  # fmt: skip


def test_what_no_form_asks_for_is_shown_to_nobody() -> None:
    main = drawn(start(), user("review"), end(), chain("start", "review", "end"))
    shown = Shown({}, when="review.endorsed", consent="other.agreed", fields=("review.title",))
    beside = Beside("sample", {}, ("subject",), Opening.ANYTIME, False, None, shown=shown)

    found = check_bundle(
        system({"sample": main}), replace(SETTINGS, beside={"sample": beside}), OPERATIONS
    )

    assert [(f.rule, f.params["path"]) for f in found] == [
        ("diagram.shown_no_answer", "review.endorsed"),
        ("diagram.shown_no_answer", "other.agreed"),
        ("diagram.shown_unknown", "review.title"),
    ]


@pytest.mark.parametrize("other", [{"alur_signs": "result"}, {"alur_participation": "rating"}])
def test_what_is_said_in_confidence_is_neither_signed_nor_taking_part(
    other: dict[str, str],
) -> None:
    rest = [start(), end(), chain("start", "a", "end")]

    assert rules(user("a", alur_confidentiality="sealed"), *rest) == []
    assert rules(user("a", alur_confidentiality="sealed", **other), *rest) == [
        ("diagram.sealed_and_named", "a")
    ]


@pytest.mark.parametrize(
    ("figures", "known"),
    [
        ("training_hours", True),
        ("noted_rows:progress_entry.rows", True),
        ("noted_rows:progress_entry", False),
        ("earlier_answers:development_plan", True),
        ("earlier_answers", False),
        ("find_authority", False),
    ],
)
def test_a_form_opens_with_figures_that_need_nothing_but_the_person(
    figures: str, known: bool
) -> None:
    found = rules(user("a", alur_figures=figures), start(), end(), chain("start", "a", "end"))

    assert (("diagram.property_value", "a") not in found) is known


@pytest.mark.parametrize(
    "other", [{"alur_signs": "result"}, {"alur_participation": "rating"},
              {"alur_confidentiality": "sealed"}],
)  # fmt: skip
def test_what_its_author_alone_may_send_is_never_on_paper(other: dict[str, str]) -> None:
    rest = [start(), end(), chain("start", "a", "end")]

    assert rules(user("a", alur_paper="operator"), *rest) == []
    assert rules(user("a", alur_paper="anybody"), *rest) == [("diagram.property_value", "a")]
    assert rules(user("a", alur_paper="operator", **other), *rest) == [
        ("diagram.paper_of_others", "a")
    ]


@pytest.mark.parametrize(
    ("asked", "severity"),
    [
        ({"alur_due": "P9D"}, Severity.WARNING),
        ({"alur_separation": "subject"}, Severity.ERROR),
    ],
)
def test_a_task_of_two_processes_asks_for_the_same_in_both(
    asked: dict[str, str], severity: Severity
) -> None:
    rest = [start(), end(), chain("start", "review", "end")]
    main = drawn(user("review", alur_due="P3D"), call("c", "inner"), *rest[:2],
                 chain("start", "review", "c", "end"))  # fmt: skip
    inner = drawn(user("review", **asked), *rest, process="inner")

    found = check_bundle(system({"sample": main, "inner": inner}), SETTINGS, OPERATIONS)

    repeated = [f.severity for f in found if f.rule == "diagram.task_in_two_files"]
    assert repeated == [severity]
