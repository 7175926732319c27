"""Processes to measure from outside: servers of the product, and the barest that could be."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from api.security import SESSION_COOKIE, form_token
from tests.machines import Machine, Machines, answers, free_port, machines, session_of, wait_for
from tests.office import ROOT, Office

# How Linux numbers the CPU clock of another process, all its threads together.
CPU_CLOCK = 2


def cpu_seconds(machine: Machine) -> float:
    """CPU seconds that a process has used so far."""
    return time.clock_gettime((~machine.process.pid << 3) | CPU_CLOCK)


@dataclass
class Line:
    """The connection of one signed-in person, kept open as browsers keep it."""

    machine: Machine
    token: str
    held: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is sent yet."""
        self.held = http.client.HTTPConnection("127.0.0.1", self.machine.port, timeout=60)

    def get(self, path: str) -> bytes:
        """A page as it comes over the line, packed."""
        return self._asked("GET", path, None, {"Accept-Encoding": "gzip"})

    def post(self, path: str, body: bytes, **headers: str) -> bytes:
        """What a program is answered."""
        given = {"Content-Type": "application/json", "X-CSRF-Token": form_token(self.token)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._asked("POST", path, body, {**given, **named})

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> bytes:
        given = {**headers, "Cookie": f"{SESSION_COOKIE}={self.token}"}
        try:
            answer = self._sent(method, path, body, given)
        except http.client.RemoteDisconnected:
            # A server closes a line over which nothing came for some seconds.
            self.held.close()
            answer = self._sent(method, path, body, given)
        content = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return content

    def _sent(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        self.held.request(method, path, body, headers)
        return self.held.getresponse()


@contextmanager
def fleet_of(office: Office) -> Iterator[Machines]:
    """Servers over the database of an office, all ended with the measurement."""
    with TemporaryDirectory() as name, machines(office.desk.store.url, Path(name)) as made:
        yield made


def bare(made: Machines, token: str) -> Machine:
    """The barest server behind the same uvicorn; it reads the page's data once, at its start."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare", str(port), made.url, token]
    log = made.folder / "bare.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=file, stderr=file)
    machine = Machine(process, log, port)
    made.started.append(machine)
    wait_for(lambda: answers(machine), machine)
    return machine


def lines_of(office: Office, machine: Machine, people: frozenset[str]) -> Mapping[str, Line]:
    """A signed-in connection for each person."""
    return {person: Line(machine, session_of(office, person)) for person in sorted(people)}
