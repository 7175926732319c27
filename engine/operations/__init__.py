"""Registered operations: the only things a service task of a diagram can call."""

from engine.operations import (
    achievements,
    appeals,
    earlier,
    effects,
    figures,
    logs,
    measures,
    patterns,
    peers,
    plans,
    records,
    results,
    surveys,
)
from engine.operations.registry import Operation

OPERATIONS: dict[str, Operation] = {
    operation.key: operation
    for operation in (
        *results.OPERATIONS,
        *measures.OPERATIONS,
        *peers.OPERATIONS,
        *patterns.OPERATIONS,
        *surveys.OPERATIONS,
        *logs.OPERATIONS,
        *appeals.OPERATIONS,
        *records.OPERATIONS,
        *figures.OPERATIONS,
        *earlier.OPERATIONS,
        *plans.OPERATIONS,
        *achievements.OPERATIONS,
        *effects.OPERATIONS,
    )
}
