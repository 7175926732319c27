"""Everything public says in one sentence what it is."""

import ast
from collections.abc import Iterator

from tests.house import tree

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def without_docstring(_: str, module: ast.Module) -> Iterator[str]:
    """Public functions, classes and methods that do not say what they are."""
    for node in _public(module):
        if not ast.get_docstring(node) and not _is_overload(node):
            yield f"{node.lineno} {node.name} has no docstring"


def silent_module(_: str, module: ast.Module) -> Iterator[str]:
    """Modules that do not say what they are responsible for."""
    if not ast.get_docstring(module):
        yield "1 the module has no docstring"


def _public(owner: ast.Module | ast.ClassDef) -> Iterator[Documented]:
    for node in owner.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _is_overload(node: Documented) -> bool:
    names = {getattr(part, "id", getattr(part, "attr", "")) for part in node.decorator_list}
    return bool(names & {"overload", "override", "setter"})


def test_every_module_says_what_it_is_responsible_for():
    names = tree.modules("engine", "api", "tests")

    tree.expect_none(tree.complaints(names, silent_module))


def test_everything_public_of_the_product_has_a_docstring():
    tree.expect_none(tree.complaints(tree.modules("engine", "api"), without_docstring))


def test_a_missing_docstring_is_noticed():
    module = ast.parse("class Cycle:\n    '''A period.'''\n    def close(self): ...\n")

    assert list(without_docstring("", module)) == ["3 close has no docstring"]
    assert list(silent_module("", module)) != []
