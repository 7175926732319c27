"""Indonesian texts use the words that staff know; forbidden_words.toml says which are not."""

import json
import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po
from lxml import etree

from tests.house import tree

WORDS = tomllib.loads(Path(__file__).with_name("forbidden_words.toml").read_text())["word"]
CODE_KEYS = {"$id", "$ref", "$schema", "const", "enum", "format", "pattern", "type"}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TEXT_ELEMENTS = {f"{BPMN}text", f"{BPMN}documentation"}


def forbidden(text: str) -> list[str]:
    """Forbidden words of a text, each with what to say instead."""
    return [
        f"{found.group()!r}: say {word['say']}"
        for word in WORDS
        if (found := re.search(word["pattern"], text, 0 if word.get("exact") else re.IGNORECASE))
    ]


def form_texts(value: object, key: str = "") -> Iterator[str]:
    """Indonesian texts of a form, at any depth; code and English are left out."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in CODE_KEYS and name != "en" and not name.endswith(":en"):
                yield from form_texts(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from form_texts(part, key)
    elif isinstance(value, str) and not key.startswith("alur:"):
        yield value


def diagram_texts(content: bytes) -> Iterator[str]:
    """Names, annotations and documentation of a diagram or table."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for element in etree.fromstring(content, parser).iter():
        yield from (element.get(key, "") for key in ("name", "label"))
        if element.tag in TEXT_ELEMENTS:
            yield element.text or ""


def screen_texts() -> Iterator[tuple[str, str]]:
    """File and text of everything Indonesian that reaches a screen."""
    for name in tree.matching(".po", under="api/locale/id/"):
        for message in read_po(BytesIO(tree.read(name).encode()), locale="id"):
            if message.id:
                yield from ((name, text) for text in _strings(message.string))
    for name in tree.matching(".json", under="forms/"):
        yield from ((name, text) for text in form_texts(json.loads(tree.read(name))))
    for name in tree.matching(".bpmn", ".dmn", under="workflows/"):
        yield from ((name, text) for text in diagram_texts((tree.ROOT / name).read_bytes()))
    for name in tree.matching("sentences.toml", under="engine/"):
        entries = tomllib.loads(tree.read(name)).values()
        yield from ((name, entry.get("id", "")) for entry in entries)


def _strings(texts: str | tuple[str, ...] | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def test_no_forbidden_word_reaches_the_screen():
    found = [f"{name} {word}" for name, text in screen_texts() for word in forbidden(text)]

    tree.expect_none(found)


def test_forbidden_words_are_noticed_and_look_alikes_pass():
    wrong = ["Keputusan PPK", "Siklus 2026", "Ajukan banding", "sisa 9 hr", "Tim penilai kinerja"]
    fine = ["Pegawai PPPK", "Perbandingan hasil", "Bandingkan", "9 hari", "tim pengelola kinerja"]

    assert [text for text in wrong if not forbidden(text)] == []
    assert [text for text in fine if forbidden(text)] == []


def test_texts_are_found_in_forms_and_diagrams():
    form = {
        "type": "string",
        "title": "Nilai",
        "title:en": "case",
        "alur:labels": {"x": {"id": "Y"}},
    }
    diagram = f'<d xmlns="{BPMN[1:-1]}" name="Alur"><text>Catatan</text></d>'.encode()

    assert list(form_texts(form)) == ["Nilai", "Y"]
    assert [text for text in diagram_texts(diagram) if text] == ["Alur", "Catatan"]
