"""Work that changes hands: a case of the small system "contest" and what people do with it."""

from datetime import datetime

from engine.commands.assignment import claim, delegate, reassign, release, return_work
from engine.commands.recall import recall
from engine.commands.reminding import remind
from engine.domain.people import EmployeeId
from tests.cases import NOW, SECRET, Case

COMMANDS = {"claim": claim, "release": release, "return": return_work, "recall": recall}


def act(case: Case, person: str, verb: str, item_id: str, *, now: datetime = NOW) -> None:
    """Do one of the commands that need nothing but the work item."""
    office = case.office
    COMMANDS[verb](office.desk, office.actor(person, now), item_id=item_id, now=now)


def hand_to(case: Case, person: str, item_id: str, to: str, *, now: datetime = NOW) -> None:
    """Let somebody prepare the answers."""
    office = case.office
    delegate(
        office.desk, office.actor(person, now),
        item_id=item_id, to=EmployeeId(to), reason=SECRET, now=now,
    )  # fmt: skip


def give_to(case: Case, person: str, item_id: str, to: str, *, now: datetime = NOW) -> bool:
    """Reassign work."""
    office = case.office
    return reassign(
        office.desk, office.actor(person, now),
        item_id=item_id, to=EmployeeId(to), reason=SECRET, now=now,
    )  # fmt: skip


def reminded(case: Case, person: str, item_id: str, *, now: datetime = NOW) -> bool:
    """Remind the holder of work."""
    office = case.office
    return remind(office.desk, office.actor(person, now), item_id=item_id, now=now)
