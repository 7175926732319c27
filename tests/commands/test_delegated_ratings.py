"""Ratings are prepared only by officials who could decide them themselves."""

from datetime import date
from functools import partial

import pytest

from engine.commands.definitions import load_definition
from engine.commands.organisation_substitutes import record_substitute
from engine.commands.population import name_rater
from engine.domain.people import EmployeeId
from engine.errors import Forbidden
from engine.jobs.timers import fire_due_timers
from engine.library import read_bundle
from engine.queries.work import work_view
from tests.cases import NOW, Case, problems, refusals
from tests.commands.contests import LATE, to_be_rated
from tests.commands.holding import give_to, hand_to
from tests.commands.test_assignment import let_operate
from tests.office import ROOT, Office
from tests.ready import Offices

TODAY = date(2026, 1, 5)
UNTIL = date(2026, 12, 31)


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("contest")


def rated_from_above(office: Office) -> Case:
    """A case whose rater HR has named: the head of the department, above the division's."""
    name = partial(
        name_rater, office.desk, office.actor("hr_officer", NOW), dates=(TODAY, None), now=NOW
    )
    name(employee_id=EmployeeId("analyst"), rater_id=EmployeeId("department_head"))
    return to_be_rated(office)


@pytest.mark.parametrize("person", ["clerk", "hr_colleague"])
def test_who_stands_not_above_the_employee_prepares_no_rating(office: Office, person: str):
    case = to_be_rated(office)

    with pytest.raises(Forbidden, match="not_official"):
        hand_to(case, "division_head", case.open["rate"].id, person)

    assert case.item(case.open["rate"].id).delegated_to is None
    assert refusals(office, "division_head") == ["not_official"]


def test_an_operator_of_the_unit_prepares_no_rating(office: Office):
    case = to_be_rated(office)
    let_operate(office, "clerk")

    with pytest.raises(Forbidden, match="not_official"):
        hand_to(case, "division_head", case.open["rate"].id, "clerk")


def test_an_official_between_the_rater_and_the_employee_prepares_the_rating(office: Office):
    case = rated_from_above(office)
    let_operate(office, "division_head")

    hand_to(case, "department_head", case.open["rate"].id, "division_head")

    assert case.item(case.open["rate"].id).delegated_to == "division_head"
    assert problems(office) == []


def test_the_substitute_of_the_rater_prepares_the_rating(office: Office):
    case = to_be_rated(office)
    record_substitute(
        office.desk, office.actor("hr_officer", NOW), absent_id=EmployeeId("division_head"),
        substitute_id=EmployeeId("clerk"), starts=TODAY, ends=UNTIL, now=NOW,
    )  # fmt: skip

    hand_to(case, "division_head", case.open["rate"].id, "clerk")

    assert case.item(case.open["rate"].id).delegated_to == "clerk"


def test_a_step_of_the_rater_without_ratings_is_prepared_by_anybody(office: Office):
    case = to_be_rated(office)
    fire_due_timers(office.desk, office.agency_id, now=LATE)

    hand_to(case, "division_head", case.open["explain_delay"].id, "clerk", now=LATE)

    assert case.item(case.open["explain_delay"].id).delegated_to == "clerk"


def test_who_prepares_a_step_finds_its_page_though_the_case_is_not_his_to_read(office: Office):
    case = to_be_rated(office)
    fire_due_timers(office.desk, office.agency_id, now=LATE)
    explanation = case.open["explain_delay"].id

    hand_to(case, "division_head", explanation, "clerk", now=LATE)

    with office.desk.store.reading(office.agency_id) as tx:
        view = partial(
            work_view, tx, item_id=explanation, settings_of=settings_in(office), now=LATE
        )
        assert view(actor=office.actor("clerk", LATE)).item_id == explanation


def settings_in(office: Office):
    return lambda tx, key: office.desk.definitions.get(tx, key).settings


def test_ratings_are_decided_where_an_official_answers_a_form_with_ratings():
    national = load_definition(read_bundle(ROOT, "national"))
    tasks = national.specs.user_tasks.items()

    deciding = {
        element
        for (_, element), task in tasks
        for roles in [national.settings.roles_of_lane(task.lane)]
        if national.decides_ratings(",".join(role.key for role in roles), element)
    }

    assert deciding == {
        "supervisor_review", "explanation_reply", "explanation_reply_superior", "appeal_decision",
        "sign_changed", "sign_result", "skp_dialogue", "skp_mediate", "sign_plan_rater",
        "periodic_evaluation", "record_coaching", "decide_achievement",
    }  # fmt: skip


def named_by(office: Office, person: str) -> None:
    """Let somebody of HR name the clerk as the rater."""
    name_rater(
        office.desk, office.actor(person, NOW), employee_id=EmployeeId("analyst"),
        rater_id=EmployeeId("clerk"), dates=(TODAY, None), now=NOW,
    )  # fmt: skip


def test_hr_gives_a_rating_to_officials_of_the_employee_only(office: Office):
    case = to_be_rated(office)
    item = case.open["rate"].id

    with pytest.raises(Forbidden, match="not_rater"):
        give_to(case, "hr_officer", item, "clerk")

    assert give_to(case, "hr_officer", item, "department_head")
    assert refusals(office, "hr_officer") == ["not_rater"]


def test_two_of_hr_give_a_rating_to_somebody_else(office: Office):
    case = to_be_rated(office)
    item = case.open["rate"].id
    named_by(office, "hr_officer")

    with pytest.raises(Forbidden, match="two_people"):
        give_to(case, "hr_officer", item, "clerk")

    assert give_to(case, "hr_colleague", item, "clerk")
    assert problems(office) == []
