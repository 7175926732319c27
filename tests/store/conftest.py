"""A migrated store of each kind."""

from collections.abc import Iterator

import pytest

from engine.store.database import Store
from tests.postgres import TestDatabase


@pytest.fixture
def store(database: TestDatabase) -> Iterator[Store]:
    """An empty, migrated store on each kind of database."""
    store = Store(database.url, migration_url=database.migration_url)
    store.migrate()
    yield store
    store.close()
