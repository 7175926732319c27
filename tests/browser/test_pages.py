"""The pages in a real browser: accessible, never wider than the window, whole without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTHS = (1280, 390)


def sit(page: Page, person: str) -> None:
    page.goto("/sign-in")
    page.locator(f"button[value={person}]").first.click()
    expect(page.locator("h1")).to_have_text("Tugas saya")


def addresses(site: Site) -> dict[str, list[str]]:
    case = f"/cases/{site.cases['analyst']}"
    return {
        "clerk": ["/inbox", "/inbox?tab=done", "/my-appraisals", "/nowhere"],
        "division_head": ["/team", case, f"{case}/trail"],
        "hr_officer": ["/cases", "/cycles", "/achievements", "/incidents"],
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_breaks_a_rule_of_accessibility_or_scrolls_sideways(
    browser: Browser, site: Site, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []

    page.goto("/sign-in")
    wrong += faults(page, width)
    for person, paths in addresses(site).items():
        sit(page, person)
        for path in paths:
            page.goto(path)
            wrong += faults(page, width)
    sit(page, "clerk")
    follow(page.locator("td a").first)
    wrong += faults(page, width)
    follow(page.locator("button[value=send]"))
    wrong += faults(page, width)

    assert wrong == []
    context.close()


def follow(link: Locator) -> None:
    """Click what leads to another page, and be there."""
    with link.page.expect_navigation():
        link.click()


def faults(page: Page, width: int) -> list[tuple[object, ...]]:
    found = Axe().run(page).response["violations"]
    wrong = [(page.url, rule["id"], rule["nodes"][0]["html"]) for rule in found]
    widest = page.evaluate("document.documentElement.scrollWidth")
    return wrong + ([(page.url, widest)] if widest > width else [])


def test_a_person_comes_in_and_opens_the_first_task(page: Page) -> None:
    sit(page, "clerk")

    page.locator("td a").first.click()

    expect(page.locator("h1")).to_have_text("Isi penilaian diri")
    expect(page.locator("dl.where")).to_contain_text("sisa 13 hari")


def test_errors_are_listed_and_lead_to_their_fields(page: Page) -> None:
    sit(page, "clerk")
    page.locator("td a").first.click()

    page.locator("button[value=send]").click()
    link = page.locator(".errsum a").first
    link.click()

    expect(page.locator(".errsum h2")).to_contain_text("isian yang perlu diperbaiki")
    assert page.url.endswith(link.get_attribute("href"))


def test_a_draft_survives_leaving_the_page(page: Page) -> None:
    sit(page, "division_head")
    page.get_by_role("link", name="Isi penilaian diri", exact=True).click()
    page.locator("input[inputmode=decimal]").first.fill("87,5")

    page.get_by_role("button", name="Simpan draf").click()
    page.goto("/inbox")
    page.get_by_role("link", name="Isi penilaian diri", exact=True).click()

    expect(page.locator("input[inputmode=decimal]").first).to_have_value("87,5")


def test_the_language_is_switched_at_the_foot_of_the_page(page: Page) -> None:
    sit(page, "clerk")

    page.get_by_role("button", name="English").click()

    expect(page.locator("h1")).to_have_text("My tasks")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_keyboard_reaches_the_content_first(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/sign-in")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"
    context.close()


def test_the_first_page_is_light(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address)
    page, sizes = context.new_page(), []
    page.on("response", lambda answer: sizes.append(len(answer.body())))

    sit(page, "clerk")

    assert sum(sizes) < 100_000
    context.close()
