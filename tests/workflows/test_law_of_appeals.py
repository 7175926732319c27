"""What the law promises who appeals, tried on the national system through the commands."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update

from engine.commands.appeals import withdraw_appeal
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.domain.people import EmployeeId, PositionId
from engine.errors import Forbidden, InvalidForm
from engine.store import tables
from engine.store.people import AssignmentRow, DutyRow
from tests.office import DIVISION, FOUNDED, SECRETARIAT
from tests.ready import Offices
from tests.workflows.promises import (
    appeal,
    appraisal_of,
    change_people,
    decider_of,
    path_of,
    run_as,
    run_between,
    run_until,
    seen_by,
    stand_in,
    versions_of,
)
from tests.workflows.scenario import Scenario

Begun = Callable[[str], Scenario]


def test_a_result_changed_by_an_appeal_is_delivered_with_a_date_and_the_employee_sees_it(
    begun: Begun,
) -> None:
    scenario = begun("appeal_changed")
    run_until(scenario, "acknowledge_final")

    changed = versions_of(scenario)[-1]
    assert (changed.version, changed.signed_by) == (2, "department_head")
    assert (changed.delivered_at, changed.delivery_kind) == (scenario.now, "published")
    assert seen_by(scenario, "clerk") == [1, 2]
    assert not appraisal_of(scenario).appeal_open


def test_who_signed_the_result_in_the_name_of_the_rater_does_not_decide_its_appeal(
    begun: Begun,
) -> None:
    scenario = begun("appeal_changed")
    run_until(scenario, "sign_result")
    stand_in(scenario, "division_head", "department_head")
    run_as(scenario, "sign_result", "department_head")

    run_between(scenario, "deliver_result", "appeal_decision")

    assert decider_of(scenario) == "assistant"


def test_after_a_takeover_the_appeal_goes_above_who_took_over(begun: Begun) -> None:
    scenario = begun("takeover")
    run_until(scenario, "notify_ack")

    appeal(scenario)

    assert decider_of(scenario) == "assistant"


def test_a_late_rater_who_holds_two_posts_does_not_judge_his_superior_who_took_over(
    offices: Offices,
) -> None:
    office = offices.open("national")
    acting = AssignmentRow(
        "a-acting", EmployeeId("department_head"), PositionId("division_head"), DIVISION,
        "acting_permanent", date(2025, 12, 1),
    )  # fmt: skip
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(assignments=(acting,)),
        now=FOUNDED,
    )  # fmt: skip
    scenario = Scenario(office, path_of("takeover"))
    assert appraisal_of(scenario).rater_id == "department_head"
    for step in scenario.path["steps"][:-1]:
        if step.get("complete") == "notify_ack":
            break
        upper = step | {"as": "assistant"} if step.get("as") == "rater_superior" else step
        scenario._do(upper)

    appeal(scenario)

    assert decider_of(scenario) == "sekda"


def test_a_transfer_during_the_case_does_not_change_who_decides_the_appeal(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    run_until(scenario, "file_appeal")
    with scenario.office.desk.store.transaction(scenario.office.agency_id) as tx:
        tx.connection.execute(
            update(tables.assignment)
            .where(tables.assignment.c.id == "a-clerk")
            .values(ends=date(2026, 1, 5))
        )
    moved = AssignmentRow(
        "a-moved", EmployeeId("clerk"), PositionId("auditor"), SECRETARIAT, "definitive",
        date(2026, 1, 6),
    )  # fmt: skip
    change_people(scenario, assignments=(moved,))

    run_between(scenario, "file_appeal", "appeal_decision")

    assert decider_of(scenario) == "department_head"


def test_an_hr_officer_who_rated_does_not_name_who_judges_the_rating(begun: Begun) -> None:
    scenario = begun("no_authority")
    duty = DutyRow("d-sekda", EmployeeId("sekda"), "hr", None, date(2020, 1, 1))
    change_people(scenario, duties=(duty,))
    run_until(scenario, "name_authority")

    with pytest.raises(Forbidden) as refused:
        run_as(scenario, "name_authority", "sekda")

    assert refused.value.reason == "took_part"


def test_an_hr_officer_cannot_name_himself_to_decide_an_appeal(begun: Begun) -> None:
    scenario = begun("no_authority")
    run_until(scenario, "name_authority")

    run_as(scenario, "name_authority", "hr", {"nip": "$nip.hr"})

    assert [item.element_id for item in scenario._open()] == ["name_authority"]
    assert appraisal_of(scenario).appeal_open


def test_an_hr_officer_who_is_named_does_not_confirm_his_own_naming(begun: Begun) -> None:
    scenario = begun("no_authority")
    run_until(scenario, "name_authority")
    run_as(scenario, "name_authority", "hr_officer", {"nip": "$nip.hr_colleague"})

    reasons = []
    for person in ("hr_officer", "hr_colleague"):
        with pytest.raises(Forbidden) as refused:
            run_as(scenario, "confirm_authority", person)
        reasons.append(refused.value.reason)
    duty = DutyRow("d-auditor-hr", EmployeeId("auditor"), "hr", None, date(2020, 1, 1))
    change_people(scenario, duties=(duty,))
    run_as(scenario, "confirm_authority", "auditor")
    run_as(scenario, "rater_statement", "sekda")
    run_as(scenario, "employee_statement", "subject")

    assert reasons == ["took_part", "named"]
    assert decider_of(scenario) == "hr_colleague"


def test_who_refused_an_official_names_another_whom_the_first_confirms(begun: Begun) -> None:
    scenario = begun("no_authority")
    run_until(scenario, "confirm_authority")
    refusal = {"confirmed": False, "refusal_reason": "Pejabat ini sedang menjalankan cuti besar."}
    run_as(scenario, "confirm_authority", "hr_colleague", refusal)
    run_as(scenario, "name_authority", "hr_colleague", {"nip": "$nip.department_head"})

    with pytest.raises(Forbidden) as refused:
        run_as(scenario, "confirm_authority", "hr_colleague")
    run_as(scenario, "confirm_authority", "hr_officer")
    run_as(scenario, "rater_statement", "sekda")
    run_as(scenario, "employee_statement", "subject")

    assert refused.value.reason == "took_part"
    assert decider_of(scenario) == "department_head"


def test_an_appeal_may_be_withdrawn_while_no_official_is_named(begun: Begun) -> None:
    scenario = begun("no_authority")
    run_until(scenario, "name_authority")

    withdraw_appeal(
        scenario.office.desk, scenario.office.actor("assistant", scenario.now),
        instance_id=scenario.instance_id, now=scenario.now,
    )  # fmt: skip

    assert [item.element_id for item in scenario._open()] == ["acknowledge_final"]
    assert not appraisal_of(scenario).appeal_open


def test_the_result_is_marked_from_filing_until_the_changed_result_is_set(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    marked: list[str] = []

    for step in scenario.path["steps"]:
        scenario._do(step)
        if "complete" in step and appraisal_of(scenario).appeal_open:
            marked.append(step["complete"])

    assert marked == ["file_appeal", "rater_statement", "employee_statement", "appeal_decision"]


@pytest.mark.parametrize("axis", ["result_rating", "behaviour_rating"])
def test_an_appeal_lowers_no_rating_whatever_is_sent(begun: Begun, axis: str) -> None:
    scenario = begun("appeal_changed")
    run_until(scenario, "appeal_decision")
    higher = {"result_rating": "above", "behaviour_rating": "above", axis: "below"}

    with pytest.raises(InvalidForm) as refused:
        run_as(scenario, "appeal_decision", "authority", higher)

    assert axis in {finding.element_id for finding in refused.value.findings}


def test_the_rater_does_not_sign_the_changed_result_in_the_name_of_who_decided(
    begun: Begun,
) -> None:
    scenario = begun("appeal_changed")
    run_until(scenario, "sign_changed")
    stand_in(scenario, "department_head", "division_head")

    with pytest.raises(Forbidden) as refused:
        run_as(scenario, "sign_changed", "division_head")

    assert refused.value.reason == "took_part"
