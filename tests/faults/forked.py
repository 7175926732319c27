"""Processes that begin with everything loaded, so that killing many of them takes no time."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn

from api.app import create_app
from api.logs import configure_logs
from api.settings import Settings
from engine.store.database import Store
from tests.machines import free_port, lives, wait_for
from tests.ready import reopen

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(
    ["tests.faults.killed", "tests.faults.forked", "engine.jobs.registry"]
)


@dataclass
class Server:
    """An application server that really listens; `port` where it does."""

    process: BaseProcess
    port: int

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.join()


def serve(url: str, folder: Path, port: int, system: str, answer_s: float | None, log: str) -> None:
    """What the process does: answer requests until it is killed."""
    if log:
        with Path(log).open("wb") as file:
            for stream in (1, 2):
                os.dup2(file.fileno(), stream)
    office = reopen(url, folder, system=system)
    if answer_s:
        patient, office.desk.__dict__["store"] = office.desk.store, Store(url, answer_s=answer_s)
        patient.close()
    configure_logs()
    app = create_app(office.desk, Settings())
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


def begin(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """Start a process that ends with the tests."""
    process = FORKED.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def start_server(
    url: str, folder: Path, *, system: str, answer_s: float | None = None, log: str = ""
) -> Server:
    """A server that answers."""
    port = free_port()
    server = Server(begin(serve, url, folder, port, system, answer_s, log), port)
    wait_for(lambda: lives(port))
    return server


@contextmanager
def serving(url: str, folder: Path, **more: object) -> Iterator[Server]:
    """A server for the length of a test."""
    server = start_server(url, folder, **more)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        with suppress(OSError):
            server.kill()
