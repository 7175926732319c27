"""A head rates ten people on one page: wide with scripts, narrow without them."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.settings import Settings
from engine.commands.systems import deploy_system
from tests.browser.conftest import STARTED
from tests.listening import listening
from tests.office import found_office, open_desk
from tests.postgres import TestDatabase
from tests.teams import team

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PEOPLE = 10
TEXT = "Pelayanan izin rapi dan selalu tepat waktu sepanjang tahun."


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own: whoever was rated is gone from the page."""
    folder = tmp_path_factory.mktemp("team")
    url = f"sqlite:///{folder / 'team.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    team(found_office(desk, deploy=partial(deploy_system, plays=0)), PEOPLE)
    app = create_app(desk, Settings(demo=True), clock=lambda: STARTED + timedelta(days=1))
    with listening(lambda _: app) as address:
        yield address
    desk.store.close()


@pytest.mark.parametrize(
    ("width", "scripts"), [(1280, True), (390, False)], ids=["desktop", "phone without scripts"]
)
def test_ten_people_are_rated_on_one_page(
    browser: Browser, address: str, width: int, scripts: bool
) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, java_script_enabled=scripts, base_url=address)
    page = context.new_page()
    come_in(page)
    page.goto("/team/ratings")
    rows = page.locator("tbody[data-item]")
    expect(rows).to_have_count(PEOPLE)

    for place in range(PEOPLE):
        row = rows.nth(place)
        row.locator("select[name$=':result_rating_decided']").select_option("as_expected")
        row.locator("select[name$=':behaviour_rating_decided']").select_option("as_expected")
        row.locator("input[name$=':_ready']").check()
    if scripts:
        expect(rows.last.locator(".saved")).to_contain_text("Tersimpan")
    assert faults(page, width, scripts=scripts) == []
    page.get_by_role("button", name="Kirim semua yang lengkap").click()

    expect(page.locator("#results ~ ul li, section li", has_text="terkirim")).to_have_count(PEOPLE)
    expect(page.locator("tbody[data-item]")).to_have_count(0)
    assert faults(page, width, scripts=scripts) == []
    context.close()


def test_a_row_keeps_its_text_without_any_button(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    come_in(page)
    page.goto("/team/ratings")
    row = page.locator("tbody[data-item]").first

    row.locator("summary").first.click()
    row.locator("textarea[name$=':strengths']").fill(TEXT)
    expect(row.locator(".saved")).to_contain_text("Tersimpan")
    page.reload()

    kept = page.locator("tbody[data-item]").first.locator("textarea[name$=':strengths']")
    expect(kept).to_have_value(TEXT)
    context.close()


def come_in(page: Page) -> None:
    page.goto("/sign-in")
    page.locator("button[value=division_head]").first.click()
    expect(page.locator("h1")).to_have_text("Tugas saya")


def faults(page: Page, width: int, *, scripts: bool) -> list[object]:
    """What axe finds, and a page wider than the window; axe itself needs scripts."""
    widest = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page).response["violations"] if scripts else []
    return [*(rule["id"] for rule in found), *([widest] if widest > width else [])]
