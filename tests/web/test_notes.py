"""The pages on which one writes about those one works with."""

import re
from collections.abc import Iterator

import pytest

from engine.domain.people import EmployeeId
from engine.store import people
from tests.office import Office
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated
from tests.web.test_early import IN_JANUARY

__all__ = ["offices", "session_folder"]


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office of the national system with an open period and no appraisal."""
    return offices.open("national")


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """A browser in front of that office."""
    with seated(office.desk, IN_JANUARY) as seat:
        yield seat


def named(page: str) -> list[str]:
    return re.findall(r'href="/notes/(\w+)"', page)


def offered(seat: Seat, person: str) -> list[str]:
    page = seat.client.get(f"/notes/{person}").text
    return re.findall(r'name="process" value="(\w+)"', page)


def test_those_one_leads_works_with_and_is_led_by_are_listed(seat: Seat) -> None:
    head = seat.take("division_head").client.get("/notes").text
    clerk = seat.take("clerk").client.get("/notes").text

    assert named(head) == ["analyst", "clerk", "department_head", "assistant"]
    assert named(clerk) == ["analyst", "division_head", "department_head"]


def test_somebody_elsewhere_is_reached_by_the_whole_nip_and_not_by_name_or_number(
    seat: Seat, office: Office
) -> None:
    seat.take("clerk")
    with office.desk.store.reading(office.agency_id) as tx:
        nip = people.employee(tx, EmployeeId("auditor")).nip

    page = seat.client.get(f"/notes?nip={nip[:8]} {nip[8:]}").text
    opened = seat.post("/notes", nip=nip, cycle=office.cycle_id, process="nat_feedback", key="k")

    assert "Nama auditor" in page
    assert "Tulis umpan balik" in opened.text
    assert "Nama auditor" not in seat.client.get(f"/notes?nip={nip[:17]}&q=nama").text
    assert seat.client.get("/notes/auditor").status_code == 404


def test_hr_is_offered_a_proposal_beside_the_achievement_it_may_set_and_finds_it_there(
    seat: Seat, office: Office
) -> None:
    office.start("clerk", IN_JANUARY)
    seat.take("hr_officer")
    said = {"cycle": office.cycle_id, "process": "nat_organisation", "key": "click"}

    before = seat.client.get("/achievements").text
    seat.post("/notes/division_head", **said)
    after = seat.client.get("/achievements").text

    assert 'href="/notes/division_head">Minta usulan' in before
    assert 'href="/notes/division_head">Minta usulan' not in after
    assert 'Usulan dan pertimbangan<span class="hidden-text">' in after


def test_planning_and_hr_reach_the_head_of_a_unit_for_its_achievement(seat: Seat) -> None:
    assert offered(seat.take("hr_officer"), "division_head") == ["nat_organisation"]
    assert seat.client.get("/notes/clerk").status_code == 404


def test_the_rater_is_offered_more_than_a_colleague_and_nobody_anything_about_himself(
    seat: Seat,
) -> None:
    rater = offered(seat.take("division_head"), "clerk")
    colleague = offered(seat.take("analyst"), "clerk")
    himself = seat.take("clerk").client.get("/notes/clerk").status_code

    assert rater == ["nat_planning", "nat_monitoring", "nat_feedback", "nat_coaching"]
    assert colleague == ["nat_feedback"]
    assert himself == 404


def test_a_note_is_begun_at_once_and_a_second_click_begins_no_other(
    seat: Seat, office: Office
) -> None:
    seat.take("analyst")
    said = {"cycle": office.cycle_id, "process": "nat_feedback", "key": "click"}

    first, again = (seat.post("/notes/clerk", **said) for _ in range(2))

    assert re.fullmatch(r"/work-items/[^/]+", first.url.path)
    assert first.url == again.url
    assert "Tulis umpan balik" in first.text


def test_who_is_not_there_is_not_found(seat: Seat) -> None:
    assert seat.take("clerk").client.get("/notes/nobody").status_code == 404


def test_where_no_period_asks_for_notes_the_page_says_so_and_names_nobody(
    offices: Offices,
) -> None:
    aside = offices.open("aside")
    with seated(aside.desk, IN_JANUARY) as seat:
        page = seat.take("clerk").client.get("/notes").text

    assert named(page) == []
    assert "Tidak ada periode penilaian terbuka" in page
