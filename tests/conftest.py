"""Fixtures for every test: the two databases, the figures, the seed."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import chromium, postgres
from tests import evidence as evidence_file
from tests.evidence import Evidence
from tests.postgres import PostgresServer, TestDatabase
from tests.session import (
    abandoned_folders,
    choose_seed,
    is_full,
    make_folder,
    remove_folder,
)

FOLDER = pytest.StashKey[Path]()
SEED = pytest.StashKey[int]()
# Found here by all tests, since a worker can have one only.
browser = chromium.browser

# Time limits and slowness say something about the machine, not about the code.
_quiet = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("small", max_examples=30, print_blob=True, **_quiet)
settings.register_profile("full", max_examples=500, print_blob=True, **_quiet)


def pytest_configure(config: pytest.Config) -> None:
    """Give the session one folder and one seed; workers get those of the controller."""
    settings.load_profile("full" if is_full() else "small")
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[FOLDER], config.stash[SEED] = Path(given["alur_folder"]), given["alur_seed"]
        return
    for folder in abandoned_folders():
        postgres.end_server(folder)
        remove_folder(folder)
    config.stash[FOLDER], config.stash[SEED] = make_folder(), choose_seed()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Hand the controller's folder and seed to a worker."""
    node.workerinput["alur_folder"] = str(node.config.stash[FOLDER])
    node.workerinput["alur_seed"] = node.config.stash[SEED]


def pytest_report_header(config: pytest.Config) -> str:
    """Say how to repeat this run."""
    counts = "full" if is_full() else "small"
    return f"seed: ALUR_TEST_SEED={config.stash[SEED]}, counts: {counts}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the figures once all workers are done, under the full counts only."""
    if is_full() and not hasattr(session.config, "workerinput"):
        folder = session.config.stash[FOLDER]
        evidence_file.write(folder, evidence_file.FILE, all_passed=exitstatus == 0)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what the workers shared."""
    if not hasattr(config, "workerinput") and FOLDER in config.stash:
        postgres.end_server(config.stash[FOLDER])
        remove_folder(config.stash[FOLDER])


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this session, printed at its start."""
    return request.config.stash[SEED]


@pytest.fixture
def rng(request: pytest.FixtureRequest, seed: int) -> random.Random:
    """Random numbers of this test alone: the same for the same seed, in any order of tests."""
    return random.Random(f"{seed} {request.node.nodeid}")


@pytest.fixture(scope="session")
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """Where a test records a figure: `evidence.record("races.winners", 1000)`."""
    given = getattr(request.config, "workerinput", {"workerid": "main"})
    return Evidence(request.config.stash[FOLDER], given["workerid"])


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> PostgresServer:
    """The PostgreSQL of this session, started on first use and shared by all workers."""
    return postgres.shared_server(request.config.stash[FOLDER])


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TestDatabase]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.sqlite'}"
        yield TestDatabase(url=url, migration_url=url)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.create_database()
    yield made
    server.drop_database(made)
