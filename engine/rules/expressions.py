"""Expressions of diagrams, tables and forms: compiled at deploy, evaluated safely ever after."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import ExpressionFailed
from engine.rules.evaluator import Evaluator, Functions
from engine.rules.functions import FUNCTIONS
from engine.rules.syntax import check_syntax

__all__ = ["FUNCTIONS", "Expression", "ExpressionCache", "compile_expression"]


@dataclass(frozen=True)
class Expression:
    """A compiled expression; `names` are the dotted paths it reads, `functions` what it calls."""

    text: str
    names: frozenset[str]
    functions: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False)

    def evaluate(self, names: Mapping[str, object], functions: Functions = FUNCTIONS) -> object:
        """The value under `names`; parses nothing.

        Numbers are int or Decimal. Raises ExpressionFailed for a missing name, a wrong type, a
        division by zero and more work than 200,000 steps.
        """
        try:
            return Evaluator(names, functions).eval(self.text, self.tree)
        except ExpressionFailed as error:
            error.params.setdefault("expression", self.text)
            raise
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise ExpressionFailed(
                "expression.failed", expression=self.text, detail=type(error).__name__
            ) from None


def compile_expression(text: str, known_functions: frozenset[str] | None = None) -> Expression:
    """The compiled `text`, safe in several threads; to be called at deploy and cache load only.

    At most 500 characters and 200 nodes of the allowed constructs. `known_functions` are the names
    that may be called; None allows any name. Raises UnsafeExpression.
    """
    syntax = check_syntax(text, known_functions)
    return Expression(text, syntax.names, syntax.functions, syntax.tree)


class ExpressionCache:
    """The compiled expressions of one definition; nothing is parsed once it is filled."""

    def __init__(self, known_functions: frozenset[str] | None = None) -> None:
        """An empty cache whose expressions may call `known_functions`; None allows any."""
        self._known_functions = known_functions
        self._compiled: dict[str, Expression] = {}

    def add(self, text: str) -> Expression:
        """Compile `text` once, at deploy or cache load. Raises UnsafeExpression."""
        if text not in self._compiled:
            self._compiled[text] = compile_expression(text, self._known_functions)
        return self._compiled[text]

    def get(self, text: str) -> Expression:
        """The compiled expression of `text`. Raises ExpressionFailed when it was never added."""
        if text not in self._compiled:
            raise ExpressionFailed("expression.not_compiled", expression=text[:80])
        return self._compiled[text]

    def __len__(self) -> int:
        """How many different expressions the definition holds."""
        return len(self._compiled)
