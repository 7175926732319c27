"""What was decided about a unit becomes its achievement in the cycle, by HR or with a step."""

from engine.commands.sealed_reasons import sealed_reason
from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.process import OperationCall
from engine.errors import Conflict
from engine.store import appraisals, audit, cycles, sealing
from engine.store.cycles import AchievementRow
from engine.store.database import Transaction

LEADER = "rater"


def store_decided_achievement(step: Step, effect: OperationCall) -> None:
    """Store it for the unit of the case; the cases that wait for it go on by the next round.

    Raises Conflict when a result of the unit came to rest on an earlier one meanwhile.
    """
    row = step.row
    decided = AchievementRow(
        row.cycle_id, row.unit_id, str(effect.params["level"]), step.scribe.actor, step.now
    )
    record_achievement(step.tx, decided, str(effect.params["reasons"]), role=LEADER)


def record_achievement(tx: Transaction, decided: AchievementRow, reason: str, *, role: str) -> None:
    """Store it with its event, in which the reason is sealed; `role` of who decided.

    Raises NotFound, or Conflict once a result of the unit rests on an earlier one.
    """
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
        Action.ACHIEVEMENT_SET, decided.decided_at, decided.decided_by, role=role, values=values
    )
    audit.append_to_chain(tx, audit.object_chain("cycle", cycle_id), [event])
