"""Who looks after one unit finds nothing of another, whatever else he holds there."""

from engine.domain.people import Actor, Duty, EmployeeId, UnitFunction, UnitId
from engine.queries.case_list import search_cases
from engine.queries.handing_on import task_lines
from engine.queries.steps import as_drawn
from tests.cases import Case
from tests.office import DIVISION, SECRETARIAT, Office
from tests.ready import Offices


def looking(office: Office, *duties: tuple[UnitFunction, UnitId | None]) -> Actor:
    held = frozenset(Duty(function, unit) for function, unit in duties)
    return Actor(office.agency_id, EmployeeId("auditor"), held)


def test_a_search_finds_the_cases_of_the_own_units(offices: Offices):
    office = offices.open("counter")
    here, there = Case.start(office, "analyst"), Case.start(office, "hr_colleague")
    actors = {
        unit: looking(office, (UnitFunction.AUDITOR, unit))
        for unit in (DIVISION, SECRETARIAT, None)
    }

    with office.desk.store.reading(office.agency_id) as tx:
        found = {
            unit: {row.instance_id for row in search_cases(tx, actor).rows}
            for unit, actor in actors.items()
        }

    assert found == {DIVISION: {here.id}, SECRETARIAT: {there.id}, None: {here.id, there.id}}


def test_an_order_names_only_tasks_of_units_that_one_oversees(offices: Offices):
    office = offices.open("counter")
    here, there = Case.start(office, "analyst"), Case.start(office, "hr_colleague")
    items = [case.open["report"].id for case in (here, there)]
    actor = looking(
        office, (UnitFunction.OPERATOR, DIVISION), (UnitFunction.INSPECTORATE, SECRETARIAT)
    )

    with office.desk.store.reading(office.agency_id) as tx:
        lines = task_lines(tx, actor, items, as_drawn)

    assert set(lines) == {items[0]}
