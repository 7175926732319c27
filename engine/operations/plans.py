"""The operation that makes a signed plan the plan of the person in this cycle."""

from collections.abc import Mapping

from engine.bpmn.environment import OperationResult
from engine.domain.process import OperationCall
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Operation, Values, need_text

STORE = "store_plan"


def _store_plan(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """Leaves the lines of the plan to the step's transaction.

    Raises OperationFailed without rows, or for a row without result, kind or indicator.
    """
    rows = values.get("rows")
    if not isinstance(rows, list) or not rows:
        raise OperationFailed("operation.parameter_missing", param="rows")
    lines = [_line(row) for row in rows]
    effect = OperationCall(STORE, "", {"lines": lines})
    return OperationResult({}, audit={"lines": len(lines)}, effects=(effect,))


def _line(row: Mapping[str, object]) -> dict[str, object]:
    """The part of a row that the appraisal measures by."""
    return {
        "result_plan": need_text(row, "result_plan"),
        "kind": need_text(row, "kind"),
        "indicator": need_text(row, "indicator"),
        "target": row.get("target"),
        "target_text": row.get("target_text") or "",
        "unit": row.get("unit") or "",
        "inverse": row.get("inverse") is True,
        "superior_result": row.get("superior_result_ref") or "",
    }


OPERATIONS = (Operation(STORE, ("rows",), _store_plan),)
