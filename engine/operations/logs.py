"""The operation that brings verified activities of the daily log into the appraisal."""

from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.operations.registry import Facts, Operation, Values


def _logged_tasks(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Activities of the person in this cycle: how many were `planned`, how many are `verified`.

    What was done beside the plan counts as verified too; without a log both are 0.
    """
    logged = facts.logged()
    counts = {"planned": Decimal(logged.planned), "verified": Decimal(logged.verified)}
    return OperationResult(counts, audit=counts)


OPERATIONS = (Operation("logged_tasks", (), _logged_tasks),)
