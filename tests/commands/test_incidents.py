"""A failing automatic step keeps the answers and holds its case only; a retry applies them."""

from datetime import date, datetime, timedelta

import pytest

from engine.commands.incidents import retry_incident
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.work_forms import open_form
from engine.domain.people import EmployeeId, PositionId
from engine.errors import Forbidden, NotFound, WorkItemClosed
from engine.jobs.timers import fire_due_timers
from engine.store import incidents, submissions
from engine.store.incidents import IncidentRow
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow
from engine.store.states import InstanceStatus, WorkItemState
from tests.cases import NOW, SECRET, Case, refusals
from tests.office import SECRETARIAT, Office
from tests.ready import Offices

PLAIN = {"way": "plain", "word": SECRET}
FAILING = {
    "a gateway compares a word with a number": ("compare", "compare"),
    "a table has no row": ("lookup", "lookup"),
    "nobody may decide": ("authority", "needs_authority"),
}


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cases stumble over certain answers."""
    return offices.open("stumble")


def open_incidents(case: Case) -> tuple[IncidentRow, ...]:
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        return incidents.open_of_instance(tx, case.id)


def retry(case: Case, person: str = "hr_officer", *, now: datetime = NOW) -> bool:
    actor = case.office.actor(person, now)
    return retry_incident(case.office.desk, actor, instance_id=case.id, now=now)


def stumble(office: Office, way: str, person: str = "sekda") -> Case:
    """The case of the highest official, above whom nobody decides, after a failing step."""
    case = Case.start(office, person)
    assert case.complete(person, "claim", {"way": way, "word": SECRET}).held
    return case


def appoint_regent(office: Office) -> None:
    """Fill the office that decides in the last resort, empty until now."""
    regent, post = EmployeeId("regent"), PositionId("regent")
    people = Organisation(
        positions=(PositionRow(post, SECRETARIAT, "Bupati", None, "bupati"),),
        employees=(EmployeeRow(regent, "198001012010011099", "Nama Bupati", "pns"),),
        assignments=(
            AssignmentRow("a-regent", regent, post, SECRETARIAT, "definitive", date(2020, 1, 1)),
        ),
    )
    import_people(office.desk, founder(office.agency_id), people=people, now=NOW)


@pytest.mark.parametrize(("way", "place"), FAILING.values(), ids=list(FAILING))
def test_a_failing_step_keeps_the_answers_and_holds_the_case(office: Office, way: str, place: str):
    case = stumble(office, way)

    (incident,) = open_incidents(case)
    with office.desk.store.reading(office.agency_id) as tx:
        (kept,) = submissions.of_instance(tx, case.id)
    assert case.row.status == InstanceStatus.HELD
    assert (incident.element_id, incident.submission_id) == (place, kept.id)
    assert case.item(kept.work_item_id).state == WorkItemState.COMPLETED
    assert case.actions[-2:] == ["work.completed", "incident.opened"]
    assert "gateway.taken" not in case.actions


def test_other_cases_go_on_while_one_is_held(office: Office):
    stumble(office, "lookup")
    other = Case.start(office, "clerk")

    other.complete("clerk", "claim", PLAIN)
    other.complete("clerk", "later", PLAIN)

    assert other.row.status == InstanceStatus.COMPLETED


def test_a_retry_while_the_cause_lasts_is_counted_and_keeps_the_case_held(office: Office):
    case = stumble(office, "lookup")

    assert not retry(case)

    (incident,) = open_incidents(case)
    assert incident.attempts == 2
    assert case.row.status == InstanceStatus.HELD
    assert case.actions[-1] == "incident.retried"


def test_a_retry_applies_the_kept_answers_once_the_missing_fact_is_there(office: Office):
    case = stumble(office, "authority")
    appoint_regent(office)

    assert retry(case)

    assert case.row.status == InstanceStatus.RUNNING
    assert set(case.open) == {"later"}
    assert open_incidents(case) == ()
    assert case.actions.count("work.completed") == 1
    assert "incident.resolved" in case.actions
    case.complete("sekda", "later", PLAIN)
    assert case.row.status == InstanceStatus.COMPLETED


def test_answers_given_in_time_count_when_the_retry_comes_after_the_deadline(office: Office):
    case = stumble(office, "authority")
    appoint_regent(office)
    late = NOW + timedelta(days=60)

    assert retry(case, now=late)

    assert set(case.open) == {"later"}
    assert "timer.fired" not in case.actions


def test_a_resolved_incident_cannot_be_retried_again(office: Office):
    case = stumble(office, "authority")
    appoint_regent(office)
    retry(case)

    with pytest.raises(NotFound):
        retry(case)


@pytest.mark.parametrize("person", ["sekda", "clerk", "auditor"])
def test_only_those_in_charge_retry_and_never_in_their_own_case(office: Office, person: str):
    case = stumble(office, "lookup")

    with pytest.raises(Forbidden):
        retry(case, person)

    assert len(refusals(office, person)) == 1


def test_an_hr_officer_does_not_retry_the_own_case(office: Office):
    case = stumble(office, "lookup", "hr_officer")

    with pytest.raises(Forbidden) as refused:
        retry(case, "hr_officer")

    assert refused.value.reason == "own_case"
    assert not retry(case, "hr_colleague")


def test_a_held_case_takes_no_further_work_and_no_timers(office: Office):
    case = Case.start(office, "analyst")
    case.complete("analyst", "claim", PLAIN)
    case.complete("analyst", "later", PLAIN)
    held = stumble(office, "lookup")

    fired = fire_due_timers(office.desk, office.agency_id, now=NOW + timedelta(days=400))

    assert fired == 0
    assert held.row.status == InstanceStatus.HELD
    assert held.open == {}


def test_the_form_of_finished_work_in_a_held_case_is_closed(office: Office):
    case = Case.start(office, "sekda")
    item = case.open["claim"]
    case.complete("sekda", "claim", {"way": "lookup", "word": SECRET})

    with pytest.raises(WorkItemClosed):
        open_form(office.desk, office.actor("sekda", NOW), item_id=item.id, language="id", now=NOW)
