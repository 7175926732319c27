"""Registered operations: the only things a service task of a diagram can call."""

from engine.operations import (
    appeals,
    earlier,
    effects,
    figures,
    measures,
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
        *surveys.OPERATIONS,
        *appeals.OPERATIONS,
        *records.OPERATIONS,
        *figures.OPERATIONS,
        *earlier.OPERATIONS,
        *plans.OPERATIONS,
        *effects.OPERATIONS,
    )
}
