"""What is known of the data at one point of a diagram, and what remains where paths meet."""

from collections.abc import Sequence

from engine.bpmn.lint.surroundings import ANY, DataFlow, Given

Names = frozenset[str]
NOTHING = DataFlow(frozenset(), frozenset())


def is_known(name: str, names: Names) -> bool:
    """Is a dotted name written, as a whole, by one of its parts, or below a name with any field?"""
    parts = name.split(".")
    below = (".".join((*parts[:count], ANY)) for count in range(1, len(parts)))
    return (
        name in names
        or any(prefix in names for prefix in below)
        or any(known.startswith(f"{name}.") for known in names)
    )


def met(flows: Sequence[DataFlow]) -> DataFlow | None:
    """What is known where one of several ways was taken; None without any way."""
    if not flows:
        return None
    always = frozenset.intersection(*(flow.always for flow in flows))
    given = frozenset().union(*(flow.given for flow in flows))
    return DataFlow(
        always,
        frozenset().union(*(flow.maybe for flow in flows)),
        frozenset(fact for fact in given if all(_holds(fact, flow) for flow in flows)),
        frozenset().union(*(flow.outcomes for flow in flows)),
    )


def joined(flows: Sequence[DataFlow]) -> DataFlow | None:
    """What is known where all of several ways were taken; None without any way."""
    if not flows:
        return None
    return DataFlow(
        frozenset().union(*(flow.always for flow in flows)),
        frozenset().union(*(flow.maybe for flow in flows)),
        frozenset().union(*(flow.given for flow in flows)),
        frozenset().union(*(flow.outcomes for flow in flows)),
    )


def added(before: DataFlow, after: DataFlow) -> DataFlow:
    """What is known after a step that found `before` and wrote `after`."""
    keys = {key for key, _ in after.outcomes}
    return DataFlow(
        before.always | after.always,
        before.maybe | after.maybe,
        frozenset(fact for fact in before.given if fact[0] not in keys) | after.given,
        frozenset(pair for pair in before.outcomes if pair[0] not in keys) | after.outcomes,
    )


def _holds(fact: Given, flow: DataFlow) -> bool:
    """A fact also holds where the name is known anyway or the process has not ended yet."""
    key, _, name = fact
    return fact in flow.given or name in flow.always or f"{key}.outcome" not in flow.maybe
