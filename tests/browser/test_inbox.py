"""The inbox in a real browser: its lists, filters and orders, wide and narrow."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import WIDTHS, faults, follow, sit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("width", WIDTHS)
def test_lists_filters_and_orders_are_accessible(browser: Browser, site: Site, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []

    sit(page, "hr_officer")
    for path in ("/inbox?panel=1", "/inbox?tab=all", "/inbox?tab=roles", "/inbox?q=nobody"):
        page.goto(path)
        wrong += faults(page, width)
    page.goto("/inbox?tab=all")
    page.locator("input[name=item]").first.check()
    follow(page.locator("button[value=choose]"))
    wrong += faults(page, width)

    assert wrong == []
    context.close()


def test_hr_reminds_the_holders_of_chosen_tasks(page: Page) -> None:
    sit(page, "hr_officer")
    page.goto("/inbox?tab=all")

    page.locator("input[name=item]").first.focus()
    page.keyboard.press("Space")
    page.locator("button[value=remind]").click()

    expect(page.locator("h1")).to_have_text("Pengingat")
    expect(page.locator("tbody .tag")).to_have_count(1)
