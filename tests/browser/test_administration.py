"""The pages of settings, organisation and employees in a real browser, wide and narrow."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import faults, sit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PLACES = (
    "/administration",
    "/organisation",
    "/organisation/units/bidang",
    "/organisation/positions/analyst?superior_unit=dinas",
    "/employees",
    "/employees/clerk",
    "/employees/new?unit=bidang",
)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_the_administration_keep_every_rule_and_fit(
    browser: Browser, site: Site, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []
    sit(page, "hr_officer")

    for place in PLACES:
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        wrong += faults(page, width)

    assert wrong == []
    context.close()


@pytest.mark.parametrize(("width", "rows"), [(1280, 1), (390, 2)])
def test_the_navigation_of_hr_fits(browser: Browser, site: Site, width: int, rows: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page = context.new_page()
    sit(page, "hr_officer")

    tops = {link.bounding_box()["y"] for link in page.locator(".nav a").all()}

    assert len(tops) <= rows
    context.close()


def test_a_substitute_is_recorded_and_ended(page: Page) -> None:
    sit(page, "hr_officer")
    page.goto("/employees?q=auditor")
    page.get_by_role("link", name="Nama auditor").click()
    page.get_by_text("Catat pengganti").click()
    form = page.locator("form[action$=substitutes]")

    form.get_by_label("NIP pengganti").fill("1980")
    form.get_by_label("Mulai").fill("2026-01-06")
    form.get_by_label("Sampai").fill("2026-01-09")
    form.get_by_role("button", name="Catat").click()
    expect(page.locator(".errsum")).to_contain_text("NIP ini bukan milik pegawai instansi ini")
    expect(form.get_by_label("Mulai")).to_have_value("2026-01-06")

    form.get_by_label("NIP pengganti").fill("19800101 201001 1 006")
    form.get_by_role("button", name="Catat").click()
    expect(page.get_by_role("status")).to_contain_text("Pengganti sudah dicatat")

    page.get_by_role("button", name="Akhiri sekarang").first.click()
    expect(page.get_by_role("status")).to_contain_text("tidak berlaku lagi")


def test_a_unit_and_a_position_are_added_and_the_post_is_given(page: Page) -> None:
    sit(page, "hr_officer")
    page.goto("/organisation")
    page.get_by_text("Tambah unit").click()
    page.get_by_label("Nama unit").fill("Seksi Arsip")
    page.get_by_label("Unit induk").select_option("dinas")
    page.get_by_role("button", name="Tambah", exact=True).click()

    page.get_by_text("Tambah jabatan").click()
    page.get_by_label("Nama jabatan").fill("Arsiparis")
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.locator("h1")).to_have_text("Arsiparis")

    page.locator("summary", has_text="Berikan jabatan ini").click()
    form = page.locator("form[action$=holders]")
    form.get_by_label("NIP").fill("198001012010012005")
    form.get_by_label("Cara").select_option("acting_daily")
    form.get_by_label("Mulai").fill("2026-01-07")
    form.get_by_role("button", name="Berikan jabatan").click()
    expect(page.locator(".errsum")).to_contain_text("Plt dan Plh memerlukan tanggal akhir")

    form.get_by_label("Sampai").fill("2026-01-08")
    form.get_by_role("button", name="Berikan jabatan").click()
    expect(page.get_by_role("status")).to_contain_text("Jabatan sudah diberikan")
    expect(page.locator("table").first).to_contain_text("7 Jan 2026 – 8 Jan 2026")


def test_one_person_is_added_and_what_was_typed_stays_after_an_error(page: Page) -> None:
    sit(page, "hr_officer")
    page.goto("/employees")
    page.get_by_role("link", name="Tambah pegawai").click()
    page.get_by_label("NIP", exact=True).fill("19900220 201502 2")
    page.get_by_label("Nama dengan gelar").fill("Contoh Baru, S.E.")
    page.get_by_label("Unit kerja").select_option("bidang")
    page.get_by_label("Nama jabatan").fill("Arsiparis")
    page.get_by_role("button", name="Tambah pegawai ini").click()
    expect(page.locator("#nip-err")).to_have_text("NIP harus 18 angka.")
    expect(page.get_by_label("Nama dengan gelar")).to_have_value("Contoh Baru, S.E.")

    month = "02" if (page.viewport_size or {}).get("width") == 1280 else "03"
    page.get_by_label("NIP", exact=True).fill(f"19900220 2015{month} 2 001")
    page.get_by_role("button", name="Tambah pegawai ini").click()

    expect(page.get_by_role("status")).to_contain_text("Pegawai sudah ditambahkan")
    expect(page.get_by_role("heading", name="Contoh Baru, S.E.")).to_be_visible()
    expect(page.locator("table").first).to_contain_text("Arsiparis")
