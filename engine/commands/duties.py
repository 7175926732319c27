"""Duties are given by two people: one proposes, another confirms; one is enough to end them."""

from datetime import date, datetime, timedelta

from engine.commands.case_handover import Handover
from engine.commands.desk import Desk
from engine.commands.handover import end_function
from engine.commands.permissions import demand, refusals_audited
from engine.domain.access import AgencyAccess, Reason, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, EmployeeId, UnitFunction, UnitId
from engine.errors import Conflict, Forbidden, NotFound
from engine.rules.deadlines import local_date
from engine.store import audit, duties, people, staffing
from engine.store.database import Transaction
from engine.store.duties import Outcome, ProposalRow
from engine.store.ids import new_id
from engine.store.people import DutyRow

DUTIES_CHAIN = audit.object_chain("people", "duties")


def propose_duty(
    desk: Desk,
    actor: Actor,
    *,
    employee_id: EmployeeId,
    function: UnitFunction,
    unit_id: UnitId | None,
    starts: date,
    now: datetime,
) -> str:
    """Propose a duty for somebody else; the proposal's id. Raises Forbidden or NotFound."""
    proposal = ProposalRow(
        new_id(), employee_id, function.value, unit_id, starts, actor.employee_id, now
    )
    with (
        refusals_audited(desk, actor, Verb.GRANT_DUTY, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.GRANT_DUTY, AgencyAccess(tx.agency_id))
        _not_for_himself(actor, employee_id)
        people.employee(tx, employee_id)
        if unit_id and unit_id not in {unit.id for unit in people.units(tx)}:
            raise NotFound("unit", unit_id)
        duties.propose(tx, proposal)
        _note(tx, actor, Action.DUTY_PROPOSED, now, proposal=proposal.id, **_facts(proposal))
    return proposal.id


def decide_duty(
    desk: Desk, actor: Actor, *, proposal_id: str, confirmed: bool, now: datetime
) -> None:
    """Confirm or reject a proposal.

    Nobody confirms what he proposed himself or a duty of his own; whoever proposed may take it
    back. Raises Forbidden, NotFound, or Conflict when somebody was faster.
    """
    with (
        refusals_audited(desk, actor, Verb.GRANT_DUTY, target=proposal_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.GRANT_DUTY, AgencyAccess(tx.agency_id))
        found = duties.proposal(tx, proposal_id)
        if confirmed:
            _not_for_himself(actor, found.employee_id)
            if found.proposed_by == actor.employee_id:
                raise Forbidden(Verb.GRANT_DUTY, Reason.TWO_PEOPLE)
        outcome = Outcome.CONFIRMED if confirmed else Outcome.REJECTED
        if not duties.decide(tx, proposal_id, outcome, by=actor.employee_id, now=now):
            raise Conflict(f"proposal {proposal_id} is decided")
        facts = {"proposal": proposal_id, **_facts(found)}
        if confirmed:
            duty = DutyRow(new_id(), found.employee_id, found.function, found.unit_id, found.starts)
            people.add(tx, [duty])
            facts |= {"duty": duty.id, "proposed_by": found.proposed_by}
        action = Action.DUTY_GRANTED if confirmed else Action.DUTY_REJECTED
        _note(tx, actor, action, now, **facts)


def end_duty(desk: Desk, actor: Actor, *, duty_id: str, now: datetime) -> None:
    """End a duty at once: it does not count today any more, and nothing waits for its holder.

    Raises Forbidden, NotFound, or Conflict for the last HR officer: what nobody holds is HR's.
    """
    with (
        refusals_audited(desk, actor, Verb.GRANT_DUTY, target=duty_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.GRANT_DUTY, AgencyAccess(tx.agency_id))
        duty = duties.duty(tx, duty_id)
        today = local_date(now, desk.calendar(tx, now))
        function, had_hr = UnitFunction(duty.function), _has_hr(tx, today)
        duties.end(tx, duty_id, last_day=today - timedelta(days=1))
        if had_hr and not _has_hr(tx, today):
            raise Conflict("this is the last HR officer of the agency")
        _note(
            tx, actor, Action.DUTY_ENDED, now,
            duty=duty_id, employee_id=duty.employee_id, function=duty.function,
        )  # fmt: skip
        handover = Handover(desk, tx, actor.employee_id, now, today)
        end_function(handover, duty.employee_id, function)


def _has_hr(tx: Transaction, today: date) -> bool:
    holders = staffing.duty_holders(tx, UnitFunction.HR, today)
    return bool(people.employees_in_service(tx, holders))


def _not_for_himself(actor: Actor, employee_id: EmployeeId) -> None:
    if employee_id in actor.effective_persons():
        raise Forbidden(Verb.GRANT_DUTY, Reason.OWN_CASE)


def _facts(proposal: ProposalRow) -> dict[str, object]:
    return {
        "employee_id": proposal.employee_id,
        "function": proposal.function,
        "unit": proposal.unit_id,
        "starts": proposal.starts,
    }


def _note(tx: Transaction, actor: Actor, action: Action, now: datetime, **values: object) -> None:
    event = AuditEvent(action, now, actor.employee_id, values=values)
    audit.append_to_chain(tx, DUTIES_CHAIN, [event])
