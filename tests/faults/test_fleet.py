"""A cycle on two servers and two workers, one of each killed on the way: nothing lost or twice.

R1 of the fault catalogue (application killed) and R17 (scheduler twice, killed in the middle), over
HTTP; the lost answers are sent again under the same key, which is R9. The full counts are those of
the issue: a cycle of 2,000.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from engine.commands.cycles import open_cycle
from engine.domain.people import EmployeeId
from engine.store import tables
from engine.store.states import InstanceStatus
from tests.cases import Case, problems
from tests.evidence import Evidence
from tests.faults.test_kill import completed, submitted
from tests.machines import Machine, Machines, ago, machines, session_of, wait_for
from tests.office import POSITIONS, Office
from tests.ready import Offices
from tests.session import count

PEOPLE = tuple(EmployeeId(key) for key, *_ in POSITIONS)
REPLY = {"answers": {"text": "Sudah dibaca.", "number": 7}}
AT_ONCE = 4
PATIENCE_S = 150
# So long a dead worker's cases wait for the other one; two minutes on a real installation.
LEASE_S = "8"


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


@pytest.fixture
def fleet(office: Office, offices: Offices, tmp_path: Path) -> Iterator[Machines]:
    with machines(offices.url, tmp_path, ALUR_TIMER_LEASE_S=LEASE_S) as made:
        yield made


@dataclass
class People:
    """Everybody with a browser; whoever gets no answer asks the other server again."""

    office: Office
    servers: list[Machine]
    tokens: dict[str, str] = field(default_factory=dict)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    again: int = 0

    def answer(self, case: Case, person: str) -> None:
        """Complete the open work of a person's case, once, however often it must be sent."""
        (item,) = case.open.values()
        path = f"/api/v1/work-items/{item.id}/completion"
        for server in self._servers():
            try:
                answer = server.ask(
                    "POST", path, token=self.tokens[person], body=REPLY, Idempotency_Key=item.id
                )
            except OSError:
                self.again += 1
                time.sleep(0.05)
                continue
            if answer.status == 200:
                self.receipts.append((str(answer.json["id"]), str(answer.json["receipt"])))
                return
            assert answer.status in {409, 503}, answer.text

    def _servers(self) -> Iterator[Machine]:
        for _ in range(1000):
            yield random.choice(self.servers)
        raise AssertionError("nobody answers")


def cycles(office: Office) -> Iterator[Office]:
    """The office in cycle after cycle."""
    while True:
        yield office
        hr = office.actor("hr_officer", ago(20))
        opened = open_cycle(
            office.desk, hr, system="window", name="Jendela",
            starts=date(2025, 1, 1), ends=date(2025, 12, 31), now=ago(20),
        )  # fmt: skip
        office = replace(office, cycle_id=opened)


@pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
def test_a_cycle_reaches_its_end_while_servers_and_workers_are_killed(
    office: Office, fleet: Machines, evidence: Evidence, rng: random.Random
):
    number, began = count(60, 2000), time.monotonic()
    pairs = ((held, person) for held in cycles(office) for person in PEOPLE)
    # Their time ran out while nobody looked: the workers must send them all to the next step.
    cases = [
        (Case.start(held, person, now=ago(20)), person) for held, person in islice(pairs, number)
    ]
    people = People(office, [fleet.serve(), fleet.serve()])
    people.tokens = {person: session_of(office, person) for person in PEOPLE}
    workers = [fleet.work(), fleet.work()]

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        killer = pool.submit(kill_one_of_each, fleet, people, workers, number, rng)
        done = [pool.submit(follow, people, case, person) for case, person in cases]
        for each in [killer, *done]:
            each.result(PATIENCE_S)

    check_everything(office, [case for case, _ in cases], people)
    evidence.record("fleet.cases", number)
    evidence.record("fleet.sent_again", people.again)
    evidence.record("fleet.lost", len(set(people.receipts) - set(submitted(office))))
    evidence.record("fleet.seconds", round(time.monotonic() - began))


def follow(people: People, case: Case, person: str) -> None:
    """Wait until the worker has moved the case on, then complete what it opened."""
    wait_for(lambda: list(case.open) == ["too_late"], patience_s=PATIENCE_S)
    people.answer(case, person)


def kill_one_of_each(
    fleet: Machines, people: People, workers: list[Machine], number: int, rng: random.Random
) -> None:
    """A worker dies among the timers, a server among the completions; new ones come."""
    wait_for(lambda: waiting(people.office) < number, patience_s=PATIENCE_S)
    workers[0].kill()
    fleet.work()
    wait_for(lambda: len(people.receipts) > 5, patience_s=PATIENCE_S)
    time.sleep(rng.uniform(0, 0.2))
    people.servers[0].kill()
    people.servers[0] = fleet.serve()


def waiting(office: Office) -> int:
    """How many cases have not passed their deadline yet."""
    with office.desk.store.reading(office.agency_id) as tx:
        return len(tx.connection.execute(tables.timer.select()).all())


def check_everything(office: Office, cases: list[Case], people: People) -> None:
    """All cases ended, all receipts are stored once, all deadlines fired once, the trail holds."""
    assert {case.row.status for case in cases} == {InstanceStatus.COMPLETED}
    assert {case.actions.count("timer.fired") for case in cases} == {1}
    stored = submitted(office)
    assert len(people.receipts) == len(set(people.receipts)) == len(cases) == len(stored)
    assert set(people.receipts) == set(stored)
    assert set(completed(office).values()) == {1}
    assert problems(office) == []
