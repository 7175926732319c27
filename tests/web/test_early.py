"""The plan of a year is begun from one's own page before anybody has started the appraisal."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.faults.test_lost_definition import anew
from tests.office import Office
from tests.ready import Offices, offices, session_folder
from tests.store.test_verification import tamper
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

IN_JANUARY = datetime(2025, 1, 6, 2, tzinfo=UTC)


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office of the national system with an open period and no appraisal."""
    return offices.open("national")


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """A browser in front of that office."""
    with seated(office.desk, IN_JANUARY) as seat:
        yield seat


def offered(seat: Seat) -> list[str]:
    page = seat.client.get("/my-appraisals").text
    return re.findall(r'name="process" value="(\w+)"', page)


def test_an_employee_begins_the_plan_and_is_offered_it_once(seat: Seat, office: Office) -> None:
    seat.take("clerk")
    before = offered(seat)

    opened = seat.post("/my-appraisals", cycle=office.cycle_id, process="nat_planning", key="k")

    assert before[0] == "nat_planning"
    assert re.fullmatch(r"/work-items/[^/]+", opened.url.path)
    assert "Susun rencana kinerja" in opened.text
    assert "nat_planning" not in offered(seat)


def test_whose_appraisal_runs_begins_it_from_there(seat: Seat, office: Office) -> None:
    office.start("clerk", IN_JANUARY)

    assert offered(seat.take("clerk")) == []


def test_what_needs_an_appraisal_is_not_begun_before(offices: Offices) -> None:
    aside = offices.open("aside")
    with seated(aside.desk, IN_JANUARY) as seat:
        seat.take("analyst")

        answer = seat.post("/my-appraisals", cycle=aside.cycle_id, process="support", key="k")

    assert answer.status_code == 404


def test_a_period_whose_files_are_lost_offers_nothing_and_stops_no_page(
    offices: Offices, office: Office
) -> None:
    tamper(offices.opened[-1][1], "DELETE FROM definition_file")

    with seated(anew(office).desk, IN_JANUARY) as seat:
        page = seat.take("clerk").client.get("/my-appraisals")

    assert page.status_code == 200
    assert "nat_planning" not in page.text
