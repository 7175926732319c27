"""The recap of a month on its pages: frozen once, corrected after an appeal, given out as data."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from engine.store import audit
from tests.aftermath import changed, rated
from tests.cases import NOW, Case, trail
from tests.office import Office
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

JANUARY = "2026-01"


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("aftermath")


@pytest.fixture
def case(office: Office) -> Case:
    return rated(office)


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """HR in front of the office, in the month after the result."""
    with seated(office.desk, NOW + timedelta(days=31)) as seat:
        yield seat.take("hr_officer")


def test_the_last_month_is_shown_with_the_source_of_each_figure(seat: Seat, case: Case) -> None:
    page = seat.client.get("/recap").text

    assert "Januari 2026" in page
    assert "Nama analyst" in page
    assert "Tahun 2025, versi 1" in page
    assert "tidak ada catatan" in page
    assert "Pembayarannya diputuskan di sana, bukan di sini." in page
    assert case.id


def test_a_month_is_frozen_once_it_is_over(seat: Seat, case: Case) -> None:
    early = seat.post("/recap/freezing", month="2026-02")
    frozen = seat.post("/recap/freezing", month=JANUARY)

    assert early.status_code == 422
    assert "Bulan ini belum selesai" in early.text
    assert "Rekap bulan ini dibekukan." in frozen.text
    assert "/recap/corrections?month=2026-01" in frozen.text
    assert "Bekukan Januari 2026" not in frozen.text
    assert case.id


def test_an_appeal_after_the_freezing_is_a_correction_on_page_and_sheet(
    seat: Seat, case: Case
) -> None:
    seat.post("/recap/freezing", month=JANUARY)
    before = seat.client.get(f"/recap/corrections?month={JANUARY}").text
    changed(case)

    page = seat.client.get(f"/recap/corrections?month={JANUARY}").text
    told = seat.client.get(f"/api/v1/recap/corrections?month={JANUARY}").json()
    sheet = seat.post("/recap/export", month=JANUARY, what="corrections", form="csv")

    assert "Tidak ada koreksi." in before
    assert "Nama analyst" in page
    assert [one["told"]["outcome"] for one in told["items"]] == [{"percent": "75"}]
    assert [one["today"]["outcome"] for one in told["items"]] == [{"percent": "100"}]
    assert len(sheet.content.decode("utf-8-sig").splitlines()) == 2
    *_, event = trail(case.office, audit.object_chain("recap", JANUARY))
    assert event["values"]["sha256"] == sha256(sheet.content).hexdigest()


def test_the_sheet_of_a_frozen_month_says_what_payroll_was_told(seat: Seat, case: Case) -> None:
    seat.post("/recap/freezing", month=JANUARY)
    changed(case)

    sheet = seat.post("/recap/export", month=JANUARY, form="csv").content.decode("utf-8-sig")
    month = seat.client.get(f"/api/v1/recap?month={JANUARY}").json()

    assert sheet.splitlines()[1].endswith(';"75"')
    assert [one["outcome"] for one in month["items"]] == [{"percent": "75"}]
    assert len(month["seal"]) == 64


@pytest.mark.parametrize("month", ["1999-01", "2026-13", "x", "9999-12"])
def test_what_is_no_month_is_not_there(seat: Seat, month: str) -> None:
    assert seat.client.get(f"/recap?month={month}").status_code == 404


@pytest.mark.parametrize("person", ["analyst", "division_head", "auditor"])
def test_nobody_else_is_let_in(seat: Seat, person: str) -> None:
    seat.take(person)

    assert seat.client.get("/recap").status_code == 404
    assert seat.client.get("/recap/corrections").status_code == 404
