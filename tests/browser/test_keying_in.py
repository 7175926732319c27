"""An operator keys in a paper on a narrow screen without scripts; the employee checks it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.settings import Settings
from engine.commands.systems import deploy_system
from engine.jobs.telling import tell_outcomes
from tests.browser.conftest import STARTED
from tests.browser.test_team_table import faults
from tests.commands.papers import PERSON, on_paper
from tests.listening import listening
from tests.office import Office, found_office, open_desk
from tests.postgres import TestDatabase
from tests.teams import OPERATOR

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LATER = STARTED + timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office in which somebody works on paper."""
    url = f"sqlite:///{tmp_path / 'paper.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), tmp_path)
    found = found_office(desk, deploy=partial(deploy_system, plays=0))
    on_paper(found)
    yield found
    desk.store.close()


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Where it answers."""
    app = create_app(office.desk, Settings(demo=True), clock=lambda: LATER)
    with listening(lambda _address: app) as found:
        yield found


def come_in(page: Page, person: str) -> None:
    page.goto("/sign-in")
    page.locator(f"button[value={person}]").first.click()
    expect(page.locator("h1")).to_have_text("Tugas saya")


def fill(page: Page) -> None:
    for name, text in (("rows.0.realisation", "98"), ("rows.1.realisation", "2"),
                       ("rows.2.realisation_text", "Laporan kegiatan selesai.")):  # fmt: skip
        page.locator(f"[name='{name}']").fill(text)
        page.locator("details.add").evaluate_all("every => every.forEach(one => one.open = true)")
    for row in range(3):
        page.locator(f"[name='rows.{row}.evidence.link']").fill("https://contoh.go.id/laporan")
    page.locator("[name='confirmed']").check()


@pytest.mark.parametrize(
    ("width", "scripts"), [(1280, True), (390, False)], ids=["desktop", "phone without scripts"]
)
def test_a_paper_is_keyed_in_and_checked(
    browser: Browser, office: Office, address: str, tmp_path: Path, width: int, scripts: bool
) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, java_script_enabled=scripts, base_url=address)
    page = context.new_page()
    come_in(page, OPERATOR)
    page.goto("/keying-in")
    assert faults(page, width, scripts=scripts) == []
    page.get_by_role("link", name=f"Nama {PERSON}").click()
    expect(page.get_by_role("note").first).to_contain_text(f"Anda mengisi atas nama Nama {PERSON}")
    fill(page)
    page.get_by_role("button", name="Kirim atas nama").click()
    expect(page.locator("#form-errors")).to_contain_text("Pindaian kertas")
    assert faults(page, width, scripts=scripts) == []
    picture = tmp_path / "kertas.pdf"
    picture.write_bytes(b"%PDF-1.7")
    page.locator("#f-paper_scan-file").set_input_files(picture)
    page.locator("[name='paper_dated']").fill("2026-01-05")
    page.locator("[name='paper_number']").fill("Lemari 3, map 45")
    page.get_by_role("button", name="Kirim atas nama").click()
    expect(page.locator(".note.ok")).to_contain_text("Tanda tangan basah pada kertas, dipindai")
    assert faults(page, width, scripts=scripts) == []
    tell_outcomes(office.desk, office.agency_id, now=LATER)
    context.clear_cookies()
    come_in(page, PERSON)
    page.goto("/notices")
    page.get_by_role("link", name="mengisikan dari kertas").click()
    expect(page.locator("body")).to_contain_text("Lemari 3, map 45")
    page.get_by_role("link", name="Periksa, atau tarik kembali").click()
    expect(page.get_by_role("button", name="Tarik kembali")).to_be_visible()
    assert faults(page, width, scripts=scripts) == []
    context.close()
