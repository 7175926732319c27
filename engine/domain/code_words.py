"""Reads `[codes]` of a system: what the codes of its tables and steps are called on screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.fairness_settings import Fairness
from engine.domain.follow_ups import FollowUpKind

Titles = Mapping[str, str]
# Words that hold in every table which has none of its own, those of the kinds of records, and those
# of what a result was taken from.
EVERY_TABLE, RECORDS, SOURCES = "shared", "records", "sources"
# The operations that name a code: by which parameter, and whose words it has.
NAMING: Mapping[str, tuple[str, str]] = {
    "keep_record": ("kind", RECORDS),
    "collect_records": ("kind", RECORDS),
    "take_result": ("source", SOURCES),
}
KEYS = frozenset({"title", "title_en"})


@dataclass(frozen=True)
class CodeWords:
    """Words of codes by language: by table, `records`, `sources`, and `shared` for all of them."""

    by_owner: Mapping[str, Mapping[str, Titles]] = field(default_factory=dict)

    def of(self, owner: str) -> Mapping[str, Titles]:
        """The words of the codes of a table or of `records`: its own before the shared ones."""
        return {**self.by_owner.get(EVERY_TABLE, {}), **self.by_owner.get(owner, {})}

    def word(self, owner: str, code: str) -> Titles:
        """The words of one code; the code itself where none are written."""
        return self.of(owner).get(code) or {"id": code}


def code_words_of(
    document: Mapping[str, object], fairness: Fairness, follow_ups: Mapping[str, FollowUpKind]
) -> CodeWords:
    """The words of a system; flags and follow-ups have theirs where they are described.

    Raises ValueError or TypeError that names what is wrong: a code needs both languages.
    """
    written = {
        owner: {code: _titles(f"codes.{owner}.{code}", entry) for code, entry in _items(codes)}
        for owner, codes in _items(document.get("codes", {}))
    }
    described: dict[str, Mapping[str, Titles]] = {
        EVERY_TABLE: {kind.key: kind.title for kind in follow_ups.values()}
    }
    if fairness.flags:
        described[fairness.flags] = fairness.words
    owners = described.keys() | written.keys()
    return CodeWords(
        {owner: {**described.get(owner, {}), **written.get(owner, {})} for owner in owners}
    )


def _items(value: object) -> list[tuple[str, object]]:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a table, found {value!r}")
    return list(value.items())


def _titles(name: str, entry: object) -> Titles:
    if not isinstance(entry, Mapping) or entry.keys() != KEYS or not all(entry.values()):
        raise ValueError(f"{name} must be a table of {', '.join(sorted(KEYS))}")
    return {"id": str(entry["title"]), "en": str(entry["title_en"])}
