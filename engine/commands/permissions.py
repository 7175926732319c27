"""Gathers what the access rules ask about a case or a work item, and audits what they refuse."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.facts import participants
from engine.domain.access import CaseAccess, Object, Verb, WorkAccess, can
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.confidence import CONFIDENCE, is_sealed
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.domain.separation import PROPERTY, SIGNS, HandedIn, Separation, last_hands
from engine.errors import Conflict, DeadlinePassed, Forbidden, WorkItemClosed
from engine.rules.deadlines import local_date
from engine.store import appraisals, audit, submissions, work_items
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.states import readers_of
from engine.store.work_items import WorkItemRow

SEPARATION = PROPERTY


def demand(actor: Actor, verb: Verb, thing: Object) -> None:
    """Raise Forbidden unless the actor may."""
    verdict = can(actor, verb, thing)
    if not verdict:
        raise Forbidden(verb.value, verdict.reason.value)


def case_access(tx: Transaction, row: InstanceRow) -> CaseAccess:
    """A case with everybody who may read it."""
    appraisal = appraisals.find(tx, row.id)
    items = work_items.of_instance(tx, row.id)
    # Who was asked in confidence answers, and learns nothing of the case for it.
    open_to = [item for item in items if item.participation != CONFIDENCE]
    holders = {person for item in open_to for person in (item.assignee_id, item.closed_by)}
    return CaseAccess(
        tx.agency_id,
        row.subject_id,
        unit_id=row.unit_id,
        rater_id=appraisal.rater_id if appraisal else None,
        rater_superior_id=appraisal.rater_superior_id if appraisal else None,
        holders=frozenset(person for person in holders if person),
        functions=frozenset(UnitFunction(item.function) for item in items if item.function),
        confidential=row.confidential,
        readers=readers_of(row.readers, row.status),
    )


def work_access(
    tx: Transaction, row: InstanceRow, item: WorkItemRow, properties: Mapping[str, str]
) -> WorkAccess:
    """A work item with the separation of duties that the diagram asks for."""
    asked = Separation.of(properties)
    return WorkAccess(
        CaseAccess(
            tx.agency_id, row.subject_id, unit_id=row.unit_id, confidential=row.confidential
        ),
        item.assignee_id,
        UnitFunction(item.function) if item.function else None,
        item.offered_to,
        claimed_by=item.claimed_by,
        delegated_to=item.delegated_to,
        closed_by=item.closed_by,
        signs=SIGNS in properties,
        apart_from_subject=asked.from_subject,
        barred=_barred(tx, row.id, asked),
        named=item.kept_apart,
        sealed=is_sealed(properties),
    )


def _barred(tx: Transaction, instance_id: str, asked: Separation) -> frozenset[EmployeeId]:
    barred = participants(tx, instance_id) if asked.from_participants else frozenset()
    rater = appraisals.get(tx, instance_id).rater_id if asked.from_rater else None
    barred |= {rater} if rater else set()
    return barred | _last_hands(tx, instance_id, asked) if asked.from_steps else barred


def _last_hands(tx: Transaction, instance_id: str, asked: Separation) -> frozenset[EmployeeId]:
    done = (
        HandedIn(row.element_id, row.actor_id, row.on_behalf_of)
        for row in submissions.of_instance(tx, instance_id)
    )
    return last_hands(done, asked.from_steps)


@contextmanager
def refusals_audited(
    desk: Desk, actor: Actor, verb: Verb, *, target: str, now: datetime
) -> Iterator[None]:
    """Note every refusal in the actor's chain of the day, in a transaction of its own."""
    try:
        yield
    except (Forbidden, WorkItemClosed, DeadlinePassed) as error:
        _note(desk, actor, verb, target=target, reason=_reason(error), now=now)
        raise


def _reason(error: Forbidden | Conflict) -> str:
    if isinstance(error, Forbidden):
        return error.reason
    return "deadline_passed" if isinstance(error, DeadlinePassed) else "closed"


def _note(desk: Desk, actor: Actor, verb: Verb, *, target: str, reason: str, now: datetime) -> None:
    with desk.store.transaction(actor.agency_id) as tx:
        day = local_date(now, desk.calendar(tx, now))
        event = AuditEvent(
            Action.ACCESS_REFUSED,
            now,
            actor.employee_id,
            values={"verb": verb.value, "target": target, "reason": reason},
        )
        audit.append_to_chain(tx, audit.actor_day(actor.employee_id, day), [event])
