"""Names that say nothing, or two things, are not used."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.house import tree

EMPTY_NAMES = {"common", "helper", "helpers", "manager", "misc", "service", "services", "util",
               "utils"}  # fmt: skip
# A Spiff task, a user task of the diagram and a work item are three things.
AMBIGUOUS_CLASSES = {"Task"}
EMPTY_CLASSES = re.compile(r"(Manager|Helper|Service|Util|Utils)$")


def empty_file_names(names: list[str]) -> list[str]:
    """Files and folders named after nothing."""
    return [
        name
        for name in names
        if any(PurePosixPath(part).stem in EMPTY_NAMES for part in name.split("/"))
    ]


def vague_classes(_: str, module: ast.Module) -> Iterator[str]:
    """Classes with a name of two meanings or none."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and (
            node.name in AMBIGUOUS_CLASSES or EMPTY_CLASSES.search(node.name)
        ):
            yield f"{node.lineno} class {node.name} has a vague name"


def test_no_file_is_named_after_nothing():
    tree.expect_none(empty_file_names(tree.modules("engine", "api", "tests")))


def test_no_class_has_a_vague_name():
    tree.expect_none(tree.complaints(tree.modules("engine", "api"), vague_classes))


def test_a_vague_name_is_noticed():
    assert empty_file_names(["engine/utils/dates.py", "engine/helpers.py"]) != []
    assert empty_file_names(["engine/rules/dates.py"]) == []
    assert list(vague_classes("", ast.parse("class Task: ...\nclass FormManager: ..."))) != []
    assert list(vague_classes("", ast.parse("class UserTaskInfo: ..."))) == []
