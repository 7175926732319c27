"""The pages of a period in a browser: accessible, calm, and a whole period run from them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.commands.plans import import_plan
from engine.domain.people import EmployeeId
from engine.jobs.extending import cancel_unfinished, extend_deadlines
from engine.jobs.launching import continue_launches
from engine.store import people
from tests.browser.conftest import STARTED, Site, served
from tests.browser.test_pages import WIDTHS, faults, sit
from tests.office import PLAN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NOW = STARTED + timedelta(days=1)
PLACES = (
    "", "/population", "/population?conflict=no_plan&person=clerk", "/holdups",
    "/holdups?unit=bidang", "/extensions?step=self_assessment", "/export",
)  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose periods come and go without disturbing other tests."""
    with served(tmp_path_factory.mktemp("periods")) as found:
        yield found


@pytest.fixture(params=[(1280, True), (390, False)], ids=["desktop", "phone without scripts"])
def hr(request: pytest.FixtureRequest, browser: Browser, own: Site) -> Iterator[Page]:
    """The window of HR: wide with scripts, narrow without."""
    width, scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        base_url=own.address,
    )
    opened = context.new_page()
    sit(opened, "hr_officer")
    yield opened
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_a_period_can_be_read_by_everybody(
    browser: Browser, site: Site, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []
    sit(page, "hr_officer")
    page.goto("/cycles")
    address = str(page.locator("h2 a").first.get_attribute("href"))

    for place in PLACES:
        page.goto(address + place)
        expect(page.locator("h1")).to_have_count(1)
        wrong += faults(page, width)

    assert wrong == []
    context.close()


def test_a_period_is_run_from_its_pages_alone(hr: Page, own: Site) -> None:
    wide = (hr.viewport_size or {}).get("width") == WIDTHS[0]
    address = plan(hr, "Tahun 2024" if wide else "Tahun 2023")
    bring_plans(own, address.rsplit("/", 1)[-1])

    choose_people(hr, own, address)
    launch(hr, own, address)
    remind_and_extend(hr, own, address)
    close_and_reopen(hr, own, address)
    with hr.expect_download() as download:
        hr.goto(f"{address}/export")
        hr.get_by_role("button", name="CSV").click()

    text = download.value.path().read_text("utf-8-sig")
    assert len(text.splitlines()) == 1


def plan(page: Page, name: str) -> str:
    """Plan a period, refused once for its last day; its address."""
    page.goto("/cycles")
    page.get_by_text("Rencanakan periode").first.click()
    page.fill("#name", name)
    page.fill("#starts", f"{name[-4:]}-01-01")
    page.fill("#ends", "2022-12-31")
    page.locator("form:has(#ends) button").click()
    expect(page.locator("#ends-err")).to_contain_text("mendahului")
    expect(page.locator("#name")).to_have_value(name)
    page.fill("#ends", f"{name[-4:]}-12-31")
    page.locator("form:has(#ends) button").click()
    expect(page.locator("h1")).to_have_text(name)
    return page.url.partition("?")[0]


def bring_plans(own: Site, cycle_id: str) -> None:
    """Plans for a division, but not for its clerk."""
    office = own.office
    for person in ("division_head", "analyst"):
        import_plan(
            office.desk, office.actor("hr_officer", NOW), cycle_id=cycle_id,
            employee_id=EmployeeId(person), lines=PLAN, now=NOW,
        )  # fmt: skip


def nip_of(own: Site, person: str) -> str:
    with own.office.desk.store.reading(own.office.agency_id) as tx:
        return people.employee(tx, EmployeeId(person)).nip


def choose_people(page: Page, own: Site, address: str) -> None:
    """One division; the clerk is left out from the list, the head gets a rater by name."""
    page.goto(f"{address}/population")
    page.get_by_text("Siapa yang dinilai").click()
    page.select_option("#unit", label="Bidang Perizinan")
    page.get_by_role("button", name="Simpan pilihan").click()
    expect(page.locator("#go")).to_have_text("2 dari 3 pegawai dapat dimulai sekarang")
    page.get_by_role("link", name="Kecualikan Nama clerk").click()
    page.fill("#exclude-reason", "Tugas belajar")
    page.locator("button[value=exclude]").click()
    expect(page.locator("#go")).to_have_text("2 dari 2 pegawai dapat dimulai sekarang")
    page.locator("#rater > summary").click()
    page.fill("#rater-person", nip_of(own, "division_head"))
    page.fill("#rater_nip", nip_of(own, "division_head"))
    page.locator("button[value=rater]").click()
    expect(page.locator("#rater_nip-err")).to_contain_text("dirinya sendiri")
    expect(page.locator("#rater-person")).to_have_value(nip_of(own, "division_head"))
    page.fill("#rater_nip", nip_of(own, "auditor"))
    page.locator("button[value=rater]").click()
    expect(page.locator("#told")).to_contain_text("ditunjuk")


def launch(page: Page, own: Site, address: str) -> None:
    """Launch and watch it come to its end."""
    page.goto(f"{address}/population")
    page.locator("button[value=launch]").click()
    expect(page.locator("label[for=launched]")).to_have_text("0 dari 2 orang")
    continue_launches(own.office.desk, own.office.agency_id, now=NOW)
    page.goto(address)
    expect(page.locator("label[for=launched]")).to_have_text("2 orang dimulai")


def remind_and_extend(page: Page, own: Site, address: str) -> None:
    """Remind everybody of a unit; more time for one, for the unit, for all."""
    page.goto(f"{address}/holdups?unit=bidang")
    for box in page.locator("input[name=item]").all():
        box.check()
    page.get_by_role("button", name="Ingatkan yang dipilih").click()
    expect(page.locator(".note.ok")).to_contain_text("2")
    page.get_by_role("link", name="Perpanjangan waktu Nama analyst").click()
    extend(page, own, "2026-02-10")
    for place, day in (("&unit=bidang", "2026-02-12"), ("", "2026-02-14")):
        page.goto(f"{address}/extensions?step=self_assessment{place}")
        extend(page, own, day)
    expect(page.locator("td .tag.ok")).to_have_count(2)


def extend(page: Page, own: Site, day: str) -> None:
    page.fill("#until", day)
    page.fill("#extension-reason", "Banjir")
    with page.expect_navigation():
        page.locator("form:has(#until) button").click()
    while extend_deadlines(own.office.desk, own.office.agency_id, now=NOW):
        continue
    page.reload()
    expect(page.locator("td .tag.ok").first).to_have_text("diperpanjang")


def close_and_reopen(page: Page, own: Site, address: str) -> None:
    """Close and cancel; only a colleague opens it again."""
    page.goto(address)
    page.locator("input[value=cancel]").check()
    page.fill("#close-reason", "Dibatalkan")
    page.locator("button[value=close]").click()
    while cancel_unfinished(own.office.desk, own.office.agency_id, now=NOW):
        continue
    expect(page.locator("button[value=reopen]")).to_have_count(0)
    page.get_by_role("button", name="Ganti kursi").click()
    sit(page, "hr_colleague")
    page.goto(address)
    page.fill("#reopen-reason", "Keliru ditutup")
    page.locator("button[value=reopen]").click()
    expect(page.locator(".note.ok")).to_contain_text("dibuka")
