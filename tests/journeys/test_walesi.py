"""A year in Walesi: citizens answer, the report goes back once, and the result is accepted."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from engine.domain.citizen_survey import ELEMENTS
from tests import surveys
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

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey of walesi")]

SCAN = FilePayload(name="kuesioner.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 kertas")
REPORT: Answers = {
    "self_ratings.0.self_rating": "3",
    "self_ratings.1.self_rating": "4",
    "self_ratings.2.self_rating": "3",
    "achievements.0.indicator": "productivity",
    "achievements.0.narrative": "Partisipasi orang tua pada kegiatan sekolah naik dari 40"
    " menjadi 65 persen dalam satu tahun.",
    "achievements.0.strategy_name": "Penyuluhan keliling",
    "achievements.0.strategy_description": "Setiap bulan mendatangi dua kampung bersama kepala"
    " sekolah.",
    "achievements.0.beneficiaries": "Sekitar 120 keluarga di empat kampung",
    "learning_needs": "Pelatihan layanan daring.",
    "confirmed": True,
}
RETURNED: Answers = {
    "achievements.0.verified": "false",
    "achievements.0.remark": "Daftar hadir penyuluhan belum dilampirkan.",
    "planned_tasks": "220",
    "verified_tasks": "200",
    "accepted": "false",
    "return_note": "Lampirkan daftar hadir penyuluhan.",
}
EXAMINED: Answers = {
    "achievements.0.verified": "true",
    "planned_tasks": "220",
    "verified_tasks": "230",
    "accepted": "true",
}
RATED: Answers = {
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
    "feedback": "Penyuluhan keliling berhasil; tahun depan libatkan kader kampung sejak awal.",
    "accompanied_by": "improvement",
    "recommendation": "Pendampingan kader kampung pada triwulan pertama.",
}


def open_survey(hr: Walker) -> str:
    """HR opens the survey of the division; its address."""
    hr.sit("hr_officer")
    hr.go("/surveys")
    hr.page.get_by_label("Unit").select_option(label="Bidang Perizinan")
    hr.answer({"starts": "2026-01-05", "ends": "2026-01-31", "population": "300"})
    hr.answer({"services": "Izin usaha\nIzin bangunan"})
    hr.press("Buka survei")
    return hr.page.url.partition("?")[0]


def printed(hr: Walker, survey: str, button: str) -> str:
    """The address behind a code that HR prints."""
    hr.go(survey)
    hr.press(button)
    return hr.page.locator("code").first.inner_text()


def say_how_it_was(page: Page, *, answer: int) -> None:
    """Choose the service, the day and the same answer to every question."""
    page.get_by_label("Layanan apa yang Anda terima?").select_option("Izin usaha")
    page.get_by_label("Kapan Anda datang?").fill("2026-01-05")
    for element in ELEMENTS:
        page.locator(f'[name="{element}"][value="{answer}"]').check()


def answer_at_the_counter(citizen: Walker, poster: str) -> None:
    """A visitor with a phone scans the poster and answers."""
    citizen.go(poster)
    citizen.press("Mulai")
    say_how_it_was(citizen.page, answer=4)
    citizen.press("Kirim jawaban saya")
    expect(citizen.page.locator("h1")).to_have_text("Terima kasih")


def answer_by_link(citizen: Walker, link: str) -> None:
    """A visitor uses a link that works once, and tries it a second time."""
    citizen.go(link)
    say_how_it_was(citizen.page, answer=3)
    citizen.press("Kirim jawaban saya")
    expect(citizen.page.locator("h1")).to_have_text("Terima kasih")
    citizen.go(link)
    expect(citizen.page.locator("h1")).to_have_text("Tautan ini sudah dipakai atau tidak dikenal")
    assert citizen.page.context.cookies() == []


def key_in_a_paper(hr: Walker, survey: str) -> None:
    """A visitor without a phone answered on paper; HR keys it in with its scan."""
    hr.go(survey)
    hr.follow(hr.page.get_by_role("link", name="Masukkan kuesioner kertas"))
    say_how_it_was(hr.page, answer=3)
    hr.page.set_input_files("#scan", SCAN)
    hr.press("Simpan, lalu masukkan berikutnya")
    expect(hr.page.get_by_role("status")).to_contain_text("Tersimpan")


def ask_citizens(browser: Browser, region: Region, hr: Walker) -> None:
    """From the opening of the survey to its index."""
    survey = open_survey(hr)
    citizen = window(browser, region, phone=True)
    answer_at_the_counter(citizen, printed(hr, survey, "Cetak poster baru"))
    answer_by_link(citizen, printed(hr, survey, "Cetak tautan"))
    key_in_a_paper(hr, survey)
    surveys.answered(region.office, survey.rpartition("/")[2], 10)
    hr.go(survey)
    expect(hr.page.locator("dl.where")).to_contain_text("13")
    hr.press("Tutup survei")
    assert citizen.seen == []
    citizen.page.context.close()


def report_again(employee: Walker) -> None:
    """The report comes back with what to mend; what was written is still there."""
    employee.sit(SUBJECT)
    employee.open("Susun laporan tahunan")
    expect(employee.page.locator("main")).to_contain_text("Lampirkan daftar hadir penyuluhan.")
    expect(employee.page.locator('[name="achievements.0.strategy_name"]')).to_have_value(
        "Penyuluhan keliling"
    )
    employee.attach("achievements.0.evidence", PDF)
    employee.answer(REPORT)
    employee.send()


def test_citizens_answer_and_a_report_that_went_back_is_accepted(
    browser: Browser, tmp_path: Path
) -> None:
    with region_of("walesi", tmp_path) as region:
        wide, phone = window(browser, region), window(browser, region, phone=True)
        ask_citizens(browser, region, wide)
        region.start()

        phone.sit(SUBJECT)
        phone.open("Susun laporan tahunan")
        phone.answer({**REPORT, "achievements.0.evidence.number": "DOK-12/2025"})
        phone.send()
        wide.done(RATER, "Periksa laporan", RETURNED)
        report_again(phone)
        wide.done(RATER, "Periksa laporan", EXAMINED)
        wide.done(RATER, "Nilai indikator", {"serves_citizens": "true", "communication": "3"})
        wide.done(RATER, "Nilai hasil kerja dan perilaku", RATED)
        to_the_delivery(region, wide, phone)
        phone.done(SUBJECT, "Baca dan tanggapi hasil", ACCEPTED)

        for walker in (wide, phone):
            walker.go(f"/cases/{region.case}")
            expect(walker.page.locator("dl.where")).to_contain_text("selesai")
        assert wide.seen + phone.seen == []
