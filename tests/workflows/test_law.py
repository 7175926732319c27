"""What the law promises each side, tried on the national system through the commands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from engine.commands.achievements import set_organisation_achievement
from engine.commands.answers import keep_submission
from engine.commands.case_data import beginnings
from engine.commands.cycles import open_cycle
from engine.commands.incidents import open_incident, retry_incident
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.plans import import_plan
from engine.commands.saving import hold_step
from engine.commands.steps import open_step
from engine.commands.trail import Scribe
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import EmployeeId, PositionId
from engine.errors import ExecutionFailed, Forbidden, InvalidForm
from engine.store import cycles, instances, tables, work_items
from engine.store.people import AssignmentRow, DutyRow
from tests.cases import trail
from tests.office import DIVISION, FOUNDED, PLAN, Office
from tests.workflows.promises import (
    actions_of,
    path_of,
    run_as,
    run_until,
    seen_by,
    stand_in,
    versions_of,
)
from tests.workflows.scenario import Scenario

Begun = Callable[[str], Scenario]


def test_no_predicate_is_shown_to_the_employee_before_its_delivery(begun: Begun) -> None:
    scenario = begun("appeal_changed")

    run_until(scenario, "deliver_result")

    assert seen_by(scenario, "clerk") == []
    assert seen_by(scenario, "division_head") == [1]


@pytest.mark.parametrize("element", ["discussion_confirm", "notify_ack", "deliver_result"])
def test_nobody_answers_a_result_in_the_name_of_the_appraised_person(
    begun: Begun, element: str
) -> None:
    scenario = begun("plain")
    run_until(scenario, element)
    stand_in(scenario, "clerk", "division_head")

    with pytest.raises(Forbidden) as refused:
        run_as(scenario, element, "division_head")

    assert refused.value.reason == "not_yours"


def test_what_a_client_sends_in_place_of_the_case_counts_for_nothing(begun: Begun) -> None:
    scenario = begun("plain")
    run_until(scenario, "supervisor_review")

    with pytest.raises(InvalidForm) as refused:
        run_as(
            scenario, "supervisor_review", "rater",
            {"result_suggested": "below", "result_rating_decided": "below", "weaknesses": "x" * 30,
             "recommendation": "x" * 30},
        )  # fmt: skip

    assert {f.element_id for f in refused.value.findings} == {"override_reason"}


def test_a_retried_signature_is_of_who_gave_it_and_of_when(begun: Begun) -> None:
    scenario = begun("plain")
    run_until(scenario, "sign_result")
    signed_at = scenario.now
    _fail_after_signing(scenario)

    scenario.now += timedelta(days=2)
    hr = scenario.office.actor("hr_officer", scenario.now)
    assert retry_incident(
        scenario.office.desk, hr, instance_id=scenario.instance_id, now=scenario.now
    )

    (version,) = versions_of(scenario)
    assert (version.signed_by, version.signed_at) == ("division_head", signed_at)
    events = trail(scenario.office, scenario.instance_id)
    assert [e["actor"] for e in events if e["action"] == "signature.given"] == ["division_head"]


def _fail_after_signing(scenario: Scenario) -> None:
    """The answers are kept and the case is held, as after a failing automatic step."""
    desk, item = scenario.office.desk, scenario._item("sign_result")
    rater = scenario.office.actor("division_head", scenario.now)
    with desk.store.transaction(rater.agency_id) as tx:
        loaded = instances.load_for_step(tx, item.id).instance
        scribe = Scribe(item.instance_id, loaded.row.definition_id, scenario.now, rater.employee_id)
        step = open_step(desk, tx, loaded, scribe)
        answers = {"confirmed": True, "signed_on": "2026-01-05"}
        kept = keep_submission(step, item, answers, actor=rater, on_behalf_of=None)
        work_items.complete(tx, item.id, by=rater.employee_id, now=scenario.now)
        open_incident(step, ExecutionFailed("operation.failed"), submission_id=kept.id)
        hold_step(step)


def test_two_low_years_in_a_row_are_this_year_and_the_last(office: Office) -> None:
    first = Scenario(office, path_of("window_lapsed"))
    run_low(first)
    hr = office.actor("hr_officer", first.now)
    next_cycle = open_cycle(
        office.desk, hr, system="national", name="2026",
        starts=date(2026, 1, 1), ends=date(2026, 12, 31), now=first.now,
    )  # fmt: skip
    path = {**path_of("window_lapsed"), "start": "2027-01-05T01:00:00+00:00"}

    second = Scenario(replace(office, cycle_id=next_cycle), path)
    run_low(second)

    assert actions_of(first) == {"coaching_monthly", "behaviour_plan"}
    assert actions_of(second) == {"coaching_monthly", "behaviour_plan", "improvement_plan_6m"}


def run_low(scenario: Scenario, **also: str) -> None:
    """Follow the path, but with behaviour below expectation, and `also` other answers."""
    for step in scenario.path["steps"]:
        if step.get("complete") == "supervisor_review":
            words = "Aduan warga di loket tidak dijawab sampai tiga kali ditegur tahun ini."
            low = {
                "behaviour_rating_decided": "below", "override_reason": words,
                "weaknesses": words, "recommendation": words, **also,
            }  # fmt: skip
            run_as(scenario, "supervisor_review", "rater", low)
        elif step.get("complete") == "discussion_record":
            day = {"held_on": scenario.now.date().isoformat()}
            run_as(scenario, "discussion_record", "rater", day)
        elif "expect" not in step:
            scenario._do(step)


def test_credit_counts_the_months_in_the_post_of_the_year(office: Office) -> None:
    with office.desk.store.transaction(office.agency_id) as tx:
        tx.connection.execute(
            update(tables.assignment)
            .where(tables.assignment.c.id == "a-analyst")
            .values(starts=date(2025, 3, 10), ends=date(2025, 12, 31))
        )
    moved = AssignmentRow(
        "a-moved", EmployeeId("analyst"), PositionId("clerk"), DIVISION, "definitive",
        date(2026, 1, 1),
    )  # fmt: skip
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(assignments=(moved,)),
        now=FOUNDED,
    )  # fmt: skip
    import_plan(
        office.desk, office.actor("hr_officer", FOUNDED), cycle_id=office.cycle_id,
        employee_id=EmployeeId("analyst"), lines=PLAN, now=FOUNDED,
    )  # fmt: skip
    with office.desk.store.reading(office.agency_id) as tx:
        definition = office.desk.definitions.get(tx, cycles.get(tx, office.cycle_id).definition_id)

        facts = beginnings(
            tx, definition, cycle=cycles.get(tx, office.cycle_id),
            employee_ids=[EmployeeId("analyst")], on=date(2026, 1, 5),
        ).data(EmployeeId("analyst"))  # fmt: skip

    assert facts["is_functional"] is True
    assert (facts["months"], facts["coefficient"]) == (Decimal(10), Decimal("12.5"))


def test_the_head_of_a_unit_does_not_set_what_the_unit_achieved(office: Office) -> None:
    duty = DutyRow("d-head", EmployeeId("division_head"), "hr", None, date(2020, 1, 1))
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(duties=(duty,)), now=FOUNDED
    )

    with pytest.raises(Forbidden) as refused:
        set_organisation_achievement(
            office.desk, office.actor("division_head", FOUNDED), cycle_id=office.cycle_id,
            unit_id=DIVISION, level=OrganisationAchievement.EXCEPTIONAL, reason="Baik.",
            now=FOUNDED,
        )  # fmt: skip

    assert refused.value.reason == "own_case"
