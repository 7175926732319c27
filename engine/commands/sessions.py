"""Opening and closing sessions; each leaves its event in the person's chain of the day."""

from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.rules.deadlines import local_date
from engine.store import audit, people, sessions
from engine.store.database import Transaction
from engine.store.sessions import SessionRow


def open_session(
    desk: Desk,
    agency_id: AgencyId,
    *,
    employee_id: EmployeeId,
    token_hash: str,
    language: str,
    hours: int,
    now: datetime,
) -> None:
    """Let a person in for `hours`; only the hash of the token is kept. Raises NotFound."""
    with desk.store.transaction(agency_id) as tx:
        people.employee(tx, employee_id)
        sessions.delete_expired(tx, now=now)
        ends = now + timedelta(hours=hours)
        row = SessionRow(token_hash, agency_id, employee_id, now, now, ends, ends, language)
        sessions.add(tx, row)
        _record(desk, tx, employee_id, Action.SESSION_OPENED, now)


def close_session(desk: Desk, actor: Actor, *, token_hash: str, now: datetime) -> None:
    """End a session."""
    with desk.store.transaction(actor.agency_id) as tx:
        sessions.end(tx, token_hash)
        _record(desk, tx, actor.employee_id, Action.SESSION_CLOSED, now)


def change_language(desk: Desk, actor: Actor, *, token_hash: str, language: str) -> None:
    """Remember the language of a session; not a fact about any case, so no event."""
    with desk.store.transaction(actor.agency_id) as tx:
        sessions.set_language(tx, token_hash, language)


def _record(
    desk: Desk, tx: Transaction, employee_id: EmployeeId, action: Action, now: datetime
) -> None:
    day = local_date(now, desk.calendar(tx, now))
    audit.append_to_chain(
        tx, audit.actor_day(employee_id, day), [AuditEvent(action, now, employee_id)]
    )
