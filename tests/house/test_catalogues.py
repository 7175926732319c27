"""Every text of the pages exists in Indonesian and English."""

import re
from collections.abc import Iterable
from functools import cache
from io import BytesIO

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house import tree

LOCALES = ("id", "en")
# Words that are Indonesian and not English: source texts are English.
INDONESIAN = re.compile(
    r"\b(anda|atau|belum|dan|dari|dengan|ini|itu|kepada|oleh|pada|saya|sudah|tidak|untuk|yang)\b",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w*)\}")

Message = str | tuple[str, ...]


@cache
def source_texts() -> dict[Message, str]:
    """Texts in gettext calls of the pages and the Python beside them -> where they stand."""
    found: dict[Message, str] = {}
    for name in tree.matching(".html", ".txt", under="api/templates/"):
        found |= extracted("jinja2", name)
    for name in tree.modules("api"):
        found |= extracted("python", name)
    return found


def extracted(method: str, name: str) -> dict[Message, str]:
    """Texts of one file."""
    source = BytesIO(tree.read(name).encode())
    options = {"silent": "false", "extensions": "jinja2.ext.do", "encoding": "utf-8"}
    messages = extract(method, source, options=options if method == "jinja2" else None)
    return {text: f"{name}:{line}" for line, text, _, _ in messages if text}


def catalogue(locale: str) -> Catalog:
    """The catalogue of a language; an empty one where the file is missing."""
    name = f"api/locale/{locale}/LC_MESSAGES/messages.po"
    text = tree.read(name) if name in tree.files() else ""
    return read_po(BytesIO(text.encode()), locale=locale)


def untranslated(texts: Iterable[Message], translations: Catalog) -> list[str]:
    """Texts without a whole and certain translation, or whose placeholders differ."""
    found = []
    for text in texts:
        singular = text if isinstance(text, str) else text[0]
        message = translations.get(singular)
        answers = _strings(message.string) if message else []
        if message is None or message.fuzzy or not answers or not all(answers):
            found.append(singular)
        elif any(_placeholders(answer) - _placeholders(*_strings(text)) for answer in answers):
            found.append(f"{singular} (placeholders differ)")
    return found


def _strings(texts: Message) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _placeholders(*texts: str) -> set[str]:
    return {a or b for text in texts for a, b in PLACEHOLDER.findall(text)}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated(locale: str):
    tree.expect_none(untranslated(source_texts(), catalogue(locale)))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_holds_nothing_that_is_not_used(locale: str):
    used = {_strings(text)[0] for text in source_texts()}
    kept = {_strings(message.id)[0] for message in catalogue(locale) if message.id}

    tree.expect_none(sorted(kept - used))


def test_source_texts_are_english():
    texts = [text for message in source_texts() for text in _strings(message)]

    tree.expect_none(text for text in texts if INDONESIAN.search(text))


def test_a_missing_and_a_broken_translation_are_noticed():
    translations = Catalog(locale="id")
    translations.add("Save", "Simpan")
    translations.add("Until %(date)s", "Sampai %(tanggal)s")
    translations.add("Open", "")
    translations.add("Close", "Tutup", flags=["fuzzy"])

    texts = ["Save", "Until %(date)s", "Open", "Close", "Send"]

    assert untranslated(texts, translations) == [
        "Until %(date)s (placeholders differ)", "Open", "Close", "Send",
    ]  # fmt: skip


def test_texts_are_found_in_templates():
    template = BytesIO(b"<p>{{ _('Due') }} {% trans n=n %}{{ n }} item{% endtrans %}</p>")

    texts = [text for _, text, _, _ in extract("jinja2", template)]

    assert texts == ["Due", "%(n)s item"]
