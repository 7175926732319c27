"""Two agencies behind one application, with everybody and everything an intruder could ask for."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

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
from tests.security.city import DATABASE, City, Visit, build_city

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
def city_copy(built_city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a copy of the city for the tests of one module."""
    return shutil.copytree(built_city.folder, tmp_path_factory.mktemp("copy") / "city")


@pytest.fixture(scope="module")
def city_desk(city_copy: Path) -> Iterator[Desk]:
    """The desk of the copy."""
    store = Store(f"sqlite:///{city_copy / DATABASE}")
    yield Desk(store, ROOT, Folder(city_copy / "files"), LOADED)
    store.close()


@pytest.fixture(scope="module")
def visit(built_city: City, city_desk: Desk) -> Iterator[Visit]:
    """The application, and who can be sent to its doors."""
    app = create_app(city_desk, Settings(demo=True), clock=lambda: built_city.now)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Visit(built_city, city_desk, client)


@pytest.fixture(scope="module")
def rebuild(built_city: City, city_copy: Path, visit: Visit) -> Callable[[], None]:
    """Make the copied city as new, and all its visitors strangers."""

    def as_new() -> None:
        # The courier of the running application may read just now: it meets a whole database.
        with (
            closing(connect(built_city.folder / DATABASE)) as template,
            closing(connect(city_copy / DATABASE)) as copy,
        ):
            template.backup(copy)
        visit.tokens.clear()

    return as_new
