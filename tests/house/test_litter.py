"""Nothing of one machine, of one registry or of yesterday lies in the project."""

import fnmatch
import re

from tests.house import tree

# Written so that this file does not contain what it looks for.
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted\.|registry\.np[m]js\.|registry\.yarn[p]kg\.|de[b]\.debian\.org"
    r"|(npm|np[m]mirror)\.(taobao|com)/|--(extra-)?index-url|\"resolved\"\s*:"
)
MACHINE = re.compile(r"(?<![\w.~-])/(work|root|farm|home|Users|opt)/\w")
LITTER = (
    "uv.lock", "pylock*.toml", "yarn.lock", "pnpm-lock.yaml", "node_modules", "*.egg-info*",
    "*.log", "*.orig", "*.rej", "*.bak", "*.pyc", "*.swp", ".DS_Store", "nohup.out", ".env",
    "scratch*", "tmp*", "*.sqlite", "*.sqlite3", "*.db", "*-wal", "evidence-*.jsonl",
)  # fmt: skip


def lines_with(pattern: re.Pattern[str], name: str, text: str) -> list[str]:
    """Lines that contain the pattern, as "path:line text"."""
    return [
        f"{name}:{number} {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def litter(names: list[str]) -> list[str]:
    """Files that some program left behind."""
    return [
        name
        for name in names
        if any(fnmatch.fnmatch(part, wild) for part in name.split("/") for wild in LITTER)
    ]


def test_no_file_names_a_package_registry():
    found = [lines_with(REGISTRY, name, tree.read(name)) for name in tree.text_files()]

    tree.expect_none([line for lines in found for line in lines])


def test_no_file_names_a_path_of_somebodys_machine():
    found = [lines_with(MACHINE, name, tree.read(name)) for name in tree.text_files()]

    tree.expect_none([line for lines in found for line in lines])


def test_nothing_was_left_behind():
    tree.expect_none(litter(list(tree.files())))


def test_addresses_machine_paths_and_litter_are_noticed():
    address = "see https://py" + "pi.org/simple"
    path = 'DATA = "/ro' + 'ot/data"'

    assert lines_with(REGISTRY, "x", address) == [f"x:1 {address}"]
    assert lines_with(REGISTRY, "x", '"res' + 'olved": "file"') != []
    assert lines_with(MACHINE, "x", path) == [f"x:1 {path}"]
    assert lines_with(MACHINE, "x", "GET /work-items/7, ./work/items, a/home/b") == []
    assert litter(["notes/scratch.py", "a/run.log", "uv.lock", "engine/log.py"]) == [
        "notes/scratch.py", "a/run.log", "uv.lock",
    ]  # fmt: skip
