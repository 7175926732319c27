"""HR sees the whole agency; a unit's operator sees the own unit and changes nothing."""

from datetime import date

import pytest

from engine.commands.organisation_units import add_unit, change_unit
from engine.domain.people import Actor, Duty, EmployeeId, PositionId, UnitFunction
from engine.errors import Forbidden, NotFound
from engine.queries import employees, organisation
from tests.cases import NOW
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, Office
from tests.ready import Offices


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with its people."""
    return offices.open("window")


def hr(office: Office) -> Actor:
    return office.actor("hr_officer", NOW)


def operator(office: Office) -> Actor:
    duties = frozenset({Duty(UnitFunction.OPERATOR, DIVISION)})
    return Actor(office.agency_id, EmployeeId("clerk"), duties)


def asked(office: Office, query, actor: Actor, *args, **more):
    with office.desk.store.reading(office.agency_id) as tx:
        return query(tx, actor, *args, **more)


def names(page: employees.EmployeePage) -> list[str]:
    return [person.id for person in page.rows]


def test_units_stand_below_the_one_above_them_with_their_people(office: Office):
    add_unit(office.desk, hr(office), name="Bagian Umum", parent_id=SECRETARIAT, now=NOW)

    tree = asked(office, organisation.tree, hr(office), NOW)

    assert [(line.unit.name, line.depth, line.people) for line in tree.lines] == [
        ("Dinas Pelayanan", 0, 1),
        ("Bidang Perizinan", 1, 3),
        ("Sekretariat Daerah", 0, 5),
        ("Bagian Umum", 1, 0),
    ]
    assert tree.may_change


def test_an_operator_sees_his_unit_and_changes_nothing(office: Office):
    actor = operator(office)

    tree = asked(office, organisation.tree, actor, NOW)
    page = asked(office, organisation.unit_page, actor, DIVISION, NOW)

    assert [line.unit.id for line in tree.lines] == [DIVISION]
    assert [tree.may_change, page.may_change] == [False, False]
    for unit in (DEPARTMENT, SECRETARIAT):
        with pytest.raises(NotFound):
            asked(office, organisation.unit_page, actor, unit, NOW)
    with pytest.raises(NotFound):
        asked(office, organisation.position_page, actor, PositionId("sekda"), NOW)


def test_an_operator_finds_the_people_of_his_unit_only(office: Office):
    actor = operator(office)

    everybody = asked(office, employees.search, actor, NOW)
    elsewhere = asked(office, employees.search, actor, NOW, unit=SECRETARIAT)

    assert names(everybody) == ["analyst", "clerk", "division_head"]
    assert names(elsewhere) == []
    assert asked(office, employees.employee, actor, EmployeeId("analyst"), NOW).posts
    with pytest.raises(NotFound):
        asked(office, employees.employee, actor, EmployeeId("sekda"), NOW)


def test_without_a_duty_nothing_is_shown(office: Office):
    nobody = office.actor("analyst", NOW)

    for query in (organisation.tree, employees.search):
        with pytest.raises(Forbidden, match="missing_duty"):
            asked(office, query, nobody, NOW)


def test_people_are_found_by_how_a_word_of_the_name_begins_and_by_nip(office: Office):
    by_name = asked(office, employees.search, hr(office), NOW, " DIVIS ")
    by_nip = asked(office, employees.search, hr(office), NOW, "19800101 201001 1 006")
    by_unit = asked(office, employees.search, hr(office), NOW, unit=DEPARTMENT)
    nobody = asked(office, employees.search, hr(office), NOW, "%")

    assert names(by_name) == ["division_head"]
    assert (names(by_nip), names(by_unit), names(nobody)) == (["clerk"], ["department_head"], [])


def test_a_list_goes_on_after_the_last_name_of_the_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(employees, "PAGE_SIZE", 4)
    pages, after = [], None

    while not pages or after:
        page = asked(office, employees.search, hr(office), NOW, after=after)
        pages.append(names(page))
        after = page.after

    everybody = [person for page in pages for person in page]
    assert [len(page) for page in pages] == [4, 4, 1]
    assert everybody == sorted(set(everybody))


def test_what_a_unit_was_before_is_told_in_names(office: Office):
    change_unit(
        office.desk,
        hr(office),
        unit_id=DIVISION,
        name="Bidang Izin",
        parent_id=SECRETARIAT,
        now=NOW,
    )

    page = asked(office, organisation.unit_page, hr(office), DIVISION, NOW)

    assert {(row.field, row.was, row.became) for row in page.changes} == {
        ("name", "Bidang Perizinan", "Bidang Izin"),
        ("parent_id", "Dinas Pelayanan", "Sekretariat Daerah"),
    }
    assert {row.by.id for row in page.changes if row.by} == {"hr_officer"}


def test_a_person_is_shown_with_everything_held(office: Office):
    page = asked(office, employees.employee, hr(office), EmployeeId("auditor"), NOW)

    assert [(post.title, post.starts) for post in page.posts] == [("Auditor", date(2020, 1, 1))]
    assert [duty.function for duty in page.duties] == ["auditor"]
    assert (page.open_work, page.account.has_password) == (0, False)


def test_another_agency_is_not_there(offices: Offices, office: Office):
    foreign = add_unit(office.desk, hr(office), name="Unit", parent_id=None, now=NOW)
    other = offices.open("window")

    with pytest.raises(NotFound):
        asked(other, organisation.unit_page, other.actor("hr_officer", NOW), foreign, NOW)
