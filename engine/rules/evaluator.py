"""The evaluation of checked trees: simpleeval on plain values, under a budget of steps."""

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from simpleeval import SimpleEval

from engine.errors import ExpressionFailed
from engine.rules.numbers import ARITHMETIC
from engine.rules.syntax import OPTIONAL

Functions = Mapping[str, Callable[..., object]]
MAX_STEPS: Final = 200_000
MAX_DIGITS: Final = 40
_KINDS: Final[Mapping[type, str]] = {
    int: "number", Decimal: "number", bool: "boolean", str: "text", date: "date",
    datetime: "instant", timedelta: "duration", list: "list", dict: "object",
}  # fmt: skip


class Evaluator(SimpleEval):  # type: ignore[misc]
    """One evaluation; never shared between threads, parses nothing."""

    def __init__(self, names: Mapping[str, object], functions: Functions) -> None:
        """An evaluation that reads `names` by dotted path and calls `functions`."""
        # Not simpleeval's own: that swaps the warning filters of the whole process at each call,
        # which two threads may leave swapped, and brings handlers for more than we allow.
        self.operators, self.functions, self.names = _OPERATORS, functions, names
        self.steps_left = MAX_STEPS

    def _eval(self, node: ast.AST) -> object:
        result = getattr(self, _HANDLERS[type(node)])(node)
        self._check_disallowed_items(result)
        return result

    def _eval_name(self, node: ast.Name) -> object:
        path = node.id.removeprefix(OPTIONAL)
        value: object = self.names
        for part in path.split("."):
            if not isinstance(value, Mapping) or part not in value:
                if node.id.startswith(OPTIONAL):
                    return None
                raise _unknown(path, part, value)
            value = value[part]
        return value

    def _eval_list(self, node: ast.List) -> list[object]:
        return [self._eval(item) for item in node.elts]

    def _eval_call(self, node: ast.Call) -> object:
        name = node.func.id  # type: ignore[attr-defined]
        if name not in self.functions:
            raise ExpressionFailed("expression.unknown_function", function=name)
        return self.functions[name](*(self._eval(argument) for argument in node.args))

    def _check_disallowed_items(self, item: object) -> None:
        """Only plain values, however deep, and only as many as the budget allows."""
        waiting = [item]
        while waiting:
            value = waiting.pop()
            self.steps_left -= 1 + (len(value) // 64 if isinstance(value, str) else 0)
            if self.steps_left < 0:
                raise ExpressionFailed("expression.too_much_work", limit=str(MAX_STEPS))
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                waiting.extend(value.values())
            else:
                _check_scalar(value)


def _check_scalar(value: object) -> None:
    if value is not None and type(value) not in _KINDS:
        raise ExpressionFailed("expression.type_refused", type=type(value).__name__)
    if isinstance(value, Decimal) and not (value.is_finite() and value.adjusted() < MAX_DIGITS):
        raise ExpressionFailed("expression.number_too_large", text=f"{value:.3E}")
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise ExpressionFailed("expression.number_too_large", text=f"1E{MAX_DIGITS}")


def _unknown(path: str, part: str, siblings: object) -> ExpressionFailed:
    known = [str(name) for name in siblings] if isinstance(siblings, Mapping) else []
    close = get_close_matches(part, known, n=1)
    return ExpressionFailed(
        "expression.unknown_name", name=path, part=part, suggestion=close[0] if close else "-"
    )


def _number(value: object) -> Decimal:
    if type(value) is int:
        return Decimal(value)
    if type(value) is Decimal:
        return value
    raise ExpressionFailed("expression.not_a_number", type=_kind(value))


def _kind(value: object) -> str:
    return "nothing" if value is None else _KINDS.get(type(value), type(value).__name__)


def _arithmetic(
    calculate: Callable[[Decimal, Decimal], Decimal],
) -> Callable[[object, object], Decimal]:
    return lambda left, right: calculate(_number(left), _number(right))


def _divide(left: object, right: object) -> Decimal:
    divisor = _number(right)
    if divisor.is_zero():
        raise ExpressionFailed("expression.division_by_zero")
    return ARITHMETIC.divide(_number(left), divisor)


def _equal(left: object, right: object) -> bool:
    # A text never equals a number: a condition that can never be true would pass unseen.
    if left is not None and right is not None and _kind(left) != _kind(right):
        raise ExpressionFailed("expression.not_comparable", left=_kind(left), right=_kind(right))
    return left == right


def _ordered(
    compare: Callable[[Any, Any], bool],
) -> Callable[[object, object], bool]:
    def checked(left: object, right: object) -> bool:
        kind = _kind(left)
        if kind != _kind(right) or kind not in ("number", "text", "date", "instant", "duration"):
            raise ExpressionFailed("expression.not_comparable", left=kind, right=_kind(right))
        return compare(left, right)

    return checked


def _contained(item: object, values: object) -> bool:
    if not isinstance(values, list):
        raise ExpressionFailed("expression.not_a_list", type=_kind(values))
    return any(_kind(value) == _kind(item) and value == item for value in values)


_HANDLERS: Final[Mapping[type[ast.AST], str]] = {
    ast.Constant: "_eval_constant",
    ast.Name: "_eval_name",
    ast.List: "_eval_list",
    ast.Call: "_eval_call",
    ast.UnaryOp: "_eval_unaryop",
    ast.BinOp: "_eval_binop",
    ast.BoolOp: "_eval_boolop",
    ast.Compare: "_eval_compare",
    ast.IfExp: "_eval_ifexp",
}
_OPERATORS: Final[Mapping[type[ast.AST], Callable[..., object]]] = {
    ast.Add: _arithmetic(ARITHMETIC.add),
    ast.Sub: _arithmetic(ARITHMETIC.subtract),
    ast.Mult: _arithmetic(ARITHMETIC.multiply),
    ast.Div: _divide,
    ast.USub: lambda value: ARITHMETIC.minus(_number(value)),
    ast.Not: operator.not_,
    ast.Eq: _equal,
    ast.NotEq: lambda left, right: not _equal(left, right),
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
    ast.In: _contained,
    ast.NotIn: lambda item, values: not _contained(item, values),
}
