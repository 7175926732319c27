"""HR brings in a sheet and transfers people, on a wide screen and on a phone without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import WIDTHS, faults, follow, sit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHEET = """Daftar pegawai
NIP Baru;Siapa;Jenis;Unit Kerja;Jabatan
1990020220150{month}2001;Siti Contoh;PNS;Bidang Perizinan;Analis
199002302015022001;Salah Lahir;PNS;Bidang Perizinan;Analis
"""


def send(page: Page, text: str) -> None:
    page.goto("/imports")
    page.set_input_files(
        "#sheet", {"name": "pegawai.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    follow(page.locator("form:has(#sheet) button"))


def test_a_sheet_is_matched_looked_at_and_confirmed(page: Page) -> None:
    sit(page, "hr_officer")
    wide = (page.viewport_size or {}).get("width") == WIDTHS[0]
    send(page, SHEET.replace("{month}", "2" if wide else "3"))

    if page.locator("h1").inner_text() == "Cocokkan kolom":
        page.select_option("#c-name", label="Siapa")
        page.fill("#save_as", "Rekap")
        follow(page.locator("button[value=match]"))
    expect(page.locator("td", has_text="bukan tanggal lahir")).to_be_visible()
    page.locator("button[value=confirm]").click()

    expect(page.locator(".note.ok")).to_have_text("Tersimpan: 1 baris. Dilewati: 1 baris.")


def test_a_transfer_shows_what_it_does_before_it_does_it(page: Page) -> None:
    sit(page, "hr_officer")
    page.goto("/people/transfers?q=Nama+hr_colleague")
    page.check("input[name=who]")
    page.select_option("#kind", "transfer")
    page.select_option("#to_unit", label="Dinas Pelayanan")
    page.fill("#title", "Kepala Dinas")

    page.locator("form:has(#title) button").click()

    expect(page.locator("h1")).to_have_text("Akibat mutasi ini")
    expect(page.locator("td", has_text="masih dijabat orang lain")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_break_no_rule_and_do_not_scroll_sideways(
    browser: Browser, site: Site, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []
    sit(page, "hr_officer")

    for path in ("/imports", "/imports?kind=plans", "/people/transfers?unit=bidang",
                 "/people/orphans"):  # fmt: skip
        page.goto(path)
        wrong += faults(page, width)
    send(page, SHEET.replace("{month}", "4").replace("Jenis", "Golongan"))
    wrong += faults(page, width)
    send(page, SHEET.replace("{month}", "4").replace("Siapa", "Nama"))
    wrong += faults(page, width)
    page.goto("/people/transfers?unit=bidang")
    page.check("input[value=division_head]")
    page.select_option("#kind", "retirement")
    follow(page.locator("form:has(#title) button"))
    wrong += faults(page, width)

    assert wrong == []
    context.close()
