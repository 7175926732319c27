"""Hardened XML: what is refused before any other part sees it (attacks x01–x16)."""

import pytest

from engine.errors import InvalidDefinition
from engine.rules.xml import line_of, parse_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidDefinition) as refused:
        parse_xml(content, file="upload.bpmn")
    (finding,) = refused.value.findings
    assert finding.file == "upload.bpmn"
    return finding.rule


def test_a_diagram_is_read_with_its_lines_and_without_comments() -> None:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{BPMN}">\n'
    root = parse_xml(
        b"\xef\xbb\xbf" + content.encode() + b"<!-- x -->\n<process id='p'/></definitions>",
        file="a.bpmn",
    )

    (process,) = root
    assert process.get("id") == "p"
    assert line_of(process) == 4


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml.doctype"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', "xml.doctype"),
        (b'<!doctype a [<!entity x "x">]><a/>', "xml.doctype"),
        (b'<a><!ENTITY x "y"></a>', "xml.entity"),
        (b"<a>&unknown;</a>", "xml.syntax"),
        (b"<a>" * 50_000 + b"</a>" * 50_000, "xml.too_many_elements"),
        (b"<a>" * 200 + b"</a>" * 200, "xml.too_deep"),
        (b"<a>" * 65 + b"</a>" * 65, "xml.too_deep"),
        (b"<a>" + b"<b/>" * 5_000 + b"</a>", "xml.too_many_elements"),
        (b"<a>" + b"<b/>" * 20_000 + b"</a>", "xml.too_many_elements"),
        (b"<!--" + b"x" * 3_000_000 + b"--><a/>", "xml.too_large"),
        (b"<a b='" + b"x" * 9_000_000 + b"'/>", "xml.too_large"),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "xml.encoding"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "xml.encoding"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "xml.encoding"),
        (b"<a>\xff</a>", "xml.encoding"),
        (b"<a><b></a>", "xml.syntax"),
        (b"<a>\x00</a>", "xml.syntax"),
        (b"<a", "xml.syntax"),
        (b"", "xml.not_xml"),
        (b"PK\x03\x04rest of an archive", "xml.not_xml"),
        (b"\x1f\x8brest", "xml.encoding"),
        (b'<?xml-stylesheet href="http://127.0.0.1/x.xsl"?><a/>', "xml.instruction"),
        (b"<a><?php x ?></a>", "xml.instruction"),
        (b"<a/><?php x ?>", "xml.instruction"),
        (
            b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></a>',
            "xml.xinclude",
        ),
        (b'<a xmlns:c="http://camunda.org/schema/1.0/bpmn" c:class="x.Y"/>', "xml.namespace"),
        (b'<x:a xmlns:x="urn:x"/>', "xml.namespace"),
    ],
)
def test_attacks_are_refused_by_name(content: bytes, rule: str) -> None:
    assert refusal(content) == rule


def test_an_element_of_an_unknown_program_is_named_with_its_line() -> None:
    with pytest.raises(InvalidDefinition) as refused:
        parse_xml(b'<a>\n<b id="b1" xmlns:x="urn:x" x:y="1"/></a>', file="f")

    (finding,) = refused.value.findings
    assert (finding.element_id, finding.line, finding.params["namespace"]) == ("b1", 2, "urn:x")


def test_64_levels_and_5000_elements_are_allowed() -> None:
    assert parse_xml(b"<a>" * 64 + b"</a>" * 64, file="f") is not None
    assert len(parse_xml(b"<a>" + b"<b/>" * 4_999 + b"</a>", file="f")) == 4_999
