"""A site for each walk, and a window of either kind on it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.site import Prepared, Site, prepare, serving
from tests.journeys.walker import Walker

WINDOWS = {"desktop": (1280, True), "phone without scripts": (390, False)}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The office before anybody has done anything, made once."""
    return prepare(tmp_path_factory.mktemp("office") / "var")


@pytest.fixture
def site(prepared: Prepared, tmp_path: Path) -> Iterator[Site]:
    """A server over a copy of the office."""
    data = shutil.copytree(prepared.data, tmp_path / "var")
    with serving(replace(prepared, data=Path(data))) as found:
        yield found


@pytest.fixture(params=WINDOWS.values(), ids=WINDOWS.keys())
def walker(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Walker]:
    """Somebody at a window: wide with scripts, narrow without."""
    width, scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        base_url=site.address,
    )
    yield Walker(context.new_page(), site, scripts)
    context.close()
