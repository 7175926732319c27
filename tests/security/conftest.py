"""Two agencies behind one application, with everybody and everything an intruder could ask for."""

import shutil
from collections.abc import Iterator

import pytest
import structlog
from starlette.testclient import TestClient

from api.app import create_app
from api.logs import configure_logs
from api.settings import Settings
from engine.commands.desk import Desk
from engine.store.database import Store
from engine.store.vault import Folder
from tests.office import ROOT
from tests.ready import LOADED, offices, session_folder
from tests.security.city import City, Visit, build_city

__all__ = ["offices", "session_folder"]


@pytest.fixture(scope="session", autouse=True)
def logs() -> Iterator[None]:
    """Log as the server does."""
    configure_logs()
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Built once, then closed so that its file can be copied."""
    return build_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def city_desk(built_city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A copy of the city for the tests of one module."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(built_city.folder, folder, dirs_exist_ok=True)
    store = Store(f"sqlite:///{folder / 'city.sqlite'}")
    yield Desk(store, ROOT, Folder(folder / "files"), LOADED)
    store.close()


@pytest.fixture(scope="module")
def visit(built_city: City, city_desk: Desk) -> Iterator[Visit]:
    """The application, and who can be sent to its doors."""
    app = create_app(city_desk, Settings(demo=True), clock=lambda: built_city.now)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Visit(built_city, city_desk, client)
