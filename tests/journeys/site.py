"""A real server process over a data folder of its own, with an office and cases in it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from engine.commands.systems import deploy_system
from engine.store import work_items
from tests.machines import free_port
from tests.office import ROOT, Office, found_office, open_desk
from tests.postgres import TestDatabase

ALUR = (sys.executable, "-c", "from api.cli import app; app()")
# Long enough that the last day to fill in the self-assessment is over.
LONG_AGO = timedelta(days=60)


@dataclass(frozen=True)
class Prepared:
    """A data folder, with the addresses of what its cases wait for, by person."""

    data: Path
    cases: dict[str, str]
    tasks: dict[str, str]


@dataclass(frozen=True)
class Site:
    """Where a server answers, and what lies in its data folder."""

    address: str
    prepared: Prepared


def prepare(data: Path) -> Prepared:
    """An office as it stands today: two cases just begun, one left alone for too long."""
    data.mkdir()
    url, now = f"sqlite:///{data / 'alur.db'}", datetime.now(UTC)
    desk = open_desk(TestDatabase(url=url, migration_url=url), data)
    founded = now - LONG_AGO - timedelta(days=1)
    office = found_office(
        desk,
        now=founded,
        starts=date(founded.year, 1, 1),
        deploy=partial(deploy_system, plays=0),
    )
    began = {"analyst": now, "hr_colleague": now, "clerk": now - LONG_AGO}
    cases = {person: office.start(person, at) for person, at in began.items()}
    tasks = {person: _first_task(office, case) for person, case in cases.items()}
    desk.store.close()
    return Prepared(data, cases, tasks)


def _first_task(office: Office, case: str) -> str:
    with office.desk.store.reading(office.agency_id) as tx:
        return work_items.open_of_instance(tx, case)[0].id


@contextmanager
def serving(prepared: Prepared) -> Iterator[Site]:
    """`alur serve` on a free port of this machine; ended by its process id."""
    with served(prepared.data, "--demo") as address:
        yield Site(address, prepared)


@contextmanager
def served(data: Path, *options: str) -> Iterator[str]:
    """A server over a data folder; the address at which it answers."""
    port = free_port()
    server = subprocess.Popen(
        [*ALUR, "serve", *options, "--data", str(data), "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    _, said = server.communicate()
    raise RuntimeError(said.decode())


def alur(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [*ALUR, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
