"""Every code the rules can raise has a sentence in both languages that fits its parameters."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

RULES = Path(__file__).parents[2] / "engine" / "rules"
SENTENCES = tomllib.loads((RULES / "sentences.toml").read_text(encoding="utf-8"))
FAMILIES = ("number", "data", "xml", "expression", "deadline", "duration", "dmn")
CODE = re.compile(rf'"((?:{"|".join(FAMILIES)})\.[a-z_0-9]+)"|DecisionFailed\(\s*"([a-z_]+)"')


def codes_in_source() -> set[str]:
    sources = [*RULES.glob("*.py"), *(RULES / "dmn").glob("*.py")]
    found = (match for path in sources for match in CODE.finditer(path.read_text("utf-8")))
    return {match[1] or match[2] for match in found}


def test_codes_and_sentences_are_the_same_set() -> None:
    assert codes_in_source() == set(SENTENCES)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_stands_in_both_languages_and_is_one(code: str) -> None:
    sentences = SENTENCES[code]

    assert set(sentences) == {"id", "en"}
    assert all(re.search(r"[.)?]$", text) for text in sentences.values())
    assert placeholders(sentences["id"]) == placeholders(sentences["en"])


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
