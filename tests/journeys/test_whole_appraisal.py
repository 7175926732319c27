"""One appraisal by the national system, from its start to an appeal that changes the result."""

import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.site import alur
from tests.journeys.walker import PDF, Answers, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
REALISED: Answers = {
    "rows.0.realisation": "98,5",
    "rows.1.realisation": "2,5",
    "rows.2.realisation_text": "Laporan panitia selesai dan diserahkan.",
    "confirmed": True,
}
RATED: Answers = {
    "result_rating_decided": "below",
    "behaviour_rating_decided": "as_expected",
    "override_reason": "Dua laporan triwulan terlambat, sehingga capaian belum terbukti.",
    "weaknesses": "Laporan triwulan terlambat.",
    "recommendation": "Buat jadwal laporan bersama.",
}
DISCUSSED: Answers = {
    "held_on": TODAY.isoformat(),
    "mode": "in_person",
    "topics": ("results", "development"),
    "agreements.0.text": "Jadwal laporan disusun bersama.",
    "agreements.0.owner": "employee",
    "agreements.0.due_on": (TODAY + timedelta(days=60)).isoformat(),
}
APPEALED: Answers = {
    "grounds": ("evidence_ignored",),
    "statement": "Laporan triwulan sudah diserahkan tepat waktu, lihat tanda terima.",
    "contested_results.0.contested": True,
    "contested_parts": ("result_rating",),
    "requested_outcome": "raise_result",
}
DECIDED: Answers = {
    "findings.0.finding": "upheld",
    "finding_result_rating": "upheld",
    "decision": "change",
    "result_rating": "as_expected",
    "reasons": "Tanda terima membuktikan bahwa laporan triwulan diserahkan tepat waktu;"
    " rating di bawah ekspektasi tidak didukung bukti.",
}


def attach_evidence(walker: Walker) -> None:
    """A file, a link and a number of a paper document, each to its own result."""
    page = walker.page
    walker.attach("rows.0.evidence", PDF)
    for name in ("rows.1.evidence.link", "rows.2.evidence.number"):
        walker.unfold(name)
    page.locator('[name="rows.1.evidence.link"]').fill("https://contoh.go.id/laporan")
    page.locator('[name="rows.2.evidence.number"]').fill("800/123/2026")


def assess_oneself(walker: Walker) -> None:
    walker.sit("analyst")
    walker.open("Isi penilaian diri")
    walker.answer(REALISED)
    attach_evidence(walker)
    walker.send()


def set_achievement(walker: Walker, unit: str) -> None:
    """What a unit achieved; its predicates go on by themselves."""
    walker.go("/achievements")
    walker.page.get_by_label(unit).select_option("good")
    walker.page.locator("#achievements-reason").fill("Laporan kinerja nomor 7.")
    walker.press("Simpan perubahan")


def to_the_delivery(walker: Walker) -> None:
    assess_oneself(walker)
    walker.done("division_head", "Nilai hasil kerja dan perilaku", RATED)
    walker.sit("hr_officer")
    set_achievement(walker, "Bidang Perizinan")
    walker.sit("division_head")
    walker.wait_for("Catat dialog hasil penilaian")
    walker.done("division_head", "Catat dialog hasil penilaian", DISCUSSED)
    agreed: Answers = {"took_place": "true", "wants_explanation": "false"}
    walker.done("analyst", "Konfirmasi catatan dialog", agreed)
    walker.done("division_head", "Tetapkan hasil", {"confirmed": True})
    walker.done("analyst", "Buka atau serahkan hasil", {"opened": True})


def through_the_appeal(walker: Walker) -> None:
    choice: Answers = {"result_read": True, "decision": "appeal"}
    walker.done("analyst", "Baca dan tanggapi hasil", choice)
    walker.done("analyst", "Ajukan keberatan", APPEALED)
    walker.done(
        "division_head",
        "Beri keterangan pejabat penilai",
        {"statement": "Laporan tidak saya terima."},
    )
    walker.done("analyst", "Beri keterangan pegawai", {"statement": "Tanda terima saya lampirkan."})
    walker.done("department_head", "Putuskan keberatan", DECIDED)
    walker.done("department_head", "Tetapkan hasil yang diubah", {"confirmed": True})
    walker.done("analyst", "Baca hasil akhir", {"result_read": True})


def test_an_appraisal_goes_from_its_start_to_an_appeal_that_changes_it(walker: Walker) -> None:
    case = f"/cases/{walker.site.prepared.cases['analyst']}"

    to_the_delivery(walker)
    through_the_appeal(walker)

    walker.go(case)
    results = walker.page.get_by_role("region", name="Hasil", exact=True)
    expect(walker.page.locator("dl.where")).to_contain_text("selesai")
    expect(results.locator("h3")).to_have_text(
        ["Versi 2 · setelah putusan keberatan", "Versi 1 · evaluasi Pejabat Penilai Kinerja"]
    )
    walker.go(f"{case}/trail")
    trail = walker.page.locator("ol.trail")
    expect(trail).to_contain_text("Pertanyaan diagram “Hasil diubah?” dijawab “ya”.")
    expect(trail).to_contain_text("Rating hasil kerja: Di bawah ekspektasi → Sesuai ekspektasi")
    expect(trail).to_contain_text("Predikat kinerja: Butuh Perbaikan → Baik")
    for page in ("/inbox", "/inbox?tab=done", "/my-appraisals"):
        walker.go(page)
    assert walker.seen == []
    expect_sealed(walker.site.prepared.data, walker.site.prepared.cases["analyst"])


def expect_sealed(data: Path, case: str) -> None:
    """The whole trail verifies; one touched event of a copy is named."""
    intact = alur("audit", "verify", "--data", str(data))
    assert intact.returncode == 0, intact.stderr

    touched = shutil.copytree(data, data.with_name("touched"))
    with sqlite3.connect(touched / "alur.db") as database:
        names = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = [(name, sql) for name, sql in names if "audit_event" in sql]
        for name, _ in guards:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(
            "UPDATE audit_event SET body = replace(body, 'below', 'above')"
            " WHERE chain_id = ? AND action = 'result.versioned'",
            (case,),
        )
        for _, sql in guards:
            database.execute(sql)
    database.close()
    found = alur("audit", "verify", "--data", str(touched))

    (number,) = _first_version(touched, case)
    assert found.returncode == 1
    assert f"the first bad event is number {number} of chain {case}" in " ".join(
        found.stderr.split()
    )


def _first_version(data: Path, case: str) -> tuple[int]:
    with sqlite3.connect(data / "alur.db") as database:
        found: tuple[int] = database.execute(
            "SELECT min(n) FROM audit_event WHERE chain_id = ? AND action = 'result.versioned'",
            (case,),
        ).fetchone()
    database.close()
    return found
