"""Agencies are founded and their people come in whole, or not at all with every reason."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.commands.desk import Desk
from engine.commands.organisation import Organisation
from engine.commands.people import (
    PEOPLE_CHAIN,
    found_agency,
    founder,
    import_people,
)
from engine.domain.people import Actor, AgencyId, Duty, EmployeeId, PositionId, UnitFunction, UnitId
from engine.errors import Forbidden, InvalidImport, Severity
from engine.store import audit, people, staffing, verification
from engine.store.people import AssignmentRow, DutyRow, SubstitutionRow
from tests.commands.organisations import FIRST_DAY, HEAD, STAFF, office

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
TODAY = date(2026, 1, 5)


@pytest.fixture
def agency_id(desk: Desk) -> AgencyId:
    return found_agency(desk, name="Kabupaten Contoh", zone="Asia/Makassar", now=NOW)


def rules(desk: Desk, agency_id: AgencyId, organisation: Organisation) -> set[tuple[str, str]]:
    with pytest.raises(InvalidImport) as caught:
        import_people(desk, founder(agency_id), people=organisation, now=NOW)
    return {(found.element_id, found.rule) for found in caught.value.findings}


def test_a_whole_organisation_is_stored_parents_first(desk: Desk, agency_id: AgencyId):
    import_people(desk, founder(agency_id), people=office(), now=NOW)

    with desk.store.reading(agency_id) as tx:
        superiors = staffing.superiors(tx, PositionId("p-staff"), TODAY)
        assert [found.employee_id for found in superiors] == [HEAD]
        assert people.employee(tx, STAFF).name == "Contoh Staf"


def test_the_event_of_an_import_counts_and_commits_but_names_nobody(
    desk: Desk, agency_id: AgencyId
):
    imported = import_people(desk, founder(agency_id), people=office(), now=NOW)

    with desk.store.reading(agency_id) as tx:
        *_, event = audit.events_of(tx, PEOPLE_CHAIN)
        assert list(verification.verify(tx)) == []
    assert event.action == "people.imported"
    assert imported.commitment in event.body
    assert '"employees":2' in event.body
    assert "Contoh" not in event.body
    assert "1970" not in event.body


def test_every_wrong_place_is_named_at_once_and_nothing_is_stored(desk: Desk, agency_id: AgencyId):
    good = office()
    head, staff = good.employees
    inner, outer = good.units
    wrong = replace(
        good,
        units=(inner, replace(outer, parent_id=inner.id)),
        positions=(replace(good.positions[0], unit_id=UnitId("nowhere")), good.positions[1]),
        employees=(replace(head, nip="19700101"), replace(staff, name=" ", kind="honorer")),
        assignments=(replace(good.assignments[0], ends=date(2024, 1, 1)), good.assignments[1]),
        substitutions=(SubstitutionRow("s", HEAD, HEAD, TODAY, TODAY),),
        duties=(DutyRow("d", HEAD, "king", None, TODAY),),
    )

    found = rules(desk, agency_id, wrong)

    assert found == {
        ("units.1:parent_id", "people.circle"),
        ("units.2:parent_id", "people.circle"),
        ("positions.1:unit_id", "people.unknown"),
        ("employees.1:nip", "nip.length"),
        ("employees.2:name", "people.name"),
        ("employees.2:kind", "people.kind"),
        ("assignments.1:ends", "people.period"),
        ("substitutions.1:substitute_id", "people.substitutes_himself"),
        ("duties.1:function", "people.function"),
    }
    with desk.store.reading(agency_id) as tx:
        assert people.units(tx) == ()
        assert len(audit.events_of(tx, PEOPLE_CHAIN)) == 1


def test_a_number_twice_in_the_file_or_in_the_agency_is_refused(desk: Desk, agency_id: AgencyId):
    good = office()
    head, staff = good.employees
    twice = replace(good, employees=(head, replace(staff, nip=head.nip)))

    in_file = rules(desk, agency_id, twice)
    import_people(desk, founder(agency_id), people=good, now=NOW)
    again = Organisation(employees=(replace(head, id=EmployeeId("other")),))

    assert ("employees.1:nip", "people.nip_twice") in in_file
    assert rules(desk, agency_id, again) == {("employees.1:nip", "people.nip_twice")}


def test_nobody_holds_a_post_and_the_one_above_but_acting_above_is_allowed(
    desk: Desk, agency_id: AgencyId
):
    good = office()
    both = AssignmentRow(
        "a3", HEAD, PositionId("p-staff"), UnitId("section"), "definitive", FIRST_DAY
    )
    doubled = replace(good, assignments=(*good.assignments, both))
    acting = replace(
        good,
        assignments=(
            good.assignments[1],
            replace(good.assignments[0], employee_id=STAFF, kind="acting_permanent"),
        ),
    )

    assert rules(desk, agency_id, doubled) == {
        ("assignments.3:position_id", "people.rates_himself")
    }
    import_people(desk, founder(agency_id), people=acting, now=NOW)


def test_an_unusual_number_is_a_warning_that_stops_nothing(desk: Desk, agency_id: AgencyId):
    good = office()
    late = replace(good.employees[0], nip="197001012010011001")
    bad = replace(good.employees[1], nip="199002022015022000")

    with pytest.raises(InvalidImport) as caught:
        import_people(
            desk, founder(agency_id), people=replace(good, employees=(late, bad)), now=NOW
        )
    import_people(
        desk, founder(agency_id), people=replace(good, employees=(late, good.employees[1])), now=NOW
    )

    by_rule = {found.rule: found.severity for found in caught.value.findings}
    assert by_rule == {"nip.over_age": Severity.WARNING, "nip.sequence": Severity.ERROR}


def test_a_second_import_refers_to_what_is_there_already(desk: Desk, agency_id: AgencyId):
    import_people(desk, founder(agency_id), people=office(), now=NOW)
    more = Organisation(duties=(DutyRow("d1", STAFF, "hr", UnitId("section"), FIRST_DAY),))

    import_people(desk, founder(agency_id), people=more, now=NOW)

    with desk.store.reading(agency_id) as tx:
        assert staffing.actor(tx, STAFF, TODAY).holds(UnitFunction.HR, UnitId("section"))


def test_only_the_founding_brings_duties_without_a_second_person(desk: Desk, agency_id: AgencyId):
    import_people(desk, founder(agency_id), people=office(), now=NOW)
    officer = Actor(agency_id, HEAD, frozenset({Duty(UnitFunction.HR, None)}))
    more = Organisation(duties=(DutyRow("d1", STAFF, "hr", None, FIRST_DAY),))

    with pytest.raises(Forbidden, match="two_people"):
        import_people(desk, officer, people=more, now=NOW)
    with pytest.raises(Forbidden, match="missing_duty"):
        import_people(desk, Actor(agency_id, STAFF), people=Organisation(), now=NOW)
