"""The pure functions that every expression of a diagram, table or form may call."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from engine.errors import ExpressionFailed
from engine.rules.numbers import ARITHMETIC, round_half_up

Number = int | Decimal
RATINGS: Final = ("below", "as_expected", "above")


def smallest(*values: object) -> Number:
    """The smallest of the numbers given, or of one list of numbers."""
    return min(_numbers(values, "min"))


def largest(*values: object) -> Number:
    """The largest of the numbers given, or of one list of numbers."""
    return max(_numbers(values, "max"))


def total(values: object) -> Number:
    """The sum of a list of numbers; 0 for an empty list."""
    added = Decimal(0)
    for value in _items(values, "sum"):
        added = ARITHMETIC.add(added, _number(value, "sum"))
    return added


def count(values: object) -> int:
    """The number of elements of a list."""
    return len(_items(values, "count"))


def mean(values: object) -> Decimal:
    """The plain mean of a list of numbers, unrounded. Raises ExpressionFailed when it is empty."""
    numbers = _numbers((values,), "mean")
    return ARITHMETIC.divide(Decimal(total(list(numbers))), Decimal(len(numbers)))


def round2(value: object) -> Decimal:
    """A number rounded half-up to two places."""
    return round_half_up(_number(value, "round2"))


def absolute(value: object) -> Number:
    """A number without its sign."""
    number = _number(value, "abs")
    return -number if number < 0 else number


def empty(value: object = None) -> bool:
    """Is there nothing: no answer, an empty text, list or object? A missing name is empty too."""
    return value is None or value in ("", [], {})


def mode_lower(values: object) -> str:
    """The most frequent rating; of equally frequent ones the lower (below < as_expected < above).

    Raises ExpressionFailed for an empty list and for anything that is no rating.
    """
    ratings = _items(values, "mode_lower")
    if not ratings or any(rating not in RATINGS for rating in ratings):
        raise _wrong("mode_lower")
    counted = Counter(ratings)
    return max(RATINGS, key=lambda rating: (counted[rating], -RATINGS.index(rating)))


def column(rows: object, name: object) -> list[object]:
    """The values of one column of repeating rows, in their order; rows without it give nothing."""
    chosen = []
    for row in _items(rows, "column"):
        if not isinstance(row, Mapping) or not isinstance(name, str):
            raise _wrong("column")
        if row.get(name) is not None:
            chosen.append(row[name])
    return chosen


def lookup(rows: object, like: object, names: object, wanted: object) -> object:
    """The first value of column `wanted` among the rows that agree with `like` in all of `names`.

    Nothing where no row agrees or none of those has it.
    """
    agreed = _items(names, "lookup")
    if not isinstance(like, Mapping) or not isinstance(wanted, str) or not agreed:
        raise _wrong("lookup")
    alike = [
        row
        for row in _items(rows, "lookup")
        if isinstance(row, Mapping) and all(row.get(name) == like.get(name) for name in agreed)
    ]
    return next(iter(column(alike, wanted)), None)


def joined(*lists: object) -> list[object]:
    """The elements of all the lists in their order, those that are equal only once."""
    found: list[object] = []
    for values in lists:
        found.extend(element for element in _items(values, "joined") if element not in found)
    return found


def any_equal(values: object, value: object) -> bool:
    """Is one element of the list equal to `value`?"""
    return any(
        type(element) is type(value) and element == value for element in _items(values, "any_equal")
    )


def days_between(first: object, last: object) -> int:
    """The days from one ISO date to another; negative when the second lies before the first.

    Raises ExpressionFailed for anything that is no date.
    """
    return (_day(last) - _day(first)).days


FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "min": smallest,
    "max": largest,
    "sum": total,
    "count": count,
    "mean": mean,
    "round2": round2,
    "abs": absolute,
    "empty": empty,
    "mode_lower": mode_lower,
    "column": column,
    "lookup": lookup,
    "joined": joined,
    "any_equal": any_equal,
    "days_between": days_between,
}


def _numbers(values: Sequence[object], function: str) -> list[Number]:
    given = _items(values[0], function) if len(values) == 1 else values
    if not given:
        raise ExpressionFailed("expression.empty_list", function=function)
    return [_number(value, function) for value in given]


def _items(values: object, function: str) -> list[object]:
    if not isinstance(values, list):
        raise _wrong(function)
    return values


def _day(value: object) -> date:
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    # Weeks and dates without dashes are ISO, too, but nothing that a form gives.
    if found is None or found.isoformat() != value:
        raise _wrong("days_between")
    return found


def _number(value: object, function: str) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong(function)
    return value


def _wrong(function: str) -> ExpressionFailed:
    return ExpressionFailed("expression.wrong_argument", function=function)
