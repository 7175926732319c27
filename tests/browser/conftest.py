"""A real server with an office behind it, and a window on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from api.app import create_app
from api.settings import Settings
from engine.commands.systems import deploy_system
from tests.listening import listening
from tests.office import Office, found_office, open_desk
from tests.postgres import TestDatabase

STARTED = datetime(2026, 1, 5, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """Where the server answers, the cases it holds by person, and the office behind it."""

    address: str
    cases: dict[str, str]
    office: Office


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that most tests share."""
    with served(tmp_path_factory.mktemp("site")) as found:
        yield found


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """A server in a thread of this process, on a free port of this machine only."""
    url = f"sqlite:///{folder / 'site.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    office = found_office(desk, deploy=partial(deploy_system, plays=0))
    cases = {who: office.start(who, STARTED) for who in ("analyst", "clerk", "division_head")}
    app = create_app(desk, Settings(demo=True), clock=lambda: STARTED + timedelta(days=1))
    with listening(lambda _: app) as address:
        yield Site(address, cases, office)
    desk.store.close()


@pytest.fixture(params=[(1280, True), (390, False)], ids=["desktop", "phone without scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A window at the door of the site: wide with scripts, narrow without."""
    width, scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        base_url=site.address,
    )
    opened = context.new_page()
    opened.goto("/sign-in")
    yield opened
    context.close()
