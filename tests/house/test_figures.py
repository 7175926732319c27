"""Figures round half up by one function: Python's own rounding takes 84.5 to 84 and 85.5 to 86."""

import ast
import re
from collections.abc import Iterator

from tests.house import tree

# Lengths of a drawing and times of the log are no figure of anybody; of a number beyond measure
# only its size is told.
MAY_ROUND = {
    ("api/charts.py", "coordinate"),
    ("api/observing.py", "milliseconds"),
    ("engine/rules/evaluator.py", "_check_scalar"),
    ("engine/rules/forms/cleaning.py", "plain"),
}
# In a format: ".1f", ".0%", ",.2f". A width rounds nothing, and a bare "f" writes all the digits
# that a Decimal has.
PLACES = re.compile(r"\.\d+[eEfFgGn%]?$|[eEgGn%]$")
IN_BRACES = re.compile(r":[^{}]*(\.\d+[eEfFgGn%]?|[eEgGn%])\}")
PERCENT = re.compile(r"%[-+ #0]*\d*(\.\d+)?[eEfFgG]")
IN_TEMPLATE = re.compile(r"\|\s*round\b|%[-+ #0]*\d*(\.\d+)?[eEfFgG][\"']\s*\|\s*format")


def rounding(name: str, module: ast.Module) -> Iterator[str]:
    """Every place that rounds by a rule of its own, outside the functions that may."""
    allowed = {
        id(inner)
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef) and (name, function.name) in MAY_ROUND
        for inner in ast.walk(function)
    }
    for node in ast.walk(module):
        if id(node) not in allowed and (what := _call(node) or _format(node)):
            yield f"{node.lineno} {what}"


def _call(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    named = {keyword.arg for keyword in node.keywords}
    match node.func:
        case ast.Name("round"):
            return "calls round"
        case ast.Attribute(attr="quantize") if "rounding" not in named and len(node.args) < 2:
            return "quantizes without saying how it rounds"
        case ast.Name("format") if any(_has_places(given, PLACES) for given in node.args):
            return "formats a number to places"
        case ast.Attribute(attr="format") if _has_places(node.func.value, IN_BRACES):
            return "formats a number to places"
    return None


def _has_places(node: ast.AST, places: re.Pattern[str]) -> bool:
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and bool(places.search(text))


def _format(node: ast.AST) -> str | None:
    if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
        if node.conversion != -1:
            # What was made a text first is cut, not rounded.
            return None
        spec = ast.unparse(node.format_spec)[2:-1]
        return "formats a number to places" if PLACES.search(spec) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return "formats by %" if _has_places(node.left, PERCENT) else None
    return None


def rounding_templates(name: str, text: str) -> list[str]:
    """Lines of a template that round."""
    return [
        f"{name}:{number} {line.strip()}"
        for number, line in enumerate(text.splitlines(), start=1)
        if IN_TEMPLATE.search(line)
    ]


def test_no_figure_is_rounded_by_a_rule_of_its_own():
    assert tree.complaints(tree.modules("engine", "api"), rounding) == []


def test_no_template_rounds():
    names = tree.matching(".html", ".txt", ".typ", under="api/")

    assert [line for name in names for line in rounding_templates(name, tree.read(name))] == []


def test_what_may_round_is_there():
    found = {
        (name, node.name)
        for name, _ in MAY_ROUND
        for node in ast.walk(ast.parse(tree.read(name)))
        if isinstance(node, ast.FunctionDef)
    }

    assert found >= MAY_ROUND


def test_each_way_to_round_is_noticed():
    ways = [
        "round(x)", "round(x, 2)", "x.quantize(Decimal(1))", 'f"{x:.1f}"', 'f"{x:,.2f}"',
        'f"{x:.0%}"', 'format(x, ".1f")', '"{:.1f}".format(x)', '"%.1f" % x', 'f"{x:8.3g}"',
    ]  # fmt: skip
    fine = [
        "x.quantize(ONE, rounding=ROUND_HALF_UP)", 'f"{x:f}"', 'f"{day:%Y-%m-%d %H}"',
        'f"{x:>20}"', 'f"{x:02}"', "x % 7", 'f"{x:,}"', 'f"{x!r:.80}"',
    ]  # fmt: skip

    assert [way for way in ways if not list(rounding("x.py", ast.parse(way)))] == []
    assert [way for way in fine if list(rounding("x.py", ast.parse(way)))] == []
    assert rounding_templates("x.html", "{{ n|round|int }}\n{{ '%.1f'|format(n) }}") != []
