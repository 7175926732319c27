"""Operations that only ask for something: rows or messages written with the step."""

from engine.operations.registry import Operation, effect

OPERATIONS: tuple[Operation, ...] = (
    effect("record_follow_up", ("actions",)),
    effect("offer_takeover", ("element",)),
    effect("hand_up_rating", ()),
    effect("notify", ("topic", "role")),
    effect("export_snapshot", ()),
)
