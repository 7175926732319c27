"""An office with three open appraisals behind the application, copied afresh for each test."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from engine.commands.definitions import DefinitionCache
from engine.commands.desk import Desk
from engine.commands.systems import deploy_system
from engine.store.database import Store
from engine.store.vault import Folder
from tests.office import ROOT, Office, found_office, open_desk
from tests.postgres import TestDatabase

STARTED = datetime(2026, 1, 5, 2, tzinfo=UTC)
SUBJECTS = ("analyst", "clerk", "division_head")
PDF = b"%PDF-1.7 evidence"


@dataclass(frozen=True)
class Town:
    """The finished template: a database file, and what was loaded for it once."""

    folder: Path
    office: Office
    cases: dict[str, str]
    definitions: DefinitionCache


@dataclass
class Clock:
    """The hour of the test."""

    now: datetime = STARTED + timedelta(days=1)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Seat:
    """A browser of one person."""

    client: TestClient
    cases: dict[str, str]
    clock: Clock = field(default_factory=Clock)

    def token(self, path: str = "/inbox") -> str:
        """The form token as a page carries it."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(path).text)[1]

    def take(self, person: str) -> "Seat":
        """Sit on a person's seat."""
        self.client.cookies.clear()
        answer = self.post("/sign-in", employee_id=person, token=self.token("/sign-in"))
        assert answer.url.path == "/inbox"
        return self

    def post(self, path: str, *, token: str | None = None, **fields):
        """Send a form with its token."""
        files = fields.pop("files", None)
        data = {"csrf_token": token or self.token(), **fields.pop("more", {}), **fields}
        return self.client.post(path, data=data, files=files)

    def item(self) -> str:
        """The first open work item of the inbox."""
        return re.search(r'href="(/work-items/[^"]+)"', self.client.get("/inbox").text)[1]


@contextmanager
def seated(desk: Desk, now: datetime, **cases: str) -> Iterator[Seat]:
    """A browser in front of an office at an hour, where nobody is signed in; cases by subject."""
    clock = Clock(now)
    with TestClient(create_app(desk, Settings(demo=True), clock=clock)) as client:
        yield Seat(client, cases, clock)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Built once, then closed so that its file can be copied."""
    folder = tmp_path_factory.mktemp("town")
    url = f"sqlite:///{folder / 'town.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    office = found_office(desk, deploy=partial(deploy_system, plays=0))
    cases = {person: office.start(person, STARTED) for person in SUBJECTS}
    desk.store.close()
    return Town(folder, office, cases, desk.definitions)


@pytest.fixture
def desk(town: Town, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the town."""
    shutil.copy(town.folder / "town.sqlite", tmp_path / "town.sqlite")
    store = Store(f"sqlite:///{tmp_path / 'town.sqlite'}")
    yield Desk(store, ROOT, Folder(tmp_path / "files"), definitions=town.definitions)
    store.close()


@pytest.fixture
def seat(desk: Desk, town: Town) -> Iterator[Seat]:
    """Nobody's browser yet, in demonstration mode."""
    clock = Clock()
    app = create_app(desk, Settings(demo=True), clock=clock)
    with TestClient(app) as client:
        yield Seat(client, town.cases, clock)
