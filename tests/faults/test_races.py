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
from engine.domain.people import Actor
from engine.errors import Conflict
from engine.store.database import Store
from engine.store.work_items import WorkItemRow
from tests.cases import NOW, problems
from tests.evidence import Evidence
from tests.faults.laps import answers, laps
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
