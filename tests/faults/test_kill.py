"""The product is killed in the middle of its work: what it confirmed stays, nothing is twice."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import select

from engine.domain.actions import Action
from engine.store import tables
from tests.cases import problems
from tests.evidence import Evidence
from tests.faults.forked import FORKED
from tests.faults.killed import complete_forever
from tests.office import Office
from tests.ready import Offices
from tests.session import count

# One completion takes some ten milliseconds; deaths fall anywhere in a dozen of them.
LONGEST_LIFE_S = 0.3
Receipt = tuple[str, str]


def test_what_was_confirmed_before_a_kill_is_stored_once(
    offices: Offices, tmp_path: Path, rng: random.Random, evidence: Evidence
):
    kills = count(6, 500)
    office = offices.open("laps")

    acknowledged = [receipt for _ in range(kills) for receipt in live(offices.url, tmp_path, rng)]

    stored, completions = submitted(office), completed(office)
    lost = set(acknowledged) - set(stored)
    doubled = [item for item, times in completions.items() if times > 1]
    assert len(set(acknowledged)) == len(acknowledged) > 0
    assert (lost, doubled) == (set(), [])
    assert set(completions) == {item for item, _ in stored}
    assert problems(office) == []
    figures = {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "acknowledged_lost": len(lost),
        "doubled": len(doubled),
        "stored_unacknowledged": len(stored) - len(acknowledged),
    }
    for name, figure in figures.items():
        evidence.record(f"kill.{offices.kind}.{name}", figure)


def live(url: str, folder: Path, rng: random.Random) -> list[Receipt]:
    """What one process acknowledged between its first completion and its violent end."""
    ours, theirs = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=complete_forever, args=(url, folder, theirs), daemon=True)
    process.start()
    theirs.close()
    first = ours.recv()
    time.sleep(rng.uniform(0, LONGEST_LIFE_S))
    process.kill()
    process.join()
    return [first, *_rest(ours)]


def _rest(acknowledged: Connection) -> Iterator[Receipt]:
    with acknowledged:
        while True:
            try:
                yield acknowledged.recv()
            except EOFError:
                return


def submitted(office: Office) -> list[Receipt]:
    """Item and receipt of every stored submission."""
    columns = tables.submission.c
    with office.desk.store.reading(office.agency_id) as tx:
        rows = tx.connection.execute(select(columns.work_item_id, columns.receipt)).all()
    return [(row.work_item_id, row.receipt) for row in rows]


def completed(office: Office) -> Counter[str]:
    """How many events say that an item was completed."""
    columns = tables.audit_event.c
    asked = select(columns.body).where(columns.action == Action.WORK_COMPLETED.value)
    with office.desk.store.reading(office.agency_id) as tx:
        return Counter(json.loads(body)["item"] for body in tx.connection.execute(asked).scalars())
