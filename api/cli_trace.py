"""Follows every sentence of a source to what carries it in a system, and to the test that tries it.

The table stands in the README of each system; `workflows/requirements.toml` says how many sentences
there are. Whatever a row names must be there: an element that is renamed leaves a hole.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rich.table import Table

from api.cli_house import console, stderr
from engine.domain.bundle import Bundle
from engine.errors import InvalidDefinition
from engine.library import DEFAULTS, read_bundle

ROW = re.compile(r"^\| ([A-Z]{3}-[A-Z0-9]+) \|(.*)\|\s*$")
NAMED = re.compile(r"`([^`]+)`")
PARTS = 4
UNTOLD, OPEN = "no row in the README", "open"


@dataclass(frozen=True)
class Requirement:
    """One sentence of a source: what carries it, as kind and name, and which tests try it.

    `missing` tells what of them is not there.
    """

    key: str
    system: str
    carriers: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """The files of one system in which carriers are looked for, and the tests beside them."""

    root: Path
    system: str

    @cached_property
    def bundle(self) -> Bundle:
        """The system's files; empty for a system that cannot be read."""
        try:
            return read_bundle(self.root, self.system)
        except InvalidDefinition:
            return Bundle(self.system, {})

    @cached_property
    def elements(self) -> frozenset[str]:
        """Ids of everything drawn, and of the processes."""
        drawn = b"\n".join(self.bundle.of_kind(".bpmn").values()).decode()
        return frozenset(re.findall(r'<bpmn:\w+ id="([^"]+)"', drawn))

    @cached_property
    def settings(self) -> Mapping[str, object]:
        """The system's own settings over the shared ones, table by table."""
        own = self.bundle.files.get(f"workflows/{self.system}/system.toml", b"")
        shared = self.bundle.files.get(DEFAULTS, b"")
        return tomllib.loads(shared.decode()) | tomllib.loads(own.decode())

    @cached_property
    def pages(self) -> str:
        """The modules that answer addresses."""
        return "\n".join(file.read_text() for file in Path(__file__).parent.rglob("*.py"))

    @cached_property
    def tests(self) -> frozenset[str]:
        """All tests of the checkout by file and name; none where the product comes without them."""
        return frozenset(
            f"{file.relative_to(self.root)}::{name}"
            for file in (self.root / "tests").rglob("test_*.py")
            for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
        )

    def has(self, kind: str, name: str) -> bool:
        """Is there a carrier of this kind and name? What is no element has files or settings."""
        match kind:
            case "form":
                return self._asks(name)
            case "rule":
                return any(path.endswith(f"/{name}.dmn") for path in self.bundle.files)
            case "setting":
                return self._is_set(name.strip("[]").split("."))
            case "page":
                return bool(address(name).search(self.pages))
            case _:
                return name.rpartition("/")[2] in self.elements

    def _asks(self, name: str) -> bool:
        form, *fields = name.split(".")
        path = self.bundle.form_file(f"{form}-schema.json")
        schema = self.bundle.files[path].decode() if path else ""
        return bool(schema) and all(f'"{field}"' in schema for field in fields)

    def _is_set(self, keys: list[str]) -> bool:
        table: object = self.settings
        for key in keys:
            if not isinstance(table, Mapping) or key not in table:
                return False
            table = table[key]
        return True


def address(page: str) -> re.Pattern[str]:
    """How modules write the address of a page or of one below it: in a route, router, constant."""
    return re.compile(rf'(\(|= ?)"{re.escape(page)}(?=["/])')


def trace(root: Path) -> Iterator[Requirement]:
    """Every requirement of every source below `root`, in the order of the file."""
    wanted = tomllib.loads((root / "workflows/requirements.toml").read_text(encoding="utf-8"))
    for system, entry in wanted.items():
        shelf, rows = Shelf(root, system), _rows(root / "workflows" / system / "README.md")
        for key in _keys(entry):
            yield _traced(shelf, key, rows[key]) if key in rows else _untold(system, key)


def show_trace(root: Path) -> bool:
    """Print the table of all requirements; whether nothing is missing."""
    found = list(trace(root))
    table = Table("", "id", "carried by", "tried by")
    for one in found:
        mark = "[bold red]✗[/]" if one.missing else "[green]✓[/]"
        told = [f"[red]missing: {lost}[/]" for lost in one.missing]
        table.add_row(
            mark,
            one.key,
            "\n".join([*one.carriers, *told]),
            "\n".join(name.rpartition("::")[2] for name in one.tests),
        )
    console.print(table)
    open_ones = [one.key for one in found if one.missing]
    if open_ones:
        stderr.print(f"[bold red]✗[/] {len(open_ones)} of {len(found)}: {', '.join(open_ones)}")
    return not open_ones


def _keys(entry: Mapping[str, object]) -> list[str]:
    if "ids" in entry:
        ids = entry["ids"]
        return [str(key) for key in ids] if isinstance(ids, list) else []
    return [f"{entry['prefix']}-{n:02}" for n in range(1, int(str(entry["count"])) + 1)]


def _rows(readme: Path) -> dict[str, list[str]]:
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
    found = (ROW.match(line) for line in lines)
    rows = {row[1]: [cell.strip() for cell in row[2].split(" | ")] for row in found if row}
    return {key: cells for key, cells in rows.items() if len(cells) == PARTS}


def _untold(system: str, key: str) -> Requirement:
    return Requirement(key, system, missing=(UNTOLD,))


def _traced(shelf: Shelf, key: str, cells: list[str]) -> Requirement:
    *_, carried, tried = cells
    if carried.startswith(OPEN):
        return Requirement(key, shelf.system, missing=(OPEN,))
    carriers = [
        (part.split()[0], name) for part in carried.split("; ") for name in NAMED.findall(part)
    ]
    tests = NAMED.findall(tried)
    lost = [f"{kind} {name}" for kind, name in carriers if not shelf.has(kind, name)]
    lost += [f"test {name}" for name in tests if shelf.tests and name not in shelf.tests]
    lost += ["a carrier"] * (not carriers) + ["a test"] * (not tests)
    return Requirement(
        key, shelf.system, tuple(f"{kind} {name}" for kind, name in carriers), tuple(tests),
        tuple(lost),
    )  # fmt: skip
