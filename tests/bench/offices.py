"""An office on SQLite with synchronous=FULL in a folder of its own, for measuring."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.office import Office, found_office, open_desk
from tests.postgres import TestDatabase
from tests.ready import SYSTEMS, store_system

SYSTEM = "relay"


@contextmanager
def office() -> Iterator[Office]:
    """A new office with the 20-element process."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        desk = open_desk(TestDatabase(url, url), folder, library=SYSTEMS)
        made = found_office(desk, system=SYSTEM, deploy=store_system)
        # As the server does when it starts.
        gc.freeze()
        yield made
        desk.store.close()
