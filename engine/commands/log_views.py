"""Records who looked into a daily log without being its rater."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.permissions import demand
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor
from engine.rules.deadlines import local_date
from engine.store import audit
from engine.store.daily_logs import LogRow


def record_log_view(desk: Desk, actor: Actor, *, log: LogRow, now: datetime) -> None:
    """Note the look in the reader's chain of the day, unless he keeps or rates the log.

    Raises Forbidden.
    """
    access = log.access(actor.agency_id)
    demand(actor, Verb.READ_LOG, access)
    if actor.effective_persons() & {access.subject_id, access.rater_id, access.rater_superior_id}:
        return
    with desk.store.transaction(actor.agency_id) as tx:
        day = local_date(now, desk.calendar(tx, now))
        seen = {"verb": Verb.READ_LOG.value, "cycle": log.cycle_id, "person": log.employee_id}
        event = AuditEvent(Action.ACCESS_VIEWED, now, actor.employee_id, values=seen)
        audit.append_to_chain(tx, audit.actor_day(actor.employee_id, day), [event])
