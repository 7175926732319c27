"""Processes of the product on one PostgreSQL: application servers and workers, killed at will."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from api.security import SESSION_COOKIE, form_token, new_token, token_hash
from engine.commands.sessions import open_session
from engine.domain.people import EmployeeId
from tests.office import ROOT, Office

ALUR = (sys.executable, "-c", "from api.cli import app; app()")
PATIENCE_S = 60


@dataclass
class Machine:
    """One process of `alur`; `address` where it answers, if it does."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int = 0

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_S)

    def ask(
        self, method: str, path: str, *, token: str = "", body: object = None, **headers: str
    ) -> "Answer":
        """One request; raises OSError when nobody answers."""
        return ask(self.port, method, path, token=token, body=body, **headers)

    @property
    def said(self) -> str:
        """Everything it has logged."""
        return self.log.read_text(errors="replace")


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> dict[str, object]:
        """The body of an answer for programs."""
        found: dict[str, object] = json.loads(self.text)
        return found


def ask(
    port: int, method: str, path: str, *, token: str = "", body: object = None, **headers: str
) -> Answer:
    """One request to a port of this machine; raises OSError when nobody answers."""
    given = {"Cookie": f"{SESSION_COOKIE}={token}"} if token else {}
    if isinstance(body, Mapping) and headers.pop("form", ""):
        content, kind = urlencode(body).encode(), "application/x-www-form-urlencoded"
    else:
        content, kind = json.dumps(body).encode() if body is not None else b"", "application/json"
    if content:
        given |= {"Content-Type": kind, "X-CSRF-Token": form_token(token)}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        line.request(method, path, content or None, given)
        answer = line.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        line.close()


@dataclass
class Machines:
    """Starts processes over one database; all are ended with the test."""

    url: str
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    started: list[Machine] = field(default_factory=list)

    def serve(self, *more: str, **settings: str) -> Machine:
        """An application server that answers; without background work unless asked for."""
        port = free_port()
        options = ["serve", "--port", str(port), "--data", str(self.folder)]
        machine = self._start([*options, *(more or ("--no-runner",))], port, settings)
        wait_for(lambda: answers(machine), machine)
        return machine

    def work(self, *more: str) -> Machine:
        """A worker that has registered."""
        machine = self._start(["worker", "--data", str(self.folder), *more], 0, {})
        wait_for(lambda: "waits for work" in machine.said, machine)
        return machine

    def alur(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command, brought to its end."""
        return subprocess.run(
            [*ALUR, *arguments], cwd=ROOT, env=self._environment(settings), capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    def end(self) -> None:
        """Kill whatever still runs."""
        for machine in self.started:
            if machine.process.poll() is None:
                machine.kill()

    def _start(self, arguments: list[str], port: int, settings: Mapping[str, str]) -> Machine:
        log = self.folder / f"{arguments[0]}-{len(self.started)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*ALUR, *arguments], cwd=ROOT, env=self._environment(settings), stdout=file,
                stderr=file,
            )  # fmt: skip
        machine = Machine(process, log, port)
        self.started.append(machine)
        return machine

    def _environment(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        given = {"ALUR_DATABASE_URL": self.url, **self.settings, **settings}
        files = {"ALUR_FILES_FOLDER": str(self.folder / "files")}
        return {**os.environ, "PYTHONPATH": str(ROOT), **files, **given}


@contextmanager
def machines(url: str, folder: Path, **settings: str) -> Iterator[Machines]:
    """Processes over a database, ended when the test is."""
    made = Machines(url, folder, settings)
    try:
        yield made
    finally:
        made.end()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


def answers(machine: Machine) -> bool:
    """Whether a server lives."""
    return lives(machine.port)


def lives(port: int) -> bool:
    """Whether a server answers at a port of this machine."""
    try:
        return ask(port, "GET", "/healthz").status == 200
    except OSError:
        return False


def wait_for(is_so, machine: Machine | None = None, *, patience_s: float = PATIENCE_S) -> None:
    """Wait until something is so; a process that ended meanwhile is told with what it said."""
    until = time.monotonic() + patience_s
    while not is_so():
        if machine is not None and machine.process.poll() is not None:
            raise AssertionError(machine.said)
        if time.monotonic() > until:
            raise AssertionError(f"not within {patience_s} s" + (machine.said if machine else ""))
        time.sleep(0.05)


def session_of(office: Office, person: str) -> str:
    """A session of a person, as a sign-in would open it; its token."""
    token = new_token()
    open_session(
        office.desk, office.agency_id, employee_id=EmployeeId(person),
        token_hash=token_hash(token), language="id", hours=12, now=datetime.now(UTC),
    )  # fmt: skip
    return token


def ago(days: int) -> datetime:
    """An instant in the past."""
    return datetime.now(UTC) - timedelta(days=days)
