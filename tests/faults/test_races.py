"""Two browsers hand in the same work at the same moment: exactly one of them is first."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from threading import Barrier

from engine.commands.complete import complete_work_item
from engine.commands.desk import Desk
from engine.commands.measured_figures import record_figures
from engine.domain.measured import FigureKind
from engine.domain.people import Actor
from engine.errors import Conflict
from engine.jobs.daily_logs import lock_log_months
from engine.store.database import Store
from engine.store.work_items import WorkItemRow
from tests.cases import NOW, problems, trail
from tests.evidence import Evidence
from tests.faults.laps import answers, laps
from tests.logs import LOCKED, chain, entered, office_with_logs
from tests.office import Office
from tests.ready import Offices
from tests.session import count


def test_of_two_completions_at_once_exactly_one_wins(offices: Offices, evidence: Evidence):
    races = count(20, 1000)
    office = offices.open("laps")
    ends: list[list[str]] = []

    with second_desk(office, offices.url) as other, ThreadPoolExecutor(2) as pool:
        for item, lap in islice(laps(office), races):
            ends.append(race(pool, (office.desk, other), office, item, lap))

    assert Counter(map(tuple, map(sorted, ends))) == {("lost", "won"): races}
    assert problems(office) == []
    evidence.record(f"races.{offices.kind}.held", races)
    evidence.record(f"races.{offices.kind}.with_one_winner", sum(e.count("won") == 1 for e in ends))


def test_the_same_figures_that_two_people_bring_in_at_once_are_stored_once(offices: Offices):
    office = offices.open("window")
    months = [f"2025-{number:02}" for number in range(1, 1 + count(6, 12))]

    with second_desk(office, offices.url) as other, ThreadPoolExecutor(2) as pool:
        for month in months:
            barrier = Barrier(2)
            run = partial(bring_in, office, month, barrier)
            stored = [
                future.result()
                for future in [pool.submit(run, office.desk), pool.submit(run, other)]
            ]
            assert sorted(stored) == [0, 1]

    assert problems(office) == []


def bring_in(office: Office, month: str, barrier: Barrier, desk: Desk) -> int:
    """How many facts one of two imports of a month has stored."""
    row = {"nip": "198001012010011006", "month": month, "duty": 20, "present": 18}
    hr = office.actor("hr_officer", NOW)
    barrier.wait(timeout=30)
    done = record_figures(desk, hr, kind=FigureKind.ATTENDANCE, rows=[row], now=NOW)
    return done.stored


def test_months_that_two_workers_lock_at_once_are_locked_once(offices: Offices):
    office = office_with_logs(offices)
    for person in ("analyst", "clerk"):
        entered(office, person)
    barrier = Barrier(2)

    def lock(desk: Desk) -> int:
        barrier.wait(timeout=30)
        return lock_log_months(desk, office.agency_id, now=LOCKED)

    with second_desk(office, offices.url) as other, ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lock, (office.desk, other)))

    for person in ("analyst", "clerk"):
        locked = [e for e in trail(office, chain(office, person)) if "locked" in e["action"]]
        assert len(locked) == 1
    assert sum(done) == 2


@contextmanager
def second_desk(office: Office, url: str) -> Iterator[Desk]:
    """Another process would have a store of its own, so the other browser gets one."""
    store = Store(url)
    yield Desk(store, office.desk.library, office.desk.files, office.desk.definitions)
    store.close()


def race(
    pool: ThreadPoolExecutor,
    desks: tuple[Desk, Desk],
    office: Office,
    item: WorkItemRow,
    lap: int,
) -> list[str]:
    """How both completions of an item ended."""
    barrier = Barrier(len(desks))
    actor = office.actor(item.assignee_id or "", NOW)
    runs: list[Callable[[], str]] = [
        partial(complete, desk, actor, item, lap, barrier) for desk in desks
    ]
    return [future.result() for future in [pool.submit(run) for run in runs]]


def complete(desk: Desk, actor: Actor, item: WorkItemRow, lap: int, barrier: Barrier) -> str:
    """Complete the item as soon as the other one is ready to do so, too."""
    barrier.wait(timeout=30)
    try:
        complete_work_item(desk, actor, item_id=item.id, answers=answers(lap), now=NOW)
    except Conflict:
        return "lost"
    return "won"
