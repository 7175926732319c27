"""Cases that cannot go on among many: the others do, HR sees them, and once repaired they go on.

R15 of the fault catalogue: unreadable state, a lost definition, a gateway that fails.
"""

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from engine.commands.incidents import retry_incident
from engine.jobs.timers import fire_due_timers
from engine.store import incidents, tables
from engine.store.database import Transaction
from tests.cases import NOW, Case, problems
from tests.evidence import Evidence
from tests.faults.many import launch_everybody
from tests.office import POSITIONS, Office
from tests.ready import Offices
from tests.session import count

DUE = NOW + timedelta(days=20)
LATER = DUE + timedelta(hours=1)
HR = "hr_officer"
STATE, CASES = tables.instance_state, tables.instance


def spoil_blob(tx: Transaction, case: str, _rng: random.Random) -> object:
    """Other bytes than were sealed."""
    return _replace(tx, case, b"spoilt")


def cut_blob(tx: Transaction, case: str, rng: random.Random) -> object:
    """Only the beginning of what was sealed."""
    return _replace(tx, case, _blob(tx, case)[: rng.randrange(40)])


def flip_bit(tx: Transaction, case: str, rng: random.Random) -> object:
    """One bit of what was sealed."""
    blob = bytearray(_blob(tx, case))
    blob[rng.randrange(len(blob))] ^= 1 << rng.randrange(8)
    return _replace(tx, case, bytes(blob))


def swap_state(tx: Transaction, case: str, _rng: random.Random) -> object:
    """The state of somebody else's case."""
    other = select(STATE.c.blob).where(STATE.c.instance_id != case).limit(1)
    return _replace(tx, case, tx.connection.execute(other).scalar_one())


SPOILINGS: tuple[Callable[[Transaction, str, random.Random], object], ...] = (
    spoil_blob, cut_blob, flip_bit, swap_state,
)  # fmt: skip


def _blob(tx: Transaction, case: str) -> bytes:
    asked = select(STATE.c.blob).where(STATE.c.instance_id == case)
    found: bytes = tx.connection.execute(asked).scalar_one()
    return found


def _replace(tx: Transaction, case: str, blob: bytes) -> bytes:
    before = _blob(tx, case)
    tx.connection.execute(update(STATE).where(STATE.c.instance_id == case).values(blob=blob))
    return before


def test_poisoned_cases_among_many_stop_nobody_are_seen_and_can_be_repaired(
    offices: Offices, rng: random.Random, evidence: Evidence
):
    many, spoilt = count(40, 1000), count(8, 50)
    office = offices.open("window")
    launched = launch(office, many)
    sound: dict[str, object] = {}
    with office.desk.store.transaction(office.agency_id) as tx:
        for number, case in enumerate(rng.sample(of_others(tx, launched), spoilt)):
            sound[case] = SPOILINGS[number % len(SPOILINGS)](tx, case, rng)

    fired = fire(office, DUE)
    again = fire(office, LATER)

    assert (fired, again) == (len(launched) - spoilt, 0)
    assert seen(office) == set(sound)
    hr = office.actor(HR, LATER)
    for case, blob in sound.items():
        assert not retry_incident(office.desk, hr, instance_id=case, now=LATER)
        with office.desk.store.transaction(office.agency_id) as tx:
            _replace(tx, case, blob)  # type: ignore[arg-type]
        assert retry_incident(office.desk, hr, instance_id=case, now=LATER)
        assert list(Case(office, case).open) == ["too_late"]
        assert Case(office, case).actions.count("timer.fired") == 1
    assert seen(office) == set()
    assert problems(office) == []
    evidence.record(f"poison.{offices.kind}.cases", len(launched))
    evidence.record(f"poison.{offices.kind}.poisoned", spoilt)
    evidence.record(f"poison.{offices.kind}.others_stopped", len(launched) - spoilt - fired)
    evidence.record(f"poison.{offices.kind}.repaired", len(sound))


def launch(office: Office, many: int) -> list[str]:
    """A case for so many people and those of the office."""
    launch_everybody(office, many - len(POSITIONS))
    with office.desk.store.reading(office.agency_id) as tx:
        return [*tx.connection.execute(select(CASES.c.id).order_by(CASES.c.id)).scalars()]


def of_others(tx: Transaction, launched: list[str]) -> list[str]:
    """Without the case of the one who repairs: nobody repairs his own."""
    asked = select(CASES.c.id).where(CASES.c.subject_id == HR)
    own = set(tx.connection.execute(asked).scalars())
    return [case for case in launched if case not in own]


def fire(office: Office, now) -> int:
    """Fire all that is due."""
    total = 0
    while done := fire_due_timers(office.desk, office.agency_id, now=now):
        total += done
    return total


def seen(office: Office) -> set[str]:
    """The cases that HR is shown as broken."""
    with office.desk.store.reading(office.agency_id) as tx:
        return {row.instance_id for row in incidents.every_open(tx)}
