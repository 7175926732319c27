"""The page on which a leader sees who of his staff carries which of his results."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from engine.commands.cycles import open_cycle
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.plan_sheet import PlanLine
from engine.commands.plans import import_plan
from engine.domain.people import EmployeeId, PositionId
from engine.store import cycles
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow
from tests.office import DIVISION, PLAN, SINCE, Office
from tests.rated import Rated, add_rated
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated
from tests.web.test_early import IN_JANUARY

__all__ = ["offices", "session_folder"]


@pytest.fixture
def office(offices: Offices) -> Office:
    """A division whose head has a plan that one of two serves in one of three results."""
    office = offices.open("national")
    served = replace(PLAN[0], result_plan="Loket buka", superior_result=PLAN[0].result_plan)
    give(office, "division_head", *PLAN)
    give(office, "clerk", served, PLAN[1])
    return office


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """A browser in front of that office."""
    with seated(office.desk, IN_JANUARY) as seat:
        yield seat


def give(office: Office, person: str, *lines: PlanLine) -> None:
    import_plan(
        office.desk, office.actor("hr_officer", IN_JANUARY), cycle_id=office.cycle_id,
        employee_id=EmployeeId(person), lines=lines, now=IN_JANUARY,
    )  # fmt: skip


def test_the_leader_sees_who_carries_what_which_gaps_there_are_and_who_has_no_plan(
    seat: Seat,
) -> None:
    page = seat.take("division_head").client.get("/team/matrix").text

    assert "2 hasil kerja Saudara belum dipikul siapa pun." in page
    assert page.count("belum ada yang memikul</span>") == 2
    assert "<b>Nama clerk</b>: Loket buka" in page
    assert "<b>Nama clerk</b>: Aduan ditanggapi" in page.split("Tidak mendukung")[1]
    assert "Nama analyst" in page.split("Belum mempunyai rencana kinerja")[1]


def test_a_later_period_of_others_does_not_take_the_place_of_the_own_one(
    seat: Seat, office: Office
) -> None:
    open_cycle(
        office.desk, office.actor("hr_officer", IN_JANUARY), system="national", name="Milik lain",
        starts=date(2026, 2, 1), ends=date(2026, 12, 31), now=IN_JANUARY,
    )  # fmt: skip

    page = seat.take("division_head").client.get("/team/matrix").text

    assert "2 hasil kerja Saudara belum dipikul siapa pun." in page


def test_of_periods_that_begin_alike_the_one_with_most_staff_comes_first_and_others_can_be_chosen(
    seat: Seat, office: Office
) -> None:
    hr, store = office.actor("hr_officer", IN_JANUARY), office.desk.store
    with store.reading(office.agency_id) as tx:
        starts = cycles.get(tx, office.cycle_id).starts
    larger = open_cycle(
        office.desk, hr, system="national", name="Periode lebih besar", starts=starts,
        ends=date(2026, 12, 31), now=IN_JANUARY,
    )  # fmt: skip
    few = [Rated("few", DIVISION, "department_head")]
    many = [Rated(f"many{n}", DIVISION, "department_head") for n in range(2)]
    add_rated(store, office.agency_id, office.cycle_id, few)
    add_rated(store, office.agency_id, larger, many)
    seat.take("department_head")

    first = seat.client.get("/team/matrix").text
    other = seat.client.get(f"/team/matrix?cycle={office.cycle_id}").text

    assert '<p class="over">Periode lebih besar</p>' in first
    assert f'<option value="{office.cycle_id}">' in first
    assert f'<option value="{office.cycle_id}" selected>' in other
    assert seat.client.get("/team/matrix/file?cycle=lain").status_code == 404


def test_the_file_has_a_column_for_each_of_the_staff(seat: Seat) -> None:
    answer = seat.take("division_head").client.get("/team/matrix/file")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    table = rows.get_sheet_by_index(0).to_python()
    assert table[0][1:] == ["Nama analyst", "Nama clerk"]
    assert table[1] == ["Layanan izin tepat waktu", "", "Loket buka"]
    assert table[-1] == ["tidak mendukung hasil kerja pimpinan", "", "Aduan ditanggapi"]


def test_of_many_staff_nobody_is_left_out_of_the_page_or_the_file(
    seat: Seat, office: Office
) -> None:
    numbers = range(200)
    ids = [f"staff-{number}" for number in numbers]
    posts = (PositionRow(i, DIVISION, "Staf", PositionId("division_head")) for i in ids)
    named = (
        EmployeeRow(EmployeeId(i), f"19850101201001{1 + n % 2}{n + 100:03}", f"Ani {n}", "pns")
        for n, i in zip(numbers, ids, strict=True)
    )
    held = (AssignmentRow(f"a-{i}", i, i, DIVISION, "definitive", SINCE) for i in ids)
    more = Organisation(positions=tuple(posts), employees=tuple(named), assignments=tuple(held))
    import_people(office.desk, founder(office.agency_id), people=more, now=IN_JANUARY)

    page = seat.take("division_head").client.get("/team/matrix").text
    file = seat.client.get("/team/matrix/file").content

    assert "<b>Nama clerk</b>: Loket buka" in page
    table = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
    assert len(table[0]) == 1 + 200 + 2


def test_who_leads_nobody_sees_that_and_gets_no_file(seat: Seat) -> None:
    seat.take("clerk")

    assert "Saudara tidak memimpin siapa pun" in seat.client.get("/team/matrix").text
    assert seat.client.get("/team/matrix/file").status_code == 404
