"""Incidents: a failed automatic step keeps the answers, holds the case and can be retried."""

from contextlib import suppress
from datetime import datetime

import orjson

from engine.commands.answers import opened_submission
from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand, refusals_audited
from engine.commands.saving import hold_step, save_step
from engine.commands.signing import sign_result
from engine.commands.steps import Step, open_step
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.people import SYSTEM, Actor, AgencyId
from engine.errors import DeadlinePassed, ExecutionFailed, NotFound, TrailBroken
from engine.queries.overviews import held_in_confidence
from engine.store import audit, incidents, instances, submissions, work_items
from engine.store.ids import new_id
from engine.store.incidents import IncidentRow

UNREADABLE = "case.unreadable"


def open_incident(step: Step, error: ExecutionFailed, *, submission_id: str | None) -> None:
    """Record why the case is held; the caller saves it as held."""
    incident = IncidentRow(
        id=new_id(),
        instance_id=step.row.id,
        element_id=error.place,
        code=error.code,
        params=orjson.dumps(dict(error.params)).decode(),
        opened_at=step.now,
        submission_id=submission_id,
    )
    incidents.add(step.tx, incident)
    event = step.scribe.by_system().event(
        Action.INCIDENT_OPENED, element=error.place, incident=incident.id, code=error.code
    )
    step.events.append(event)


def report_unreadable(desk: Desk, agency_id: AgencyId, instance_id: str, *, now: datetime) -> bool:
    """Let HR see that a case cannot even be loaded, once; whether it was news."""
    with desk.store.transaction(agency_id) as tx:
        row = instances.get(tx, instance_id)
        if incidents.open_of_instance(tx, instance_id):
            return False
        incident = IncidentRow(new_id(), row.id, None, UNREADABLE, "{}", now)
        incidents.add(tx, incident)
        event = Scribe(row.id, row.definition_id, now, SYSTEM).event(
            Action.INCIDENT_OPENED, incident=incident.id, code=UNREADABLE
        )
        instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
        return True


def retry_incident(desk: Desk, actor: Actor, *, instance_id: str, now: datetime) -> bool:
    """Apply the kept answers again; whether the case goes on. Raises NotFound or Forbidden."""
    verb = Verb.RETRY_INCIDENT
    with (
        refusals_audited(desk, actor, verb, target=instance_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load(tx, instance_id)
        demand(actor, verb, case_access(tx, loaded.row))
        found = incidents.open_of_instance(tx, instance_id)
        if not found:
            raise NotFound("incident", instance_id)
        scribe = Scribe(instance_id, loaded.row.definition_id, now, actor.employee_id, "hr")
        try:
            step = open_step(desk, tx, loaded, scribe)
        except (ExecutionFailed, NotFound, TrailBroken):
            incidents.count_failure(tx, found[0].id)
            event = scribe.event(Action.INCIDENT_RETRIED, incident=found[0].id)
            chain = loaded.row.chain
            instances.save_head(tx, chain, audit.append(tx, chain, [event]))
            return False
        # A held case can fail only once more before it goes on, so one incident is open at most.
        return _retry(step, found[0])


def retry_in_confidence(desk: Desk, actor: Actor, *, now: datetime) -> None:
    """Try again whatever confidential case is held; nobody is told whose it is or what of it came.

    Raises Forbidden.
    """
    with (
        refusals_audited(desk, actor, Verb.RETRY_INCIDENT, target="confidential", now=now),
        desk.store.reading(actor.agency_id) as tx,
    ):
        held = held_in_confidence(tx, actor)
    for instance_id in held:
        # Somebody else may have let it go on meanwhile.
        with suppress(NotFound):
            retry_incident(desk, actor, instance_id=instance_id, now=now)


def _retry(step: Step, incident: IncidentRow) -> bool:
    try:
        _reapply(step, incident)
    except ExecutionFailed:
        incidents.count_failure(step.tx, incident.id)
        step.events.append(step.scribe.event(Action.INCIDENT_RETRIED, incident=incident.id))
        hold_step(step)
        return False
    incidents.resolve(step.tx, incident.id, now=step.now)
    step.events.append(step.scribe.event(Action.INCIDENT_RESOLVED, incident=incident.id))
    save_step(step)
    return True


def _reapply(step: Step, incident: IncidentRow) -> None:
    """The answers were given in time, so a deadline that passed since does not count."""
    kept = submissions.find(step.tx, incident.submission_id) if incident.submission_id else None
    if kept is None:
        step.settle()
        return
    item = work_items.get(step.tx, kept.work_item_id)
    task = next((found for found in step.execution.ready if found.task_id == item.task_id), None)
    if task is None:
        raise DeadlinePassed(item.id, item.due_at)
    answers = {} if kept.in_confidence else opened_submission(step.key, kept)
    step.execution.complete(item.task_id, answers, in_time=True)
    step.settle()
    sign_result(step, task, by=kept.actor_id, at=kept.at, kind=kept.signature_kind)
