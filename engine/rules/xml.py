"""The hardened door to lxml: uploaded XML becomes a tree here or is refused by name."""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from engine.errors import Finding, InvalidDefinition

# The type that the rest of the product names without touching lxml.
Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml publishes its class under this name only

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 5_000
_XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/MODEL",
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://spiffworkflow.org/bpmn/schema/1.0/core",
        "http://camunda.org/schema/modeler/1.0",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/DMNDI/",
        "http://www.omg.org/spec/DMN/20180521/DC/",
        "http://www.omg.org/spec/DMN/20180521/DI/",
        "http://bpmn.io/schema/dmn/biodi/2.0",
        "http://www.w3.org/2001/XMLSchema-instance",
        _XML,
    }
)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")


def parse_xml(content: bytes, *, file: str, max_elements: int = MAX_ELEMENTS) -> Element:
    """The root element of `content`, without comments. Raises InvalidDefinition.

    Refused by name: more than 2 MB, other encodings than UTF-8, DOCTYPE and ENTITY, processing
    instructions, more than 64 levels or `max_elements`, XInclude, unknown namespaces.
    """
    _check_bytes(content, file)
    # Closing tags and comments count too; this only keeps a flood of tags away from the parser.
    if content.count(b"<") > 4 * max_elements:
        raise _refused("xml.too_many_elements", file, limit=f"{max_elements}")
    try:
        root = etree.fromstring(content.removeprefix(b"\xef\xbb\xbf"), _parser())
    except etree.XMLSyntaxError as error:
        raise _refused("xml.syntax", file, line=error.lineno, detail=error.msg or "") from None
    _check_shape(root, file, max_elements)
    _check_tree(root, file)
    return root


def elements_of(root: Element) -> Iterator[Element]:
    """`root` and every element below it, in the order of the file."""
    return iter(root.iter(etree.Element))


def line_of(element: Element) -> int | None:
    """The line in the file where `element` starts, counted from 1."""
    line = element.sourceline
    return int(line) if line is not None else None


def _parser() -> etree.XMLParser:
    # One parser a document: lxml's parsers keep state between documents and lock between threads.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        recover=False,
    )


def _check_bytes(content: bytes, file: str) -> None:
    if len(content) > MAX_BYTES:
        raise _refused("xml.too_large", file, limit="2 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("xml.encoding", file) from None
    declared = _DECLARED_ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        raise _refused("xml.encoding", file)
    if not text.lstrip().startswith("<"):
        raise _refused("xml.not_xml", file)
    upper = content.upper()
    for mark, rule in ((b"<!DOCTYPE", "xml.doctype"), (b"<!ENTITY", "xml.entity")):
        if mark in upper:
            raise _refused(rule, file, line=upper[: upper.index(mark)].count(b"\n") + 1)


def _check_tree(root: Element, file: str) -> None:
    if _has_instruction(root):
        raise _refused("xml.instruction", file)
    foreign: dict[str, Finding] = {}
    for element in elements_of(root):
        for name in (element.tag, *element.attrib):
            space = etree.QName(name).namespace
            if space and space not in NAMESPACES and space not in foreign:
                foreign[space] = _foreign(element, space, file)
    if foreign:
        raise InvalidDefinition(tuple(foreign.values()))


def _has_instruction(root: Element) -> bool:
    """Is there a processing instruction before, inside or after the root element?"""
    return any(
        next(nodes, None) is not None
        for nodes in (
            root.iter(etree.PI),
            root.itersiblings(etree.PI),
            root.itersiblings(etree.PI, preceding=True),
        )
    )


def _check_shape(root: Element, file: str, max_elements: int) -> None:
    """Depth and number of elements, without recursion."""
    count = 0
    level = [root]
    depth = 1
    while level:
        count += len(level)
        if depth > MAX_DEPTH:
            raise _refused("xml.too_deep", file, line=line_of(level[0]), limit=f"{MAX_DEPTH}")
        if count > max_elements:
            raise _refused("xml.too_many_elements", file, limit=f"{max_elements}")
        level = [child for element in level for child in element]
        depth += 1


def _foreign(element: Element, space: str, file: str) -> Finding:
    return Finding(
        "xml.xinclude" if space == _XINCLUDE else "xml.namespace",
        file=file,
        element_id=element.get("id"),
        line=line_of(element),
        params={"namespace": space[:120]},
    )


def _refused(rule: str, file: str, line: int | None = None, **params: str) -> InvalidDefinition:
    return InvalidDefinition([Finding(rule, file=file, line=line, params={"file": file, **params})])
