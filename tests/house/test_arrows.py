"""Imports point one way, and each library has its door."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

# Library -> packages and modules that may import it.
DOORS = {
    "SpiffWorkflow": ("engine.bpmn",),
    "fastapi": ("api",),
    "holidays": ("engine.rules.deadlines",),
    "jinja2": ("api",),
    "lxml": ("engine.bpmn", "engine.rules.xml"),
    "psycopg": ("engine.store",),
    "pydantic_settings": ("api.settings",),
    "simpleeval": ("engine.rules",),
    "segno": ("api.web.qr",),
    "sqlalchemy": ("engine.store", "engine.queries"),
    "starlette": ("api",),
    "typst": ("api.pdf",),
    "uvicorn": ("api",),
}


def layers() -> list[str]:
    """The modules that the layers contract names."""
    contract = tomllib.loads(tree.read("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    return [
        part.strip(" ()") for layer in contract["layers"] for part in layer.split("|")
    ]  # fmt: skip


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of every import, wherever it stands."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."


def wrong_doors(name: str, module: ast.Module) -> Iterator[str]:
    """Imports of libraries that this module may not know."""
    own = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for line, target in imported(module):
        doors = DOORS.get(target.split(".")[0])
        if doors and not any(f"{own}.".startswith(f"{door}.") for door in doors):
            yield f"{line} imports {target}; only {' and '.join(doors)} may"


def foreign_to_domain(_: str, module: ast.Module) -> Iterator[str]:
    """Imports of engine.domain that are neither the standard library nor the engine."""
    known = sys.stdlib_module_names | {"engine"}
    for line, target in imported(module):
        if target.split(".")[0] not in known:
            yield f"{line} imports {target}; the domain knows the standard library only"


def test_imports_keep_the_layers_of_the_house():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    checked = subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, check=False)

    if checked.returncode != 0:
        pytest.fail(checked.stdout + checked.stderr, pytrace=False)


def test_every_module_has_its_place_in_the_layers():
    tops = {
        tuple(name.removesuffix(".py").split("/")[:2]) for name in tree.modules("engine", "api")
    }
    places = {".".join(top) for top in tops if top[1] != "__init__"}

    assert sorted(places - set(layers())) == []


def test_each_library_is_imported_through_its_door_only():
    tree.expect_none(tree.complaints(tree.modules("engine", "api"), wrong_doors))


def test_the_domain_needs_no_library():
    modules = tree.matching(".py", under="engine/domain/")

    tree.expect_none(tree.complaints(modules, foreign_to_domain))


def test_a_library_behind_the_wrong_door_is_noticed():
    late_import = ast.parse("def load():\n    from sqlalchemy.orm import Session\n")

    assert list(wrong_doors("engine/commands/appeals.py", late_import)) == [
        "2 imports sqlalchemy.orm; only engine.store and engine.queries may"
    ]
    assert list(wrong_doors("engine/store/database.py", late_import)) == []
    assert list(wrong_doors("engine/storehouse.py", late_import)) != []
    assert list(foreign_to_domain("", ast.parse("import orjson"))) != []
