"""Reads `[words]` of a system: what is called otherwise from place to place."""

from collections.abc import Mapping
from enum import StrEnum

Titles = Mapping[str, str]
KEYS = frozenset({"title", "title_en"})


class PlaceWord(StrEnum):
    """What has a word of its own in each place: where people work, and who heads it."""

    UNIT = "unit"
    HEAD_OF_UNIT = "head_of_unit"


USUAL: Mapping[PlaceWord, Titles] = {
    PlaceWord.UNIT: {"id": "Unit kerja", "en": "Unit"},
    PlaceWord.HEAD_OF_UNIT: {"id": "Pimpinan unit kerja", "en": "Head of unit"},
}


def place_words_of(document: Mapping[str, object]) -> Mapping[PlaceWord, Titles]:
    """Every word by language, the usual one where a system has none of its own.

    Raises ValueError or TypeError that names what is wrong: an unknown word, or one that is not
    in both languages.
    """
    written = document.get("words", {})
    if not isinstance(written, Mapping):
        raise TypeError("words must be tables")
    return {**USUAL, **{_known(key): _titles(key, entry) for key, entry in written.items()}}


def _known(key: str) -> PlaceWord:
    if key not in set(PlaceWord):
        raise ValueError(f"words.{key}: only {', '.join(PlaceWord)} can be said otherwise")
    return PlaceWord(key)


def _titles(key: str, entry: object) -> Titles:
    if not isinstance(entry, Mapping) or entry.keys() != KEYS or not all(entry.values()):
        raise ValueError(f"words.{key} must be a table of {', '.join(sorted(KEYS))}")
    return {"id": str(entry["title"]), "en": str(entry["title_en"])}
