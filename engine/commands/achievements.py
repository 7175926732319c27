"""What an organisation achieved in a cycle: set by HR, awaited by the cases of its people."""

from datetime import date, datetime

from engine.commands.desk import Desk
from engine.commands.messages import send_message
from engine.commands.permissions import demand, refusals_audited
from engine.commands.retained import ORGANISATION_ACHIEVEMENT
from engine.commands.sealed_reasons import sealed_reason
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, UnitId
from engine.errors import Conflict
from engine.rules.deadlines import local_date
from engine.store import appraisals, audit, cycles, people, sealing, staffing
from engine.store.cycles import AchievementRow
from engine.store.database import Transaction


def set_organisation_achievement(
    desk: Desk,
    actor: Actor,
    *,
    cycle_id: str,
    unit_id: UnitId,
    level: OrganisationAchievement,
    reason: str,
    now: datetime,
) -> int:
    """Set what a unit achieved and let every case that waits for it go on; how many did.

    The reason is sealed in the event. Raises Forbidden, also for the head of the unit, NotFound, or
    Conflict once a result of the unit rests on it: two people of one unit must not be measured by
    two achievements.
    Source: SE MenPANRB 3/2023.
    """
    decided = AchievementRow(cycle_id, unit_id, level.value, actor.employee_id, now)
    with (
        refusals_audited(desk, actor, Verb.SET_ACHIEVEMENT, target=unit_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        on = local_date(now, desk.calendar(tx, now))
        demand(actor, Verb.SET_ACHIEVEMENT, _unit_access(tx, actor, unit_id, on))
        _record(tx, decided, reason)
    return send_message(
        desk,
        actor,
        name=ORGANISATION_ACHIEVEMENT,
        correlation=f"{unit_id}/{cycle_id}",
        payload={"level": level.value},
        now=now,
    )


def _unit_access(tx: Transaction, actor: Actor, unit_id: UnitId, on: date) -> AgencyAccess:
    """The unit with its head; with the actor as its head where he is one beside an acting one."""
    post = staffing.assignment_on(tx, actor.employee_id, on)
    if post and post.unit_id == unit_id and people.position(tx, post.position_id).heads_unit:
        return AgencyAccess(tx.agency_id, actor.employee_id)
    return AgencyAccess(tx.agency_id, staffing.head_of_unit(tx, unit_id, on))


def _record(tx: Transaction, decided: AchievementRow, reason: str) -> None:
    cycle_id, unit_id = cycles.get(tx, decided.cycle_id).id, decided.unit_id
    if appraisals.count_predicates(tx, cycle_id=cycle_id, unit_id=unit_id):
        raise Conflict(f"results of unit {unit_id} rest on its achievement already")
    version = cycles.set_achievement(tx, decided)
    key = sealing.key_for(tx, decided.decided_by, period=cycle_id, now=decided.decided_at)
    values: dict[str, object] = {
        "cycle": cycle_id,
        "unit": unit_id,
        "level": decided.level,
        "version": version,
        **sealed_reason(key, reason),
    }
    event = AuditEvent(
        Action.ACHIEVEMENT_SET, decided.decided_at, decided.decided_by, role="hr", values=values
    )
    audit.append_to_chain(tx, audit.object_chain("cycle", cycle_id), [event])
