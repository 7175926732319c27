"""Notes what happens to a person's account in his own chain of the day, whoever did it."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import EmployeeId
from engine.rules.deadlines import local_date
from engine.store import audit
from engine.store.database import Transaction


def note(
    desk: Desk,
    tx: Transaction,
    employee_id: EmployeeId,
    action: Action,
    *,
    by: EmployeeId | None = None,
    now: datetime,
    **values: object,
) -> None:
    """Append an event about the account of `employee_id`; `by` when it was somebody else."""
    day = local_date(now, desk.calendar(tx, now))
    if by is not None:
        values["employee_id"] = employee_id
    event = AuditEvent(action, now, by or employee_id, values=values)
    audit.append_to_chain(tx, audit.actor_day(employee_id, day), [event])
