"""An office on SQLite with synchronous=FULL in a folder of its own, for measuring."""

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.store.database import Store
from tests.office import Office, found_office, open_desk
from tests.postgres import TestDatabase
from tests.ready import library_of, store_system

SYSTEM = "relay"


@contextmanager
def office(system: str = SYSTEM) -> Iterator[Office]:
    """A new office, by default with the 20-element process."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        desk = open_desk(TestDatabase(url, url), folder, library=library_of(system))
        made = found_office(desk, system=system, deploy=store_system)
        # As the server does when it starts.
        gc.freeze()
        yield made
        desk.store.close()


@contextmanager
def twin(made: Office) -> Iterator[Office]:
    """The same office as it is now in a database of its own."""
    with TemporaryDirectory() as name:
        made.desk.store.close()
        with made.desk.store.reading(made.agency_id) as tx:
            (_, _, file), *_ = tx.connection.exec_driver_sql("PRAGMA database_list")
        made.desk.store.close()
        copy = shutil.copy(file, Path(name) / "twin.sqlite")
        store = Store(f"sqlite:///{copy}")
        yield replace(made, desk=replace(made.desk, store=store))
        store.close()
