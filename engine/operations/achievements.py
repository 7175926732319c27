"""The operation that makes a leader's decision the achievement of the unit in the cycle."""

from engine.bpmn.environment import OperationResult
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.process import OperationCall
from engine.operations.registry import Facts, Operation, Values, need_text

SET = "set_achievement"


def _set_achievement(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Leaves level and reasons to the step's transaction, unless results of the unit rest on one.

    Raises OperationFailed without a level or reasons.
    Source: SE MenPANRB 3/2023.
    """
    level = OrganisationAchievement(need_text(values, "level"))
    chosen = {"level": level.value, "reasons": need_text(values, "reasons")}
    stored = not any(facts.unit_predicates().values())
    effects = (OperationCall(SET, "", chosen),) if stored else ()
    audit = {"level": level.value, "stored": stored}
    return OperationResult({"stored": stored}, audit=audit, effects=effects)


OPERATIONS = (Operation(SET, ("level", "reasons"), _set_achievement),)
