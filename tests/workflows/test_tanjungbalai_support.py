"""What Tanjungbalai's source says of support, service and history, tried (TBL-09…13)."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.beside import open_beside
from engine.commands.case_answers import case_answers
from engine.domain.citizen_survey import Element
from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.queries.cases import case_view
from engine.queries.citizen_surveys import survey_page
from engine.queries.fairness import fairness
from engine.store import case_records, instances, submissions
from tests import surveys
from tests.cases import NOW
from tests.office import DIVISION, ROOT, Office
from tests.rated import Rated, add_rated
from tests.ready import Offices
from tests.web.conftest import seated
from tests.workflows.promises import actions_of, appraisal_of, run_until
from tests.workflows.regions import decide
from tests.workflows.scenario import Scenario, read_path

SYSTEM = "tanjungbalai"
FOLDER = ROOT / "workflows" / SYSTEM

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


# Worry and support (TBL-09, TBL-10, TBL-11).


def forms_asked() -> list[str]:
    """Tanjungbalai's own forms, and whatever its pages name."""
    named = [page.read_text() for page in FOLDER.glob("*.bpmn")]
    named += [f'"{file.name}"' for file in (ROOT / "forms" / SYSTEM).glob("*-uischema.json")]
    return sorted(set(re.findall(r'"(\w+)-uischema\.json"', "".join(named))))


@pytest.mark.parametrize("form", forms_asked())
def test_every_step_says_why_it_is_asked(form: str) -> None:
    asked = ROOT / f"forms/{SYSTEM}/{form}-uischema.json"

    sections = json.loads(asked.read_text())["ui:sections"]

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
    assert report.weakest == (Element.COMPLAINTS,)
    assert report.index == Decimal("75.00")


def test_information_and_attitude_of_a_unit_are_shown_from_five_people_on(
    offices: Offices,
) -> None:
    office = offices.open(SYSTEM)
    scenario = Scenario(office, read_path(FOLDER / "paths/plain.json"))
    run_until(scenario, "sign_result")
    scores = {"information": "100.00", "attitude": "100.00"}
    others = [Rated(f"p{n}", DIVISION, "division_head", scores=scores) for n in range(4)]

    before = shown_by_unit(office)
    add_rated(office.desk.store, office.agency_id, office.cycle_id, others)

    assert before == {"information": [], "attitude": []}
    assert shown_by_unit(office) == {
        "information": [(DIVISION, 5, Decimal("102.00"))],
        "attitude": [(DIVISION, 5, Decimal("95.00"))],
    }


def shown_by_unit(office: Office) -> dict[str, list[tuple[str | None, int, Decimal]]]:
    """What the team reads of each indicator: unit, people, mean."""
    with office.desk.store.reading(office.agency_id) as tx:
        page = fairness(
            tx, office.actor("hr_officer", NOW), now=NOW,
            settings_of=lambda tx, key: office.desk.definitions.get(tx, key).settings,
        )  # fmt: skip
    return {
        key: [(line.unit_id, line.people, line.mean) for line in means.lines]
        for key, means in page.tables.scores.items()
    }


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
    with seated(scenario.office.desk, scenario.now) as seat:
        page = seat.take("clerk").client.get(f"/cases/{scenario.instance_id}").text
    assert "Periksa program dan nilai indikator" in page
    assert "Bimbingan mingguan bersama sekretaris lurah mulai Februari." in page
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        assert instances.get(tx, scenario.instance_id).status == "completed"
