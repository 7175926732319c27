"""Registered operations: the only things a service task of a diagram can call."""

from engine.operations import appeals, effects, measures, peers, results, surveys
from engine.operations.registry import Operation

OPERATIONS: dict[str, Operation] = {
    operation.key: operation
    for operation in (
        *results.OPERATIONS,
        *measures.OPERATIONS,
        *peers.OPERATIONS,
        *appeals.OPERATIONS,
        *surveys.OPERATIONS,
        *effects.OPERATIONS,
    )
}
