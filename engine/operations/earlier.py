"""An operation that begins an appraisal with what the one before it ended with."""

from engine.bpmn.environment import OperationResult
from engine.operations.registry import Facts, Operation, Values, need_text


def _earlier_answers(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """What was answered at a step of the person's last finished appraisal, nothing without one."""
    answers = facts.earlier_answers(need_text(values, "element"))
    return OperationResult(
        {"found": answers is not None, "answers": answers or {}},
        audit={"found": answers is not None},
    )


OPERATIONS = (Operation("earlier_answers", ("element",), _earlier_answers),)
