"""Small functions, small modules, few parameters."""

import ast
from collections.abc import Iterator

from tests.house import tree

FUNCTION_LINES = 40
TEST_FUNCTION_LINES = 60
MODULE_LINES = 300
TEST_MODULE_LINES = 400
TEMPLATE_LINES = 120
PARAMETERS = 5
FREE_PARAMETERS = {"self", "cls", "store", "desk", "tx", "actor", "now"}


def long_functions(limit: int):
    """A check for functions over the limit, signature and docstring included."""

    def check(_: str, module: ast.Module) -> Iterator[str]:
        for node in tree.functions(module):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > limit:
                yield f"{node.lineno} {node.name} has {lines} lines, at most {limit}"

    return check


def many_parameters(_: str, module: ast.Module) -> Iterator[str]:
    """Functions with more parameters than anybody can hold in mind."""
    for node in tree.functions(module):
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        counted = [argument.arg for argument in named if argument.arg not in FREE_PARAMETERS]
        if len(counted) > PARAMETERS:
            yield f"{node.lineno} {node.name} has {len(counted)} parameters, at most {PARAMETERS}"


def too_long(names: list[str], limit: int) -> list[str]:
    """Files over the limit, with their number of lines."""
    sizes = [(name, len(tree.read(name).splitlines())) for name in names]
    return [f"{name} has {lines} lines, at most {limit}" for name, lines in sizes if lines > limit]


def test_functions_fit_on_a_screen():
    tree.expect_none(tree.complaints(tree.modules("engine", "api"), long_functions(FUNCTION_LINES)))


def test_functions_of_tests_are_not_much_longer():
    tree.expect_none(tree.complaints(tree.modules("tests"), long_functions(TEST_FUNCTION_LINES)))


def test_modules_have_one_subject():
    tree.expect_none(too_long(tree.modules("engine", "api"), MODULE_LINES))


def test_modules_of_tests_have_one_subject():
    tree.expect_none(too_long(tree.modules("tests"), TEST_MODULE_LINES))


def test_templates_stay_short():
    tree.expect_none(too_long(tree.matching(".html", under="api/templates/"), TEMPLATE_LINES))


def test_functions_of_the_engine_take_few_parameters():
    tree.expect_none(tree.complaints(tree.modules("engine"), many_parameters))


def test_a_long_function_and_a_long_signature_are_noticed():
    body = "\n".join("    x = 1" for _ in range(40))
    module = ast.parse(f"def f(a, b, c, /, d, *, e, g, now):\n{body}\n")

    assert list(long_functions(FUNCTION_LINES)("", module)) == ["1 f has 41 lines, at most 40"]
    assert list(many_parameters("", module)) == ["1 f has 6 parameters, at most 5"]
    assert too_long(["LICENSE"], 100) == ["LICENSE has 202 lines, at most 100"]
