"""A year in Salatiga: indicators agreed in rounds, a note that is commented, a plan at the end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.region import (
    ACCEPTED,
    RATER,
    SUBJECT,
    Region,
    discussed,
    region_of,
    window,
)
from tests.journeys.test_whole_appraisal import set_achievement
from tests.journeys.walker import Answers, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey of salatiga")]

NOVEMBER = datetime(2025, 11, 3, 2, tzinfo=UTC)
PROPOSED: Answers = {
    "rows.0.expectation": "Empat puluh delapan berkas izin diproses lengkap dalam setahun.",
    "rows.0.target": "48",
    "rows.0.unit": "berkas",
    "rows.1.expectation": "Berkas selesai tanpa diperbaiki kembali oleh penilai.",
    "rows.2.expectation": "Hadir dan mematuhi jam layanan menurut catatan kehadiran.",
    "rows.3.expectation": "Mengusulkan dan menjalankan satu perbaikan layanan.",
    "rows.4.expectation": "Beralih ke tata cara baru dalam satu bulan.",
}
CHANGED: Answers = {"rows.0.weight": "40", "rows.1.weight": "30"}
WISH = "Bobot kuantitas terlalu kecil untuk pekerjaan loket."
NOTE: Answers = {
    "happened_on": "2025-11-03",
    "indicator": "initiative",
    "situation": "Loket penuh karena sistem antrean mati sejak pagi.",
    "behaviour": "Membuka antrean manual dan menyapa warga satu per satu.",
    "effect": "Semua warga terlayani sebelum pukul dua belas siang.",
}
REMARK = "Terima kasih; rekan loket ikut membantu."
YEAR: Answers = {
    "realisation": "52",
    "realisation_evidence.number": "DOK-12/2025",
    "trainings.0.title": "Pelatihan layanan publik daring",
    "trainings.0.provider": "BKPSDM Salatiga",
    "trainings.0.completed_on": "2025-06-15",
    "trainings.0.hours": "20",
    "trainings.0.evidence.number": "DOK-13/2025",
    "confirmed": True,
}
RATED: Answers = {"quality": "4", "discipline": "3", "initiative": "4", "adaptability": "3"}
CITED: Answers = {
    "citations.0.kind": "observation_note",
    "citations.0.happened_on": "2025-11-03",
    "citations.0.situation": "Loket penuh karena sistem antrean mati sejak pagi.",
    "citations.0.behaviour": "Membuka antrean manual dan menyapa warga satu per satu.",
    "citations.0.effect": "Semua warga terlayani sebelum pukul dua belas siang.",
    "citations.1.kind": "work_result",
    "citations.1.happened_on": "2025-12-10",
    "citations.1.situation": "Berkas izin menumpuk sesudah libur panjang bersama.",
    "citations.1.behaviour": "Menyelesaikan lima puluh dua berkas sampai akhir tahun.",
    "citations.1.effect": "Target setahun terlampaui tanpa berkas yang dikembalikan.",
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
}
GOALS: Answers = {
    "goals.0.goal": "Menguasai pemeriksaan berkas digital",
    "goals.0.activity": "Pelatihan daring dan pendampingan dua bulan",
    "goals.0.hours": "24",
    "goals.0.due_on": "2026-09-30",
}


def agree(wide: Walker, employee: Walker) -> None:
    """The first proposal is refused with a wish, the second is agreed."""
    wide.done(RATER, "Tetapkan usulan indikator", PROPOSED)
    refused: Answers = {"agreed": "false", "comment": WISH}
    employee.done(SUBJECT, "Tanggapi usulan indikator", refused)
    wide.sit(RATER)
    wide.open("Tetapkan usulan indikator")
    expect(wide.page.locator("main")).to_contain_text(WISH)
    wide.answer(CHANGED)
    wide.send()
    employee.done(SUBJECT, "Tanggapi usulan indikator", {"agreed": "true"})


def note(region: Region, wide: Walker, employee: Walker) -> None:
    """The rater notes what was seen; the employee reads and comments."""
    wide.sit(RATER)
    wide.go(f"/cases/{region.case}")
    wide.press("Mulai: Catatan pengamatan")
    wide.answer(NOTE)
    wide.send()
    employee.sit(SUBJECT)
    employee.open("Baca dan tanggapi catatan")
    expect(employee.page.locator("main")).to_contain_text("Membuka antrean manual")
    employee.answer({"read": True, "comment": REMARK})
    employee.send()


def close(region: Region, wide: Walker, employee: Walker) -> None:
    """The talk, the plan for the next year, the signature and the delivery."""
    agreed: Answers = {"took_place": "true", "wants_explanation": "false"}
    wide.sit("hr_officer")
    set_achievement(wide, "Bidang Perizinan")
    wide.done(RATER, "Catat dialog hasil penilaian", discussed(region))
    employee.done(SUBJECT, "Konfirmasi catatan dialog", agreed)
    employee.done(SUBJECT, "Susun rencana pengembangan", GOALS)
    wide.done(RATER, "Tanggapi rencana pengembangan", {"agreed": "true"})
    wide.done(RATER, "Tetapkan hasil", {"confirmed": True})
    employee.done(SUBJECT, "Buka atau serahkan hasil", {"opened": True})


def test_indicators_are_agreed_in_rounds_and_a_note_is_commented(
    browser: Browser, tmp_path: Path
) -> None:
    with region_of("salatiga", tmp_path, now=NOVEMBER) as region:
        region.start()
        wide, phone = window(browser, region), window(browser, region, phone=True)
        agree(wide, phone)
        note(region, wide, phone)
        region.advance(timedelta(days=60))
        phone.done(SUBJECT, "Isi penilaian diri", YEAR)
        wide.done("hr_officer", "Verifikasi jam pelatihan", {"rows.0.hours_verified": "20"})
        wide.done(RATER, "Nilai setiap indikator", RATED)
        wide.done(RATER, "Nilai hasil kerja dan perilaku", CITED)
        close(region, wide, phone)
        phone.done(SUBJECT, "Baca dan tanggapi hasil", ACCEPTED)

        phone.go(f"/cases/{region.case}")
        expect(phone.page.locator("dl.where")).to_contain_text("selesai")
        assert wide.seen + phone.seen == []
