"""Delivers messages to cases that wait for them, one case and one transaction at a time."""

from collections.abc import Mapping
from datetime import datetime

from engine.commands.automatic import run_automatic
from engine.commands.desk import Desk
from engine.commands.steps import Step
from engine.domain.people import SYSTEM, Actor, AgencyId
from engine.store import messages


def send_message(
    desk: Desk,
    actor: Actor,
    *,
    name: str,
    correlation: str,
    payload: Mapping[str, object],
    now: datetime,
) -> int:
    """Deliver a message to every case that waits for it; how many took it.

    A case whose automatic steps fail is held and does not stop the others.
    """
    with desk.store.reading(actor.agency_id) as tx:
        waiting = messages.waiting_for(tx, name, correlation=correlation)

    def receive(step: Step) -> bool:
        return step.execution.receive(name, payload) or _came_before(step, name)

    instance_ids = dict.fromkeys(row.instance_id for row in waiting)
    return sum(
        run_automatic(desk, actor.agency_id, instance_id, receive, by=actor.employee_id, now=now)
        for instance_id in instance_ids
    )


def take_kept_message(
    desk: Desk, agency_id: AgencyId, instance_id: str, name: str, *, now: datetime
) -> bool:
    """Let a case take a message that is kept as a fact; whether it did."""

    def taken(step: Step) -> bool:
        return _came_before(step, name)

    return run_automatic(desk, agency_id, instance_id, taken, by=SYSTEM, now=now)


def _came_before(step: Step, name: str) -> bool:
    """A message that is kept as a fact was taken when the case settled."""
    waiting = {message.task_id for message in step.execution.awaited}
    return any(
        message.name == name and task_id not in waiting
        for task_id, message in step.before.awaited.items()
    )
