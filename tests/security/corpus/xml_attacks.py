"""Attacks on the XML layer: entities, depth, size, encodings, inclusion."""

from tests.security.corpus.attack import CANARY, Attack
from tests.security.corpus.drawing import chain, drawn, end, start, user

GOOD = drawn(start(), user("review"), end(), chain("start", "review", "end"))


def _with_doctype(doctype: str, label: str = "&x;") -> bytes:
    head, _, rest = GOOD.decode().partition("?>\n")
    return f"{head}?>\n<!DOCTYPE d [{doctype}]>\n{rest.replace('Isi review', label)}".encode()


def _laughs() -> bytes:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return _with_doctype(f'<!ENTITY l0 "ha">{steps}', "&l11;")


def _quadratic() -> bytes:
    return _with_doctype(f'<!ENTITY x "{"a" * 50_000}">', "&x;" * 20_000)


def _deep(levels: int) -> bytes:
    inner = "<bpmn:documentation>" * levels + "</bpmn:documentation>" * levels
    return GOOD.replace(b"<bpmn:startEvent", inner.encode() + b"<bpmn:startEvent")


def _comment() -> bytes:
    return GOOD.replace(b"<bpmn:startEvent", b"<!--" + b"x" * 64_000_000 + b"--><bpmn:startEvent")


def _many_tasks() -> bytes:
    tasks = "".join(
        f'<bpmn:userTask id="t{number}" name="T{number}" />' for number in range(20_000)
    )
    return GOOD.replace(b"<bpmn:startEvent", tasks.encode() + b"<bpmn:startEvent")


def _label(size: int) -> bytes:
    return GOOD.replace(b"Isi review", b"a" * size)


def _hidden_code() -> bytes:
    code = f"__import__('pathlib').Path('{CANARY}').touch()"
    script = "<bpmn:scriptTask id='s' name='s'><bpmn:script>&x;</bpmn:script></bpmn:scriptTask>"
    found = _with_doctype(f'<!ENTITY x "{code}">')
    return found.replace(b"<bpmn:startEvent", script.encode() + b"<bpmn:startEvent")


def _utf16() -> bytes:
    text = _with_doctype('<!ENTITY x SYSTEM "file:///etc/hostname">').decode()
    return text.replace("UTF-8", "UTF-16").encode("utf-16")


ATTACKS = (
    Attack("x01_entity_file", lambda: _with_doctype('<!ENTITY x SYSTEM "file:///etc/hostname">'),
           "xml.doctype"),
    Attack("x02_entity_http", lambda: _with_doctype('<!ENTITY x SYSTEM "http://127.0.0.1:1/x">'),
           "xml.doctype"),
    Attack("x03_external_dtd",
           lambda: GOOD.replace(b"?>\n", b'?>\n<!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd">', 1),
           "xml.doctype"),
    Attack("x04_parameter_entity",
           lambda: _with_doctype('<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;'), "xml.doctype"),
    Attack("x05_billion_laughs", _laughs, "xml.doctype", limited=True),
    Attack("x06_quadratic", _quadratic, "xml.doctype", limited=True),
    Attack("x07_code_in_entity", _hidden_code, "xml.doctype"),
    Attack("x08_depth_50000", lambda: _deep(50_000), "xml.too_many_elements", limited=True),
    Attack("x09_depth_200", lambda: _deep(200), "xml.too_deep"),
    Attack("x10_comment_64_mb", _comment, "xml.too_large", limited=True),
    Attack("x11_label_9_mb", lambda: _label(9_000_000), "xml.too_large", limited=True),
    Attack("x11_label_1_mb", lambda: _label(1_000_000), "diagram.label_long"),
    Attack("x12_utf16_entity", _utf16, "xml.encoding"),
    Attack("x13_truncated", lambda: GOOD[: len(GOOD) // 2], "xml.syntax"),
    Attack("x14_xinclude",
           lambda: GOOD.replace(
               b"<bpmn:startEvent", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
               b'href="file:///etc/hostname" parse="text"/><bpmn:startEvent', 1),
           "xml.xinclude"),
    Attack("x15_stylesheet",
           lambda: GOOD.replace(b"?>\n", b'?>\n<?xml-stylesheet href="http://127.0.0.1:1/"?>', 1),
           "xml.instruction"),
    Attack("x16_20000_tasks", _many_tasks, "xml.too_many_elements", limited=True),
)  # fmt: skip
