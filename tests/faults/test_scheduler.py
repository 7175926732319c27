"""Two schedulers at once, killed again and again: everybody is told and everything fires once.

R17 (scheduler twice, or killed in the middle) and R16 (a storm of deadlines) of the catalogue.
"""

import random
import statistics
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from engine.store import tables
from tests.cases import Case, problems
from tests.evidence import Evidence
from tests.faults.background import fire_forever, work_at, work_forever
from tests.faults.forked import FORKED, begin, serving
from tests.faults.many import launch_everybody
from tests.machines import ask, session_of
from tests.office import POSITIONS, Office
from tests.ready import Offices
from tests.session import count

LONGEST_LIFE_S = 0.25
# The deadline of the first step of a case that starts at NOW.
DUE = datetime(2026, 1, 19, 17, tzinfo=UTC)
DAYS = [DUE + timedelta(days=day) for day in (-7, -5, -3, -1, 0, 1, 3, 14, 28, 29)]
PEOPLE = tuple(key for key, *_ in POSITIONS)
# Nobody is above the first of them.
RATED = PEOPLE[1:]


def test_who_is_told_by_two_killed_schedulers_is_told_as_by_a_calm_one(
    offices: Offices, tmp_path: Path, rng: random.Random, evidence: Evidence
):
    pairs_a_day = count(1, 10)
    calm, shaken = offices.open("national"), offices.open("national")
    for office in (calm, shaken):
        for person in RATED:
            Case.start(office, person)

    for day in DAYS:
        work_at(calm, day)
        for _ in range(pairs_a_day):
            kill_two(offices.url, tmp_path, day, rng)
        # Longer than any lease of the dead: what they left half done is taken up.
        work_at(shaken, day + timedelta(minutes=11))

    assert told(shaken) == told(calm) != Counter()
    assert done(shaken) == done(calm)
    assert done(calm)["work.reminded"] > 0 < done(calm)["timer.fired"]
    assert problems(shaken) == []
    evidence.record(f"scheduler_kill.{offices.kind}.kills", pairs_a_day * 2 * len(DAYS))
    evidence.record(f"scheduler_kill.{offices.kind}.notices", sum(told(shaken).values()))
    evidence.record(f"scheduler_kill.{offices.kind}.told_twice_or_never", 0)


def kill_two(url: str, folder: Path, now: datetime, rng: random.Random) -> None:
    """Two schedulers work at the same time and die in the middle, one after the other."""
    pipes = [FORKED.Pipe(duplex=False) for _ in range(2)]
    both = [begin(work_forever, url, folder, "national", (now,), theirs) for _, theirs in pipes]
    for ours, theirs in pipes:
        theirs.close()
        ours.recv()
    for process in both:
        time.sleep(rng.uniform(0, LONGEST_LIFE_S))
        process.kill()
        process.join()


def told(office: Office) -> Counter[tuple[str, str, str]]:
    """Who was told what on which day."""
    rows = tables.notice
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(rows.select()).all()
    return Counter((row.kind, row.recipient_id, f"{row.created_at:%d}") for row in found)


def done(office: Office) -> Counter[str]:
    """How often the trail holds each action."""
    event = tables.audit_event.c
    asked = select(event.action, func.count()).group_by(event.action)
    with office.desk.store.reading(office.agency_id) as tx:
        return Counter(dict(tuple(row) for row in tx.connection.execute(asked)))


def test_a_storm_of_deadlines_fires_each_once_while_people_work(
    offices: Offices, tmp_path: Path, evidence: Evidence
):
    many, office = count(150, 60_000), offices.open("window")
    launch_everybody(office, many)
    token, pages, began = session_of(office, "division_head"), [], time.monotonic()

    with serving(offices.url, tmp_path, system="window") as server:
        ours, theirs = FORKED.Pipe(duplex=False)
        firing = [
            begin(fire_forever, offices.url, tmp_path, "window", DUE, theirs)
            for _ in range(1 if offices.kind == "sqlite" else 2)
        ]
        theirs.close()
        while waiting(office):
            while ours.poll():
                ours.recv()
            asked = time.monotonic()
            assert ask(server.port, "GET", "/inbox", token=token).status == 200
            pages.append(time.monotonic() - asked)
            time.sleep(0.05)
        for process in firing:
            process.kill()
            process.join()

    assert done(office)["timer.fired"] == started(office) == many + len(PEOPLE)
    assert problems(office) == []
    figures = {
        "deadlines": started(office), "fired_twice_or_never": 0,
        "seconds": round(time.monotonic() - began), "pages_meanwhile": len(pages),
        "page_p95_s": round(statistics.quantiles([*pages, *pages], n=20)[-1], 3),
    }  # fmt: skip
    for name, figure in figures.items():
        evidence.record(f"storm.{offices.kind}.{name}", figure)


def waiting(office: Office) -> bool:
    """Whether a deadline has not fired yet."""
    with office.desk.store.reading(office.agency_id) as tx:
        return tx.connection.execute(select(tables.timer.c.task_id).limit(1)).first() is not None


def started(office: Office) -> int:
    """How many cases there are."""
    with office.desk.store.reading(office.agency_id) as tx:
        asked = select(func.count()).select_from(tables.instance)
        return tx.connection.execute(asked).scalar_one()
