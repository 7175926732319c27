"""What runs beside an appraisal, through its page and through the interface for programs."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cases import NOW, Case
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated
from tests.web.test_programs import Program

__all__ = ["offices", "session_folder"]


@pytest.fixture
def case(offices: Offices) -> Case:
    """A running appraisal of a system with processes beside it."""
    return Case.start(offices.open("aside"))


@pytest.fixture
def seat(case: Case) -> Iterator[Seat]:
    """A browser in front of that office."""
    with seated(case.office.desk, NOW + timedelta(days=1), analyst=case.id) as seat:
        yield seat


def start(seat: Seat, case: Case, process: str, key: str = "click"):
    return seat.post(f"/cases/{case.id}/beside", process=process, key=key)


def test_the_rater_starts_a_note_from_the_page_and_begins_at_once(seat: Seat, case: Case):
    page = seat.take("division_head").client.get(f"/cases/{case.id}").text

    first, again = start(seat, case, "note"), start(seat, case, "note")

    assert re.findall(r'name="process" value="(\w+)"', page) == ["note"]
    assert re.fullmatch(r"/work-items/[^/]+", first.url.path)
    assert first.url == again.url
    assert seat.client.get(f"/cases/{case.id}").text.count("Catatan kinerja</a>") == 1


def test_what_is_in_confidence_stands_on_the_page_of_its_subject_only(seat: Seat, case: Case):
    seat.take("analyst")
    opened = start(seat, case, "support").url.path
    own = seat.client.get(f"/cases/{case.id}").text

    of_rater = seat.take("division_head").client.get(f"/cases/{case.id}").text
    of_hr = seat.take("hr_officer").client.get(f"/cases/{case.id}").text

    assert opened.startswith("/work-items/")
    assert "Permintaan dukungan</a>" in own
    assert "Permintaan dukungan" not in of_rater + of_hr


def test_who_may_not_start_it_finds_no_such_thing(seat: Seat, case: Case):
    seat.take("hr_officer")

    assert start(seat, case, "note").status_code == 404
    assert start(seat, case, "nothing").status_code == 404


def test_a_case_beside_shows_no_result_and_no_further_offers(seat: Seat, case: Case):
    seat.take("division_head")
    start(seat, case, "note")
    listed = seat.client.get(f"/cases/{case.id}").text
    (address,) = re.findall(r'href="(/cases/[^"/]+)">Catatan kinerja', listed)

    page = seat.client.get(address).text

    assert "Catatan kinerja" in page
    assert 'id="results"' not in page
    assert 'name="process"' not in page
    assert f'href="/cases/{case.id}"' in page


def test_programs_open_and_list_as_the_page_does(seat: Seat, case: Case):
    rater = Program(seat, "division_head")
    path = f"/cases/{case.id}/beside"

    offered = rater.client.get(f"/api/v1{path}").json()["offers"]
    opened = rater.send("POST", path, {"process": "note"}, idempotency_key="one").json()["case_id"]
    items = rater.client.get(f"/api/v1{path}").json()["items"]

    assert [offer["process"] for offer in offered] == ["note"]
    assert [(item["case_id"], item["process"]) for item in items] == [(opened, "note")]
