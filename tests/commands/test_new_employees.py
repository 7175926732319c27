"""One person comes in by hand: checked as a row of a sheet is, each error at its field."""

from dataclasses import replace
from datetime import date

import pytest

from engine.commands.new_employees import Added, NewEmployee, add_employee
from engine.commands.people import PEOPLE_CHAIN
from engine.domain.people import EmployeeId, PositionId, UnitId
from engine.domain.wording import finding_sentence
from engine.errors import Finding, Forbidden, InvalidForm, NotFound
from engine.store import audit, organisation, people
from tests.cases import NOW
from tests.office import DIVISION, Office
from tests.ready import Offices

NIP = "19900220 201502 2 001"
NEW = NewEmployee(
    nip=NIP, name=" Contoh  Baru, S.E. ", kind="pns", grade="III/a", unit_id=DIVISION,
    title="arsiparis", superior_nip="", starts=date(2026, 1, 5),
)  # fmt: skip


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with its people."""
    return offices.open("window")


def add(office: Office, new: NewEmployee, by: str = "hr_officer") -> Added:
    return add_employee(office.desk, office.actor(by, NOW), new=new, now=NOW)


def wrong(office: Office, **fields: object) -> list[tuple[str | None, str]]:
    with pytest.raises(InvalidForm) as refused:
        add(office, replace(NEW, **fields))
    return [(found.element_id, found.rule) for found in refused.value.findings]


def post_of(office: Office, employee_id: EmployeeId) -> tuple[str, PositionId | None, UnitId]:
    """Title, superior and unit of the one post that somebody has."""
    with office.desk.store.reading(office.agency_id) as tx:
        (held,) = organisation.posts_of(tx, employee_id)
        position = people.position(tx, held.position_id)
    return position.title, position.superior_position_id, held.unit_id


def test_who_comes_in_has_a_record_and_a_post_below_whoever_heads_the_unit(office: Office):
    added = add(office, NEW)

    with office.desk.store.reading(office.agency_id) as tx:
        record = organisation.employee_record(tx, added.employee_id)
    assert (record.nip, record.name, record.grade) == (
        "199002202015022001", "Contoh Baru, S.E.", "III/a",
    )  # fmt: skip
    assert post_of(office, added.employee_id) == ("arsiparis", "division_head", DIVISION)
    assert added.warnings == ()


def test_the_event_names_nobody(office: Office):
    added = add(office, NEW)

    with office.desk.store.reading(office.agency_id) as tx:
        *_, event = audit.events_of(tx, PEOPLE_CHAIN)
    assert added.employee_id in event.body
    assert "Contoh" not in event.body
    assert "199002202015022001" not in event.body


def test_everything_that_is_wrong_is_told_at_once_at_its_field(office: Office):
    found = wrong(office, nip="1990", name="", unit_id=UnitId(""), title=" ", superior_nip="123")

    assert found == [
        ("name", "people.name"), ("nip", "nip.length"), ("unit", "organisation.choice"),
        ("title", "organisation.name"), ("superior", "organisation.unknown_nip"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nip", "rule"),
    [
        ("199002302015022001", "nip.birth"),
        ("199002202015132001", "nip.appointment"),
        ("199002202015023001", "nip.sex"),
        ("199002202015022000", "nip.sequence"),
        ("200902202015022001", "nip.too_young"),
        ("199002202027022001", "nip.future"),
    ],
)
def test_a_number_that_cannot_be_is_refused(office: Office, nip: str, rule: str):
    assert wrong(office, nip=nip) == [("nip", rule)]


def test_an_unusual_number_is_taken_and_pointed_out(office: Office):
    added = add(office, replace(NEW, nip="197002202015022001"))

    assert [found.rule for found in added.warnings] == ["nip.over_age"]


def test_a_number_is_given_once(office: Office):
    add(office, NEW)

    assert wrong(office) == [("nip", "people.nip_twice")]


def test_the_post_of_the_head_is_not_given_twice(office: Office):
    assert wrong(office, title="Kepala Bidang") == [("title", "transfer.post_taken")]


def test_who_is_named_as_superior_stands_above_the_new_post(office: Office):
    with office.desk.store.reading(office.agency_id) as tx:
        head = organisation.employee_record(tx, EmployeeId("department_head"))

    added = add(office, replace(NEW, title="Analis", superior_nip=head.nip))

    assert post_of(office, added.employee_id) == ("Analis", "department_head", DIVISION)


def test_a_unit_that_is_not_there_and_somebody_without_the_duty_are_refused(office: Office):
    with pytest.raises(NotFound):
        add(office, replace(NEW, unit_id=UnitId("elsewhere")))
    with pytest.raises(Forbidden):
        add(office, NEW, by="clerk")


def test_in_a_form_a_sentence_speaks_of_no_row():
    of_form = Finding("people.nip_twice", element_id="nip")
    of_sheet = replace(of_form, params={"row": "7"})

    assert finding_sentence(of_form, "id") == "NIP ini sudah dipakai pegawai lain."
    assert finding_sentence(of_sheet, "en") == "Row 7: another employee has this NIP already."
    assert finding_sentence(of_form, "en") == "Another employee has this NIP already."
