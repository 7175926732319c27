"""Expressions of a diagram: allowed constructs, known functions, known deadlines."""

import ast
from collections.abc import Iterator
from decimal import Decimal

from engine.bpmn.lint.diagram import Diagram
from engine.bpmn.lint.sites import (
    BEFORE,
    DEADLINE,
    KNOWN_FUNCTIONS,
    LIMIT,
    TIME_FUNCTIONS,
    Site,
    duration_days,
    expression_sites,
)  # fmt: skip
from engine.bpmn.lint.surroundings import Surroundings
from engine.errors import Finding, Severity, UnsafeExpression
from engine.rules.expressions import Expression, compile_expression

MAX_CHARACTERS = 300


def compiled_sites(diagram: Diagram) -> Iterator[tuple[Site, Expression]]:
    """The expressions that compile; the others have findings of their own."""
    for site in expression_sites(diagram):
        try:
            yield site, compile_expression(site.text, KNOWN_FUNCTIONS)
        except UnsafeExpression:
            continue


def check_expressions(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Every expression compiles and calls only what exists, in the right way."""
    for site in expression_sites(diagram):
        if len(site.text) > MAX_CHARACTERS:
            yield _at(diagram, site, "diagram.expression_long", limit=str(MAX_CHARACTERS))
            continue
        try:
            expression = compile_expression(site.text, KNOWN_FUNCTIONS)
        except UnsafeExpression as error:
            yield _unsafe(diagram, site, error)
            continue
        for part in ast.walk(expression.tree):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                yield from _check_call(diagram, site, part, surroundings)
            elif isinstance(part, ast.BinOp) and _repeats_text(part):
                yield _at(diagram, site, "diagram.expression_unsafe", construct="*", code="text")
            elif (number := _chosen_number(part)) is not None:
                yield _number_written(diagram, site, number)


def _unsafe(diagram: Diagram, site: Site, error: UnsafeExpression) -> Finding:
    detail = error.params.get("construct") or error.params.get("function") or error.code
    rule = (
        "diagram.function_unknown"
        if error.code == "expression.unknown_function"
        else "diagram.expression_unsafe"
    )
    return _at(diagram, site, rule, construct=detail, code=error.code)


def _at(diagram: Diagram, site: Site, rule: str, **params: str) -> Finding:
    return diagram.finding(rule, site.at, expression=site.text[:80], place=site.place, **params)


def _check_call(
    diagram: Diagram, site: Site, call: ast.Call, surroundings: Surroundings
) -> Iterator[Finding]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in TIME_FUNCTIONS:
        return
    least, most = TIME_FUNCTIONS[name]
    if not least <= len(call.args) <= most:
        yield _at(diagram, site, "diagram.function_arguments", function=name)
        return
    texts = [_text(argument) for argument in call.args]
    if name == DEADLINE and texts[0] not in surroundings.deadlines:
        yield _at(diagram, site, "diagram.deadline_unknown", deadline=texts[0] or "?")
    if name == LIMIT and texts[0] not in surroundings.limits:
        yield _at(diagram, site, "diagram.limit_unknown", limit=texts[0] or "?")
    if name == BEFORE:
        host = diagram.nodes.get(site.node.attached_to or "")
        if texts[0] != "due" or duration_days(texts[1] or "") is None:
            yield _at(diagram, site, "diagram.function_arguments", function=name)
        elif host is None or "alur:due" not in host.properties:
            yield _at(diagram, site, "diagram.before_without_due")


def _number_written(diagram: Diagram, site: Site, number: str) -> Finding:
    params = {"expression": site.text[:80], "place": site.place, "number": number}
    rule = "diagram.number_written"
    return diagram.finding(rule, site.at, Severity.WARNING, **params)


def _chosen_number(part: ast.AST) -> str | None:
    """None for 0, 1 and 100, which nobody chose: they stand for nothing, one and the whole."""
    value = part.value if isinstance(part, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return None if value in (0, 1, 100) else str(value)


def _repeats_text(part: ast.BinOp) -> bool:
    """Would the operation make a long text of a short one?"""
    sides = (_text(part.left), _text(part.right))
    return isinstance(part.op, ast.Mult) and any(side is not None for side in sides)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
