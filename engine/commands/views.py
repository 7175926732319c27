"""Records who looked into a case without being part of it."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.permissions import case_access
from engine.domain.access import Verb, can
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor
from engine.errors import NotFound
from engine.rules.deadlines import local_date
from engine.store import audit, instances


def record_view(
    desk: Desk, actor: Actor, *, instance_id: str, verb: Verb = Verb.READ_CASE, now: datetime
) -> None:
    """Note the look in the reader's chain of the day, unless the case is his own to work on.

    Raises NotFound where the actor may not know of the case.
    """
    with desk.store.reading(actor.agency_id) as tx:
        access = case_access(tx, instances.get(tx, instance_id))
        day = local_date(now, desk.calendar(tx, now))
    if not can(actor, verb, access):
        raise NotFound("case", instance_id)
    involved = {access.subject_id, access.rater_id, access.rater_superior_id} | access.holders
    if actor.effective_persons() & involved:
        return
    event = AuditEvent(
        Action.ACCESS_VIEWED,
        now,
        actor.employee_id,
        instance=instance_id,
        values={"verb": verb.value},
    )
    with desk.store.transaction(actor.agency_id) as tx:
        audit.append_to_chain(tx, audit.actor_day(actor.employee_id, day), [event])
