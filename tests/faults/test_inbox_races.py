"""Two sessions do things with the same work at the same moment, for thousands of steps.

R10 (thirty-two at once, one winner) and R12 (claim, complete, delegate, return, recall) of the
fault catalogue. What two did at once must be what they could have done one after the other.
"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Barrier

from engine.commands.complete import complete_work_item
from engine.commands.cycles import open_cycle
from engine.commands.desk import Desk
from engine.errors import AlurError, Conflict, Forbidden
from engine.store import work_items
from tests.cases import NOW, Case, problems
from tests.commands.contests import WORDS
from tests.commands.holding import COMMANDS, delegate
from tests.evidence import Evidence
from tests.faults.forked import serving
from tests.faults.laps import answers, laps
from tests.faults.test_kill import completed
from tests.faults.test_races import second_desk
from tests.machines import Answer, ask, session_of
from tests.office import Office
from tests.ready import Offices
from tests.session import count

OFFICERS, PREPARES = ("hr_officer", "hr_colleague"), "clerk"
VERBS = ("claim", "release", "delegate", "return", "complete", "recall")
STEPS_A_CASE = 20
IN_THE_WAY = "in the way"


@dataclass(frozen=True)
class Held:
    """Who has claimed the work, whether the clerk prepares it, who has handed it in."""

    claimed: str | None = None
    prepared: bool = False
    done_by: str | None = None

    def after(self, person: str, verb: str) -> "Held | None":
        """What it is after somebody did something; None when he may not."""
        if self.done_by:
            recalls = verb == "recall" and person == self.done_by
            return replace(self, done_by=None, prepared=False) if recalls else None
        free, mine = self.claimed is None, self.claimed == person
        officer = person in OFFICERS
        match verb:
            case "claim" if officer and free:
                return replace(self, claimed=person)
            case "release" if mine:
                return Held()
            case "delegate" if officer and (free or mine) and not self.prepared:
                return Held(person, prepared=True)
            case "return" if self.prepared and (mine or person == PREPARES):
                return replace(self, prepared=False)
            case "complete" if officer and (free or mine):
                return replace(self, done_by=person)
        return None


def test_two_sessions_at_once_end_as_one_after_the_other_could(
    offices: Offices, rng: random.Random, evidence: Evidence
):
    pairs, office = count(60, 5000), offices.open("counter")
    held, ends = Held(), Counter[str]()
    case, item = begin_case(office)

    with second_desk(office, offices.url) as other, ThreadPoolExecutor(2) as pool:
        for number in range(pairs):
            if number % STEPS_A_CASE == STEPS_A_CASE - 1:
                office = next_cycle(office)
                (case, item), held = begin_case(office), Held()
            deeds = [(rng.choice((*OFFICERS, PREPARES)), rng.choice(VERBS)) for _ in range(2)]
            told = at_once(pool, (office.desk, other), office, item, deeds)
            found, item = look(case, item)
            assert (found, told) in possible(held, deeds, told), (held, deeds, told, found)
            held = found
            ends.update(told)

    assert problems(office) == []
    evidence.record(f"inbox_races.{offices.kind}.steps", pairs * 2)
    evidence.record(f"inbox_races.{offices.kind}.done", ends["done"])
    evidence.record(f"inbox_races.{offices.kind}.impossible_ends", 0)


def possible(
    held: Held, deeds: list[tuple[str, str]], told: list[str]
) -> list[tuple[Held, list[str]]]:
    """What both orders give; who was told that somebody is in the way has done nothing."""
    found = []
    for order in ((0, 1), (1, 0)):
        state, ends = held, ["", ""]
        for place in order:
            after = None if told[place] == IN_THE_WAY else state.after(*deeds[place])
            ends[place] = "done" if after else told[place] if told[place] != "done" else "refused"
            state = after or state
        found.append((state, ends))
    return found


def begin_case(office: Office) -> tuple[Case, str]:
    """A case whose work waits for one of the officers."""
    case = Case.start(office)
    case.complete("analyst", "report", WORDS)
    return case, case.open["check"].id


def next_cycle(office: Office) -> Office:
    """The office in another cycle."""
    opened = open_cycle(
        office.desk, office.actor("hr_officer", NOW), system="counter", name="Loket",
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), now=NOW,
    )  # fmt: skip
    return replace(office, cycle_id=opened)


def at_once(
    pool: ThreadPoolExecutor,
    desks: tuple[Desk, Desk],
    office: Office,
    item: str,
    deeds: list[tuple[str, str]],
) -> list[str]:
    """How both deeds ended."""
    barrier = Barrier(2)
    runs: list[Callable[[], str]] = [
        partial(attempt, replace(office, desk=desk), person, verb, item, barrier)
        for desk, (person, verb) in zip(desks, deeds, strict=True)
    ]
    return [future.result() for future in [pool.submit(run) for run in runs]]


def attempt(office: Office, person: str, verb: str, item: str, barrier: Barrier) -> str:
    """Do it as soon as the other one is ready, too."""
    actor = office.actor(person, NOW)
    give = {"to": PREPARES, "reason": "Cuti."} if verb == "delegate" else {}
    text = {"answers": WORDS} if verb == "complete" else {}
    command = {**COMMANDS, "delegate": delegate, "complete": complete_work_item}[verb]
    barrier.wait(timeout=30)
    try:
        command(office.desk, actor, item_id=item, **give, **text, now=NOW)
    except Conflict as error:
        return IN_THE_WAY if "in the way" in str(error) else "refused"
    except (AlurError, Forbidden):
        return "refused"
    return "done"


def look(case: Case, item: str) -> tuple[Held, str]:
    """How the work stands; recalled work has another id."""
    found = case.open.get("check")
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        row = found or work_items.get(tx, item)
    return Held(row.claimed_by, row.delegated_to is not None, row.closed_by), row.id


def test_of_thirty_two_at_once_one_wins_and_the_others_are_told(
    offices: Offices, tmp_path: Path, rng: random.Random, evidence: Evidence
):
    races, office, ends = count(8, 1000), offices.open("laps"), Counter[int]()
    tokens: dict[str, str] = {}

    with (
        serving(offices.url, tmp_path, system="laps") as one,
        serving(offices.url, tmp_path, system="laps") as two,
        ThreadPoolExecutor(32) as pool,
    ):
        # SQLite has one application process; PostgreSQL may have many.
        ports = [one.port, one.port if offices.kind == "sqlite" else two.port]
        for item, lap in islice(laps(office), races):
            many, person = rng.randint(6, 32), item.assignee_id or ""
            token = tokens.setdefault(person, session_of(office, person))
            barrier = Barrier(many)

            def hand_in(n: int, item=item, lap=lap, token=token, barrier=barrier) -> Answer:
                barrier.wait(timeout=30)
                path, body = f"/api/v1/work-items/{item.id}/completion", {"answers": answers(lap)}
                key = f"{item.id}-{n}"
                return ask(ports[n % 2], "POST", path, token=token, body=body, Idempotency_Key=key)

            told = [*pool.map(hand_in, range(many))]
            statuses = Counter(answer.status for answer in told)
            assert (statuses[200], statuses[409]) == (1, many - 1), statuses
            assert all(len(answer.json["title"]) > 10 for answer in told if answer.status == 409)
            ends += statuses

    assert set(completed(office).values()) == {1}
    assert problems(office) == []
    evidence.record(f"crowded_races.{offices.kind}.races", races)
    evidence.record(f"crowded_races.{offices.kind}.winners", ends[200])
    evidence.record(f"crowded_races.{offices.kind}.told_too_late", ends[409])
