"""Feedback and coaching of the national system, and what the year leaves for its evaluation."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.commands.beside import open_beside
from engine.commands.beside_answers import answers_beside
from engine.commands.work_forms import open_form
from engine.domain.people import EmployeeId
from engine.errors import Forbidden, InvalidForm, NotFound
from engine.library import read_bundle, read_settings
from engine.queries.beside import ran_beside
from engine.queries.cases import case_view
from engine.store import case_records, work_items
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import path_of, run_as, run_until
from tests.workflows.regions import opened, refused, settled
from tests.workflows.scenario import Scenario, plan_line
from tests.workflows.test_national_planning import (
    CLERK,
    appraisal_beside,
    begun_beside,
    open_about_clerk,
)

NOTE = {"capacity": "peer", "concerns": "result", "happened_on": "2026-01-19", "observed": "x" * 20}


@pytest.mark.parametrize(
    "person", ["division_head", "department_head", "analyst", "auditor", "hr_officer"]
)
def test_whoever_works_with_a_person_writes_feedback_also_before_the_appraisal(
    offices: Offices, person: str
) -> None:
    office = offices.open("national")

    instance_id = open_about_clerk(office, "nat_feedback", person)

    with office.desk.store.reading(office.agency_id) as tx:
        (item,) = work_items.open_of_instance(tx, instance_id)
    assert (item.element_id, item.assignee_id) == ("feedback_note", person)


def test_nobody_writes_feedback_about_himself(offices: Offices) -> None:
    office = offices.open("national")

    with pytest.raises(Forbidden):
        open_about_clerk(office, "nat_feedback", "clerk")


def test_only_the_rater_records_coaching_and_only_the_employee_speaks_of_it(
    offices: Offices,
) -> None:
    office = offices.open("national")
    asked: list[tuple[str, str | None]] = []

    for process, person in (("nat_coaching", "division_head"), ("nat_coaching_feedback", "clerk")):
        with pytest.raises(Forbidden):
            open_about_clerk(office, process, "analyst")
        opened_run = open_about_clerk(office, process, person)
        with office.desk.store.reading(office.agency_id) as tx:
            asked += [
                (i.element_id, i.assignee_id) for i in work_items.open_of_instance(tx, opened_run)
            ]

    assert asked == [("record_coaching", "division_head"), ("rate_coaching", "clerk")]


def test_feedback_bears_the_name_of_its_writer_and_is_read_with_the_answer(
    offices: Offices,
) -> None:
    scenario = begun_beside(offices.open("national"), "feedback_kept")
    scenario.run()
    scenario.instance_id = open_about_clerk(
        scenario.office, "nat_monitoring", "clerk", now=scenario.now
    )
    scenario.path = {"steps": path_of("monitoring_kept")["steps"][0]["steps"]}
    run_until(scenario, "periodic_evaluation")

    read = shown(scenario, "periodic_evaluation", "division_head")

    assert [(author, element) for author, element, _ in read] == [
        ("Nama analyst", "feedback_note"), ("Nama clerk", "read_feedback"),
    ]  # fmt: skip
    assert read[0][2]["observed"].startswith("Membantu loket lain")
    assert read[1][2]["comment"] == "Terima kasih, akan saya bagikan."


def test_feedback_leaves_codes_and_no_words(offices: Offices) -> None:
    scenario = begun_beside(offices.open("national"), "feedback_kept")

    scenario.run()

    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        (record,) = case_records.of_person(
            tx, cycle_id=office.cycle_id, subject_id=CLERK, kind="feedback"
        )
    assert record.figures == {"capacity": "peer", "concerns": "behaviour", "acknowledged": True}


def test_what_is_said_of_the_coaching_reaches_the_raters_superior_and_never_the_rater(
    offices: Offices,
) -> None:
    scenario = begun_beside(offices.open("national"), "coaching_feedback_read")
    main = appraisal_beside(scenario)

    run_until(scenario, "read_coaching_feedback")

    assert scenario._item("read_coaching_feedback").assignee_id == "department_head"
    readers = {p for p in ("clerk", "division_head", "department_head", "hr_officer", "auditor")
               if reads(scenario, p)}  # fmt: skip
    assert readers == {"clerk", "department_head"}
    assert titles_beside(scenario, main, "division_head") == []
    with pytest.raises(InvalidForm):
        run_as(scenario, "read_coaching_feedback", "department_head", {"read": False})
    run_as(scenario, "read_coaching_feedback", "department_head")
    assert scenario._open() == ()


def test_where_nobody_stands_above_the_rater_he_still_does_not_get_it(offices: Offices) -> None:
    office = offices.open("national")
    scenario = Scenario(office, {**path_of("coaching_feedback_read"), "authorities": []})
    scenario.instance_id = open_beside(
        office.desk, scenario._actor("assistant"), cycle_id=office.cycle_id,
        subject_id=EmployeeId("assistant"), process_id="nat_coaching_feedback", now=scenario.now,
    )  # fmt: skip

    scenario._do(scenario.path["steps"][0]["steps"][1])

    item = scenario._item("read_coaching_feedback")
    assert (item.assignee_id, item.function) == (None, "hr")
    assert not reads(scenario, "sekda")


@pytest.mark.parametrize(
    ("field", "value"),
    [("observed", "x" * 19), ("happened_on", "2026-01-21"), ("capacity", None), ("concerns", None)],
)
def test_a_note_says_what_happened_when_and_who_speaks(field: str, value: object) -> None:
    case = {"cycle_ends": "2026-12-31"}

    assert refused("national", "feedback_note", NOTE, case=case) == {}
    assert field in refused("national", "feedback_note", {**NOTE, field: value}, case=case)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"reason": "x" * 19}, "rows.0.reason"),
        ({"level": None}, "rows.0.level"),
        ({"level": "6"}, "rows.0.level"),
    ],
)
def test_a_competency_has_a_level_from_one_to_five_and_a_reason(
    row: dict[str, object], field: str
) -> None:
    whole = {"competency": "technical", "level": "5", "reason": "x" * 20}
    said = {
        "held_on": "2026-01-20", "mode": "online", "topic": "x" * 20, "next_step": "x" * 10,
        "rows": [whole],
    }  # fmt: skip

    assert refused("national", "record_coaching", said) == {}
    assert field in refused("national", "record_coaching", {**said, "rows": [{**whole, **row}]})


def test_all_nine_statements_about_the_coaching_are_answered() -> None:
    asked = refused("national", "rate_coaching", {}, "subject")

    assert len(asked) == 9
    assert refused("national", "rate_coaching", dict.fromkeys(asked, "3"), "subject") == {}


def test_the_year_lies_before_the_employee_and_the_rater_at_the_evaluation(
    offices: Offices,
) -> None:
    kept = path_of("monitoring_kept")
    scenario = begun_beside(offices.open("national"), "monitoring_kept")
    main = appraisal_beside(scenario)
    scenario.run()
    scenario.instance_id, scenario.path = main, path_of("plain")

    own = shown(scenario, "self_assessment", "clerk")
    run_until(scenario, "supervisor_review")
    periods = opened(scenario, "supervisor_review", "division_head")["periods"]

    assert [element for _, element, _ in own] == ["progress_entry", "periodic_evaluation"]
    progress = kept["steps"][0]["steps"][1]["with"]["rows"][0]["progress"]
    assert own[0][2]["rows"][0]["progress"] == progress
    assert periods == [
        {"period": "2025-03", "predicate": "good", "result_rating": "as_expected",
         "behaviour_rating": "above"}
    ]  # fmt: skip


def test_the_self_assessment_opens_with_the_last_figure_noted_of_each_result(
    offices: Offices,
) -> None:
    scenario = begun_beside(offices.open("national"), "monitoring_kept")
    main = appraisal_beside(scenario)
    before = realised(scenario, main)
    scenario.run()
    scenario.now += timedelta(days=31)
    scenario.instance_id = open_about_clerk(
        scenario.office, "nat_monitoring", "clerk", now=scenario.now
    )
    scenario.path = {"steps": path_of("monitoring_kept")["steps"][0]["steps"]}
    run_as(
        scenario, "progress_entry", "clerk", {"rows": [{"realisation": 45}, {"realisation": None}]}
    )

    after = realised(scenario, main)

    assert before == [None, None, None]
    assert after == [45, 6, None]


def test_the_employee_changes_what_was_noted_and_that_counts(offices: Offices) -> None:
    scenario = begun_beside(offices.open("national"), "monitoring_kept")
    main = appraisal_beside(scenario)
    scenario.run()
    scenario.instance_id, scenario.path = main, path_of("plain")
    told = next(s for s in scenario.path["steps"] if s.get("complete") == "self_assessment")

    run_until(scenario, "supervisor_review")

    handed_in = [row.get("realisation") for row in told["with"]["rows"]]
    rows = opened(scenario, "supervisor_review", "division_head")["rows"]
    assert handed_in[:2] != [30, 6]
    assert [row["realisation"] for row in rows] == handed_in


def test_what_somebody_else_noted_is_nobodys_figure(offices: Offices) -> None:
    scenario = begun_beside(offices.open("national"), "monitoring_kept")
    scenario.run()
    plan = tuple(plan_line(entry) for entry in scenario.path["subject"]["plan"])

    other = scenario.office.start("analyst", scenario.now, plan=plan)

    assert realised(scenario, other, "analyst") == [None, None, None]


def test_a_figure_is_carried_only_into_the_result_that_it_was_noted_for() -> None:
    line = {"indicator_id": "indicator_1", "result_plan": "Izin tepat waktu",
            "indicator": "Izin selesai", "target": Decimal(120), "kind": "main"}  # fmt: skip
    noted = [
        {**line, "realisation": None},
        {**line, "indicator": "Hari penyelesaian", "realisation": Decimal(4)},
        {**line, "realisation": Decimal(30)},
    ]

    found = [carried(line, noted[:number]) for number in (0, 1, 2, 3)]

    assert found == [None, None, None, Decimal(30)]


def carried(line: Mapping[str, object], noted: Sequence[Mapping[str, object]]) -> object:
    """What the form opens with for one line of a plan."""
    case, figures = {"plan": [line]}, {"rows": list(noted)}
    (row,) = settled("national", "self_assessment", {}, "subject", case=case, figures=figures)[
        "rows"
    ]
    return row["realisation"]


def test_monitoring_runs_through_the_year_before_the_appraisal_is_started(
    offices: Offices,
) -> None:
    office = offices.open("national")

    instance_id = open_about_clerk(office, "nat_monitoring", "division_head")

    assert open_about_clerk(office, "nat_monitoring", "clerk") == instance_id


SHOWING = [
    ui for ui in (ROOT / "forms").glob("*/*-uischema.json") if "alur:beside" in ui.read_text()
]


@pytest.mark.parametrize("ui", sorted(SHOWING), ids=lambda ui: ui.name)
def test_what_a_form_shows_of_the_year_is_drawn_and_open_to_its_readers(ui: Path) -> None:
    system = ui.parent.name
    settings = read_settings(read_bundle(ROOT, system))

    for path in json.loads(ui.read_text()).get("alur:beside", []):
        process, element = path.split("/")
        drawn = (ROOT / f"workflows/{system}/{process}.bpmn").read_text()
        assert f'<bpmn:userTask id="{element}"' in drawn
        assert not settings.beside[process].confidential


def shown(scenario: Scenario, element: str, person: str) -> list[tuple[str, str, Any]]:
    """What a form shows to a person of what was written beside the appraisal."""
    desk, item = scenario.office.desk, scenario._item(element)
    actor = scenario._actor(person)
    form = open_form(desk, actor, item_id=item.id, language="id", now=scenario.now).form
    steps = answers_beside(
        desk, actor, form, instance_id=item.instance_id, language="id", now=scenario.now
    )
    return [(s.author.name if s.author else "", s.element_id, dict(s.values or {})) for s in steps]


def realised(scenario: Scenario, main: str, person: str = "clerk") -> list[object]:
    """The realisations that a self-assessment opens with."""
    case = Scenario.__new__(Scenario)
    case.__dict__ |= {**scenario.__dict__, "instance_id": main}
    return [row["realisation"] for row in opened(case, "self_assessment", person)["rows"]]


def reads(scenario: Scenario, person: str) -> bool:
    """Whether a person may open the case."""
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


def titles_beside(scenario: Scenario, main: str, person: str) -> list[str]:
    """What a person reads on the page of an appraisal of what ran beside it."""
    desk, actor = scenario.office.desk, scenario._actor(person)
    with desk.store.reading(actor.agency_id) as tx:
        rows = ran_beside(
            tx, actor, main, now=scenario.now,
            settings_of=lambda tx, key: desk.definitions.get(tx, key).settings,
        )  # fmt: skip
    return [row.process_id for row in rows]
