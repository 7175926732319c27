"""Keys of programs: a long session of one person that comes without cookie and opens no page."""

from datetime import datetime, timedelta

from engine.commands.account_trail import note
from engine.commands.desk import Desk
from engine.commands.proofs import prove_password
from engine.commands.sessions import Door, Stay, session_row
from engine.domain.actions import Action
from engine.domain.people import Actor
from engine.errors import Finding, InvalidForm
from engine.store import sessions
from engine.store.sessions import Stage, Way

LONGEST_NAME, MOST_DAYS, MOST_KEYS = 60, 365, 10


def give_key(
    desk: Desk,
    actor: Actor,
    *,
    token_hash: str,
    name: str,
    days: int | None,
    password: str,
    language: str,
    now: datetime,
) -> None:
    """Let a program act for the person for so many days; only the hash of its key is kept.

    It ends with the person's other sessions, when he signs out everywhere or sets a password anew.
    Raises InvalidForm for a name of none or more than 60 characters, days outside 1 to 365, an
    eleventh key or a wrong password, or TooManyAttempts.
    """
    if found := _findings(name, days):
        raise InvalidForm(found)
    prove_password(desk, actor, password=password, now=now)
    lasting = timedelta(days=days or 0)
    door = Door(token_hash, "", name, language, Stay(lasting, lasting))
    with desk.store.transaction(actor.agency_id) as tx:
        own = sessions.of_employee(tx, actor.employee_id, now=now)
        if sum(row.way == Way.PROGRAM.value for row in own) >= MOST_KEYS:
            raise InvalidForm([Finding("program_key.too_many", element_id="name")])
        row = session_row(tx, actor.employee_id, door, stage=Stage.FULL, way=Way.PROGRAM, now=now)
        sessions.add(tx, row)
        kind = Way.PROGRAM.value
        note(desk, tx, actor.employee_id, Action.SESSION_OPENED, now=now, kind=kind, days=days)


def _findings(name: str, days: int | None) -> list[Finding]:
    wrong = {
        "name": not 0 < len(name) <= LONGEST_NAME or not name.isprintable(),
        "days": days is None or not 1 <= days <= MOST_DAYS,
    }
    return [Finding(f"program_key.{key}", element_id=key) for key, bad in wrong.items() if bad]
