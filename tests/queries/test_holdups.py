"""Who holds what is counted once, by unit, by person and step by step."""

from datetime import timedelta

import pytest

from engine.domain.people import AgencyId
from engine.queries import holdups
from engine.queries.steps import as_drawn
from tests.cases import NOW
from tests.commands.launches import import_plans, launch
from tests.office import DIVISION, Office
from tests.ready import Offices

LATE = NOW + timedelta(days=20)


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cycle was launched."""
    made = offices.open("national")
    import_plans(made)
    launch(made)
    return made


def test_units_persons_and_steps_add_up(office: Office) -> None:
    with office.desk.store.reading(office.agency_id) as tx:
        units = {unit.unit_id: unit for unit in holdups.by_unit(tx, office.cycle_id, LATE)}
        persons = holdups.by_person(tx, office.cycle_id, DIVISION, LATE)
        items = holdups.held_items(tx, office.cycle_id, DIVISION, as_drawn)

    assert sum(unit.open for unit in units.values()) == 8
    assert {person.employee_id for person in persons} == {"division_head", "analyst", "clerk"}
    assert sum(person.open for person in persons) == units[DIVISION].open == len(items) == 3
    assert sum(person.overdue for person in persons) == units[DIVISION].overdue == 3
    assert {item.step for item in items} == {"Isi penilaian diri"}


def test_nothing_is_late_before_its_day(office: Office) -> None:
    with office.desk.store.reading(office.agency_id) as tx:
        units = holdups.by_unit(tx, office.cycle_id, NOW)

    assert {unit.overdue or 0 for unit in units} == {0}


def test_another_agency_sees_no_step(office: Office) -> None:
    with office.desk.store.reading(AgencyId("other")) as tx:
        found = (
            holdups.by_unit(tx, office.cycle_id, LATE),
            holdups.by_person(tx, office.cycle_id, DIVISION, LATE),
            tuple(holdups.held_items(tx, office.cycle_id, DIVISION, as_drawn)),
        )

    assert found == ((), (), ())
