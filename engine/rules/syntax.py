"""The allow-list of expressions: text becomes a checked tree here, at deploy, and nowhere else."""

import ast
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.errors import UnsafeExpression

MAX_CHARACTERS: Final = 500
MAX_NODES: Final = 200
MAX_NESTING: Final = 40
MAX_INTEGER: Final = 10**12
# Marks the name inside `empty(…)`: the only place where a name may be missing.
OPTIONAL: Final = "?"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_PATH = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*", re.ASCII)
_OPERATORS: Final = (
    ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip
# `ast.parse` in several threads at once fails on Python 3.11 ("recursion depth mismatch").
_PARSING: Final = threading.Lock()


@dataclass(frozen=True)
class Syntax:
    """A checked tree: each dotted path is one name, each fraction a Decimal."""

    tree: ast.expr
    names: frozenset[str]
    functions: frozenset[str]


def check_syntax(text: str, known_functions: frozenset[str] | None) -> Syntax:
    """The checked tree of `text`. Raises UnsafeExpression naming the construct refused."""
    source = re.sub(r"[\r\n\t]", " ", text).strip()
    if len(source) > MAX_CHARACTERS:
        raise UnsafeExpression("expression.too_long", limit=str(MAX_CHARACTERS))
    if "\\" in source or "\0" in source:
        raise _refused("\\", text)
    parsed = _parse(source)
    if sum(isinstance(node, ast.expr) for node in ast.walk(parsed)) > MAX_NODES:
        raise UnsafeExpression("expression.too_complex", limit=str(MAX_NODES))
    checker = _Checker(source, known_functions)
    tree = checker.checked(parsed, 0)
    return Syntax(tree, frozenset(checker.names), frozenset(checker.functions))


def _parse(source: str) -> ast.expr:
    try:
        with _PARSING:
            return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Not chained: SpiffWorkflow 3.2 fails on a SyntaxError without line anywhere in the chain.
        raise UnsafeExpression("expression.syntax", text=source[:80]) from None


class _Checker:
    """Rebuilds a tree from allowed constructs only, gathering what it reads and calls."""

    def __init__(self, source: str, known_functions: frozenset[str] | None) -> None:
        self.source = source
        self.known_functions = known_functions
        self.names: set[str] = set()
        self.functions: set[str] = set()

    def checked(self, node: ast.expr, depth: int) -> ast.expr:
        if depth > MAX_NESTING:
            raise UnsafeExpression("expression.too_complex", limit=str(MAX_NODES))
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._path(node)
            case ast.Call():
                return self._call(node, depth)
            case ast.BinOp() | ast.UnaryOp() | ast.BoolOp() | ast.Compare():
                return self._operation(node, depth)
            case ast.IfExp() | ast.List():
                return self._rebuilt(node, depth)
            case _:
                raise _refused(type(node).__name__, self._text(node))

    def _rebuilt(self, node: ast.expr, depth: int) -> ast.expr:
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, field, self.checked(value, depth + 1))
            elif isinstance(value, list):
                value[:] = [
                    self.checked(item, depth + 1) if isinstance(item, ast.expr) else item
                    for item in value
                ]
        return node

    def _operation(self, node: ast.expr, depth: int) -> ast.expr:
        for operator in _operators(node):
            if not isinstance(operator, _OPERATORS):
                raise _refused(type(operator).__name__, self._text(node))
        return self._rebuilt(node, depth)

    def _constant(self, node: ast.Constant) -> ast.expr:
        if node.value is None or isinstance(node.value, bool):
            return node
        text = self._text(node)
        if (
            isinstance(node.value, str)
            and text[:1] in "'\""
            and not text.startswith(('"""', "'''"))
        ):
            return node
        if isinstance(node.value, int | float) and _NUMBER.fullmatch(text):
            if node.value > MAX_INTEGER:
                raise UnsafeExpression("expression.number_too_large", text=text[:40])
            value = node.value if isinstance(node.value, int) else Decimal(text)
            return ast.copy_location(_constant(value), node)
        raise _refused("constant", text)

    def _path(self, node: ast.expr, prefix: str = "") -> ast.Name:
        # The text itself must be the path: Python folds full-width letters, and a reader would not.
        path = self._text(node)
        if not _PATH.fullmatch(path):
            raise _refused("name", path)
        self.names.add(path)
        return ast.copy_location(ast.Name(id=prefix + path, ctx=ast.Load()), node)

    def _call(self, node: ast.Call, depth: int) -> ast.Call:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise _refused("call", self._text(node))
        name = self._text(node.func)
        known = self.known_functions
        if not _PATH.fullmatch(name) or (known is not None and name not in known):
            raise UnsafeExpression("expression.unknown_function", function=name[:40])
        self.functions.add(name)
        node.args = [
            self._path(arg, OPTIONAL)
            if name == "empty" and isinstance(arg, ast.Name | ast.Attribute)
            else self.checked(arg, depth + 1)
            for arg in node.args
        ]
        return node

    def _text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.source, node) or ""


def _constant(value: object) -> ast.Constant:
    constant = ast.Constant(value=None)
    # A Decimal is no literal of Python, but the evaluator hands it on like one.
    constant.value = value  # type: ignore[assignment]
    return constant


def _operators(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(op=op) | ast.UnaryOp(op=op) | ast.BoolOp(op=op):
            yield op
        case ast.Compare(ops=ops):
            yield from ops


def _refused(construct: str, text: str) -> UnsafeExpression:
    return UnsafeExpression("expression.not_allowed", construct=construct, text=text[:80])
