"""The pages of a period in a browser: accessible, and never wider than the window."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import WIDTHS, faults, sit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PLACES = (
    "", "/population", "/holdups", "/holdups?unit=bidang", "/extensions?step=self_assessment",
    "/export",
)  # fmt: skip


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
