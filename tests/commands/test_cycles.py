"""A cycle is opened on what is deployed; every employee has one appraisal in it."""

from datetime import date

import pytest

from engine.commands.cycles import open_cycle, start_appraisal
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden, NotFound
from engine.store import appraisals, cycles
from engine.store.states import CycleStatus
from tests.cases import NOW, Case, refusals, trail
from tests.office import Office
from tests.ready import Offices
from tests.snapshots import TRAIL, changed, snapshot


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with one open cycle and no case."""
    return offices.open("contest")


def open_next(office: Office, person: str = "hr_officer", *, system: str = "contest") -> str:
    return open_cycle(
        office.desk, office.actor(person, NOW), system=system, name="Tahun 2026",
        starts=date(2026, 1, 1), ends=date(2026, 12, 31), now=NOW,
    )  # fmt: skip


def start(office: Office, employee: str = "clerk", person: str = "hr_officer") -> str:
    actor = office.actor(person, NOW)
    return start_appraisal(
        office.desk, actor, cycle_id=office.cycle_id, employee_id=EmployeeId(employee), now=NOW
    )


def test_a_cycle_is_open_on_the_active_version(office: Office):
    cycle_id = open_next(office)

    with office.desk.store.reading(office.agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
    (event,) = trail(office, f"cycle/{cycle_id}")
    assert cycle.status == CycleStatus.OPEN
    assert (event["action"], event["definition"]) == ("cycle.opened", cycle.definition_id)


def test_no_cycle_opens_on_a_system_that_was_never_deployed(office: Office):
    before = snapshot(office)

    with pytest.raises(NotFound):
        open_next(office, system="national")

    assert snapshot(office) == before


@pytest.mark.parametrize("person", ["analyst", "division_head", "auditor"])
def test_only_hr_opens_cycles_and_starts_appraisals(office: Office, person: str):
    before = snapshot(office)

    with pytest.raises(Forbidden):
        open_next(office, person)
    with pytest.raises(Forbidden):
        start(office, person=person)

    assert refusals(office, person) == ["missing_duty", "missing_duty"]
    assert {table for table, _ in changed(before, snapshot(office))} == set(TRAIL)


def test_an_appraisal_knows_its_rater_and_the_one_above(office: Office):
    case = Case(office, start(office))

    with office.desk.store.reading(office.agency_id) as tx:
        appraisal = appraisals.get(tx, case.id)
    assert appraisal.rater_id == "division_head"
    assert appraisal.rater_superior_id == "department_head"
    assert case.events[0]["values"]["rater"] == "division_head"
    assert case.actions == ["instance.started", "work.opened"]
    assert case.row.audit_count == 2


def test_who_has_nobody_to_rate_him_gets_no_appraisal_and_hr_does_not_rate_instead(
    office: Office,
):
    before = snapshot(office)

    with pytest.raises(NotFound, match="rater"):
        start(office, "sekda")

    assert snapshot(office) == before


def test_nobody_is_appraised_twice_in_a_cycle(office: Office):
    start(office)
    before = snapshot(office)

    with pytest.raises(Conflict):
        start(office)

    assert snapshot(office) == before


@pytest.mark.parametrize("employee", ["nobody", ""])
def test_an_unknown_employee_gets_no_appraisal(office: Office, employee: str):
    before = snapshot(office)

    with pytest.raises(NotFound):
        start(office, employee)

    assert snapshot(office) == before


def test_a_closed_cycle_takes_no_new_appraisal(office: Office):
    with office.desk.store.transaction(office.agency_id) as tx:
        cycles.set_status(tx, office.cycle_id, CycleStatus.CLOSED)

    with pytest.raises(Conflict):
        start(office)
