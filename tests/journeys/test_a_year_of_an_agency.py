"""The year of an agency, from `alur init` to the recap, each deed by whom it belongs to."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect
from python_calamine import CalamineWorkbook

from api.workbooks import XLSX, Column, SheetTable, workbook
from tests.journeys.agency import (
    AUDITOR,
    DIVISION,
    EMPLOYEE,
    EMPLOYEES,
    HEAD,
    OFFICE,
    OFFICER,
    OPERATOR,
    PIN,
    RATER,
    SECRETARIAT,
    UNLED,
    Person,
    codes_on_cards,
    come_in,
    founded,
    people_sheet,
    plan_sheet,
    window,
)
from tests.journeys.colleagues import colleagues_of
from tests.journeys.site import Site
from tests.journeys.test_whole_appraisal import APPEALED, DECIDED, DISCUSSED, RATED, set_achievement
from tests.journeys.walker import PDF, Answers, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey of an agency")]

YEAR = datetime.now(UTC).year
PERIOD = f"Penilaian kinerja {YEAR}"
GOOD: Answers = {
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
}
SIGNED: Answers = {"confirmed": True, "_signature": PIN}
REALISED: Answers = {
    "rows.0.realisation": "98,5",
    "rows.1.realisation": "2,5",
    "rows.2.realisation_text": "Laporan panitia selesai.",
    "rows.0.evidence.number": "800/1/2026",
    "rows.1.evidence.number": "800/2/2026",
    "rows.2.evidence.number": "800/3/2026",
    "confirmed": True,
}


def import_people(hr: Walker) -> None:
    """Unknown headings are matched once and kept; the good rows go in, the bad ones are told."""
    page = hr.page
    hr.go("/imports")
    page.set_input_files("#sheet", people_sheet())
    hr.press("Lanjut")
    expect(page.locator("h1")).to_have_text("Cocokkan kolom")
    matched = {
        "nip": "No Induk", "name": "Nama Lengkap Gelar", "kind": "Status",
        "unit": "Satuan Kerja", "unit_above": "Satuan Kerja Atas", "post": "Jabatan Terakhir",
        "superior": "No Induk Atasan", "heads": "Memimpin",
    }  # fmt: skip
    for key, heading in matched.items():
        page.select_option(f"#c-{key}", label=heading)
    page.fill("#save_as", "Aplikasi lama")
    hr.press("Periksa dengan kolom ini")
    expect(page.locator("#bad + .tag")).to_have_text("2")
    hr.press("Simpan 15 baris yang benar, 2 baris dilewati")
    expect(page.get_by_role("status")).to_contain_text("Tersimpan: 15 baris")


def give_duties(hr: Walker, data: Path) -> None:
    """HR proposes an operator and an auditor; whoever runs the machine is the second person."""
    for who, duty, where in ((OPERATOR, "operator", DIVISION), (AUDITOR, "auditor", None)):
        hr.go("/duties")
        hr.page.fill("#nip", who.nip)
        hr.page.select_option("#function", duty)
        if where:
            hr.page.select_option("#unit", label=where)
        hr.press("Usulkan")
    with colleagues_of(data) as colleagues:
        colleagues.confirm_duties()


def plan_and_launch(hr: Walker) -> None:
    """A period, its plans, the one conflict that matters, and off it goes."""
    page = hr.page
    hr.go("/cycles")
    page.fill("#name", PERIOD)
    page.fill("#starts", f"{YEAR}-01-01")
    page.fill("#ends", f"{YEAR}-12-31")
    hr.follow(page.locator("form:has(#name) button"))
    population = page.url.split("?")[0] + "/population"
    hr.go("/imports?kind=plans")
    page.set_input_files("#sheet", plan_sheet())
    hr.press("Lanjut")
    hr.press("Simpan 30 baris")

    hr.go(population)
    page.locator("details", has=page.locator("#unit")).locator("summary").click()
    page.select_option("#unit", label=DIVISION)
    hr.press("Simpan pilihan")
    hr.follow(page.locator("a[href*='conflict=no_rater']").first)
    row = page.get_by_role("row").filter(has_text=UNLED.name)
    hr.follow(row.locator("a[href$='#rater']"))
    page.locator("[name=rater_nip]").fill(RATER.nip)
    hr.press("Tunjuk pejabat penilai")
    hr.press("Luncurkan untuk 10 orang")
    expect(page.get_by_text("10 orang dimulai")).to_be_visible(timeout=30_000)


def print_cards(operator: Walker) -> dict[str, str]:
    """The operator prints the cards of the unit."""
    operator.go("/cards")
    operator.page.select_option("#unit", label=DIVISION)
    operator.press("Tampilkan")
    operator.press("Cetak kartu yang dipilih")
    return codes_on_cards(operator.page)


def code_from_hr(hr: Walker, who: Person, unit: str) -> str:
    """A code for one person, as HR gives it where there is no operator."""
    hr.go("/cards")
    hr.page.select_option("#unit", label=unit)
    hr.press("Tampilkan")
    hr.press(f"Satu kode {who.name}")
    return codes_on_cards(hr.page)[who.name]


def rate_ten(rater: Walker) -> None:
    """One after the other, by the next task that the receipt offers."""
    for who in EMPLOYEES:
        rater.about = re.compile(who.name)
        rater.go("/inbox")
        rater.open("Nilai hasil kerja dan perilaku")
        rater.answer(RATED if who == EMPLOYEE else GOOD)
        rater.send()
    rater.about = re.compile(EMPLOYEE.name)


def step(walker: Walker, task: str, answers: Answers) -> None:
    """One whole step at the own window."""
    walker.wait_for(task)
    walker.open(task)
    for name in answers:
        if name.endswith("evidence.number"):
            walker.unfold(name)
    walker.answer(answers)
    walker.send()


def appeal(employee: Walker) -> None:
    """The appeal with a file as evidence, on a phone without scripts."""
    employee.go("/inbox")
    employee.open("Ajukan keberatan")
    employee.attach("evidence", PDF)
    employee.answer(APPEALED)
    employee.send()


def the_whole_appraisal(rater: Walker, head: Walker, employee: Walker) -> None:
    agreed: Answers = {"took_place": "true", "wants_explanation": "false"}
    appealing: Answers = {"result_read": True, "decision": "appeal"}
    step(rater, "Catat dialog hasil penilaian", DISCUSSED)
    step(employee, "Konfirmasi catatan dialog", agreed)
    step(rater, "Tetapkan hasil", SIGNED)
    step(employee, "Buka atau serahkan hasil", {"opened": True})
    step(employee, "Baca dan tanggapi hasil", appealing)
    appeal(employee)
    step(rater, "Beri keterangan pejabat penilai", {"statement": "Laporan tidak saya terima."})
    step(employee, "Beri keterangan pegawai", {"statement": "Tanda terima saya lampirkan."})
    step(head, "Putuskan keberatan", DECIDED)
    step(head, "Tetapkan hasil yang diubah", SIGNED)
    step(employee, "Baca hasil akhir", {"result_read": True})


def close_export_and_reconcile(hr: Walker) -> None:
    """What HR takes out says what stands here; one changed line is found."""
    page = hr.page
    hr.go("/cycles")
    hr.follow(page.get_by_role("link", name=PERIOD).first)
    cycle = page.url
    page.locator("#close-reason").fill("Tahun penilaian berakhir.")
    hr.press("Tutup periode")
    expect(page.get_by_role("status").first).to_contain_text("ditutup")
    hr.go(f"{cycle}/export")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Unduh sebagai XLSX").click()
    content = coming.value.path().read_bytes()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + len(EMPLOYEES)

    compare(hr, cycle, content)
    expect(page.get_by_text("Kedua rekap sama untuk semua pegawai.")).to_be_visible()

    own = next(row for row in rows if EMPLOYEE.name in row)
    own[rows[0].index("Predikat kinerja")] = "Sangat Baik"
    table = SheetTable("Rekap", tuple(Column(str(title)) for title in rows[0]), rows[1:])
    compare(hr, cycle, workbook([table], made_at=datetime.now(UTC)))
    expect(page.locator(".tile.late b")).to_have_text("1")
    expect(page.locator("#k-predicate").locator("..").locator("..")).to_contain_text(EMPLOYEE.name)


def compare(hr: Walker, cycle: str, recap: bytes) -> None:
    hr.go(f"{cycle}/reconciliation")
    hr.page.set_input_files("#recap", FilePayload(name="rekap.xlsx", mimeType=XLSX, buffer=recap))
    hr.press("Bandingkan")


def trace(auditor: Walker) -> None:
    """The auditor finds the file by name and sees what the appeal changed."""
    auditor.go("/cases")
    auditor.page.locator("input[name=q]").first.fill(EMPLOYEE.name)
    auditor.press("Cari")
    auditor.follow(auditor.page.get_by_role("link", name=EMPLOYEE.name).first)
    auditor.follow(auditor.page.get_by_role("link", name="Jejak audit").first)
    trail = auditor.page.locator("ol.trail")
    expect(trail).to_contain_text("Rating hasil kerja: Di bawah ekspektasi → Sesuai ekspektasi")
    expect(trail).to_contain_text("Predikat kinerja: Butuh Perbaikan → Baik")


def everybody(browser: Browser, site: Site, code: str) -> dict[Person, Walker]:
    """HR prepares the period; then each comes in by card or code at a window of the own."""
    data = site.prepared.data
    hr = window(browser, site)
    come_in(hr, OFFICER, code)
    import_people(hr)
    give_duties(hr, data)
    plan_and_launch(hr)
    walkers = {OFFICER: hr}
    for who, unit in ((OPERATOR, DIVISION), (HEAD, OFFICE), (AUDITOR, SECRETARIAT)):
        walkers[who] = window(browser, site)
        walkers[who].kinds = hr.kinds
        come_in(walkers[who], who, code_from_hr(hr, who, unit), pin=PIN)
    cards = print_cards(walkers[OPERATOR])
    for who in (RATER, EMPLOYEE):
        walkers[who] = window(browser, site, phone=who == EMPLOYEE)
        come_in(walkers[who], who, cards[who.name], pin=PIN if who == RATER else "")
    return walkers


def test_an_agency_begins_imports_launches_rates_appeals_and_reconciles(
    browser: Browser, tmp_path: Path
) -> None:
    with founded(tmp_path / "var") as (site, code):
        walkers = everybody(browser, site, code)

        step(walkers[EMPLOYEE], "Isi penilaian diri", REALISED)
        others = [who.nip for who in EMPLOYEES if who != EMPLOYEE]
        with colleagues_of(site.prepared.data) as colleagues:
            colleagues.assess_themselves(others)
            rate_ten(walkers[RATER])
            set_achievement(walkers[OFFICER], DIVISION)
            colleagues.finish(others, pin=PIN)
        the_whole_appraisal(*(walkers[who] for who in (RATER, HEAD, EMPLOYEE)))
        close_export_and_reconcile(walkers[OFFICER])
        trace(walkers[AUDITOR])

        assert [fault for walker in walkers.values() for fault in walker.seen] == []
        for walker in walkers.values():
            walker.page.context.close()
