"""Whether a second application process helps, or at least costs nothing, on one PostgreSQL."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.cases import fresh_cases
from tests.bench.over_http import PEOPLE, content
from tests.bench.serving import Line, cpu_seconds, fleet_of
from tests.cases import RELAY, Case
from tests.machines import Machine, session_of
from tests.office import Office, found_office, open_desk
from tests.postgres import end_server, shared_server
from tests.ready import library_of, store_system

SYSTEM = "relay"
# From so many on a second process has cores of its own beside the database and the clients.
ENOUGH_CORES = 6
CLIENTS = 2
Tokens = Mapping[str, str]


@dataclass(frozen=True)
class Carried:
    """What some processes carried: CPU seconds of theirs and seconds on the wall a completion."""

    cpu: float
    wall: float


@contextmanager
def office_on_postgresql() -> Iterator[Office]:
    """A new office with the 20-element process on a PostgreSQL of its own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = shared_server(folder)
        try:
            database = server.create_database()
            desk = open_desk(database, folder, library=library_of(SYSTEM))
            yield found_office(desk, system=SYSTEM, deploy=store_system)
            desk.store.close()
        finally:
            end_server(folder)


def measure(office: Office, *, runs: int, cases: int) -> list[tuple[Carried, Carried]]:
    """In each run the same load on one process, then on two; as many clients at once each time."""
    with fleet_of(office) as made:
        machines = [made.serve() for _ in range(2)]
        tokens = {person: session_of(office, person) for person in sorted(PEOPLE)}
        _load(office, machines, tokens, cases=2)  # The first calls pay for compiling statements.
        return [
            (_load(office, machines[:1], tokens, cases), _load(office, machines, tokens, cases))
            for _ in range(runs)
        ]


def _load(office: Office, machines: Sequence[Machine], tokens: Tokens, cases: int) -> Carried:
    """Fresh cases brought to their end by clients at once, who are spread over the processes."""
    fresh = list(islice(fresh_cases(office, now=None), cases * CLIENTS))
    used = sum(cpu_seconds(machine) for machine in machines)
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        for client in range(CLIENTS):
            machine = machines[client % len(machines)]
            clients.submit(
                _bring_to_end, fresh[client::CLIENTS], machine, tokens
            ).add_done_callback(lambda done: done.result())
    wall = time.perf_counter() - began
    spent = sum(cpu_seconds(machine) for machine in machines) - used
    steps = len(fresh) * len(RELAY)
    return Carried(spent / steps, wall / steps)


def _bring_to_end(cases: Sequence[Case], machine: Machine, tokens: Tokens) -> None:
    lines = {person: Line(machine, token) for person, token in tokens.items()}
    for case in cases:
        for element, person, answers in RELAY:
            path = f"/api/v1/work-items/{case.open[element].id}/completion"
            lines[person].post(path, content(answers))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))
