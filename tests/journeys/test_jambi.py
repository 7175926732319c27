"""A year in Jambi: criteria understood, a rater certified, the result at once, and an appeal."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.region import (
    RATER,
    SUBJECT,
    Region,
    region_of,
    talk_and_deliver,
    window,
)
from tests.journeys.test_whole_appraisal import APPEALED, DECIDED, REALISED, set_achievement
from tests.journeys.walker import Answers, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey of jambi")]

UNDERSTOOD: Answers = {
    "heaviest": "work_quality",
    "leave": "left_out",
    "extreme": "reason_and_evidence",
    "understood": True,
}
PAPERS: Answers = {f"rows.{row}.evidence.number": f"800/{row}/2025" for row in range(3)}
ATTENDANCE: Answers = {
    "schedule": "office_hours",
    "duty_days": "242",
    "leave.0.kind": "annual",
    "leave.0.days": "12",
    "present_days": "228",
    "source": "machine",
}
MODULE: Answers = dict.fromkeys(("even", "evidence", "whole_scale", "fair"), True)
QUIZ: Answers = {
    "new_measure": "b",
    "maternity": "a",
    "last_month": "c",
    "one_or_five": "b",
    "relative": "b",
}
VIGNETTES: Answers = {
    "reports_returned": "1",
    "late_once": "3",
    "new_form": "4",
    "helps_always": "4",
    "works_alone": "3",
}
RATED: Answers = {
    "result_rating_decided": "below",
    "behaviour_rating_decided": "as_expected",
    "strengths": "Datang tepat waktu dan menjaga loket tetap buka.",
    "weaknesses": "Beberapa surat keputusan perlu diperbaiki rekan.",
    "recommendation": "Pelatihan penyusunan naskah dinas pada triwulan kedua.",
}


def understand(employee: Walker) -> None:
    """A wrong answer is told and explained; the right ones are taken."""
    employee.sit(SUBJECT)
    employee.open("Baca dan pahami kriteria")
    employee.answer({**UNDERSTOOD, "leave": "absent"})
    employee.press("Kirim")
    expect(employee.page.locator(".errsum")).to_be_visible()
    employee.answer(UNDERSTOOD)
    employee.send()


def certify(rater: Walker) -> None:
    """A rater without a certificate reads, answers and rates the five examples."""
    rater.done(RATER, "Tunjukkan sertifikat penilai", {"has_certificate": "false"})
    rater.done(RATER, "Baca modul penilai", MODULE)
    rater.done(RATER, "Kerjakan uji penilai", QUIZ)
    rater.done(RATER, "Nilai lima contoh", VIGNETTES)


def see_at_once(region: Region, wide: Walker, employee: Walker) -> None:
    """The employee sees the result as soon as it is known, before the talk."""
    wide.sit("hr_officer")
    set_achievement(wide, "Bidang Perizinan")
    employee.sit(SUBJECT)
    employee.open("Lihat hasil sementara")
    expect(employee.page.locator("main")).to_contain_text("Butuh Perbaikan")
    expect(employee.page.locator("main")).to_contain_text("Beberapa surat keputusan perlu")
    employee.answer({"result_read": True})
    employee.send()


def appeal(wide: Walker, employee: Walker) -> None:
    """The appeal, heard on both sides, changes the result."""
    appealing: Answers = {"result_read": True, "decision": "appeal"}
    employee.done(SUBJECT, "Baca dan tanggapi hasil", appealing)
    employee.done(SUBJECT, "Ajukan keberatan", APPEALED)
    said: Answers = {"statement": "Laporan tidak saya terima."}
    wide.done(RATER, "Beri keterangan pejabat penilai", said)
    answered: Answers = {"statement": "Tanda terima saya lampirkan."}
    employee.done(SUBJECT, "Beri keterangan pegawai", answered)
    wide.done("department_head", "Putuskan keberatan", DECIDED)
    wide.done("department_head", "Tetapkan hasil yang diubah", {"confirmed": True})
    employee.done(SUBJECT, "Baca hasil akhir", {"result_read": True})


def test_a_certified_rating_is_seen_at_once_and_changed_by_an_appeal(
    browser: Browser, tmp_path: Path
) -> None:
    with region_of("jambi", tmp_path) as region:
        region.start()
        wide, phone = window(browser, region), window(browser, region, phone=True)
        understand(phone)
        phone.done(SUBJECT, "Isi penilaian diri", {**REALISED, **PAPERS})
        wide.done("hr_officer", "Isi data kehadiran", ATTENDANCE)
        certify(wide)
        rated: Answers = {"work_quality": "2", "team_contribution": "3"}
        wide.done(RATER, "Nilai mutu kerja dan kontribusi tim", rated)
        wide.done(RATER, "Nilai hasil kerja dan perilaku", RATED)
        see_at_once(region, wide, phone)
        talk_and_deliver(region, wide, phone)
        appeal(wide, phone)

        wide.sit("auditor")
        wide.go(f"/cases/{region.case}/trail")
        trail = wide.page.locator("ol.trail")
        expect(trail).to_contain_text("Predikat kinerja: Butuh Perbaikan → Baik")
        assert wide.seen + phone.seen == []
