"""Planning and monitoring of the national system: processes A and B beside the appraisal (C)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine.commands.answers import form_context
from engine.commands.beside import open_beside
from engine.commands.cycles import start_appraisal
from engine.commands.plans import import_plan
from engine.commands.steps import open_step
from engine.commands.trail import Scribe
from engine.domain.people import EmployeeId
from engine.errors import Forbidden, NotFound
from engine.jobs.notices import escalate_overdue
from engine.store import case_records, instances, plans, tables, work_items
from tests.cases import trail
from tests.office import PLAN, Office
from tests.ready import Offices
from tests.workflows.promises import path_of, run_as, run_until
from tests.workflows.regions import opened, refused
from tests.workflows.scenario import Scenario

NEW_YEAR = datetime(2025, 1, 6, 1, tzinfo=UTC)
CLERK = EmployeeId("clerk")
Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins what a named path of the national system does beside the appraisal."""
    office = offices.open("national")
    return lambda name: begun_beside(office, name)


def begun_beside(office: Office, name: str, **other: str) -> Scenario:
    """A scenario inside the process that the path opens, with the appraisal running."""
    path = {**path_of(name), **other}
    scenario = Scenario(office, path)
    begin = next(step for step in path["steps"] if "begin" in step)
    scenario.path = {**path, "steps": begin["steps"]}
    opener = scenario._person(begin["as"])
    scenario.instance_id = open_about_clerk(office, begin["begin"], opener, now=scenario.now)
    return scenario


def open_about_clerk(office: Office, process: str, person: str, *, now: datetime = NEW_YEAR) -> str:
    return open_beside(
        office.desk, office.actor(person, now), cycle_id=office.cycle_id, subject_id=CLERK,
        process_id=process, now=now,
    )  # fmt: skip


def _planned(office: Office, name: str) -> Scenario:
    """The planning of a named path, opened before there is an appraisal."""
    path = path_of(name)
    scenario = object.__new__(Scenario)
    (begin,) = (step for step in path["steps"] if "begin" in step)
    scenario.__dict__ |= {
        "office": office, "path": {**path, "steps": begin["steps"]}, "now": NEW_YEAR,
        "subject": str(CLERK), "beside": [], "visited": set(),
        "instance_id": open_about_clerk(office, "nat_planning", "clerk"),
    }  # fmt: skip
    return scenario


def plan_of(office: Office) -> str:
    """What the store holds as plan of the clerk."""
    with office.desk.store.reading(office.agency_id) as tx:
        row = plans.find(tx, office.cycle_id, CLERK)
    return row.content if row else ""


def appraisal_beside(scenario: Scenario) -> str:
    """The appraisal of the clerk."""
    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        row = instances.find_case(
            tx, cycle_id=office.cycle_id, subject_id=CLERK, process_id="annual_evaluation"
        )
    assert row is not None
    return row.id


def case_data(office: Office, instance_id: str) -> Mapping[str, Any]:
    """What a running case knew at its start."""
    desk = office.desk
    with desk.store.transaction(office.agency_id) as tx:
        item = work_items.open_of_instance(tx, instance_id)[0]
        loaded = instances.load_for_step(tx, item.id).instance
        scribe = Scribe(instance_id, loaded.row.definition_id, NEW_YEAR, CLERK)
        step = open_step(desk, tx, loaded, scribe)
        (task,) = (task for task in step.execution.ready if task.task_id == item.task_id)
        data: Mapping[str, Any] = form_context(step, task, item, "subject").data["case"]
        return data


def told(office: Office) -> list[tuple[str, str]]:
    """Who was told what."""
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(tables.notice.select()).all()
    return [(row.kind, row.recipient_id) for row in found]


def records_of(office: Office) -> list[Any]:
    with office.desk.store.reading(office.agency_id) as tx:
        return list(
            case_records.of_person(tx, cycle_id=office.cycle_id, subject_id=CLERK, kind="periodic")
        )


def test_a_plan_agreed_at_once_reaches_an_appraisal_that_is_started_afterwards(
    offices: Offices,
) -> None:
    office = offices.open("national")
    hr = office.actor("hr_officer", NEW_YEAR)
    with pytest.raises(NotFound):
        start_appraisal(office.desk, hr, cycle_id=office.cycle_id, employee_id=CLERK, now=NEW_YEAR)

    _planned(office, "planning_agreed").run()
    started = start_appraisal(
        office.desk, hr, cycle_id=office.cycle_id, employee_id=CLERK, now=NEW_YEAR
    )

    plan = case_data(office, started)["plan"]
    assert [(row["kind"], row["target"], row["inverse"]) for row in plan] == [
        ("main", 150, False), ("main", 4, True), ("additional", None, False),
    ]  # fmt: skip
    assert plan[0]["result_plan"] == "Izin usaha mikro selesai tepat waktu"


def test_nothing_is_stored_before_both_have_signed(begun: Begun) -> None:
    scenario = begun("planning_agreed")
    imported = plan_of(scenario.office)

    run_until(scenario, "sign_plan_rater")
    before = plan_of(scenario.office)
    run_as(scenario, "sign_plan_rater", "rater")

    assert before == imported
    assert "Panduan layanan loket tersusun" in plan_of(scenario.office)


def test_an_appraisal_that_runs_keeps_the_plan_it_began_with(begun: Begun) -> None:
    scenario = begun("planning_agreed")
    main = appraisal_beside(scenario)
    before = case_data(scenario.office, main)["plan"]

    scenario.run()

    assert case_data(scenario.office, main)["plan"] == before


def test_after_three_rounds_the_raters_superior_decides_and_both_sign_his_rows(
    begun: Begun,
) -> None:
    scenario = begun("planning_mediated")

    run_until(scenario, "skp_mediate")
    run_as(scenario, "skp_mediate", "rater_superior")
    signed = opened(scenario, "sign_plan_employee", "clerk")["rows"]

    assert [row["target"] for row in signed][:2] == [160, 4]


def test_a_returned_draft_opens_with_what_was_written_and_with_the_remarks(begun: Begun) -> None:
    scenario = begun("planning_mediated")
    accountable = "Mencatat setiap berkas pada hari yang sama."

    run_as(scenario, "skp_draft", "subject", {"expects_accountable": accountable})
    run_as(scenario, "skp_dialogue", "rater")
    again = opened(scenario, "skp_draft", "clerk")

    assert again["rows"][0]["target"] == 150
    assert again["expects_service_oriented"] == "Menyapa setiap warga di loket dengan ramah."
    assert again["expects_accountable"] == accountable
    assert again["remarks"] == "Target izin perlu dinaikkan menurut data tahun lalu."


def test_who_mediated_the_plan_does_not_decide_the_appeal_of_the_year(offices: Offices) -> None:
    appealed = path_of("appeal_changed")
    mediated = begun_beside(offices.open("national"), "planning_mediated", start=appealed["start"])
    main = appraisal_beside(mediated)
    mediated.run()

    appeal = object.__new__(Scenario)
    appeal.__dict__ |= {**mediated.__dict__, "instance_id": main, "path": appealed}
    run_until(appeal, "appeal_decision")

    assert appeal._item("appeal_decision").assignee_id == appeal._person("next_superior")


def test_a_plan_that_is_late_stays_open_and_hr_is_told(begun: Begun) -> None:
    scenario = begun("planning_agreed")
    imported = plan_of(scenario.office)

    scenario._do({"advance": "P40D"})
    escalate_overdue(scenario.office.desk, scenario.office.agency_id, now=scenario.now)

    assert [item.element_id for item in scenario._open()] == ["skp_draft"]
    assert plan_of(scenario.office) == imported
    assert ("others_overdue", "hr_officer") in told(scenario.office)


def test_only_the_employee_and_the_rater_open_a_planning(offices: Offices) -> None:
    office = offices.open("national")

    with pytest.raises(Forbidden):
        open_about_clerk(office, "nat_planning", "analyst")

    first = open_about_clerk(office, "nat_planning", "clerk")
    assert open_about_clerk(office, "nat_planning", "division_head") == first


ROW: dict[str, object] = {
    "superior_result_ref": "Layanan cepat", "result_plan": "x" * 15, "kind": "main",
    "aspect": "time", "indicator": "Izin selesai", "target": 5, "unit": "izin",
}  # fmt: skip
DRAFT: dict[str, object] = {
    "rows": [ROW],
    "resources": "Dua petugas.",
    "accountability_frequency": "monthly",
    "accountability_evidence": "Rekap izin.",
    "consequences": "Penghargaan.",
}


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([], "rows"),
        ([ROW] * 16, "rows"),
        ([{**ROW, "kind": "additional"}], "rows"),
        ([{**ROW, "result_plan": "x" * 14}], "rows.0.result_plan"),
        ([{**ROW, "superior_result_ref": ""}], "rows.0.superior_result_ref"),
        ([{**ROW, "unit": None}], "rows.0.unit"),
    ],
)
def test_a_plan_has_one_to_fifteen_results_one_of_them_main_each_serving_a_superiors(
    rows: list[Mapping[str, object]], field: str
) -> None:
    whole = refused("national", "skp_draft", DRAFT, "subject")
    found = refused("national", "skp_draft", {**DRAFT, "rows": rows}, "subject")

    assert not whole
    assert field in found


def test_a_plan_that_goes_back_says_what_should_change() -> None:
    said = {"held_on": "2026-01-19", "notes": "x" * 20, "agreed": False}

    assert "remarks" in refused("national", "skp_dialogue", said)
    assert not refused("national", "skp_dialogue", {**said, "remarks": "x" * 20})
    assert "held_on" in refused(
        "national", "skp_dialogue", {**said, "remarks": "x" * 20, "held_on": "2026-02-19"}
    )


@pytest.mark.parametrize(("letters", "is_enough"), [(29, False), (30, True)])
def test_a_periodic_evaluation_comes_with_feedback(letters: int, is_enough: bool) -> None:
    rated = {"result_rating": "as_expected", "behaviour_rating": "above", "feedback": "x" * letters}

    assert ("feedback" not in refused("national", "periodic_evaluation", rated)) is is_enough


@pytest.mark.parametrize(
    ("path", "acknowledged"), [("monitoring_kept", True), ("monitoring_lapsed", False)]
)
def test_monitoring_leaves_codes_of_the_period_and_no_result(
    begun: Begun, path: str, acknowledged: bool
) -> None:
    scenario = begun(path)

    scenario.run()

    (record,) = records_of(scenario.office)
    assert record.period == "2025-03"
    assert record.figures == {
        "result_rating": "as_expected", "behaviour_rating": "above", "predicate": "good",
        "acknowledged": acknowledged,
    }  # fmt: skip
    actions = {event["action"] for event in trail(scenario.office, scenario.instance_id)}
    assert "result.versioned" not in actions


def test_there_is_one_evaluation_a_month(begun: Begun) -> None:
    scenario = begun("monitoring_kept")

    again = open_about_clerk(scenario.office, "nat_monitoring", "division_head", now=scenario.now)

    assert again == scenario.instance_id


def test_a_plan_names_the_result_of_the_leader_that_each_of_its_results_serves(
    begun: Begun,
) -> None:
    scenario = begun("planning_agreed")

    scenario.run()

    served = [row["superior_result"] for row in orjson.loads(plan_of(scenario.office))]
    assert served[:2] == ["Layanan perizinan cepat dan pasti", "Kepuasan warga atas layanan"]


def test_whoever_drafts_a_plan_sees_the_results_of_the_leader(offices: Offices) -> None:
    office = offices.open("national")
    hr = office.actor("hr_officer", NEW_YEAR)
    head = EmployeeId("division_head")
    import_plan(
        office.desk, hr, cycle_id=office.cycle_id, employee_id=head, lines=PLAN, now=NEW_YEAR
    )

    scenario = _planned(office, "planning_agreed")

    shown = opened(scenario, "skp_draft", "clerk")["leader_results"]
    assert [row["result_plan"] for row in shown] == [line.result_plan for line in PLAN]
