"""What Tanjungbalai's source says of months, support, service and history, tried (TBL-07…13)."""

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.beside import open_beside
from engine.commands.case_answers import case_answers
from engine.commands.permissions import case_access
from engine.domain.access import Verb, can
from engine.domain.citizen_survey import Element
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, UnitId
from engine.errors import NotFound
from engine.jobs.outbox import ByTopic, deliver_outbox
from engine.jobs.telling import NOTIFY, NotifyCourier
from engine.queries.cases import case_view
from engine.queries.citizen_surveys import survey_page
from engine.store import case_records, instances, submissions, tables
from engine.store.people import DutyRow
from tests import surveys
from tests.cases import NOW
from tests.office import DIVISION, ROOT, SECRETARIAT
from tests.ready import Offices
from tests.workflows.promises import actions_of, appraisal_of, change_people, run_until
from tests.workflows.regions import PAPER, decide, opened, refused, settled
from tests.workflows.scenario import Scenario, read_path

SYSTEM = "tanjungbalai"
FOLDER = ROOT / "workflows" / SYSTEM
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
DECEMBER = {"period": "2025-12", "period_ends": "2025-12-31"}
IN_TIME = {"due_on": "2026-01-20"}

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


def planner(person: str, unit: UnitId | None) -> DutyRow:
    """The duty that makes somebody reader of a unit's reports, or of all."""
    return DutyRow("d-planner", EmployeeId(person), "planning", unit, date(2025, 1, 1))


def news_of(scenario: Scenario, person: str) -> list[str | None]:
    """The cases of which a person was told that there is news."""
    notice = tables.notice.c
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        wanted = (notice.kind == NoticeKind.CASE_NEWS, notice.recipient_id == person)
        return list(tx.connection.execute(select(notice.instance_id).where(*wanted)).scalars())


def may_comment(scenario: Scenario, person: str) -> bool:
    """Whether a person may write beside the case."""
    desk, actor = scenario.office.desk, scenario._actor(person)
    with desk.store.reading(actor.agency_id) as tx:
        access = case_access(tx, instances.get(tx, scenario.instance_id))
    return bool(can(actor, Verb.WRITE_COMMENT, access))


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

    assert not refused(SYSTEM, "monthly_report", MONTH, "subject", case=DECEMBER, work=IN_TIME)
    assert missing in {
        path.split(".")[0]
        for path in refused(SYSTEM, "monthly_report", empty, "subject", case=DECEMBER, work=IN_TIME)
    }


@pytest.mark.parametrize(
    ("due_on", "late"), [("2026-01-20", 0), ("2026-01-21", 0), ("2026-01-19", 1), (None, None)]
)
def test_days_late_are_counted_from_the_day_on_which_the_report_was_due(
    due_on: str | None, late: int | None
) -> None:
    sent = settled(
        SYSTEM, "monthly_report", MONTH, "subject", case=DECEMBER, work={"due_on": due_on}
    )

    assert sent["late_days"] == late
    assert sent["is_late"] == (None if late is None else late > 0)


def test_a_narrative_is_thirty_letters_or_more() -> None:
    short, enough = ({**MONTH, "narrative": "x" * letters} for letters in (29, 30))

    assert refused(
        SYSTEM, "monthly_report", short, "subject", case=DECEMBER, work=IN_TIME
    ).keys() == {"narrative"}
    assert not refused(SYSTEM, "monthly_report", enough, "subject", case=DECEMBER, work=IN_TIME)


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


@pytest.mark.parametrize(
    ("person", "unit", "reads"),
    [("assistant", DIVISION, True), ("sekda", SECRETARIAT, False), ("analyst", None, False)],
)
def test_the_planner_of_the_unit_opens_an_accepted_report_and_nobody_unnamed_does(
    begun: Begun, person: str, unit: UnitId | None, *, reads: bool
) -> None:
    scenario = begun("month_accepted")
    if unit is not None:
        change_people(scenario, duties=(planner(person, unit),))
    rest = enter(scenario, steps=6)
    before = may_see(scenario, person)

    for step in rest:
        scenario._do(step)

    assert not before
    assert may_see(scenario, person) == reads
    if reads:
        assert read_by(scenario, person) == {"monthly_report", "review_month"}
        assert not may_comment(scenario, person)


def test_the_planner_is_told_of_each_accepted_report_with_the_way_to_it(begun: Begun) -> None:
    scenario = begun("month_accepted")
    change_people(scenario, duties=(planner("assistant", None),))

    enter(scenario)
    courier = ByTopic({NOTIFY: NotifyCourier(scenario.office.desk, lambda: scenario.now)})
    deliver_outbox(scenario.office.desk, scenario.office.agency_id, courier, now=scenario.now)

    assert news_of(scenario, "assistant") == [scenario.instance_id]


def test_the_planner_of_the_unit_opens_nothing_else_of_the_year(begun: Begun) -> None:
    scenario = begun("plain")
    change_people(scenario, duties=(planner("assistant", None),))

    scenario.run()

    assert not may_see(scenario, "assistant")


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
    assert report.weakest == (Element.COMPLAINTS,)
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
