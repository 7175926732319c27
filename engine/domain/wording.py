"""Sentences for people, by code and language, from the `sentences.toml` of each package."""

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
    """The sentence of `code`; the code itself where none is written. Languages: id, en."""
    entry = catalogue().get(code)
    if entry is None:
        return code
    return entry[language].format_map(_Lenient(params or {}))


def finding_sentence(finding: Finding, language: str) -> str:
    """The sentence of a finding."""
    return sentence(finding.rule, language, finding.params)


class _Lenient(dict[str, str]):
    """A missing placeholder shows its own name instead of failing the page."""

    def __missing__(self, key: str) -> str:
        return key
