"""Sentences of the engine exist in Indonesian and English, with the same placeholders."""

import string
import tomllib
from collections.abc import Mapping

from tests.house import tree

LANGUAGES = {"id", "en"}


def placeholders(text: str) -> set[str]:
    """Names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def incomplete(file: str, entries: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Entries without one of the languages, or whose placeholders differ."""
    found = []
    for code, entry in entries.items():
        texts = [text for text in entry.values() if text.strip()]
        if set(entry) != LANGUAGES or len(texts) != len(LANGUAGES):
            found.append(f"{file} {code}: needs a text for {' and '.join(sorted(LANGUAGES))}")
        elif placeholders(entry["id"]) != placeholders(entry["en"]):
            found.append(f"{file} {code}: placeholders differ")
    return found


def sentence_files() -> dict[str, dict[str, dict[str, str]]]:
    """The sentence files of all packages."""
    names = tree.matching("sentences.toml", under="engine/")
    return {name: tomllib.loads(tree.read(name)) for name in names}


def test_every_sentence_exists_in_both_languages():
    found = [incomplete(file, entries) for file, entries in sentence_files().items()]

    tree.expect_none([complaint for complaints in found for complaint in complaints])


def test_a_code_is_explained_in_one_place_only():
    codes = [code for entries in sentence_files().values() for code in entries]

    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_a_missing_language_and_a_lost_placeholder_are_noticed():
    entries = {
        "no_english": {"id": "Kosong."},
        "empty": {"id": "Kosong.", "en": " "},
        "lost": {"id": "Baris {row} kosong.", "en": "A row is empty."},
        "fine": {"id": "Baris {row} kosong.", "en": "Row {row} is empty."},
    }

    assert [line.split()[1] for line in incomplete("f", entries)] == [
        "no_english:", "empty:", "lost:",
    ]  # fmt: skip
