"""An appeal is withdrawn by its owner only; a late rating is taken over only when offered."""

from datetime import timedelta

import pytest

from engine.commands.appeals import take_over, withdraw_appeal
from engine.commands.people import found_agency
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, Forbidden, NotFound, WorkItemClosed
from engine.jobs.timers import fire_due_timers
from engine.store import appraisals
from engine.store.appraisals import AppraisalRow
from engine.store.states import InstanceStatus, WorkItemState
from tests.cases import NOW, SECRET, Case, refusals
from tests.commands.contests import LATE, RATED, WORDS, to_be_heard, to_be_rated
from tests.office import Office
from tests.ready import Offices


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with the system of late ratings and hearings."""
    return offices.open("contest")


def withdraw(case: Case, person: str = "analyst") -> None:
    actor = case.office.actor(person, NOW)
    withdraw_appeal(case.office.desk, actor, instance_id=case.id, now=NOW)


def offered(office: Office) -> Case:
    """A case whose late rating is offered to the rater's superior."""
    case = to_be_rated(office)
    assert fire_due_timers(office.desk, office.agency_id, now=LATE) == 1
    return case


def take(case: Case, person: str = "department_head", *, item_id: str = "") -> None:
    office, item = case.office, item_id or case.open["rate"].id
    actor = office.actor(person, LATE)
    take_over(office.desk, actor, item_id=item, reason=SECRET, now=LATE)


def appraisal(case: Case) -> AppraisalRow:
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        return appraisals.get(tx, case.id)


def test_a_withdrawn_appeal_ends_its_hearing_and_the_result_stands(office: Office):
    case = to_be_heard(office)
    hearing = case.open["decide"]
    assert appraisal(case).appeal_open

    withdraw(case)

    assert case.item(hearing.id).state == WorkItemState.WITHDRAWN
    assert case.row.status == InstanceStatus.COMPLETED
    assert (appraisal(case).predicate, appraisal(case).appeal_open) == ("very_good", False)
    assert case.actions.count("appeal.withdrawn") == 1
    assert "message.received" in case.actions


@pytest.mark.parametrize("person", ["division_head", "hr_officer", "clerk"])
def test_nobody_else_withdraws_an_appeal(office: Office, person: str):
    case = to_be_heard(office)

    with pytest.raises(Forbidden):
        withdraw(case, person)

    assert "decide" in case.open
    assert refusals(office, person) == ["not_yours"]


def test_without_an_appeal_there_is_nothing_to_withdraw(office: Office):
    case = to_be_rated(office)

    with pytest.raises(Conflict):
        withdraw(case)

    assert set(case.open) == {"rate"}
    assert "appeal.withdrawn" not in case.actions


def test_an_appeal_is_withdrawn_once(office: Office):
    case = to_be_heard(office)
    withdraw(case)

    with pytest.raises(Conflict):
        withdraw(case)

    assert case.actions.count("appeal.withdrawn") == 1


def test_a_case_of_another_agency_is_not_found(office: Office):
    case = to_be_heard(office)
    other = found_agency(office.desk, name="Kota Lain", zone="Asia/Makassar", now=NOW)
    stranger = Actor(other, EmployeeId("analyst"))

    with pytest.raises(NotFound):
        withdraw_appeal(office.desk, stranger, instance_id=case.id, now=NOW)
    with pytest.raises(NotFound):
        take_over(office.desk, stranger, item_id=case.open["decide"].id, reason=SECRET, now=NOW)


def test_a_late_rating_is_offered_to_the_superior_and_never_moved_by_itself(office: Office):
    case = offered(office)

    item = case.open["rate"]
    assert (item.assignee_id, item.offered_to) == ("division_head", "department_head")
    assert "takeover.offered" in case.actions


def test_who_takes_over_becomes_the_rater_and_his_superior_the_next_above(office: Office):
    case = offered(office)

    take(case)

    assert case.open["rate"].assignee_id == "department_head"
    assert appraisal(case).rater_id == "department_head"
    assert appraisal(case).rater_superior_id == "assistant"
    assert "takeover.made" in case.actions
    case.complete("department_head", "rate", RATED, now=LATE)
    assert case.open["decide"].assignee_id == "assistant"


def test_all_other_open_work_of_the_late_rater_moves_too_each_with_its_event(office: Office):
    case = offered(office)
    other = case.open["explain_delay"].id

    take(case)

    assert case.open["explain_delay"].assignee_id == "department_head"
    moved = [e for e in case.events if e["action"] == "work.reassigned"]
    assert [event["item"] for event in moved] == [other]
    assert moved[0]["values"] == {"from_person": "division_head", "to": "department_head"}


def test_after_a_takeover_the_late_rater_can_no_longer_rate(office: Office):
    case = offered(office)
    take(case)

    with pytest.raises(Forbidden):
        case.complete("division_head", "rate", RATED, now=LATE)


def test_before_the_deadline_nothing_is_offered_to_take_over(office: Office):
    case = to_be_rated(office)

    with pytest.raises(Forbidden) as refused:
        take(case)

    assert refused.value.reason == "not_offered"
    assert refusals(office, "department_head", now=LATE) == ["not_offered"]


@pytest.mark.parametrize("person", ["analyst", "assistant", "hr_officer"])
def test_only_the_one_to_whom_it_is_offered_takes_over(office: Office, person: str):
    case = offered(office)

    with pytest.raises(Forbidden):
        take(case, person)

    assert appraisal(case).rater_id == "division_head"


def test_a_rating_that_was_made_meanwhile_is_not_taken_over(office: Office):
    case = offered(office)
    item = case.open["rate"]
    case.complete("division_head", "rate", RATED, now=LATE + timedelta(minutes=1))

    with pytest.raises(WorkItemClosed):
        take(case, item_id=item.id)

    assert appraisal(case).rater_id == "division_head"


def test_who_took_part_does_not_decide_the_appeal(office: Office):
    case = offered(office)
    take(case)
    case.complete("department_head", "rate", RATED, now=LATE)

    with pytest.raises(Forbidden):
        case.complete("department_head", "decide", WORDS, now=LATE)

    case.complete("assistant", "decide", WORDS, now=LATE)
    assert set(case.open) == {"explain_delay"}
