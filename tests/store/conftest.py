"""A migrated store of each kind, cloned from one that was migrated once a session."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store.database import Store
from tests.postgres import PostgresServer, TestDatabase


def migrate(made: TestDatabase) -> None:
    """Migrate an empty database and let go of it."""
    store = Store(made.url, migration_url=made.migration_url)
    store.migrate()
    store.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("store") / "template.sqlite"
    migrate(TestDatabase(f"sqlite:///{path}", f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TestDatabase]:
    """A migrated database of each kind without rows."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "test.sqlite")
        yield TestDatabase(f"sqlite:///{path}", f"sqlite:///{path}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.create_database(template=server.prepare_template("store", migrate))
    yield made
    server.drop_database(made)


@pytest.fixture
def store(database: TestDatabase) -> Iterator[Store]:
    """An empty, migrated store on each kind of database."""
    store = Store(database.url, migration_url=database.migration_url)
    yield store
    store.close()
