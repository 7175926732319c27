"""Process data as the engine holds them: checked once on the way in, copied, never shared."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.rules.numbers import check_keys


def accepted(values: Mapping[str, object]) -> dict[str, Any]:
    """A copy of `values` that shares nothing with them. Raises Invalid for other than JSON data."""
    given = dict(values)
    check_keys(given)
    return copied(given)


def copied(value: Any) -> Any:
    """A deep copy of process data; JSON has no cycles to look for, so this is a plain walk."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    return value


def whole(value: object) -> object:
    """An integral Decimal as int: literals of expressions are Decimal, a count must be int."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
