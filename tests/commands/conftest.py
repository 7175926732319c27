"""A desk or an office on each kind of database; what tests leave in the trail is checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands.desk import Desk
from engine.store.database import Store
from engine.store.vault import Folder
from tests.cases import PLANTED, personal_text, problems
from tests.postgres import TestDatabase
from tests.ready import offices, session_folder

__all__ = ["offices", "session_folder"]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(database: TestDatabase, tmp_path: Path) -> Iterator[Desk]:
    """Everything commands work with; the library is the project's own."""
    store = Store(database.url, migration_url=database.migration_url)
    store.migrate()
    yield Desk(store, ROOT, Folder(tmp_path / "files"))
    store.close()


@pytest.fixture(autouse=True)
def trail_is_whole_and_impersonal(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test all chains verify, and no name, number or word of anybody is in clear."""
    if "offices" not in request.fixturenames:
        yield
        return
    opened = request.getfixturevalue("offices").opened
    yield
    for office, _ in opened:
        assert problems(office) == []
        assert personal_text(office, *PLANTED) == []
