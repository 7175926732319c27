"""Many people with a browser each, who work without pause and send again what got no answer."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event

from engine.domain.people import EmployeeId
from engine.errors import Conflict, Unavailable
from engine.store.work_items import WorkItemRow
from tests.faults.laps import LAPS_A_CASE, answers, case_of, next_cycle
from tests.machines import ask, session_of, wait_for
from tests.office import POSITIONS, Office

PEOPLE = tuple(EmployeeId(key) for key, *_ in POSITIONS)
PAUSE_S = 0.02
ENOUGH = 2_000


@dataclass
class Crowd:
    """Who works, at which server, and what they were told."""

    office: Office
    port: Callable[[], int]
    tokens: dict[str, str] = field(default_factory=dict)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    without_answer: int = 0
    unpolite: list[str] = field(default_factory=list)
    working: list[Future[None]] = field(default_factory=list)

    def bring_in_more(self) -> None:
        """Wait until something more was confirmed; whoever gave up is told."""
        known = len(self.receipts)

        def is_more() -> bool:
            for each in self.working:
                if each.done():
                    each.result()
            return len(self.receipts) > known

        wait_for(is_more)

    def go_on(self, person: EmployeeId, stop: Event) -> None:
        """Complete one lap after the other until told to stop; the last one is brought in."""
        office = self.office
        while not stop.is_set():
            try:
                office, item, lap = _next_lap(office, person)
            except (Conflict, Unavailable):
                time.sleep(PAUSE_S)
                continue
            self._send(person, item, lap)

    def _send(self, person: EmployeeId, item: WorkItemRow, lap: int) -> None:
        path = f"/api/v1/work-items/{item.id}/completion"
        for _ in range(ENOUGH):
            try:
                answer = ask(
                    self.port(), "POST", path, token=self.tokens[person],
                    body={"answers": answers(lap)}, Idempotency_Key=item.id,
                )  # fmt: skip
            except OSError:
                self.without_answer += 1
                time.sleep(PAUSE_S)
                continue
            self.statuses[answer.status] += 1
            if answer.status == 200:
                self.receipts.append((str(answer.json["id"]), str(answer.json["receipt"])))
                return
            if answer.status == 503 and "Retry-After" not in _titled(answer.headers):
                self.unpolite.append(answer.text)
            if answer.status not in {409, 503}:
                self.unpolite.append(answer.text)
                return
            time.sleep(PAUSE_S)
        raise AssertionError(f"{item.id} is never taken")


def _titled(headers: object) -> set[str]:
    return {name.title() for name in headers}  # type: ignore[attr-defined]


def _next_lap(office: Office, person: EmployeeId) -> tuple[Office, WorkItemRow, int]:
    while True:
        case = case_of(office, person)
        item, done = case.open.get("lap"), case.actions.count("work.completed")
        if item:
            return office, item, min(done, LAPS_A_CASE)
        office = replace(office, cycle_id=next_cycle(office))


@contextmanager
def crowd(office: Office, port: Callable[[], int], *, many: int = 8) -> Iterator[Crowd]:
    """So many people at work; they have stopped, with everything brought in, at the end."""
    found, stop = Crowd(office, port), Event()
    people = PEOPLE[:many]
    found.tokens = {person: session_of(office, person) for person in people}
    with ThreadPoolExecutor(many) as pool:
        found.working += [pool.submit(found.go_on, who, stop) for who in people]
        try:
            yield found
        finally:
            stop.set()
        for each in found.working:
            each.result()
