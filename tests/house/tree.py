"""The files of the project as the house tests see them."""

import ast
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT_SUFFIXES = {
    ".bpmn", ".css", ".dmn", ".html", ".in", ".ini", ".js", ".json", ".lock", ".mako", ".md",
    ".mjs", ".po", ".pot", ".py", ".svg", ".toml", ".txt", ".typ", ".xml", ".yaml", ".yml", "",
}  # fmt: skip


@cache
def files() -> tuple[str, ...]:
    """Every file of the project by its path from the root: tracked, or new and not ignored."""
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    new = [*listing, "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(new, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted(name for name in listed.stdout.split("\0") if (ROOT / name).is_file()))


def matching(*suffixes: str, under: str = "") -> list[str]:
    """Files with one of the suffixes in the folder `under`."""
    return [name for name in files() if name.startswith(under) and name.endswith(suffixes)]


def modules(*folders: str) -> list[str]:
    """Python modules of the given top folders; Alembic's revisions are data and left out."""
    found = matching(".py")
    return [
        name
        for name in found
        if name.split("/")[0] in folders and "/migrations/versions/" not in name
    ]


def read(name: str) -> str:
    """The text of a file."""
    return (ROOT / name).read_text(encoding="utf-8")


def text_files() -> list[str]:
    """Files that people or programs read as text."""
    return [name for name in files() if Path(name).suffix in TEXT_SUFFIXES]


def complaints(
    names: Iterable[str], check: Callable[[str, ast.Module], Iterable[str]]
) -> list[str]:
    """What `check` says about each module, as "path:line what"."""
    found = []
    for name in names:
        try:
            tree = ast.parse(read(name))
        except SyntaxError as error:
            found.append(f"{name}:{error.lineno} cannot be parsed")
            continue
        found += [f"{name}:{complaint}" for complaint in check(name, tree)]
    return found


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods, nested ones too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def expect_none(found: Iterable[str]) -> None:
    """Fail with the whole list, one a line: pytest would cut a long comparison."""
    listed = "\n".join(found)
    if listed:
        pytest.fail(listed, pytrace=False)
