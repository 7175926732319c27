"""The diagram of a case in a real browser: drawn where it can be, in words everywhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.assets import Assets
from tests.browser.conftest import Site
from tests.browser.test_pages import sit
from tests.evidence import Evidence

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(params=[1280, 390])
def window(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Page:
    """A window with scripts, wide or narrow; what the page complains of is kept on it."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 800}, base_url=site.address
    )
    opened = context.new_page()
    opened.complaints = []
    opened.on("console", lambda message: _keep(opened, message.type, message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


def _keep(page: Page, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        page.complaints.append(text)


def diagram(site: Site) -> str:
    return f"/cases/{site.cases['analyst']}/diagram"


def test_the_scripts_of_the_pages_were_built() -> None:
    assert Assets().address("viewer.js"), "the scripts of the pages are missing: make islands"


def test_the_picture_is_drawn_under_the_strict_policy_and_marks_the_present_step(
    window: Page, site: Site
) -> None:
    sit(window, "division_head")

    window.goto(diagram(site))

    expect(window.locator("[data-drawn=true]")).to_be_visible()
    present = window.locator(".djs-shape.s-current")
    assert present.get_attribute("data-element-id") == "self_assessment"
    expect(window.locator(".bjs-powered-by")).to_be_visible()
    assert window.complaints == []


def test_the_page_breaks_no_rule_of_accessibility_and_never_scrolls_sideways(
    window: Page, site: Site
) -> None:
    sit(window, "division_head")
    window.goto(diagram(site))
    expect(window.locator("[data-drawn=true]")).to_be_visible()

    found = Axe().run(window).response["violations"]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    width = window.viewport_size["width"]
    assert window.evaluate("document.documentElement.scrollWidth") <= width


def test_a_step_that_calls_a_process_leads_into_it(window: Page, site: Site) -> None:
    sit(window, "division_head")
    window.goto(diagram(site))
    expect(window.locator("[data-drawn=true]")).to_be_visible()

    window.locator("ol.flow a").first.click()

    expect(window.locator(".crumbs")).to_be_visible()
    expect(window.locator("[data-drawn=true]")).to_be_visible()


def test_the_picture_is_made_larger_and_whole_again_by_keyboard(window: Page, site: Site) -> None:
    sit(window, "division_head")
    window.goto(diagram(site))
    expect(window.locator("[data-drawn=true]")).to_be_visible()
    view = "document.querySelector('.viewport').getAttribute('transform')"
    before = window.evaluate(view)

    window.locator("[data-zoom=in]").focus()
    window.keyboard.press("Enter")
    larger = window.evaluate(view)
    window.locator("[data-zoom=fit]").focus()
    window.keyboard.press("Space")

    assert larger != before
    assert window.evaluate(view) == before


def test_without_scripts_every_step_stands_in_words(page: Page, site: Site) -> None:
    sit(page, "division_head")

    page.goto(diagram(site))

    present = page.locator("ol.flow li[aria-current=step]")
    expect(present).to_contain_text("Isi penilaian diri")
    expect(present).to_contain_text("berjalan")


def test_a_phone_fetches_the_drawing_program_only_when_asked(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, base_url=site.address)
    page, fetched = context.new_page(), []
    page.on("request", lambda request: fetched.append(request.url))
    sit(page, "division_head")

    page.goto(f"/cases/{site.cases['analyst']}")
    page.wait_for_load_state("networkidle")

    assert not [url for url in fetched if "viewer" in url]
    context.close()


def test_the_drawing_program_stays_light(evidence: Evidence) -> None:
    assets = Assets()

    script, look = assets.size("viewer.js", "gzip"), assets.size("viewer.css", "gzip")

    evidence.record("weight.viewer_gzip_bytes", script + look)
    assert script + look < 70_000
