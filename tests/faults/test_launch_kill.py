"""A launch is killed again and again: everybody starts once, nobody is lost."""

import random
import time
from itertools import cycle
from pathlib import Path

from sqlalchemy import select

from engine.commands.launch import request_launch
from engine.jobs.launching import continue_launches
from engine.store import launches, tables
from tests.cases import NOW, problems
from tests.evidence import Evidence
from tests.faults.forked import FORKED
from tests.faults.launching import launch_by_chunks
from tests.faults.many import add_people
from tests.office import POSITIONS, Office
from tests.ready import Offices
from tests.session import count

# So many chunks are through when one kill after the other comes.
THROUGH = (0, 1, 2)
FIRST_MOMENT_S = 0.15


def test_everybody_starts_once_however_often_the_launch_dies(
    offices: Offices, tmp_path: Path, rng: random.Random, evidence: Evidence
):
    kills, people = count(3, 50), count(150, 3_000)
    office = offices.open("laps")
    add_people(office, people)
    hr = office.actor("hr_officer", NOW)
    request_launch(office.desk, hr, cycle_id=office.cycle_id, expected=people, now=NOW)

    for _, through in zip(range(kills), cycle(THROUGH), strict=False):
        die(offices.url, tmp_path, rng, through)
    before = len(subjects(office))
    while is_running(office):
        continue_launches(office.desk, office.agency_id, now=NOW)

    started = subjects(office)
    expected = in_service(office)
    lost, doubled = len(expected - set(started)), len(started) - len(set(started))
    assert len(expected) == people + len(POSITIONS)
    assert 0 < before < len(expected)
    assert (lost, doubled) == (0, 0)
    assert problems(office) == []
    evidence.record(f"launch_kill.{offices.kind}.kills", kills)
    evidence.record(f"launch_kill.{offices.kind}.started_before_the_last_kill", before)
    evidence.record(f"launch_kill.{offices.kind}.lost_or_doubled", lost + doubled)


def is_running(office: Office) -> bool:
    """Whether the launch goes on: a round gives way to what a killed one still stores."""
    with office.desk.store.reading(office.agency_id) as tx:
        return bool(launches.running(tx))


def subjects(office: Office) -> list[str]:
    """Whose cases there are, as often as there are cases."""
    with office.desk.store.reading(office.agency_id) as tx:
        return list(tx.connection.execute(select(tables.instance.c.subject_id)).scalars())


def in_service(office: Office) -> set[str]:
    """Everybody whom the launch has to take."""
    who = tables.employee.c
    with office.desk.store.reading(office.agency_id) as tx:
        return set(tx.connection.execute(select(who.id).where(who.active)).scalars())


def die(url: str, folder: Path, rng: random.Random, through: int) -> None:
    """Launch in a process of its own and kill it, some chunks later, in the middle of the next."""
    ours, theirs = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=launch_by_chunks, args=(url, folder, theirs), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    began = time.monotonic()
    for _ in range(through):
        ours.recv()
    a_chunk = (time.monotonic() - began) / through if through else FIRST_MOMENT_S
    time.sleep(rng.uniform(0, a_chunk))
    process.kill()
    process.join()
