"""A desk with an empty, migrated store on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands.desk import Desk
from engine.store.database import Store
from tests.postgres import TestDatabase

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(database: TestDatabase, tmp_path: Path) -> Iterator[Desk]:
    """Everything commands work with; the library is the project's own."""
    store = Store(database.url, migration_url=database.migration_url)
    store.migrate()
    yield Desk(store, ROOT, tmp_path / "files")
    store.close()
