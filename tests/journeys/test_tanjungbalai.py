"""A year in Tanjungbalai: months that are reported, and support that is asked in confidence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.domain.people import UnitFunction
from tests.journeys.region import (
    ACCEPTED,
    RATER,
    SUBJECT,
    Region,
    region_of,
    to_the_delivery,
    window,
)
from tests.journeys.walker import PDF, Answers, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey of tanjungbalai")]

DECEMBER = datetime(2025, 12, 1, 2, tzinfo=UTC)
COUNSELLOR, PLANNER, UNNAMED = "auditor", "assistant", "sekda"
MONTH: Answers = {
    "activities.0.programme": "Pelayanan surat keterangan",
    "activities.0.activity": "Melayani permohonan surat keterangan",
    "activities.0.target": "50",
    "activities.0.realisation": "53",
    "activities.0.unit": "surat",
    "narrative": "Layanan surat berjalan setiap hari kerja tanpa antrean panjang.",
}
SENT_BACK: Answers = {"state": "returned", "comment": "Lampirkan rekap layanan per minggu."}
WORRY = "Saya khawatir program pendataan tidak mencapai target tahun ini."
YEAR: Answers = {
    "programmes.0.realisation": "100",
    "programmes.0.self_rating": "3",
    "programmes.1.realisation": "2,5",
    "programmes.1.self_rating": "4",
    "programmes.2.realisation_text": "Laporan panitia selesai dan diserahkan.",
    "programmes.2.self_rating": "3",
    "confirmed": True,
}
CHECKED: Answers = {
    "programmes.2.met_in_words": "true",
    "efficiency_rating": "3",
    "information_rating": "4",
    "attitude_rating": "3",
}
LATE_WITH_TOOLS: Answers = {
    "behaviours.5.rating": "below",
    "behaviours.5.feedback": "Aplikasi layanan yang baru belum dipakai sampai akhir tahun.",
    "behaviours.5.evidence.number": "DOK-12/2025",
}
RATED: Answers = {
    **LATE_WITH_TOOLS,
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
}


def report_the_month(wide: Walker, employee: Walker) -> None:
    """With a file; returned once with what is missing, then accepted."""
    employee.sit(SUBJECT)
    employee.open("Isi laporan bulanan")
    employee.answer(MONTH)
    employee.attach("upload", PDF)
    employee.send()
    wide.done(RATER, "Periksa laporan bulanan", SENT_BACK)
    employee.sit(SUBJECT)
    employee.open("Isi laporan bulanan")
    expect(employee.page.locator("main")).to_contain_text("Lampirkan rekap layanan per minggu.")
    employee.answer({"upload.number": "LB-12/2025"})
    employee.send()
    wide.done(RATER, "Periksa laporan bulanan", {"state": "accepted"})


def read_the_month(region: Region, wide: Walker, employee: Walker) -> None:
    """The planner of the unit reads it once accepted; for who is not named it is not there."""
    employee.sit(SUBJECT)
    employee.go(f"/cases/{region.case}")
    report = employee.page.get_by_role("link", name="Laporan bulanan").first
    address = report.get_attribute("href")
    assert address is not None
    wide.sit(PLANNER)
    wide.go(address)
    expect(wide.page.locator("main")).to_contain_text("Layanan surat berjalan")
    wide.sit(UNNAMED)
    wide.go(address)
    expect(wide.page.locator("h1")).to_have_text("Halaman ini tidak ada")


def ask_for_support(region: Region, wide: Walker, employee: Walker) -> None:
    """A request that the counsellor answers; for the rater it does not exist."""
    region.give(COUNSELLOR, UnitFunction.COUNSELLOR)
    employee.sit(SUBJECT)
    employee.go(f"/cases/{region.case}")
    employee.press("Mulai: Permintaan dukungan rahasia")
    employee.answer({"topic": "pressure", "text": WORRY})
    employee.send()
    answer: Answers = {"answer": "Mari bertemu hari Kamis dan menyusun langkah bersama."}
    wide.done(COUNSELLOR, "Jawab permintaan dukungan", answer)
    employee.done(SUBJECT, "Baca jawaban konselor", {"answer_read": True})
    employee.go(f"/cases/{region.case}")
    asked = employee.page.get_by_role("link", name="Permintaan dukungan rahasia")
    address = asked.get_attribute("href")
    assert address is not None
    expect_unknown(region, wide, address)


def expect_unknown(region: Region, rater: Walker, address: str) -> None:
    """Neither a page of the rater's nor the address itself says that there was a request."""
    rater.sit(RATER)
    for page in ("/inbox", "/team", "/notices", f"/cases/{region.case}"):
        rater.go(page)
        expect(rater.page.locator("main")).not_to_contain_text("dukungan rahasia")
    rater.go(address)
    expect(rater.page.locator("h1")).to_have_text("Halaman ini tidak ada")


def test_a_month_is_reported_and_support_is_asked_in_confidence(
    browser: Browser, tmp_path: Path
) -> None:
    with region_of("tanjungbalai", tmp_path, now=DECEMBER) as region:
        region.start()
        region.advance(timedelta(hours=1))
        region.advance(timedelta(days=32))
        wide, phone = window(browser, region), window(browser, region, phone=True)
        region.give(PLANNER, UnitFunction.PLANNING)
        report_the_month(wide, phone)
        read_the_month(region, wide, phone)
        ask_for_support(region, wide, phone)
        phone.done(SUBJECT, "Isi penilaian diri menurut program", YEAR)
        wide.done(RATER, "Periksa program dan nilai indikator", CHECKED)
        wide.done(RATER, "Nilai hasil kerja dan perilaku", RATED)
        to_the_delivery(region, wide, phone)
        phone.done(SUBJECT, "Baca dan tanggapi hasil", ACCEPTED)

        phone.go(f"/cases/{region.case}")
        expect(phone.page.locator("dl.where")).to_contain_text("selesai")
        assert wide.seen + phone.seen == []
