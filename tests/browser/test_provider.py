"""Coming in through a provider in a real browser: cookies, policies and pages hold together."""

from collections.abc import Iterator
from functools import partial

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from api.app import create_app, utc_now
from api.settings import Provider, Settings
from engine.commands.systems import deploy_system
from tests.browser.test_pages import faults
from tests.listening import listening
from tests.office import found_office, open_desk
from tests.postgres import TestDatabase
from tests.provider import CLIENT_ID, SECRET, liar_before, provider_process

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NIPS = {"clerk": "198001012010011006", "stranger": "197001011995011999"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A product whose people may come in through a provider."""
    folder = tmp_path_factory.mktemp("provider")
    url = f"sqlite:///{folder / 'door.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    found_office(desk, deploy=partial(deploy_system, plays=0))
    (folder / "secret").write_text(SECRET)
    with provider_process(NIPS) as port, liar_before(port) as liar:
        provider = Provider(
            key="sso", name="SSO Kabupaten", issuer=liar.issuer, client_id=CLIENT_ID,
            secret_file=folder / "secret",
        )  # fmt: skip

        def make(own: str) -> FastAPI:
            settings = Settings(oidc_providers=(provider,), public_address=own)
            return create_app(desk, settings, clock=utc_now)

        with listening(make) as own:
            yield own
    desk.store.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_stranger_is_told_what_to_do_and_an_employee_comes_in(
    browser: Browser, address: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=address)
    page, wrong = context.new_page(), []
    page.goto("/sign-in")
    wrong += faults(page, width)

    page.get_by_role("link", name="Masuk dengan SSO Kabupaten").click()
    page.locator("[value=stranger]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("tidak ada pegawai aktif di sini")
    wrong += faults(page, width)

    page.get_by_role("link", name="Mulai lagi").click()
    page.locator("[value=clerk]").first.click()
    expect(page.locator("h1")).to_have_text("Tugas saya")
    assert wrong == []
    context.close()
