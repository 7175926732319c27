"""Takes out of a copy of the product what carries a sentence of its source."""

import json
import shutil
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from api.cli_trace import Shelf, address
from engine.library import DEFAULTS
from tests.office import ROOT

PARTS = ("api", "engine", "forms", "tests", "workflows", "pyproject.toml")
NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
}


def copy_of_product(folder: Path) -> Path:
    """All that tests of the product need, to be changed at will."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, folder)
    return folder


def remove(root: Path, system: str, carrier: str) -> None:
    """Take one carrier out, named as `alur trace` names it. Raises LookupError without any."""
    kind, name = carrier.split(" ", 1)
    if not REMOVERS.get(kind, _element)(root, system, name):
        raise LookupError(carrier)


def _form(root: Path, system: str, name: str) -> bool:
    form, *fields = name.split(".")
    path = Shelf(root, system).bundle.form_file(f"{form}-schema.json")
    schema = root / str(path)
    for file in (schema, schema.with_name(f"{form}-uischema.json")):
        if not fields:
            file.unlink(missing_ok=True)
        elif file.exists():
            file.write_text(json.dumps(_without(json.loads(file.read_text()), fields[-1])))
    return path is not None


def _without(node: Any, field: str) -> Any:
    """A schema, or what says how it is shown, without a field, wherever it is named."""
    if isinstance(node, dict):
        return {key: _without(value, field) for key, value in node.items() if key != field}
    if isinstance(node, list):
        return [_without(value, field) for value in node if value != field]
    return node


def _setting(root: Path, system: str, name: str) -> bool:
    *tables, key = name.strip("[]").split(".")
    found = False
    for file in (root / "workflows" / system / "system.toml", root / DEFAULTS):
        settings = tomllib.loads(file.read_text())
        table: Any = settings
        for step in tables:
            table = table.get(step, {})
        if key in table:
            del table[key]
            file.write_text(_toml(settings))
            found = True
    return found


def _toml(table: Mapping[str, Any]) -> str:
    """A table whose inner tables stand on one line each."""
    return "".join(f"{json.dumps(key)} = {_inline(value)}\n" for key, value in table.items())


def _inline(value: object) -> str:
    if isinstance(value, dict):
        inner = (f"{json.dumps(key)} = {_inline(each)}" for key, each in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _rule(root: Path, system: str, name: str) -> bool:
    files = [path for path in Shelf(root, system).bundle.files if path.endswith(f"/{name}.dmn")]
    for path in files:
        tree = etree.parse(root / path)
        for rule in tree.xpath("//*[local-name() = 'rule']"):
            rule.getparent().remove(rule)
        tree.write(root / path)
    return bool(files)


def _page(root: Path, _system: str, name: str) -> bool:
    """The routes at an address, and those below it, get another one."""
    routes, found = address(name), False
    for file in (root / "api").rglob("*.py"):
        text = file.read_text()
        if routes.search(text):
            file.write_text(routes.sub(rf'\1"/removed{name}', text))
            found = True
    return found


def _element(root: Path, system: str, name: str) -> bool:
    """A process goes with its file; the flows into a step go on to what comes after it."""
    element, found = name.rpartition("/")[2], False
    for path in Shelf(root, system).bundle.of_kind(".bpmn"):
        tree = etree.parse(root / path)
        for node in tree.xpath(f"//bpmn:*[@id = '{element}']", namespaces=NAMES):
            found = True
            if etree.QName(node).localname == "process":
                (root / path).unlink()
                break
            _take_out(tree, node)
            tree.write(root / path)
    return found


def _take_out(tree: Any, node: Any) -> None:
    key = node.get("id")
    for beside in tree.xpath(f"//bpmn:*[@attachedToRef = '{key}']", namespaces=NAMES):
        _take_out(tree, beside)
    after = tree.xpath(f"//bpmn:sequenceFlow[@sourceRef = '{key}']", namespaces=NAMES)
    kept = next((flow for flow in after if flow.get("id") == node.get("default")), None)
    for flow in tree.xpath(f"//bpmn:sequenceFlow[@targetRef = '{key}']", namespaces=NAMES):
        if after:
            _lead(tree, flow, (after[0] if kept is None else kept).get("targetRef"))
        else:
            _forget(tree, flow)
    for gone in (*after, node):
        _forget(tree, gone)


def _lead(tree: Any, flow: Any, target: str) -> None:
    """Let a flow end at another element; BPMN wants it named there, after what describes it."""
    flow.set("targetRef", target)
    goal = tree.xpath(f"//bpmn:*[@id = '{target}']", namespaces=NAMES)[0]
    place = len(goal.xpath("bpmn:documentation | bpmn:extensionElements", namespaces=NAMES))
    incoming = etree.Element(f"{{{NAMES['bpmn']}}}incoming")
    incoming.text = flow.get("id")
    goal.insert(place, incoming)


def _forget(tree: Any, node: Any) -> None:
    """An element, its picture and every mention of it."""
    key = node.get("id")
    named = "//bpmn:incoming | //bpmn:outgoing | //bpmn:flowNodeRef"
    gone = [
        each for each in tree.xpath(named, namespaces=NAMES) if (each.text or "").strip() == key
    ]
    gone += tree.xpath(f"//di:*[@bpmnElement = '{key}']", namespaces=NAMES)
    for each in (*gone, node):
        each.getparent().remove(each)


REMOVERS: Mapping[str, Callable[[Path, str, str], bool]] = {
    "form": _form, "page": _page, "rule": _rule, "setting": _setting,
}  # fmt: skip
