"""Sentences for people, by code and language, from the `sentences.toml` of each package."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from engine.errors import Finding

PACKAGES = (
    "engine.domain",
    "engine.rules",
    "engine.rules.forms",
    "engine.bpmn",
    "engine.operations",
    "engine.commands",
)
LANGUAGES = ("id", "en")
# How a sentence about a row of a sheet begins; in a form there are no rows.
_OF_ROW = re.compile(r"^\S+ \{row\}: ")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All sentences: code -> language -> text with {placeholders}."""
    merged: dict[str, Mapping[str, str]] = {}
    for package in PACKAGES:
        source = files(package) / "sentences.toml"
        if source.is_file():
            merged.update(tomllib.loads(source.read_text(encoding="utf-8")))
    return merged


def sentence(code: str, language: str, params: Mapping[str, str] | None = None) -> str:
    """The sentence of `code`; the code itself where none is written. Languages: id, en.

    Without `row` among the params it says nothing of a row.
    """
    entry = catalogue().get(code)
    if entry is None:
        return code
    known, text = params or {}, entry[language]
    beginning = None if "row" in known else _OF_ROW.match(text)
    if beginning:
        rest = text[beginning.end() :]
        text = rest[:1].upper() + rest[1:]
    return text.format_map(_Lenient(known))


def finding_sentence(finding: Finding, language: str) -> str:
    """The sentence of a finding."""
    return sentence(finding.rule, language, finding.params)


class _Lenient(dict[str, str]):
    """A missing placeholder shows its own name instead of failing the page."""

    def __missing__(self, key: str) -> str:
        return key
