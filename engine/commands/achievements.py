"""What an organisation achieved in a cycle: set by HR or its leader, awaited by its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.commands.decided_achievements import record_achievement
from engine.commands.desk import Desk
from engine.commands.messages import send_message
from engine.commands.permissions import demand, refusals_audited
from engine.commands.retained import ORGANISATION_ACHIEVEMENT
from engine.domain.access import AgencyAccess, Verb
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import Actor, UnitId
from engine.errors import Conflict, Forbidden, StaleVersion
from engine.rules.deadlines import local_date
from engine.store import cycles, messages, people, staffing
from engine.store.cycles import AchievementRow
from engine.store.database import Transaction

# So many waiting cases go on at once; the others are taken on by the job for kept messages.
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class UnitLevel:
    """What a unit is to have achieved; `seen` is the version that was on the page, 0 for none."""

    unit_id: UnitId
    level: OrganisationAchievement
    seen: int


@dataclass(frozen=True)
class UnitOutcome:
    """What came of it: `refusal` is the code of a sentence, None when it was set."""

    unit_id: UnitId
    refusal: str | None = None


def set_achievements(
    desk: Desk,
    actor: Actor,
    *,
    cycle_id: str,
    levels: Sequence[UnitLevel],
    reason: str,
    now: datetime,
) -> list[UnitOutcome]:
    """Set what many units achieved, each in a transaction of its own; the outcome of each.

    One unit that is refused does not stop the others.
    """
    done = []
    for wanted in levels:
        decided = AchievementRow(
            cycle_id, wanted.unit_id, wanted.level.value, actor.employee_id, now
        )
        try:
            _decide(desk, actor, decided, reason, wanted.seen)
            done.append(UnitOutcome(wanted.unit_id))
        except StaleVersion:
            done.append(UnitOutcome(wanted.unit_id, "cycle.achievement_changed"))
        except Conflict:
            done.append(UnitOutcome(wanted.unit_id, "cycle.results_rest_on_it"))
        except Forbidden:
            done.append(UnitOutcome(wanted.unit_id, "cycle.own_unit"))
    accepted = {outcome.unit_id for outcome in done if outcome.refusal is None}
    _let_go_on(desk, actor, cycle_id, [w for w in levels if w.unit_id in accepted], now)
    return done


def _let_go_on(
    desk: Desk, actor: Actor, cycle_id: str, levels: Sequence[UnitLevel], now: datetime
) -> None:
    left = MOST_AT_ONCE
    for found in levels:
        key = f"{found.unit_id}/{cycle_id}"
        with desk.store.reading(actor.agency_id) as tx:
            left -= len(messages.waiting_for(tx, ORGANISATION_ACHIEVEMENT, correlation=key))
        if left < 0:
            return
        _send(desk, actor, key, found.level, now)


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
    _decide(desk, actor, decided, reason, None)
    return _send(desk, actor, f"{unit_id}/{cycle_id}", level, now)


def _decide(
    desk: Desk, actor: Actor, decided: AchievementRow, reason: str, seen: int | None
) -> None:
    """Record the achievement; `seen` is the version that the actor knows, None for whichever."""
    unit_id, now = decided.unit_id, decided.decided_at
    with (
        refusals_audited(desk, actor, Verb.SET_ACHIEVEMENT, target=unit_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        on = local_date(now, desk.calendar(tx, now))
        demand(actor, Verb.SET_ACHIEVEMENT, _unit_access(tx, actor, unit_id, on))
        known = cycles.achievement(tx, decided.cycle_id, unit_id)
        actual = known.version if known else 0
        if seen is not None and seen != actual:
            raise StaleVersion("achievement", unit_id, expected=seen, actual=actual)
        record_achievement(tx, decided, reason, role="hr")


def _send(
    desk: Desk, actor: Actor, correlation: str, level: OrganisationAchievement, now: datetime
) -> int:
    name, payload = ORGANISATION_ACHIEVEMENT, {"level": level.value}
    return send_message(desk, actor, name=name, correlation=correlation, payload=payload, now=now)


def _unit_access(tx: Transaction, actor: Actor, unit_id: UnitId, on: date) -> AgencyAccess:
    """The unit with its head; with the actor as its head where he is one beside an acting one."""
    post = staffing.assignment_on(tx, actor.employee_id, on)
    if post and post.unit_id == unit_id and people.position(tx, post.position_id).heads_unit:
        return AgencyAccess(tx.agency_id, actor.employee_id)
    return AgencyAccess(tx.agency_id, staffing.head_of_unit(tx, unit_id, on))
