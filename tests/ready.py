"""Offices that are founded once a session and cloned for each test that asks for one."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from engine.commands.definitions import DefinitionCache
from engine.commands.desk import Desk
from engine.domain.people import Actor
from engine.library import read_bundle
from engine.store import agencies, cycles, definitions
from engine.store.database import ANY_AGENCY, Store
from engine.store.vault import Folder
from tests.office import ROOT, Office, found_office, open_desk
from tests.postgres import PostgresServer, TestDatabase
from tests.session import locked

SYSTEMS = ROOT / "tests" / "systems"
# Definitions never change under their address, so all tests of a worker share them.
LOADED = DefinitionCache()


def library_of(system: str) -> Path:
    """The folder that holds a system: ours for the small ones, the product's for the rest."""
    return SYSTEMS if (SYSTEMS / "workflows" / system).is_dir() else ROOT


def store_system(desk: Desk, actor: Actor, *, system: str, now: datetime) -> None:
    """Store a system as the active one without the checks of publishing."""
    bundle = read_bundle(desk.library, system)
    with desk.store.transaction(actor.agency_id) as tx:
        definitions.deploy(tx, bundle, deployed_by=actor.employee_id, now=now)


def reopen(url: str, folder: Path, *, system: str) -> Office:
    """The only office of a database, with its newest cycle."""
    store = Store(url)
    with store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    with store.reading(agency_id) as tx:
        cycle = max(cycles.every(tx), key=lambda cycle: cycle.id)
    return Office(
        Desk(store, library_of(system), Folder(folder / "files"), LOADED), agency_id, cycle.id
    )


@dataclass
class Offices:
    """Opens offices on one kind of database; everything is closed when the test ends."""

    kind: str
    session_folder: Path
    folder: Path
    server: PostgresServer | None
    opened: list[tuple[Office, TestDatabase]] = field(default_factory=list)

    def open(self, system: str = "national", *, zone: str = "Asia/Jakarta") -> Office:
        """A fresh office with `system` deployed and a cycle open."""
        name = f"{system}_{zone.partition('/')[2].lower()}"
        made = self._database(name, system, zone)
        office = reopen(made.url, self.folder, system=system)
        self.opened.append((office, made))
        return office

    @property
    def url(self) -> str:
        """Where the office opened last lives, for other processes and threads."""
        return self.opened[-1][1].url

    def close(self) -> None:
        """Close and drop what was opened."""
        for office, made in self.opened:
            office.desk.store.close()
            if self.server:
                self.server.drop_database(made)

    def _database(self, name: str, system: str, zone: str) -> TestDatabase:
        def prepare(made: TestDatabase) -> None:
            desk = open_desk(made, self.folder, library=library_of(system))
            found_office(desk, system=system, zone=zone, deploy=store_system)
            desk.store.close()

        if self.server:
            return self.server.create_database(template=self.server.prepare_template(name, prepare))
        template = self.session_folder / f"office-{name}.sqlite"
        with locked(self.session_folder):
            if not template.exists():
                part = template.with_suffix(".part")
                prepare(_sqlite(part))
                part.rename(template)
        return _sqlite(shutil.copy(template, self.folder / f"{name}-{len(self.opened)}.sqlite"))


def _sqlite(path: Path) -> TestDatabase:
    url = f"sqlite:///{path}"
    return TestDatabase(url=url, migration_url=url)


@pytest.fixture(params=["sqlite", "postgresql"])
def offices(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Offices]:
    """Opens offices on each kind of database."""
    postgres = request.param == "postgresql"
    server = request.getfixturevalue("postgres_server") if postgres else None
    session_folder = request.getfixturevalue("session_folder")
    made = Offices(request.param, session_folder, tmp_path, server)
    yield made
    made.close()


@pytest.fixture(scope="session")
def session_folder(request: pytest.FixtureRequest) -> Path:
    """The folder that all workers of the session share."""
    return request.getfixturevalue("evidence").folder
