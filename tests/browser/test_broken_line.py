"""What happens to a form when the line breaks: words stay, saving goes on, files arrive whole."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TYPED = "Jaringan putus tiga hari."
FILE = b"%PDF-1.7 " + b"x" * 400_000
CUTS = 3


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The open form of the division head, on a window with scripts."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, base_url=site.address)
    opened = context.new_page()
    opened.goto("/sign-in")
    opened.locator("button[value=division_head]").first.click()
    opened.get_by_role("link", name="Isi penilaian diri", exact=True).first.click()
    expect(opened.locator("h1")).to_have_text("Isi penilaian diri")
    opened.wait_for_load_state("load")
    yield opened
    context.close()


def test_words_typed_without_a_line_are_stored_once_it_is_back(page: Page) -> None:
    obstacle = page.locator('[name="rows.0.obstacle"]')
    page.context.set_offline(True)

    obstacle.fill(TYPED)
    expect(page.locator("#saved")).to_contain_text("Belum tersimpan – sambungan terputus")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Tersimpan")
    page.reload()

    expect(obstacle).to_have_value(TYPED)


def test_nothing_that_is_being_typed_in_is_replaced_by_a_save(page: Page) -> None:
    number = page.locator("input[inputmode=decimal]").first
    number.fill("")

    number.press_sequentially("60", delay=20)
    expect(page.locator("#saved")).to_contain_text("Tersimpan")
    number.press_sequentially("5", delay=20)

    expect(number).to_have_value("605")
    expect(number).to_be_focused()


def test_a_file_chosen_before_the_script_is_there_is_sent_by_it(page: Page) -> None:
    held: list[Route] = []
    page.route("**/upload*.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(page.url, wait_until="commit")
    page.locator("details.add summary").first.click()
    early = {"name": "awal.pdf", "mimeType": "application/pdf", "buffer": FILE}
    page.locator(".picks input[id$=file]").first.set_input_files(early)

    held[0].continue_()

    expect(page.locator(".files a").last).to_have_text("awal.pdf", timeout=30_000)


def test_a_file_arrives_whole_over_a_line_that_breaks_three_times(page: Page) -> None:
    cut = 0

    def break_the_line(route: Route) -> None:
        nonlocal cut
        if route.request.method == "PATCH" and cut < CUTS:
            cut += 1
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/**", break_the_line)
    page.locator("details.add summary").first.click()
    picture = {"name": "laporan.pdf", "mimeType": "application/pdf", "buffer": FILE}
    page.locator(".picks input[id$=file]").first.set_input_files(picture)

    link = page.locator(".files a").last
    expect(link).to_have_text("laporan.pdf", timeout=30_000)
    stored = page.context.request.get(link.get_attribute("href"))
    assert cut == CUTS
    assert stored.body() == FILE
