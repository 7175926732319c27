"""Ids and texts of a diagram: what people will read must not deceive, escape or run."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.bpmn.lint.diagram import BPMN, NODES, SPIFF, Diagram, local_name, text_of
from engine.errors import Finding

MAX_LABEL: Final = 200
MAX_DOCUMENTATION: Final = 4_000
_ID = re.compile(r"[A-Za-z_][\w-]{0,99}", re.ASCII)
_SCRIPT_LINK = re.compile(r"(?:java|vb)script\s*:|data\s*:\s*text/html", re.IGNORECASE)
_LABELLED: Final = NODES | {
    "process", "lane", "participant", "message", "sequenceFlow", "definitions", "category",
}  # fmt: skip
# Words that people see; names in both, since an id may reach a file name or a page.
_TEXTS: Final = ("documentation", "text")


def check_labels(diagram: Diagram) -> Iterator[Finding]:
    """Ids, names, notes and documentation of all elements."""
    yield from _check_ids(diagram)
    shown: dict[tuple[str, str], str] = {}
    for element in diagram.root.iter(etree.Element):
        if not element.tag.startswith(BPMN):
            continue
        if local_name(element) in _TEXTS:
            yield from _check_text(diagram, element, text_of(element), MAX_DOCUMENTATION)
        elif element.get("name") is not None:
            yield from _check_text(diagram, element, element.get("name"), MAX_LABEL)
            yield from _check_twin(diagram, element, shown)
    yield from _check_required_names(diagram)


def _check_ids(diagram: Diagram) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in diagram.root.iter(etree.Element):
        # The id of an operation is no id of the drawing; its own rule checks it.
        if element.tag.startswith(SPIFF):
            continue
        identifier = element.get("id")
        if identifier is None:
            if element.tag.startswith(BPMN) and local_name(element) in _LABELLED - {"definitions"}:
                yield diagram.finding("diagram.id_missing", element, tag=local_name(element))
        elif not _ID.fullmatch(identifier):
            yield diagram.finding("diagram.id_form", element, text=identifier[:60])
        elif identifier in seen:
            yield diagram.finding("diagram.id_twice", element, text=identifier)
        else:
            seen.add(identifier)


def _check_text(
    diagram: Diagram, element: etree._Element, text: str, limit: int
) -> Iterator[Finding]:
    owner = element if element.get("id") else element.getparent()
    if len(text) > limit:
        yield diagram.finding("diagram.label_long", owner, limit=str(limit))
    if rule := _deception(text, documentation=limit != MAX_LABEL):
        yield diagram.finding(rule, owner)


def _deception(text: str, *, documentation: bool) -> str | None:
    """The first rule that a text breaks, if any."""
    if any(_is_unseen(letter) for letter in text):
        return "diagram.label_unseen"
    if re.search(r"<\s*[A-Za-z/!]|\{\{|\{%", text) or (
        not documentation and re.search("[<>]", text)
    ):
        return "diagram.label_markup"
    if _SCRIPT_LINK.search(text):
        return "diagram.label_script_link"
    if unicodedata.normalize("NFKC", text.lstrip())[:1] in ("=", "+", "-", "@"):
        return "diagram.label_formula"
    return None


def _is_unseen(letter: str) -> bool:
    """Control, zero-width and direction marks; line breaks and tabs are seen."""
    return letter not in "\n\r\t" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _check_twin(
    diagram: Diagram, element: etree._Element, shown: dict[tuple[str, str], str]
) -> Iterator[Finding]:
    """Two user tasks of one lane that look alike cannot be told apart in an inbox."""
    if local_name(element) != "userTask":
        return
    node = diagram.nodes.get(element.get("id", ""))
    name = unicodedata.normalize("NFKC", " ".join(element.get("name").split())).casefold()
    key = ((node.lane if node else None) or "", name)
    if key in shown:
        yield diagram.finding("diagram.label_twin", element, other=shown[key])
    shown.setdefault(key, element.get("id", ""))


def _check_required_names(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if node.kind in ("userTask", "callActivity") and not node.name.strip():
            yield diagram.finding("diagram.name_missing", node)
    for lane in diagram.root.iter(f"{BPMN}lane"):
        if not lane.get("name", "").strip():
            yield diagram.finding("diagram.name_missing", lane)
