"""Operations that bring what earlier appraisals left into this one."""

from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.operations.registry import Facts, Operation, Values, need_text


def _earlier_answers(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """What was answered at a step of the person's last finished appraisal, nothing without one.

    `period` is the name of the period that it ended, empty without one.
    """
    earlier = facts.earlier_answers(need_text(values, "element"))
    return OperationResult(
        {
            "found": earlier is not None,
            "answers": earlier.answers if earlier else {},
            "period": earlier.period if earlier else "",
        },
        audit={"found": earlier is not None},
    )


def _earlier_years(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Low years in a row before this one, and whether a plan of improvement was not met.

    As known when the step is reached: a verdict that comes later counts in the year after.
    Source: PP 30/2019 art. 56 to 58.
    """
    found = facts.earlier_years()
    told = {
        "consecutive_low": Decimal(found.consecutive_low),
        "failed_improvement_plan": found.failed_improvement_plan,
    }
    return OperationResult(told, audit=told)


def _noted_rows(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The rows of all hand-ins of a step beside the appraisal in this cycle, the newest first.

    `about` names step and field, such as `progress_entry.rows`.
    """
    element, _, field = need_text(values, "about").partition(".")
    rows = facts.noted_rows(element, field)
    return OperationResult({"rows": list(rows)}, audit={"count": Decimal(len(rows))})


OPERATIONS = (
    Operation("earlier_answers", ("element",), _earlier_answers),
    Operation("earlier_years", (), _earlier_years),
    Operation("noted_rows", ("about",), _noted_rows),
)
