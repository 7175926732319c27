"""The page of rating patterns where a system names indicators to be compared by unit."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.cases import NOW
from tests.office import DIVISION
from tests.queries.test_fairness import crowd
from tests.rated import add_rated
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

TABLE = "Indikator per unit kerja: Sikap menghadapi pengaduan"


@pytest.fixture
def seat(offices: Offices) -> Iterator[Seat]:
    """HR of Tanjungbalai, where a unit of twelve and one of three were rated."""
    office = offices.open("tanjungbalai")
    people = [
        replace(one, scores={"attitude": "75.00" if one.unit == DIVISION else "45.00"})
        for one in crowd()
        if one.rater != "department_head"
    ]
    add_rated(office.desk.store, office.agency_id, office.cycle_id, people)
    with seated(office.desk, NOW) as seat:
        yield seat.take("hr_officer")


def test_the_mean_of_a_unit_stands_in_a_picture_and_beside_it(seat: Seat):
    html = seat.client.get("/fairness").text

    section = html.partition(f">{TABLE}</h2>")[2].partition("</section>")[0]
    assert section.count('role="img"') == 1
    assert ">75,00</text>" in section
    assert '<th scope="row">Bidang Perizinan</th><td class="n">12</td>' in section
    assert '<td class="n">75,00</td>' in section
    assert "1 unit kerja dengan pegawai lebih sedikit tidak ditampilkan" in section
    assert "Sekretariat" not in section


def test_an_indicator_that_nobody_has_a_score_of_says_so(seat: Seat):
    html = seat.client.get("/fairness").text

    information = html.partition("informasi kepada warga</h2>")[2].partition("</section>")[0]
    assert "Belum ada unit kerja yang cukup pegawainya bernilai pada indikator ini." in information


def test_the_file_holds_the_means_that_the_page_shows(seat: Seat):
    text = seat.post("/fairness/export", cycle="").content.decode("utf-8-sig")

    lines = [line for line in text.splitlines() if TABLE in line]
    assert lines == [
        f'"{TABLE}";"Bidang Perizinan";"Pegawai";"12"',
        f'"{TABLE}";"Bidang Perizinan";"Nilai rata-rata (0–120)";"75,00"',
    ]
