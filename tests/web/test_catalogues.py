"""Every word on the screens is in both catalogues, and nothing else is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.i18n import FOLDER, LANGUAGES, load_words

API = Path(__file__).parents[2] / "api"
METHODS = [("demo/**.py", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trim_blocks": "true"}}


def used() -> set[str]:
    found = extract_from_dir(API, METHODS, OPTIONS)
    return {entry[2] if isinstance(entry[2], str) else entry[2][0] for entry in found}


def catalogued(language: str) -> Iterator[tuple[str, list[str]]]:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if message.id:
                plural = not isinstance(message.id, str)
                texts = list(message.string) if plural else [message.string]
                yield message.id[0] if plural else message.id, texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_word_of_the_screens_and_no_other(language: str) -> None:
    assert {msgid for msgid, _ in catalogued(language)} == used()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_left_without_a_text(language: str) -> None:
    assert [msgid for msgid, texts in catalogued(language) if not all(texts)] == []


def test_a_text_keeps_the_places_of_its_msgid() -> None:
    def places(text: str) -> set[str]:
        return {part.split(")")[0] for part in text.split("%(")[1:]}

    wrong = [m for m, texts in catalogued("id") if any(places(t) != places(m) for t in texts)]

    assert wrong == []


def test_words_are_spoken_in_the_language_asked_for() -> None:
    words = load_words()

    assert words["id"]("My tasks") == "Tugas saya"
    assert words["en"]("My tasks") == "My tasks"
    assert words["id"].ngettext("%(count)s task", "%(count)s tasks", 3) == "3 tugas"
