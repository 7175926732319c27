"""Servers are killed under people who work: what they were told is stored, once, in one piece.

R1 (the application) and R2 (the database's own processes) of the fault catalogue, over HTTP with
eight clients. What got no answer is sent again under the same key.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.commands.desk import Desk
from engine.store.database import Store
from engine.store.vault import Folder
from tests import postgres
from tests.cases import problems
from tests.evidence import Evidence
from tests.faults.crowd import Crowd, crowd
from tests.faults.forked import serving, start_server
from tests.faults.test_kill import completed, submitted
from tests.machines import lives
from tests.office import Office, found_office
from tests.postgres import TestDatabase
from tests.ready import LOADED, SYSTEMS, Offices, store_system
from tests.session import count

LONGEST_LIFE_S = 0.3


def check(office: Office, people: Crowd) -> tuple[int, int]:
    """How many receipts were lost and how many items completed twice; the trail is whole."""
    stored, times = submitted(office), completed(office)
    lost = len(set(people.receipts) - set(stored))
    doubled = [item for item, n in times.items() if n > 1]
    assert len(people.receipts) == len(set(people.receipts)) == len(stored) > 0
    assert (lost, doubled, people.unpolite) == (0, [], [])
    assert set(times) == {item for item, _ in stored}
    assert problems(office) == []
    return lost, len(doubled)


def test_a_server_that_is_killed_again_and_again_loses_nothing(
    offices: Offices, tmp_path: Path, rng: random.Random, evidence: Evidence
):
    kills, office, slowest = count(3, 500), offices.open("laps"), 0.0
    servers = [start_server(offices.url, tmp_path, system="laps")]

    with crowd(office, lambda: servers[-1].port) as people:
        for _ in range(kills):
            people.bring_in_more()
            time.sleep(rng.uniform(0, LONGEST_LIFE_S))
            servers[-1].kill()
            killed = time.monotonic()
            servers.append(start_server(offices.url, tmp_path, system="laps"))
            slowest = max(slowest, time.monotonic() - killed)
    servers[-1].kill()

    lost, doubled = check(office, people)
    figures = {
        "kills": kills, "acknowledged": len(people.receipts), "lost": lost, "doubled": doubled,
        "without_answer": people.without_answer, "slowest_reopening_s": round(slowest, 1),
    }  # fmt: skip
    for name, figure in figures.items():
        evidence.record(f"server_kill.{offices.kind}.{name}", figure)


@dataclass
class Doomed:
    """A database server of this test's own with an office in it."""

    server: postgres.PostgresServer
    database: TestDatabase
    office: Office


@pytest.fixture
def doomed(tmp_path_factory: pytest.TempPathFactory, session_folder: Path) -> Iterator[Doomed]:
    """A PostgreSQL that keeps what it confirms, to be killed."""
    folder = session_folder / f"doomed-{tmp_path_factory.mktemp('doomed').name}"
    server = postgres.durable_server(folder)
    made = server.create_database()
    store = Store(made.url, migration_url=made.migration_url)
    store.migrate()
    desk = Desk(store, SYSTEMS, Folder(folder / "files"), LOADED)
    yield Doomed(server, made, found_office(desk, system="laps", deploy=store_system))
    store.close()
    postgres.end_durable(server)


def test_a_database_server_that_is_killed_comes_back_with_everything(
    doomed: Doomed, tmp_path: Path, rng: random.Random, evidence: Evidence
):
    kills, office, slowest = count(2, 50), doomed.office, 0.0

    with (
        serving(doomed.database.url, tmp_path, system="laps") as server,
        crowd(office, lambda: server.port) as people,
    ):
        for number in range(kills):
            people.bring_in_more()
            time.sleep(rng.uniform(0, LONGEST_LIFE_S))
            if number % 2:
                postgres.crash_backend(doomed.server, doomed.database)
            else:
                postgres.crash(doomed.server)
                assert lives(server.port)
                postgres.start_again(doomed.server)
            killed = time.monotonic()
            people.bring_in_more()
            slowest = max(slowest, time.monotonic() - killed)

    lost, doubled = check(office, people)
    assert 500 not in people.statuses
    figures = {
        "kills": kills, "acknowledged": len(people.receipts), "lost": lost, "doubled": doubled,
        "told_to_wait": people.statuses[503], "slowest_recovery_s": round(slowest, 1),
    }  # fmt: skip
    for name, figure in figures.items():
        evidence.record(f"database_kill.{name}", figure)
