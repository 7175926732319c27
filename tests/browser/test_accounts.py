"""The door and the account in a real browser: accessible, narrow enough, whole without scripts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.settings import Settings
from engine.commands.activation import issue_code
from engine.commands.desk import Desk
from engine.commands.people import founder
from engine.commands.systems import deploy_system
from engine.domain.people import EmployeeId
from engine.store import people
from tests.browser.conftest import STARTED
from tests.browser.test_pages import faults, follow
from tests.listening import listening
from tests.office import Office, found_office, open_desk
from tests.postgres import TestDatabase

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "kopi pahit di teras"
NOW = STARTED + timedelta(days=1)


@dataclass(frozen=True)
class Door:
    """The product outside of the demonstration."""

    address: str
    office: Office

    @property
    def desk(self) -> Desk:
        """What the server works with."""
        return self.office.desk

    def nip(self, who: str) -> str:
        """A person's number."""
        with self.desk.store.reading(self.office.agency_id) as tx:
            return people.employee(tx, EmployeeId(who)).nip

    def code(self, who: str) -> str:
        """A one-time code."""
        founding = founder(self.office.agency_id)
        return issue_code(self.desk, founding, employee_id=EmployeeId(who), now=NOW).code


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A server without the demonstration, in a thread, on a free port of this machine."""
    folder = tmp_path_factory.mktemp("door")
    url = f"sqlite:///{folder / 'door.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    office = found_office(desk, deploy=partial(deploy_system, plays=0))
    app = create_app(desk, Settings(), clock=lambda: NOW)
    with listening(lambda _: app) as address:
        yield Door(address, office)
    desk.store.close()


def come_in(page: Page, product: Door, who: str) -> None:
    page.goto("/activate")
    page.get_by_label("NIP").fill(product.nip(who))
    page.get_by_label("Kode sekali pakai").fill(product.code(who))
    page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
    page.get_by_role("button", name="Simpan kata sandi").click()
    page.get_by_label("NIP").fill(product.nip(who))
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator("h1")).to_have_text("Tugas saya")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_door_and_the_account_break_no_rule_and_never_scroll_sideways(
    browser: Browser, product: Door, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, base_url=product.address
    )
    page, wrong = context.new_page(), []
    for path in ("/sign-in", "/activate"):
        page.goto(path)
        wrong += faults(page, width)
    page.get_by_role("button", name="Simpan kata sandi").evaluate("b => b.form.noValidate = true")
    follow(page.get_by_role("button", name="Simpan kata sandi"))
    wrong += faults(page, width)

    come_in(page, product, "hr_officer")
    for path in ("/account", "/duties", "/cards", "/cards?unit=bidang"):
        page.goto(path)
        wrong += faults(page, width)
    follow(page.get_by_role("button", name="Cetak kartu yang dipilih"))
    wrong += faults(page, width)
    page.goto("/account")
    page.locator("#app-current").fill(PASSWORD)
    follow(page.get_by_role("button", name="Pasang aplikasi"))
    wrong += faults(page, width)

    assert wrong == []
    context.close()


def test_a_phone_without_scripts_activates_signs_in_and_sets_a_pin(
    browser: Browser, product: Door
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 800},
        java_script_enabled=False,
        base_url=product.address,
    )
    page = context.new_page()

    come_in(page, product, "clerk")
    page.goto("/account")
    page.locator("#pin").fill("907351")
    page.locator("#pin-current").fill(PASSWORD)
    page.get_by_role("button", name="Simpan PIN").click()

    expect(page.get_by_role("status")).to_contain_text("PIN Anda")
    assert re.search(r"/account\?done=pin$", page.url)
    context.close()


def test_eight_cards_fit_on_a_printed_page(browser: Browser, product: Door) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=product.address)
    page = context.new_page()
    come_in(page, product, "hr_colleague")
    page.goto("/cards?unit=setda")
    for box in page.locator("input[name=who]").all():
        box.check()

    page.get_by_role("button", name="Cetak kartu yang dipilih").click()

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    heights = page.locator(".cards .card").evaluate_all(
        "cards => cards.map(c => c.getBoundingClientRect().height)"
    )
    assert len(heights) >= 4
    assert max(heights) * 4 <= 1123
    assert not page.locator(".no-print").first.is_visible()
    context.close()
