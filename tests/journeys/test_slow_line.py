"""An appeal over a line of 128 kbit/s that breaks three times: no word and no file is lost."""

import pytest
from playwright.sync_api import Browser, CDPSession, FilePayload, Page, expect

from tests.evidence import Evidence
from tests.journeys.line import Line, line_to
from tests.journeys.site import Site
from tests.journeys.test_whole_appraisal import APPEALED, to_the_delivery
from tests.journeys.walker import Answers, Walker
from tests.session import count

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys on a slow line")]

BITS_A_SECOND = count(1_280_000, 128_000)
LATENCY_MS = count(60, 600)
WORDS = "Laporan triwulan sudah diserahkan tepat waktu, lihat tanda terima nomor 12."
FILE = b"%PDF-1.7 " + bytes(range(256)) * 200
PATIENCE_MS = 60_000


def test_an_appeal_is_filed_over_a_line_that_breaks_three_times(
    browser: Browser, site: Site, evidence: Evidence
) -> None:
    to_the_choice(browser, site)
    with line_to(site.address) as line:
        walker = slow_window(browser, site, line)
        page = walker.page
        session = page.context.new_cdp_session(page)
        set_line(session, down=False)
        walker.sit("analyst")
        walker.open("Ajukan keberatan")
        walker.answer({**APPEALED, "statement": ""})

        type_while_it_is_down(page, session)
        send_a_file_over_a_cut(page, line)
        send_and_hear_nothing(page, line)

        expect(page.locator(".note.ok .strong")).to_contain_text("Sudah terkirim")
        assert line.cuts == 2
        page.goto(f"/cases/{site.prepared.cases['analyst']}")
        assert WORDS in page.content()
        stored = page.locator("a", has_text="tanda terima.pdf").first.get_attribute("href")
        assert stored is not None
        assert page.context.request.get(f"{site.address}{stored}").body() == FILE
        assert walker.seen == []
        evidence.record("slow_line_bytes", line.carried)
        page.context.close()


def to_the_choice(browser: Browser, site: Site) -> None:
    """Everything before the appeal, over an ordinary line."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=site.address)
    walker = Walker(context.new_page(), site, scripts=True, rules=False)
    to_the_delivery(walker)
    choice: Answers = {"result_read": True, "decision": "appeal"}
    walker.done("analyst", "Baca dan tanggapi hasil", choice)
    context.close()


def slow_window(browser: Browser, site: Site, line: Line) -> Walker:
    """A phone with scripts at the end of the slow line."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, base_url=f"http://127.0.0.1:{line.port}"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return Walker(page, site, scripts=True, rules=False)


def set_line(session: CDPSession, *, down: bool) -> None:
    """The line as slow as it is, or away."""
    conditions = {
        "offline": down,
        "latency": LATENCY_MS,
        "downloadThroughput": BITS_A_SECOND / 8,
        "uploadThroughput": BITS_A_SECOND / 8,
    }
    session.send("Network.emulateNetworkConditions", conditions)


def type_while_it_is_down(page: Page, session: CDPSession) -> None:
    """The first cut: the line is away while the words are typed, and comes back."""
    set_line(session, down=True)
    page.locator('[name="statement"]').fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("Belum tersimpan", timeout=PATIENCE_MS)
    set_line(session, down=False)
    expect(page.locator("#saved")).to_contain_text("Tersimpan", timeout=PATIENCE_MS)
    page.reload()
    expect(page.locator('[name="statement"]')).to_have_value(WORDS)


def send_a_file_over_a_cut(page: Page, line: Line) -> None:
    """The second cut: in the middle of a file, which goes on where it was."""
    page.locator("details.add summary").first.click()
    line.cut_sending_after = len(FILE) // 2
    file = FilePayload(name="tanda terima.pdf", mimeType="application/pdf", buffer=FILE)
    page.locator("#f-evidence-file").set_input_files(file)
    expect(page.locator(".files a").last).to_have_text("tanda terima.pdf", timeout=PATIENCE_MS)


def send_and_hear_nothing(page: Page, line: Line) -> None:
    """The third cut: the answers arrive and the receipt is lost; the page is opened once more."""
    form = page.url
    line.cut_answer = True
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_timeout(LATENCY_MS * 3)
    page.goto(form)
